// What the package asks of its host when it is imported: nothing, because test environments (jest's jsdom) bring what they
// lack later, and somebody who imports a file that imports this package may never use it. And what others have done to the
// engine's own objects before: a library in the place of Promise, a member on all objects.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runChild } from "../support/child.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const dist = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const ENTRIES = ["index.cjs", "index.js", "webhooks/index.cjs", "webhooks/index.js", "slim.cjs"];
const LACKING = [
  ["TextDecoder"],
  ["TextEncoder"],
  ["WebAssembly"],
  [
    "TextDecoder",
    "TextEncoder",
    "WebAssembly",
    "URL",
    "AbortController",
    "FinalizationRegistry",
    "WeakRef",
    "fetch",
    "Headers",
    "Response",
    "Blob",
    "ReadableStream",
    "performance",
    "structuredClone",
    "queueMicrotask",
    "navigator",
    "crypto",
  ],
];

/** Runs a program and gives what it prints, as JSON. */
const printed = async (/** @type {string} */ code) => {
  const { stdout, stderr, code: status } = await runChild(code);
  assert.equal(status ?? 0, 0, stderr);
  return JSON.parse(/** @type {Foreign} */ (stdout.trim().split("\n").at(-1)));
};

/** How an entry is loaded inside of a program. */
const loaded = (/** @type {string} */ entry) =>
  entry.endsWith(".cjs")
    ? `(await import("node:module")).createRequire(${JSON.stringify(join(dist, "x.js"))})(${JSON.stringify(join(dist, entry))})`
    : `await import(${JSON.stringify(pathToFileURL(join(dist, entry)).href)})`;

describe("without what a host may lack", { concurrency: 4 }, () => {
  for (const entry of ENTRIES) {
    for (const names of LACKING) {
      test(`${entry} is imported without ${names.length > 1 ? "all of it" : names[0]}, tells what it needs, and works when it is there`, async () => {
        const said = await printed(
          `
          const names = ${JSON.stringify(names)}.filter((name) => name in globalThis);
          const kept = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
          await import("node:module");
          for (const name of names) delete globalThis[name];
          delete Object.hasOwn;
          const api = ${loaded(entry)};
          const told = (run) => { try { run(); return "fine"; } catch (error) { return error.code + ": " + error.message; } };
          const sign = () => api.webhooks.sign({ body: '{"event":"x"}', secret: "whsec_1" });
          const client = () => api.AgentPhone && new api.AgentPhone({ apiKey: "sk_test", fetch: async () => {} });
          const before = [told(sign), told(client)];
          for (const [name, property] of kept) Object.defineProperty(globalThis, name, property);
          if (api.init) api.init(process.getBuiltinModule("node:fs").readFileSync(${JSON.stringify(join(dist, "agentphone.wasm"))}));
          console.log(JSON.stringify({ before, after: [told(sign), told(client)] }));
        `.replace('process.getBuiltinModule("node:fs")', '(await import("node:fs"))'),
        );
        assert.deepEqual(said.after, ["fine", "fine"]);
        const [signing] = said.before;
        if (!entry.startsWith("slim"))
          assert.match(
            signing,
            new RegExp(
              `^CONFIGURATION_ERROR: .*needs ${names.length > 1 ? "WebAssembly" : names[0]}, which this runtime does not have`,
            ),
          );
      });
    }
  }
});

describe("after others were there", { concurrency: true }, () => {
  /** As bluebird has it: its class refuses to be extended. */
  const BLUEBIRD = `
    const Native = Promise;
    globalThis.Promise = class Bluebird {
      constructor(executor) {
        if (this.constructor !== Bluebird) throw new TypeError("the promise constructor cannot be invoked directly");
        this.own = new Native(executor);
      }
      then(...steps) { return Bluebird.resolve(this.own.then(...steps)); }
      catch(step) { return this.then(undefined, step); }
      static resolve(value) { return new Bluebird((resolve) => resolve(value)); }
    };`;
  for (const entry of ["index.cjs", "index.js"]) {
    test(`another Promise than the engine's breaks no call: ${entry}`, async () => {
      const said = await printed(`
        ${BLUEBIRD}
        const { AgentPhone } = ${loaded(entry)};
        const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "http://x.test", fetch: async () => Response.json({ id: "1", status: "completed", data: [{ id: "a" }], hasMore: false }) });
        const got = [];
        got.push((await client.calls.get("c")).id, (await client.agents.list().toArray()).length, (await client.calls.wait("c")).status, (await client.agents.list().withResponse()).attempts);
        for await (const { id } of client.agents.list()) got.push(id);
        got.push(client.calls.get("c") instanceof Native, client.agents.list().toArray() instanceof Native);
        console.log(JSON.stringify(got));
      `);
      assert.deepEqual(said, ["1", 1, "completed", 1, "a", true, true]);
    });

    test(`members on all objects are no options and break no import: ${entry}`, async () => {
      const said = await printed(`
        Object.assign(Object.prototype, { extra: 1, timeout: "x", tolerance: "x", maxBytes: "x", limit: "x", scheme: "body", ttl: "x", apiKey: 5, voiceMode: "hosted" });
        const { AgentPhone, webhooks } = ${loaded(entry)};
        const sent = [];
        const fetch = async (url, { body }) => { sent.push([new URL(url).search, body ?? null]); return Response.json({ id: "1", data: [{ id: "a" }], hasMore: false }); };
        const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "http://x.test", fetch });
        await client.agents.create({ name: "n" });
        await client.agents.list({ offset: 1 }, { maxRetries: 0 });
        const items = (await client.agents.list().toArray({})).length;
        const body = '{"event":"agent.message","channel":"sms","data":{}}';
        const event = webhooks.verify({ body, headers: webhooks.sign({ body, secret: "whsec_1" }), secret: "whsec_1" });
        const seen = await webhooks.deduplicate({})(event);
        console.log(JSON.stringify({ sent, items, event: event.event, seen }));
      `);
      const plain = (/** @type {Foreign} */ value) => JSON.parse(JSON.stringify(value));
      assert.deepEqual(plain(said), {
        sent: [
          ["", '{"name":"n"}'],
          ["?offset=1", null],
          ["", null],
        ],
        items: 1,
        event: "agent.message",
        seen: false,
      });
    });
  }
});

