// Every example that users read is type-checked and run against the sandbox: the code blocks of
// README.md, docs/toolkit.md, docs/otel.md, docs/tools.md and docs/safety.md, and those in the doc comments of the published types. An example that has gone stale
// fails here before it fails a user.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { serveSandbox } from "../../sandbox/node/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(here, "out");

/** The blocks of a Markdown text that are programs. */
const programs = (/** @type {string} */ markdown) =>
  [...markdown.matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].map(([, code]) => code);

/** The examples in doc comments: fenced blocks, and what follows `@example`. */
const examples = (/** @type {string} */ types) => {
  const comments = [...types.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, text]) => text.replaceAll(/^\s*\* ?/gm, ""));
  return comments.flatMap((text) => {
    const [, example] = text.match(/@example (.*)$/s) ?? text.match(/@example\n(.*)$/s) ?? [];
    return example === undefined ? programs(`${text}\n`) : [example.trim()];
  });
};

/** What the examples of doc comments take for granted. */
const SETTING = `
import { AgentPhone, AgentPhoneError, voice, webhooks } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
const client = new AgentPhone();
const agent = await client.agents.create({ name: "Ada" });
const number = await client.numbers.buy({ agentId: agent.id, type: "imessage" });
const sent = await client.messages.send({ agent_id: agent.id, to_number: "+14155550100", body: "hi" });
const { id } = agent;
const [agentId, toNumber] = [id, "+14155550100"];
const vault = { read: async (_name: string) => ({ key: "sk_sandbox_docs" }) };
const secret = "whsec_example";
const body = JSON.stringify({ event: "agent.message", channel: "sms", data: { from: "+14155550100", to: "+14155550123", message: "hi" } });
const headers = webhooks.sign({ body, secret });
const event = webhooks.verify({ body, headers, secret });
void [AgentPhoneError, voice, memoryLedger, event, number, sent, agentId, toNumber, vault];
`;

/** What those of the toolkit take for granted beside it: its `voice` is another one. */
const TOOLKIT = `${SETTING.replace("AgentPhoneError, voice,", "AgentPhoneError, voice as answers,").replace("AgentPhoneError, voice,", "AgentPhoneError, answers,")}
import { ensure, fetchMedia, inbox, keepTyping, keywordOf, MediaError, mediaOf, messagesOf, outcomeOf, phone, segmentsOf, textOf, voice } from "agentphone-wasm/toolkit";
const store = memoryLedger();
void [ensure, fetchMedia, inbox, keepTyping, keywordOf, MediaError, mediaOf, messagesOf, outcomeOf, phone, segmentsOf, textOf, voice, store];
`;

/** What those of the tools take for granted. */
const TOOLS = `${SETTING}
import { agentTools, aiTools, langchainTools, mastraTools, mcpTools, openaiTools, policy, toolNames } from "agentphone-wasm/tools";
void [agentTools, aiTools, langchainTools, mastraTools, mcpTools, openaiTools, policy, toolNames];
`;

const run = (/** @type {string} */ command, /** @type {string[]} */ args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    child.on("close", (status) => resolve({ status, text }));
  });

/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let sandbox;
before(async () => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  sandbox = await serveSandbox({ limits: false });
});
after(async () => {
  await sandbox.close();
  rmSync(out, { recursive: true, force: true });
});

/** Runs a program as a user would: with a key and an address in the environment. */
const runs = async (/** @type {string} */ name, /** @type {string} */ code) => {
  const { code: javascript } = await transform(code, { loader: "ts", format: "esm" });
  const file = join(out, `${name}.mjs`);
  writeFileSync(join(out, `${name}.ts`), code);
  writeFileSync(file, javascript);
  await fetch(`${sandbox.url}/__sandbox/reset`, { method: "POST" });
  const env = { AGENTPHONE_API_KEY: "sk_sandbox_docs", AGENTPHONE_BASE_URL: sandbox.url };
  const { status, text } = await run(process.execPath, [file], env);
  assert.equal(status, 0, `${code}\n${text}`);
};

const readme = readFileSync(join(root, "README.md"), "utf8");
const readmePrograms = programs(readme);
/** Those of its stores that need no server; `tests/ledger/docs.test.mjs` runs the others. */
const ledgerPrograms = [...readFileSync(join(root, "docs", "ledger.md"), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, code]) => code,
);
/** Programs of their own, because they show what to import. */
const ledgerExamples = examples(readFileSync(join(root, "pkg", "dist", "ledger", "index.d.cts"), "utf8"));
const typeExamples = examples(readFileSync(join(root, "pkg", "dist", "index.d.cts"), "utf8"));
const toolkitTypes = readFileSync(join(root, "pkg", "dist", "toolkit", "index.d.cts"), "utf8");
const toolkitExamples = examples(toolkitTypes);
/** The first is whole; the others go on from it. */
const [keyed = "", ...keyedParts] = programs(readFileSync(join(root, "docs", "idempotency.md"), "utf8"));
const otelExamples = examples(readFileSync(join(root, "pkg", "dist", "otel", "index.d.cts"), "utf8"));
const otelPrograms = programs(readFileSync(join(root, "docs", "otel.md"), "utf8"));
const toolkitPrograms = programs(readFileSync(join(root, "docs", "toolkit.md"), "utf8"));

