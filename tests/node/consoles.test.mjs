// The log where nobody gives one is the `console`, which is the page's: it may be gone or be anything, and a warning that cannot
// be written is nobody's failure.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";

describe("an unknown field is no failure where the console", { concurrency: true }, () => {
  for (const [name, change] of Object.entries({
    "is undefined": "globalThis.console = undefined",
    "is null": "globalThis.console = null",
    "is deleted": "delete globalThis.console",
    "is a text": 'globalThis.console = "x"',
    "cannot be read": "Object.defineProperty(globalThis, 'console', { get() { throw 1; } })",
    "has no methods": "globalThis.console = {}",
    "has methods that throw": "globalThis.console = { warn() { throw 1; } }",
    "has methods that reject": "globalThis.console = { warn: async () => { throw new Error('late'); } }",
    "is a revoked proxy": "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); globalThis.console = proxy",
  })) {
    test(name, async () => {
      const { stdout, stderr } = await runChild(`
        import { AgentPhone } from "agentphone-wasm";
        const { log } = console;
        const options = { apiKey: "sk_test", baseUrl: "http://127.0.0.1:9", maxRetries: 0 };
        let open;
        const other = new AgentPhone({ ...options, apiKey: "sk_other", fetch: () => new Promise((resolve) => (open = resolve)) }).agents.get("a");
        await new Promise((resolve) => setTimeout(resolve, 5));
        ${change};
        const client = new AgentPhone({ ...options, logLevel: "debug", fetch: async () => Response.json({ id: "x" }), hooks: { onRequest() { throw 1; } } });
        const { id } = await client.contacts.create({ phoneNumber: "+14155550100", name: "x", nmae: "y" }).catch((error) => ({ id: error.code }));
        open(Response.json({ id: "o" }));
        log(id, await other.then(({ id }) => id, (error) => error.code));`);
      assert.deepEqual([stdout.trim(), stderr], ["x o", ""]);
    });
  }
});
