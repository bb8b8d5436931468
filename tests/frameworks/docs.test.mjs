// The programs of docs/tools.md that show a framework are run in it, as their reader would run them: files beside its packages, with a
// model that makes one call.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { root } from "../../scripts/tools.mjs";
import { frameworkTools } from "./tools.mjs";

const CALL = '"place_call"';
const INPUT = '{ to: "+14155550100", greeting: "Your table is ready." }';
const JSON_CALL = `{ type: "tool-call", toolCallId: "1", toolName: ${CALL}, input: JSON.stringify(${INPUT}) }`;

/** What a reader has of their own: a model that calls a tool, and then says something. @type {Record<string, string>} */
const YOURS = {
  ai: `
    import { MockLanguageModelV4 } from "ai/test";
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
    let turn = 0;
    export const model = new MockLanguageModelV4({ doGenerate: async () => (turn += 1) === 1
      ? { content: [${JSON_CALL}], finishReason: { unified: "tool-calls" }, usage, warnings: [] }
      : { content: [{ type: "text", text: "It rang." }], finishReason: { unified: "stop" }, usage, warnings: [] } });`,
  openai: `
    import { setTracingDisabled, Usage } from "@openai/agents";
    setTracingDisabled(true);
    let turn = 0;
    export const model = { getResponse: async () => ({ usage: new Usage(), output: [(turn += 1) === 1
      ? { type: "function_call", callId: "1", name: ${CALL}, status: "completed", arguments: JSON.stringify(${INPUT}) }
      : { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "It rang." }] }] }) };`,
  langchain: `
    import { AIMessage } from "@langchain/core/messages";
    import { BaseChatModel } from "@langchain/core/language_models/chat_models";
    let turn = 0;
    class Scripted extends BaseChatModel {
      _llmType() { return "scripted"; }
      bindTools() { return this; }
      async _generate() {
        const tool_calls = (turn += 1) === 1 ? [{ id: "1", name: ${CALL}, args: ${INPUT} }] : [];
        return { generations: [{ text: "", message: new AIMessage({ content: turn === 1 ? "" : "It rang.", tool_calls }) }] };
      }
    }
    export const model = new Scripted({});`,
  mastra: `
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    let turn = 0;
    export const model = { specificationVersion: "v2", provider: "p", modelId: "m", supportedUrls: {}, doGenerate: async () =>
      (turn += 1) === 1
        ? { content: [${JSON_CALL}], finishReason: "tool-calls", usage, warnings: [] }
        : { content: [{ type: "text", text: "It rang." }], finishReason: "stop", usage, warnings: [] } };`,
  mcp: `
    import { InMemoryTransport } from "@modelcontextprotocol/server";
    import { Client } from "@modelcontextprotocol/client";
    export const serve = async (server) => {
      const client = new Client({ name: "test", version: "1.0.0" });
      const [near, far] = InMemoryTransport.createLinkedPair();
      await server.connect(far);
      await client.connect(near);
      const { structuredContent } = await client.callTool({ name: ${CALL}, arguments: ${INPUT} });
      console.log(structuredContent.status === "done" ? "It rang." : structuredContent);
      await client.close();
    };`,
};

const page = readFileSync(join(root, "docs", "tools.md"), "utf8");
const programs = [...page.matchAll(/^```js (\w+)\n(.*?)^```$/gms)];

/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let sandbox;
/** @type {string} */
let folder;
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  folder = mkdtempSync(join(frameworkTools(), "docs-"));
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test("each framework has a program", () => {
  assert.deepEqual(programs.map(([, framework]) => framework).sort(), Object.keys(YOURS).sort());
});

for (const [, framework = "", code = ""] of programs)
  test(`the program for ${framework} places one call`, { timeout: 60_000 }, async () => {
    await fetch(`${sandbox.url}/__sandbox/reset`, { method: "POST" });
    const client = new AgentPhone({ apiKey: "sk_sandbox_docs", baseUrl: sandbox.url });
    const { id } = await client.agents.create({ name: "Desk" });
    await client.numbers.buy({ agentId: id });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    writeFileSync(join(folder, "yours.js"), `export const agentId = "${id}";\n${YOURS[framework]}\n`);
    const file = join(folder, `${framework}.js`);
    writeFileSync(file, code);
    const env = { ...process.env, AGENTPHONE_API_KEY: "sk_sandbox_docs", AGENTPHONE_BASE_URL: sandbox.url };
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
    assert.equal(stdout.trim(), "It rang.");
    assert.equal(sandbox.ledger().callsPlaced, 1);
  });