const migrationPrograms = programs(readFileSync(join(root, "docs", "migration.md"), "utf8"));
const toolsExamples = examples(readFileSync(join(root, "pkg", "dist", "tools", "index.d.cts"), "utf8"));
/** Those with the name of a framework are run in it, by `tests/frameworks/docs.test.mjs`. */
const toolsPrograms = ["tools.md", "safety.md"].flatMap((page) =>
  programs(readFileSync(join(root, "docs", page), "utf8")),
);

test("the README has programs, and the types have examples, to begin with", () => {
  assert.ok(readmePrograms.length >= 4, `${readmePrograms.length} programs`);
  assert.ok(ledgerPrograms.length >= 3, `${ledgerPrograms.length} programs of ledgers`);
  assert.ok(ledgerExamples.length >= 5, `${ledgerExamples.length} examples of ledgers`);
  assert.ok(typeExamples.length >= 12, `${typeExamples.length} examples`);
});

readmePrograms.forEach((code, index) => {
  test(`README program ${index + 1} runs: ${code.trim().split("\n")[0]}`, () => runs(`readme-${index + 1}`, code));
});

test("the first program that a reader copies needs no key, and asks nobody but itself", async () => {
  const { code } = await transform(readmePrograms[0], { loader: "ts", format: "esm" });
  const file = join(out, "first.mjs");
  writeFileSync(file, code);
  // Port 9 discards: whatever would leave the process ends with an error.
  const { status, text } = await run(process.execPath, [file], {
    AGENTPHONE_API_KEY: "",
    AGENTPHONE_BASE_URL: "http://127.0.0.1:9",
  });
  assert.equal(status, 0, text);
  assert.match(text, /^\w+ queued\n$/);
});

test("the program of docs/idempotency.md runs", () => runs("idempotency", keyed));

keyedParts.forEach((code, index) => {
  const imports = code.match(/^import .*$/gm)?.join("\n") ?? "";
  const rest = code.replaceAll(/^import .*$/gm, "");
  test(`part ${index + 2} of docs/idempotency.md runs: ${code.trim().split("\n")[0]}`, () =>
    runs(
      `idempotency-${index + 2}`,
      `${imports}${SETTING}const reminder = { agentId, toNumber };\nvoid reminder;\n{\n${rest}\n}\n`,
    ));
});

[...ledgerPrograms, ...ledgerExamples].forEach((code, index) => {
  test(`program ${index + 1} of the ledgers runs: ${code.split("\n")[0]}`, () => runs(`ledger-${index + 1}`, code));
});

typeExamples.forEach((code, index) => {
  test(`example ${index + 1} of the types runs: ${code.split("\n")[0]}`, () =>
    runs(`types-${index + 1}`, `${SETTING}{\n${code}\n}\n`));
});

test("every function of the toolkit has an example", () => {
  const functions = [...toolkitTypes.matchAll(/^(?:export function | {2})(\w+)(?:<.*>)?\(/gm)].map(([, name]) => name);
  assert.ok(functions.length >= 14, functions.join());
  const shown = toolkitExamples.join("\n");
  assert.deepEqual(
    functions.filter((name) => !new RegExp(`\\b${name}\\(`).test(shown)),
    [],
  );
});

toolkitExamples.forEach((code, index) => {
  test(`example ${index + 1} of the toolkit's types runs: ${code.split("\n")[0]}`, () =>
    runs(`toolkit-types-${index + 1}`, `${TOOLKIT}{\n${code}\n}\n`));
});

toolkitPrograms.forEach((code, index) => {
  test(`program ${index + 1} of docs/toolkit.md runs: ${code.trim().split("\n")[0]}`, () =>
    runs(`toolkit-${index + 1}`, code));
});

test("the page about moving over has programs", () => assert.ok(migrationPrograms.length >= 7));

migrationPrograms.forEach((code, index) => {
  test(`program ${index + 1} of docs/migration.md runs: ${code.trim().split("\n")[1]}`, () =>
    runs(`migration-${index + 1}`, code));
});

otelPrograms.forEach((code, index) => {
  test(`program ${index + 1} of docs/otel.md runs: ${code.trim().split("\n")[0]}`, () =>
    runs(`otel-${index + 1}`, code));
});

otelExamples.forEach((code, index) => {
  test(`example ${index + 1} of the types of otel runs: ${code.split("\n")[0]}`, () =>
    runs(
      `otel-types-${index + 1}`,
      `import { memoryLinks, openTelemetry } from "agentphone-wasm/otel";\n${SETTING}void [memoryLinks, openTelemetry];\n{\n${code}\n}\n`,
    ));
});

test("the tools have programs and examples", () => {
  assert.ok(toolsPrograms.length >= 3 && toolsExamples.length >= 8);
});

toolsExamples.forEach((code, index) => {
  test(`example ${index + 1} of the tools' types runs: ${code.split("\n")[0]}`, () =>
    runs(`tools-types-${index + 1}`, `${TOOLS}{\n${code}\n}\n`));
});

toolsPrograms.forEach((code, index) => {
  test(`program ${index + 1} of docs/tools.md and docs/safety.md runs: ${code.trim().split("\n")[0]}`, () =>
    runs(`tools-${index + 1}`, code));
});

test("every example type-checks as users would compile it", async () => {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2022",
    lib: ["es2022", "dom"],
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
  };
  writeFileSync(join(out, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(out, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const { status, text } = await run("npx", ["tsc", "-p", out]);
  assert.equal(status, 0, text);
});
