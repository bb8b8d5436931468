// The stack of an error names the line that made the call, though the error comes much later, and begins with it:
// no frame of ours, and no minified line in front of it when a process ends by it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { runChild } from "../support/child.mjs";
import { failureOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const json =
  (/** @type {number} */ status, body = {}) =>
  async () =>
    new Response(JSON.stringify(body), { status });
const clientOf = (/** @type {Foreign} */ fetch, options = {}) =>
  new AgentPhone({ apiKey: "sk_test", logLevel: "off", maxRetries: 0, fetch, ...options });
const later = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each is called by a function whose name must stand in the first frame. */
const CASES = {
  "a refusal of the API": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.get("x"),
  "a wrong argument": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.get(""),
  "a wrong option of a request": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.agents.get("x", { timeout: -1 }),
  "no connection": () =>
    clientOf(async () => {
      throw new TypeError("fetch failed");
    }).agents.get("x"),
  "a timeout": () => clientOf(() => new Promise(() => {}), { timeout: 20 }).agents.get("x"),
  "an abort": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.agents.get("x", { signal: AbortSignal.abort() }),
  "after a retry": () => clientOf(json(503), { maxRetries: 1, maxRetryDelay: 5 }).agents.get("x"),
  "two ids": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.numbers.detach("a", "b"),
  "a body": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.calls.create({ agentId: "a", toNumber: "+14155550100" }),
  "an id and a body": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.agents.update("a", { name: "x" }),
  "a list": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.list(),
  "a list, read": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.list().toArray(),
  "a list that does not move": () =>
    clientOf(json(200, { data: [], hasMore: true }))
      .contacts.list()
      .toArray(),
  "a stream": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.calls.transcript.stream("x").next(),
  "a wait": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.calls.wait("x"),
  "a recording": (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.calls.recording.get("x"),
  "with its answer": (/** @type {Foreign} */ client) => client.agents.get("x").withResponse(),
};

describe("the first frame is the caller's", { concurrency: true }, () => {
  for (const [name, call] of Object.entries(CASES)) {
    test(name, async () => {
      const client = clientOf(json(404));
      const placeOrderForCustomer = () => call(client);
      const error = await failureOf(later(1).then(placeOrderForCustomer));
      const [head, first] = (error.stack ?? "").split("\n");
      assert.equal(head, `${error.name}: ${error.message}`);
      assert.match(first, /stacks\.test\.mjs/);
      assert.doesNotMatch(error.stack ?? "", /wasm-function|core\.c?js/);
    });
  }

  test("the constructor and withSubAccount", () => {
    for (const make of [
      () => new AgentPhone({ apiKey: "" }),
      () => clientOf(json(200)).withSubAccount(/** @type {Foreign} */ (7)),
    ]) {
      assert.throws(make, (error) => /^\S.*\n\s+at .*stacks\.test\.mjs/.test(/** @type {Foreign} */ (error).stack));
    }
  });
});

test("onError is given the same stack", async () => {
  let stack;
  const client = clientOf(json(404), {
    hooks: { onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => (stack = error.stack) },
  });
  assert.equal((await failureOf(client.agents.get("x"))).stack, stack);
});

test("a stack can be set, copied and sent on", async () => {
  const error = await failureOf(clientOf(json(404)).agents.get("x"));
  assert.match(error.toPlain().stack ?? "", /stacks\.test\.mjs/);
  error.stack = "mine";
  assert.equal(error.stack, "mine");
  assert.ok(!Object.keys(error).includes("stack"));
});

for (const [name, code] of Object.entries({
  "as many frames as the caller wants, where that is fewer": "Error.stackTraceLimit = 1;",
  "a process that wants no stacks": "Error.stackTraceLimit = 0;",
  "a process without captureStackTrace": "delete Error.captureStackTrace;",
  "a frozen Error": "Object.freeze(Error);",
})) {
  test(`${name}: the call fails as it does elsewhere`, async () => {
    const { stdout, stderr } = await runChild(`${code}
      const { AgentPhone } = await import("agentphone-wasm");
      const before = Error.stackTraceLimit;
      const error = await new AgentPhone({ apiKey: "sk_test", fetch: async () => new Response("{}", { status: 404 }) }).agents.get("x").catch((error) => error);
      console.log(error.code, typeof error.stack, Error.stackTraceLimit === before);`);
    assert.deepEqual([stdout.trim(), stderr], ["NOT_FOUND string true", ""]);
  });
}

test("a process that ends by an error shows the caller's line and no line of ours", async () => {
  const { stderr, code } = await runChild(`
    import { AgentPhone } from "agentphone-wasm";
    const client = new AgentPhone({ apiKey: "sk_test", fetch: async () => new Response("{}", { status: 404 }) });
    const placeOrderForCustomer = () => client.agents.get("x");
    await placeOrderForCustomer();`);
  assert.equal(code, 1);
  assert.match(stderr, /^NotFoundError: agents\.get: .*\n\s+at placeOrderForCustomer/m);
  assert.ok(
    stderr.split("\n").every((line) => line.length < 200),
    stderr,
  );
});
