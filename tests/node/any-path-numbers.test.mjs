// The numbers by which the module knows requests to any path: they are between those of the operations and after them, and
// neither a gap nor a path of somebody else's may be felt by anybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NOWHERE = "http://127.0.0.1:9";
const missing = async () => Response.json({ error: { code: "NOT_FOUND", message: "no" } }, { status: 404 });
/** A word of letters alone, which no path takes for an id. */
const word = (/** @type {number} */ number) =>
  `q${`${number}`.replace(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "")}`;

test("a request to any path leaves no hole that whoever looks at a client falls into", async () => {
  const client = clientOf(NOWHERE, { fetch: missing });
  await failureOf(client.request("DELETE", "/v1/fax", { effect: "idempotent" }));
  const calls = /** @type {Foreign} */ (client.calls);
  assert.equal(typeof JSON.stringify(calls), "string");
  assert.equal(typeof inspect(calls), "string");
  assert.throws(() => calls.isMockFunction(), /isMockFunction/);
  assert.throws(() => calls.getCall(), /calls\.get/);
});

test("a path that is known stays known when others have filled the memory, and a long one is not kept", async () => {
  const { stdout } = await runChild(`
    import { AgentPhone } from "agentphone-wasm";
    const word = ${word};
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${NOWHERE}", logLevel: "off", maxRetries: 0, fetch: async () => new Response("{}", { status: 404 }) });
    const pathOf = async (path) => (await client.request("GET", path).catch((error) => error)).path;
    const long = "/v1" + "/a".repeat(2_000);
    console.log(await pathOf("/v1/known"), (await pathOf(long)).length);
    for (let at = 0; at < 1_100; at += 1) await pathOf("/v1/" + word(at));
    console.log(await pathOf("/v1/known"), await pathOf("/v1/new"), await pathOf(long));`);
  assert.deepEqual(stdout.trim().split("\n"), ["/v1/known 7", "/v1/known /{path} /{path}"]);
});

test("a path that was first asked for where the stack ends can be asked for afterwards", async () => {
  const { stdout } = await runChild(`
    import { AgentPhone } from "agentphone-wasm";
    const word = ${word};
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${NOWHERE}", logLevel: "off", fetch: async () => Response.json({}) });
    const paths = Array.from({ length: 900 }, (_, at) => "/v1/" + word(at));
    const asked = [];
    const deeper = () => {
      try {
        deeper();
      } catch {
        if (asked.length === paths.length) return;
        const path = paths[asked.length];
        asked.push(path);
        client.request("GET", path).catch(() => {});
      }
    };
    for (let round = 0; round < 30; round += 1) {
      try {
        deeper();
      } catch {}
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const failed = [];
    for (const path of asked) await client.request("GET", path).catch((error) => failed.push(error.code));
    console.log(asked.length > 100, failed.length);`);
  assert.equal(stdout.trim(), "true 0");
});
