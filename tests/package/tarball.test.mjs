// The package as users get it: packed, installed into an empty folder, imported and required.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serveSandbox } from "../../sandbox/node/server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = mkdtempSync(join(tmpdir(), "agentphone-package-"));
const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let sandbox;
/** @type {Foreign} */
let packed;
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], join(root, "pkg")));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, packed.filename)], folder);
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Bytes of the files of client, webhooks, ledgers and toolkit. The module is there as it is, as text and, for bundles that run in Node, compressed, its JavaScript
 * as ES module and as CommonJS; a fifth is declarations, most of them comments.
 */
const UNPACKED = 1_450_000;

/** What each project does: construct, create, list, an error by code. */
const exercise = `
  const client = new AgentPhone();
  const agent = await client.agents.create({ name: "Ada" });
  const { total } = await client.agents.list();
  const error = await client.agents.get("nobody").catch((error) => error);
  if (total < 1 || !agent.id) throw new Error("nothing was created");
  if (!(error instanceof NotFoundError) || error.code !== "NOT_FOUND") throw error;
  console.log("done");
`;

const runs = (/** @type {string} */ name, /** @type {string | NodeJS.ArrayBufferView} */ code) => {
  writeFileSync(join(folder, name), code);
  const env = { ...process.env, AGENTPHONE_API_KEY: "sk_test", AGENTPHONE_BASE_URL: sandbox.url };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [name], { cwd: folder, env }, (error, stdout, stderr) =>
      error ? reject(new Error(`${stderr}${stdout}`)) : resolve(stdout.trim()),
    );
  });
};

test("import works from the tarball", async () => {
  assert.equal(
    await runs("main.mjs", `import { AgentPhone, NotFoundError } from "agentphone-wasm";\n${exercise}`),
    "done",
  );
});

test("require works from the tarball", async () => {
  const code = `const { AgentPhone, NotFoundError } = require("agentphone-wasm");\n(async () => {${exercise}})();`;
  assert.equal(await runs("main.cjs", code), "done");
});

test("import and require give the same classes, so that instanceof holds in a mixed program", async () => {
  const code = `
    import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("agentphone-wasm");
    console.log(required.AgentPhone === AgentPhone && required.AgentPhoneError === AgentPhoneError);`;
  assert.equal(await runs("both.mjs", code), "true");
});

/** What a server of webhooks does, and that it does it without the client. */
const receive = `
  const event = webhooks.verify({ body: "{}", headers: webhooks.sign({ body: "{}", secret: "whsec_x" }), secret: "whsec_x" });
  let reason;
  try {
    webhooks.verify({ body: "{}", headers: {}, secret: "whsec_x" });
  } catch (error) {
    if (error instanceof WebhookVerificationError) reason = error.reason;
  }
  console.log(event.delivery.fingerprint.length, reason, voice.say("Hi").text);
`;

test("webhooks alone are imported, required and bundled from the tarball", async () => {
  const names = "{ WebhookVerificationError, voice, webhooks }";
  const imported = `import ${names} from "agentphone-wasm/webhooks";\n${receive}`;
  assert.equal(await runs("webhooks.mjs", imported), "32 missing_signature Hi");
  assert.equal(
    await runs("webhooks.cjs", `const ${names} = require("agentphone-wasm/webhooks");\n${receive}`),
    "32 missing_signature Hi",
  );
  const stdin = { contents: imported, resolveDir: folder };
  await build({
    stdin,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outfile: join(folder, "webhooks-bundle.mjs"),
    logLevel: "error",
  });
  const bundle = readFileSync(join(folder, "webhooks-bundle.mjs"), "utf8");
  assert.ok(!bundle.includes("calls.create"), "the client is in the bundle");
  assert.equal(await runs("webhooks-bundle.mjs", bundle), "32 missing_signature Hi");
});

test("webhooks alone are the same by import and by require, and begin is nobody's business", async () => {
  const code = `
    import * as imported from "agentphone-wasm/webhooks";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("agentphone-wasm/webhooks");
    console.log(required.WebhookVerificationError === imported.WebhookVerificationError, Object.keys(required).join());`;
  assert.equal(
    await runs("webhooks-both.mjs", code),
    "true AgentPhoneError,InvalidArgumentError,WebhookVerificationError,voice,webhooks",
  );
});

