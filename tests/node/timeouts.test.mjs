// Time limits: `timeout` bounds one attempt, body included; `totalTimeout` bounds everything, the
// waits too. Nothing a server does makes a call last longer. Upper bounds are wide on purpose.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf, PHONE, untilRetry } from "../support/client.mjs";
import { answer, drip, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Runs `work` and says how long it took. */
async function timed(/** @type {Foreign} */ work) {
  const began = performance.now();
  const result = await work();
  return { result, took: performance.now() - began };
}

const SLOW = {
  "no headers": stall("headers"),
  "a body that stops": stall("body"),
  "a body that drips": drip({ id: "x".repeat(500) }, { bytes: 1, everyMs: 20 }),
};

describe("timeout", { concurrency: true }, () => {
  for (const [name, fault] of Object.entries(SLOW)) {
    for (const [kind, { call, place }] of Object.entries(CLASSES)) {
      test(`ends an attempt that meets ${name}: ${kind}`, async (t) => {
        const server = await hostileServer(t, fault);
        const { result: error, took } = await timed(() =>
          failureOf(call(clientOf(server, { timeout: 1_000, maxRetries: 0 }))),
        );
        assert.equal(error.code, "TIMEOUT");
        assert.equal(error.name, "TimeoutError");
        assert.equal(error.outcomeUnknown, kind === "effect");
        assert.equal(error.retryable, kind !== "effect");
        assert.ok(error.message.includes("timeout (1000 ms)"), error.message);
        assert.ok(took >= 990 && took < 10_000, `took ${took}`);
        assert.equal(server.count(place), 1);
      });
    }

    test(`a read that met ${name} succeeds on the next attempt, which has its own time`, async (t) => {
      const server = await hostileServer(t, [fault, good]);
      assert.equal(/** @type {Foreign} */ (await CLASSES.read.call(clientOf(server, { timeout: 1_500 }))).id, "call_1");
    });

    test(`the server of ${name} sees the connection closed`, async (t) => {
      const server = await hostileServer(t, fault);
      await failureOf(CLASSES.read.call(clientOf(server, { timeout: 1_000, maxRetries: 0 })));
      await server.closed(await server.arrival());
    });
  }

  test("null and Infinity mean none: an answer after a while still comes", async (t) => {
    const late = {
      performs: true,
      run: (/** @type {{ end: (arg0: string) => void }} */ response) =>
        setTimeout(() => response.end('{"id":"late"}'), 400),
    };
    for (const timeout of [null, Infinity]) {
      const client = clientOf(await hostileServer(t, late), { timeout: 50 });
      assert.equal((await client.calls.get("call_1", { timeout })).id, "late");
    }
  });

  test("a longer one than a host timer can hold does not fire at once", async (t) => {
    const late = {
      performs: true,
      run: (/** @type {{ end: (arg0: string) => void }} */ response) =>
        setTimeout(() => response.end('{"id":"late"}'), 100),
    };
    const server = await hostileServer(t, late);
    for (const timeout of [2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER, 1e300]) {
      const client = clientOf(server, { timeout, totalTimeout: timeout, maxRetries: 0 });
      assert.equal((await client.calls.get("call_1")).id, "late", String(timeout));
    }
  });

  test("is not shorter than a call that the API waits for, unless the caller says so for this call", async (t) => {
    const late = {
      performs: true,
      run: (/** @type {{ end: (arg0: string) => void }} */ response) =>
        setTimeout(() => response.end('{"id":"late"}'), 500),
    };
    const client = clientOf(await hostileServer(t, late), { timeout: 100, maxRetries: 0 });
    /** @param {Foreign} more @param {import("agentphone-wasm").RequestOptions | { timeout?: undefined }} [options] */
    const call = (more, options) => client.calls.create({ agentId: "agt_1", toNumber: PHONE, ...more }, options);
    for (const more of [{ waitForCompletion: true }, { waitForCompletion: true, maxWaitSeconds: 10 }]) {
      for (const options of [undefined, {}, { timeout: undefined }])
        assert.equal((await call(more, options)).id, "late");
      assert.equal((await failureOf(call(more, { timeout: 100 }))).code, "TIMEOUT");
      assert.equal((await failureOf(call(more, { totalTimeout: 100 }))).code, "TIMEOUT");
    }
    for (const more of [{}, { waitForCompletion: false }, { maxWaitSeconds: 600 }])
      assert.equal((await failureOf(call(more))).code, "TIMEOUT");
  });

  test("of a client that has a longer one, or none, is not shortened by a call that the API waits for", async () => {
    const { stdout } = await runChild(`
      const timers = [];
      const own = setTimeout;
      // Less what has passed of it since the call began.
      globalThis.setTimeout = (work, ms, ...more) => (timers.push(Math.round(ms / 10_000) * 10_000), own(work, ms, ...more));
      const { AgentPhone } = await import("agentphone-wasm");
      for (const timeout of [60_000, 700_000, null]) {
        const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: "http://127.0.0.1:9", timeout, fetch: async () => Response.json({ id: "call_1" }) });
        await client.calls.create({ agentId: "a", toNumber: "${PHONE}", waitForCompletion: true, maxWaitSeconds: 300 });
        timers.push("next");
      }
      console.log(JSON.stringify(timers));`);
    assert.deepEqual(JSON.parse(stdout), [310_000, "next", 700_000, "next", "next"]);
  });

  test("covers a key supplier that hangs, and nothing is sent", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server, { apiKey: () => new Promise(() => {}), timeout: 200 });
    const error = await failureOf(CLASSES.effect.call(client));
    assert.deepEqual([error.code, error.attempts, error.outcomeUnknown], ["TIMEOUT", 0, false]);
    assert.equal(server.count(), 0);
  });

  test("a wait at the rate limiter does not count as time of the attempt", async (t) => {
    const server = await hostileServer(t, [answer(429, {}, { "retry-after": "2" }), good]);
    assert.equal(/** @type {Foreign} */ (await CLASSES.effect.call(clientOf(server, { timeout: 1_500 }))).id, "call_1");
    assert.equal(server.count(), 2);
  });
});