describe("by its path", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-paths-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("an ES module sees the names of every CommonJS entry", async () => {
    for (const [entry, name] of [
      ["index.cjs", "AgentPhone"],
      ["webhooks/index.cjs", "webhooks"],
      ["slim.cjs", "init"],
      ["sandbox/index.cjs", "createSandbox"],
      ["sandbox/slim.cjs", "createSandbox"],
    ]) {
      const file = join(folder, `${entry.replaceAll("/", "-")}.mjs`);
      writeFileSync(
        file,
        `import { ${name} } from ${JSON.stringify(pathToFileURL(join(dist, entry)).href)};\nexport default typeof ${name};\n`,
      );
      assert.equal(
        (await import(pathToFileURL(file).href)).default,
        "function".replace("function", name === "webhooks" ? "object" : "function"),
        entry,
      );
    }
  });

  test("code that a bundler has taken away from the module brings a copy of it, where it was resolved for Node", async () => {
    const { build } = await import("esbuild");
    const entry = join(folder, "entry.js");
    writeFileSync(
      entry,
      `
      const { AgentPhone, webhooks } = require("agentphone-wasm");
      const alone = require("agentphone-wasm/webhooks");
      new AgentPhone({ apiKey: "sk_test", baseUrl: "http://x.test", fetch: async () => Response.json({ id: "1" }) }).calls.get("c").then(({ id }) => console.log(id, webhooks.sign({ body: "{}", secret: "s" })["X-Webhook-Signature"].length, alone.webhooks.sign({ body: "{}", secret: "s" })["X-Webhook-Signature"].length));
    `,
    );
    const nodePaths = [fileURLToPath(new URL("../../node_modules", import.meta.url))];
    await build({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      conditions: ["production"],
      mainFields: ["main"],
      outfile: join(folder, "out", "bundle.cjs"),
      nodePaths,
      logLevel: "error",
    });
    assert.doesNotMatch(readFileSync(join(folder, "out", "bundle.cjs"), "utf8"), /import\.meta/);
    const { stdout, stderr } = await runChild(
      `await import(${JSON.stringify(pathToFileURL(join(folder, "out", "bundle.cjs")).href)});`,
    );
    assert.match(stdout, /^1 71 71$/m, stderr);
  });

  test("a sandbox that was bundled says what is missing, and not that a URL is invalid", async () => {
    const { build } = await import("esbuild");
    const entry = join(folder, "sandbox.js");
    writeFileSync(
      entry,
      `const { createSandbox } = require("agentphone-wasm/sandbox");\ntry { createSandbox(); } catch (error) { console.log(error.message); }\n`,
    );
    for (const [format, extra] of /** @type {const} */ ([
      ["cjs", { mainFields: ["main"], conditions: ["production"] }],
      ["esm", { conditions: ["node", "import"] }],
    ])) {
      const outfile = join(folder, format, `sandbox.${format === "cjs" ? "cjs" : "mjs"}`);
      writeFileSync(
        entry,
        format === "cjs"
          ? readFileSync(entry, "utf8")
          : `import { createSandbox } from "agentphone-wasm/sandbox";\ntry { createSandbox(); } catch (error) { console.log(error.message); }\n`,
      );
      await build(
        /** @type {Foreign} */ ({
          entryPoints: [entry],
          bundle: true,
          platform: "node",
          format,
          ...extra,
          outfile,
          nodePaths: [fileURLToPath(new URL("../../node_modules", import.meta.url))],
          logLevel: "silent",
        }),
      );
      const { stdout, stderr } = await runChild(`await import(${JSON.stringify(pathToFileURL(outfile).href)});`);
      assert.match(stdout, /sandbox\.wasm is not beside the code/, stderr);
    }
  });
});
