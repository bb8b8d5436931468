// A page of docs/agents as its reader follows it: the programs of its blocks in a folder, started beside a sandbox, called and texted.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { root } from "../../scripts/tools.mjs";
import { KEY, sleep } from "./client.mjs";

/** @import { Foreign } from "./foreign.js" */

/** The programs of a page, by the names of their files. @param {string} page */
export const programsOf = (page) => {
  const markdown = readFileSync(join(root, "docs", "agents", `${page}.md`), "utf8");
  return Object.fromEntries(
    [...markdown.matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(([, name, code]) => [name, code]),
  );
};

/** A port that is free now. */
const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
};

/** What `look` finds, as soon as it finds something. @template T @param {() => T | undefined | false} look @param {() => string} [what] @returns {Promise<T>} */
export const until = async (look, what = () => "nothing came") => {
  for (let left = 1_000; left > 0; left -= 1) {
    const found = look();
    if (found) return found;
    await sleep(20);
  }
  return assert.fail(what());
};

/**
 * Starts the agent of a page. `modules`: folders of packages that it imports, beside ours.
 * @param {import("node:test").TestContext} t @param {string} page
 * @param {{ node?: string, modules?: string, sandbox?: import("../../sandbox/js/types.js").SandboxServer, port?: number }} [more] `sandbox`, `port`: those of an earlier start
 */
export const startAgent = async (t, page, { node = process.execPath, modules, sandbox, port } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-agent-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (!sandbox) {
    const own = (sandbox = await serveSandbox({ limits: false, balanceCents: 100_000 }));
    t.after(() => own.close());
  }
  port ??= await freePort();
  for (const [name, code] of Object.entries(programsOf(page))) writeFileSync(join(folder, name), code);
  mkdirSync(join(folder, "node_modules"));
  if (modules)
    for (const name of ["ai", "zod", "langchain", "@ai-sdk", "@openai", "@langchain"]) linked(folder, modules, name);
  symlinkSync(join(root, "pkg"), join(folder, "node_modules", "agentphone-wasm"));
  const env = { ...process.env, AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: sandbox.url, PORT: `${port}` };
  delete (/** @type {Foreign} */ (env).NODE_TEST_CONTEXT);
  const child = spawn(node, ["agent.mjs"], { cwd: folder, env });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  t.after(stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const number = await until(
    () => {
      assert.equal(child.exitCode, null, output);
      return /^(\+\d+) answers/m.exec(output)?.[1];
    },
    () => `the agent does not answer: ${output}`,
  );
  return { sandbox, number, port, stop, url: `http://127.0.0.1:${port}/`, output: () => output };
};

/** Where a package lies in a folder of others. @param {string} folder @param {string} modules @param {string} name */
const linked = (folder, modules, name) => {
  try {
    symlinkSync(join(modules, name), join(folder, "node_modules", name));
  } catch {
    // Not one of this framework.
  }
};

/** What the agent has said to each turn of a call, with single spaces, once the call is over. @param {Foreign} sandbox @param {string[]} says @param {() => string} output */
export const talk = async (sandbox, says, output) => {
  const script = { lines: says.map((caller) => ({ caller })), pauseMs: 300, hangup: "caller" };
  const call = sandbox.inbound.call({ from: "+14155550100", script });
  const read = async () => {
    const response = await fetch(`${sandbox.url}/v1/calls/${call.callId ?? call.id}`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    return /** @type {Foreign} */ (await response.json());
  };
  for (let left = 1_000; left > 0; left -= 1) {
    const { status, transcripts } = await read();
    if (status === "completed")
      return transcripts.map((/** @type {Foreign} */ { response }) => response.replaceAll(/\s+/g, " "));
    await sleep(50);
  }
  return assert.fail(`the call does not end: ${output()}`);
};

/** The texts that were sent, in their order. @param {Foreign} sandbox @returns {Promise<string[]>} */
export const textsFrom = async (sandbox) => {
  const headers = { authorization: `Bearer ${KEY}` };
  const { data: numbers } = /** @type {Foreign} */ (
    await (await fetch(`${sandbox.url}/v1/numbers`, { headers })).json()
  );
  const response = await fetch(`${sandbox.url}/v1/numbers/${numbers[0].id}/messages`, { headers });
  const { data } = /** @type {Foreign} */ (await response.json());
  return data
    .filter((/** @type {Foreign} */ { direction }) => direction === "outbound")
    .map((/** @type {Foreign} */ { body }) => body.replaceAll(/\s+/g, " "))
    .reverse();
};