describe("totalTimeout", { concurrency: true }, () => {
  for (const [name, fault] of Object.entries(SLOW)) {
    test(`ends everything while an attempt meets ${name}`, async (t) => {
      const server = await hostileServer(t, fault);
      const client = clientOf(server, { totalTimeout: 1_000, timeout: 60_000 });
      const { result: error, took } = await timed(() => failureOf(CLASSES.effect.call(client)));
      assert.deepEqual([error.code, error.outcomeUnknown, error.attempts], ["TIMEOUT", true, 1]);
      assert.ok(error.message.includes("totalTimeout (1000 ms)"), error.message);
      assert.ok(took >= 990 && took < 10_000, `took ${took}`);
    });
  }

  test("bounds all attempts together", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const client = clientOf(server, { totalTimeout: 1_000, timeout: 200, maxRetries: 1_000 });
    const { result: error, took } = await timed(() => failureOf(CLASSES.read.call(client)));
    assert.equal(error.code, "TIMEOUT");
    assert.ok(took < 10_000, `took ${took}`);
    assert.ok(error.attempts >= 1 && error.attempts <= 5, `${error.attempts} attempts`);
  });

  test("fails at once rather than sleep through a wait that it cannot outlast", async (t) => {
    for (const [status, kind] of /** @type {const} */ ([
      [429, "effect"],
      [503, "effect"],
      [503, "read"],
    ])) {
      const server = await hostileServer(t, answer(status, { detail: "busy" }, { "retry-after": "20" }));
      const { result: error, took } = await timed(() =>
        failureOf(CLASSES[kind].call(clientOf(server, { totalTimeout: 10_000 }))),
      );
      assert.equal(error.status, status);
      assert.equal(error.retryAfter, 20);
      assert.ok(took < 10_000, `took ${took}`);
      assert.equal(server.count(), 1);
    }
  });

  test("ends a call that waits at the rate limiter behind another, unsent", async (t) => {
    const server = await hostileServer(t, [answer(429, {}, { "retry-after": "30" }), good]);
    const controller = new AbortController();
    const client = clientOf(server);
    const first = await untilRetry((options) => CLASSES.effect.call(client, options), { signal: controller.signal });
    const { result: error, took } = await timed(() => failureOf(CLASSES.effect.call(client, { totalTimeout: 300 })));
    assert.deepEqual([error.code, error.attempts, error.outcomeUnknown], ["TIMEOUT", 0, false]);
    assert.ok(error.retryAfter > 20 && error.retryAfter <= 30, `retryAfter ${error.retryAfter}`);
    assert.ok(took < 10_000, `took ${took}`);
    controller.abort();
    assert.equal((await failureOf(first.promise)).code, "ABORTED");
    assert.equal(server.count(), 1);
  });

  test("shorter than the request's own timeout wins, longer loses", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const client = clientOf(server, { maxRetries: 0 });
    const short = await failureOf(CLASSES.read.call(client, { timeout: 5_000, totalTimeout: 200 }));
    assert.ok(short.message.includes("totalTimeout (200 ms)"), short.message);
    const long = await failureOf(CLASSES.read.call(client, { timeout: 200, totalTimeout: 5_000 }));
    assert.ok(long.message.includes(" timeout (200 ms)"), long.message);
  });
});
