// Hooks see each request, answer, retry and failure, in order and without ids; whatever a hook does,
// the call goes on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { assertPrivate, CLASSES, clientOf, failureOf, sendText } from "../support/client.mjs";
import { answer, cut, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Hooks that write down what they see. */
function recorder() {
  /** @type {Foreign[]} */
  const seen = [];
  const hook = (/** @type {string} */ name) => (/** @type {Foreign} */ event) => seen.push([name, event]);
  return {
    seen,
    names: () => seen.map(([name]) => name),
    hooks: Object.fromEntries(["onRequest", "onResponse", "onRetry", "onError"].map((n) => [n, hook(n)])),
  };
}
const soon = { "retry-after-ms": "1" };

describe("hooks", { concurrency: true }, () => {
  test("see a success after two retries, in order", async (t) => {
    const server = await hostileServer(t, [answer(503, {}, soon), cut("before-headers"), good]);
    const { seen, names, hooks } = recorder();
    await CLASSES.read.call(clientOf(server, { hooks }));
    assert.deepEqual(names(), [
      "onRequest",
      "onResponse",
      "onRetry",
      "onRequest",
      "onRetry",
      "onRequest",
      "onResponse",
    ]);
    for (const [, event] of seen) {
      assert.deepEqual([event.operation, event.method, event.path], ["calls.get", "GET", "/v1/calls/{call_id}"]);
    }
    assert.deepEqual(
      seen.map(([, { attempt }]) => attempt),
      [1, 1, 1, 2, 2, 3, 3],
    );
    const [, [, response], [, retry], , [, second]] = seen;
    assert.equal(response.status, 503);
    assert.ok(response.elapsed >= 0);
    assert.ok(retry.delay >= 1 && retry.delay <= 60_000);
    assert.deepEqual([retry.error.code, retry.error.status, retry.error.attempts], ["SERVICE_UNAVAILABLE", 503, 1]);
    assert.deepEqual([second.error.code, second.error.attempts], ["CONNECTION_ERROR", 2]);
  });

  test("onError sees the very error that the caller gets, once", async (t) => {
    const { seen, hooks } = recorder();
    const error = await failureOf(CLASSES.effect.call(clientOf(await hostileServer(t, answer(402)), { hooks })));
    const told = seen.filter(([name]) => name === "onError").map(([, e]) => e);
    assert.deepEqual(told.length, 1);
    assert.equal(told[0], error);
  });

  test("onError sees aborts and timeouts too", async (t) => {
    const { names, hooks } = recorder();
    const client = clientOf(await hostileServer(t), { hooks });
    await failureOf(client.calls.get("a", { signal: AbortSignal.abort() }));
    await failureOf(
      clientOf("http://127.0.0.1:9", {
        hooks,
        fetch: () => new Promise(() => {}),
        timeout: 30,
        maxRetries: 0,
      }).calls.get("a"),
    );
    assert.deepEqual(names(), ["onError", "onRequest", "onError"]);
  });

  for (const [name, fail] of Object.entries({
    "throws an Error": () => {
      throw new Error("hook");
    },
    "throws undefined": () => {
      throw undefined;
    },
    "never settles": () => new Promise(() => {}),
    "gives nonsense": () => ({ then: 7 }),
  })) {
    test(`one that ${name} changes nothing`, async (t) => {
      const hooks = { onRequest: fail, onResponse: fail, onRetry: fail, onError: fail };
      const server = await hostileServer(t, [answer(503, {}, soon), good]);
      const { data, attempts } = await /** @type {Foreign} */ (
        CLASSES.read.call(clientOf(server, { hooks }))
      ).withResponse();
      assert.deepEqual([data.id, attempts], ["call_1", 2]);
      const failing = await hostileServer(t, answer(404));
      assert.equal((await failureOf(CLASSES.read.call(clientOf(failing, { hooks })))).code, "NOT_FOUND");
    });
  }

  test("an async one that rejects does not end the process", async (t) => {
    const server = await hostileServer(t, [answer(503, {}, soon), good, answer(404)]);
    const { stdout, stderr, code } = await runChild(
      `
      import { AgentPhone } from "agentphone-wasm";
      const late = async () => { throw new Error("hook, later"); };
      const hooks = { onRequest: late, onResponse: late, onRetry: late, onError: late };
      const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: process.argv[1], hooks, logLevel: "off" });
      const { id } = await client.calls.get("a");
      const { code } = await client.calls.get("a").catch((error) => error);
      setTimeout(() => console.log(id, code), 50);`,
      { args: [server.url] },
    );
    assert.deepEqual([code, stdout.trim(), stderr], [0, "call_1 NOT_FOUND", ""]);
  });

  test("one that throws is reported to the logger, by name", async (t) => {
    /** @type {Foreign[]} */
    const lines = [];
    const note = (/** @type {Foreign[]} */ ...args) => lines.push(args);
    const logger = { error: note, warn() {}, info() {}, debug() {} };
    const hooks = {
      onRequest() {
        throw new Error("mine");
      },
    };
    await CLASSES.read.call(clientOf(await hostileServer(t), { hooks, logger, logLevel: "error" }));
    assert.equal(lines.length, 1);
    assert.ok(lines[0][0].includes("onRequest"), lines[0][0]);
    assert.equal(lines[0][1].message, "mine");
  });

  test("one that changes its event changes nobody else's", async (t) => {
    const { seen, hooks } = recorder();
    hooks.onRequest = (event) => Object.assign(event, { operation: "x", attempt: 99 });
    assert.equal(
      /** @type {Foreign} */ (await CLASSES.read.call(clientOf(await hostileServer(t), { hooks }))).id,
      "call_1",
    );
    assert.deepEqual([seen[0][1].operation, seen[0][1].attempt], ["calls.get", 1]);
  });

  test("one that calls the client again is served", async (t) => {
    const client = clientOf(await hostileServer(t));
    let inner;
    const hooks = { onRequest: () => (inner = client.calls.list()) };
    await client.calls.get("a", { hooks });
    assert.deepEqual(/** @type {Foreign} */ (await inner)?.data, []);
  });

  test("those of a request replace the client's; null takes them away", async (t) => {
    const [mine, theirs] = [recorder(), recorder()];
    const client = clientOf(await hostileServer(t), { hooks: theirs.hooks });
    await client.calls.get("a", { hooks: { onRequest: mine.hooks.onRequest } });
    await client.calls.get("a", { hooks: null });
    assert.deepEqual([mine.names(), theirs.names()], [["onRequest"], []]);
    await client.calls.get("a");
    assert.deepEqual(theirs.names(), ["onRequest", "onResponse"]);
  });

  test("no event shows key, id, number or text", async (t) => {
    const { seen, hooks } = recorder();
    const server = await hostileServer(t, answer(429, { detail: "no" }, { "retry-after-ms": "1" }));
    await failureOf(sendText(clientOf(server, { hooks })));
    await failureOf(clientOf(server, { hooks }).calls.get("call_private"));
    const text = JSON.stringify(seen);
    assert.ok(seen.length > 4);
    assertPrivate(text, "an event");
    assert.ok(!text.includes("call_private"), text);
  });
});