test("the toolkit is imported, required and bundled from the tarball, without a module and without what is not used", async () => {
  const use = 'console.log(phone.e164("(415) 555-0100"), keywordOf("Stop!"), InvalidArgumentError.name);';
  const names = "{ InvalidArgumentError, keywordOf, phone }";
  const said = "+14155550100 stop InvalidArgumentError";
  const imported = `import ${names} from "agentphone-wasm/toolkit";\n${use}`;
  assert.equal(await runs("toolkit.mjs", imported), said);
  assert.equal(await runs("toolkit.cjs", `const ${names} = require("agentphone-wasm/toolkit");\n${use}`), said);
  const bundle = await build({
    stdin: { contents: imported, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  const [{ text }] = bundle.outputFiles;
  assert.equal(await runs("toolkit-bundle.mjs", text), said);
  assert.ok(!/WebAssembly|calls\.create|gsm-7|voicemail/.test(text), "more is in the bundle than was imported");
});

test("OpenTelemetry is imported and required from the tarball, and what it needs is asked for by no other entry", async () => {
  const peers = ["api", "core", "resources", "sdk-trace", "sdk-trace-base", "sdk-trace-node", "context-async-hooks"];
  const missing = await runs("otel-missing.mjs", 'import "agentphone-wasm/otel";').catch((error) => error.message);
  assert.match(missing, /Cannot find package '@opentelemetry\/api'/);
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@opentelemetry"));
  for (const name of [...peers.map((peer) => `@opentelemetry/${peer}`), "@opentelemetry/semantic-conventions"])
    cpSync(join(root, "node_modules", name), join(modules, name), { recursive: true });
  const use = `
    const exporter = new InMemorySpanExporter();
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    const client = new AgentPhone({ telemetry: openTelemetry() });
    await Promise.all(Array.from({ length: 10 }, (_, caller) =>
      trace.getTracer("t").startActiveSpan("caller " + caller, (span) =>
        client.agents.create({ name: "Agent " + caller }).finally(() => span.end()))));
    const spans = exporter.getFinishedSpans();
    const parent = ({ parentSpanContext }) => spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId);
    const said = spans.map((span) => span.name + " < " + parent(span)?.name.replace(/\\d/, "N")).sort();
    console.log([...new Set(said)].map((one) => said.filter((other) => other === one).length + " " + one).join());`;
  const said = "10 POST /v1/agents < agents.create,10 agents.create < caller N,";
  const sdk = "{ InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor }";
  const imported = await runs(
    "otel.mjs",
    `import { trace } from "@opentelemetry/api";
    import ${sdk} from "@opentelemetry/sdk-trace-node";
    import { AgentPhone } from "agentphone-wasm";
    import { openTelemetry } from "agentphone-wasm/otel";\n${use}`,
  );
  assert.ok(String(imported).startsWith(said), `${imported}`);
  const required = await runs(
    "otel.cjs",
    `const { trace } = require("@opentelemetry/api");
    const ${sdk} = require("@opentelemetry/sdk-trace-node");
    const { AgentPhone } = require("agentphone-wasm");
    const { openTelemetry } = require("agentphone-wasm/otel");\n(async () => {${use}})();`,
  );
  assert.equal(required, imported);
});

test("the tools are imported, required and bundled from the tarball, with classes of errors that are the client's", async () => {
  const use = `
    const client = new AgentPhone({ apiKey: "sk_test", fetch: () => Promise.reject(new TypeError("offline")), logLevel: "off", maxRetries: 0 });
    const [find, usage] = agentTools(client, { only: ["usage", "find_number"] });
    console.log((await find.execute({ limit: 0 })).code, (await usage.execute({})).code);`;
  const said = "INVALID_INPUT CONNECTION_ERROR";
  const imported = `import { AgentPhone } from "agentphone-wasm";\nimport { agentTools } from "agentphone-wasm/tools";`;
  const required = `const { AgentPhone } = require("agentphone-wasm");\nconst { agentTools } = require("agentphone-wasm/tools");`;
  assert.equal(await runs("tools.mjs", `${imported}\n${use}`), said);
  assert.equal(await runs("tools.cjs", `${required}\n(async () => {${use}})();`), said);
});

test("ledgers are imported, required and bundled from the tarball, with one class of errors in Node", async () => {
  const use = `
    const ledger = memoryLedger();
    const entry = { stamp: "1", open: true, at: 1, value: {} };
    const written = await ledger.write([{ key: "a", was: null, entry }]);
    const error = await ledger.read([7]).catch((error) => error);
    console.log(written, (await ledger.open({ limit: 1 }))[0].key, error instanceof LedgerError, error.name, error.code);`;
  const names = "{ LedgerError, memoryLedger }";
  const imported = `import ${names} from "agentphone-wasm/ledger";\n${use}`;
  const said = "true a true LedgerError INVALID_ARGUMENT";
  assert.equal(await runs("ledger.mjs", imported), said);
  assert.equal(
    await runs("ledger.cjs", `const ${names} = require("agentphone-wasm/ledger");\n(async () => {${use}})();`),
    said,
  );
  const both = `import * as imported from "agentphone-wasm/ledger";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("agentphone-wasm/ledger");
    console.log(Object.entries(required).every(([name, value]) => imported[name] === value), Object.keys(imported).join());`;
  assert.equal(
    await runs("ledger-both.mjs", both),
    "true LedgerError,indexedDbLedger,memoryLedger,postgresLedger,redisLedger,sqliteLedger",
  );
  await build({
    stdin: { contents: imported, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outfile: join(folder, "ledger-bundle.mjs"),
    logLevel: "error",
  });
  assert.equal(await runs("ledger-bundle.mjs", readFileSync(join(folder, "ledger-bundle.mjs"), "utf8")), said);
});

test("a bundled program works without the package beside it", async () => {
  const contents = `import { AgentPhone, NotFoundError } from "agentphone-wasm";\n${exercise}`;
  const stdin = { contents, resolveDir: folder };
  await build({
    stdin,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outfile: join(folder, "bundle.mjs"),
    logLevel: "error",
  });
  const bundle = readFileSync(join(folder, "bundle.mjs"), "utf8");
  assert.equal(await runs("bundle.mjs", bundle), "done");
});

test("the tarball holds what users need and nothing of the builder's machine", () => {
  const files = packed.files.map((/** @type {{ path: string }} */ file) => file.path).sort();
  for (const needed of [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "package.json",
    "dist/agentphone.wasm",
    "dist/index.js",
    "dist/index.cjs",
    "dist/node.js",
    "dist/slim.js",
    "dist/workerd.js",
    "dist/index.d.ts",
    "dist/index.d.cts",
  ]) {
    assert.ok(files.includes(needed), `${needed} is missing from ${files}`);
  }
  const client = packed.files.filter((/** @type {Foreign} */ { path }) => !path.includes("sandbox"));
  assert.ok(client.length <= 65, `${client.length} files without the sandbox's`);
  const bytes = client.reduce((/** @type {Foreign} */ sum, /** @type {Foreign} */ { size }) => sum + size, 0);
  assert.ok(bytes <= UNPACKED, `${bytes} bytes without the sandbox's`);
  const dist = join(folder, "node_modules", "agentphone-wasm", "dist");
  const names = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const name of names.map((entry) => join(relative(dist, entry.parentPath), entry.name))) {
    const text = readFileSync(join(dist, name), "latin1");
    for (const path of [root, process.env.HOME].filter((path) => path && path.length > 1)) {
      assert.ok(!text.includes(`${path}/`), `${name} names ${path}`);
    }
  }
});

test("no link of what is read in the package leads out of it or to nothing", () => {
  const files = packed.files.map((/** @type {{ path: string }} */ file) => file.path);
  const texts = files.filter((/** @type {string} */ path) => path.endsWith(".md"));
  assert.ok(
    ["README.md", "CHANGELOG.md", "docs/sandbox.md", "docs/sandbox-recipes.md"].every((name) => texts.includes(name)),
    `${texts}`,
  );
  for (const name of texts) {
    const text = readFileSync(join(folder, "node_modules", "agentphone-wasm", name), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)\s#]+)[^)]*\)/g)) {
      const target = posix.normalize(posix.join(posix.dirname(name), link));
      assert.ok(
        files.some((/** @type {string} */ path) => path === target || path.startsWith(`${target}/`)),
        `${name} links to ${link}`,
      );
    }
  }
});

test("an uncaught error shows a line of the user's size and not the whole module", async () => {
  const failure = await runs(
    "uncaught.mjs",
    'import { AgentPhone } from "agentphone-wasm";\nnew AgentPhone({ apiKey: "" });\n',
  ).catch((error) => error.message);
  assert.match(failure, /apiKey is empty/);
  assert.ok(
    Math.max(...failure.split("\n").map((/** @type {string} */ line) => line.length)) < 1000,
    "a line of thousands of characters",
  );
});
