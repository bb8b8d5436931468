// An abort is felt at once wherever the call is, tells the truth about the outcome, and leaves nothing
// behind: no listener on the signal, no open socket at the server.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AgentPhoneError } from "agentphone-wasm";
import { CLASSES, clientOf, failureOf, sleep, untilRetry } from "../support/client.mjs";
import { answer, cut, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/**
 * Aborts with `reason` and gives the error, which must come long before any wait is over.
 * @param {PromiseLike<unknown>} promise @param {AbortController} controller
 */
async function aborted(promise, controller, /** @type {Foreign[]} */ ...reason) {
  const began = performance.now();
  controller.abort(...reason);
  const error = await failureOf(promise);
  const took = performance.now() - began;
  assert.ok(took < 5_000, `took ${took} ms`);
  assert.deepEqual([error.code, error.name, error.retryable], ["ABORTED", "AbortError", false]);
  assert.equal(error.cause, controller.signal.reason);
  return error;
}

const busy = answer(503, {}, { "retry-after": "30" });
const limited = answer(429, {}, { "retry-after": "30" });

describe("an abort is felt at once", { concurrency: true }, () => {
  test("before the call: nothing is sent", async (t) => {
    const server = await hostileServer(t);
    for (const { call } of Object.values(CLASSES)) {
      const controller = new AbortController();
      controller.abort("early");
      const error = await failureOf(call(clientOf(server), { signal: controller.signal }));
      assert.deepEqual([error.code, error.cause, error.attempts, error.outcomeUnknown], ["ABORTED", "early", 0, false]);
    }
    assert.equal(server.count(), 0);
  });

  test("in the same turn as the call: what may have left is told as unknown", async (t) => {
    const server = await hostileServer(t);
    const controller = new AbortController();
    const error = await aborted(CLASSES.effect.call(clientOf(server), { signal: controller.signal }), controller);
    await sleep(100);
    assert.ok(server.count() === 0 || error.outcomeUnknown);
    assert.equal(error.outcomeUnknown, error.attempts > 0);
  });

  for (const [kind, { call }] of Object.entries(CLASSES)) {
    for (const where of ["headers", "body"]) {
      test(`while it waits for the ${where}: ${kind}; the server sees the socket closed`, async (t) => {
        const server = await hostileServer(t, stall(where));
        const controller = new AbortController();
        /** @type {(() => void) | null | undefined} */
        let head;
        const headCame = /** @type {Promise<void>} */ (new Promise((resolve) => (head = resolve)));
        const telling = (/** @type {string | URL | Request} */ url, /** @type {RequestInit} */ init) =>
          fetch(url, init).finally(head);
        const promise = call(clientOf(server, { fetch: telling }), { signal: controller.signal });
        const request = await server.arrival();
        if (where === "body") await headCame;
        const error = await aborted(promise, controller, new Error("enough"));
        assert.deepEqual([error.attempts, error.outcomeUnknown], [1, kind === "effect"]);
        await server.closed(request);
        assert.equal(server.count(), 1);
      });
    }

    test(`in the wait before a retry: ${kind}, which has not happened`, async (t) => {
      const server = await hostileServer(t, busy);
      const controller = new AbortController();
      const { promise } = await untilRetry((options) => call(clientOf(server), options), { signal: controller.signal });
      const error = await aborted(promise, controller, "in the wait");
      assert.deepEqual([error.attempts, error.outcomeUnknown], [1, false]);
      await sleep(50);
      assert.equal(server.count(), 1);
    });

    test(`at the rate limiter: ${kind}, refused once or never sent`, async (t) => {
      const server = await hostileServer(t, limited);
      const client = clientOf(server);
      const [first, second] = [new AbortController(), new AbortController()];
      const { promise } = await untilRetry((options) => call(client, options), { signal: first.signal });
      const behind = call(client, { signal: second.signal });
      await sleep(50);
      const unsent = await aborted(behind, second, "tired");
      assert.deepEqual([unsent.attempts, unsent.outcomeUnknown], [0, false]);
      const refused = await aborted(promise, first, "tired too");
      assert.deepEqual([refused.attempts, refused.outcomeUnknown], [1, false]);
      await sleep(50);
      assert.equal(server.count(), 1);
    });
  }

  test("while the key supplier is asked: nothing is sent", async (t) => {
    const server = await hostileServer(t);
    const controller = new AbortController();
    const client = clientOf(server, { apiKey: () => new Promise(() => {}) });
    const promise = CLASSES.effect.call(client, { signal: controller.signal });
    await nextTurn();
    const error = await aborted(promise, controller);
    assert.deepEqual([error.attempts, error.outcomeUnknown, server.count()], [0, false, 0]);
  });

  test("after an earlier attempt may have happened, that is not forgotten", async (t) => {
    const server = await hostileServer(t, [cut("before-headers"), stall("headers")]);
    const controller = new AbortController();
    const client = clientOf(server, { replay: "always" });
    const { promise } = await untilRetry((options) => CLASSES.effect.call(client, options), {
      signal: controller.signal,
    });
    const error = await aborted(promise, controller);
    assert.equal(error.outcomeUnknown, true);
  });

  test("after the answer: it changes nothing", async (t) => {
    const controller = new AbortController();
    const promise = CLASSES.read.call(clientOf(await hostileServer(t)), { signal: controller.signal });
    assert.equal(/** @type {Foreign} */ (await promise).id, "call_1");
    controller.abort();
    assert.equal((await /** @type {Foreign} */ (promise).withResponse()).data.id, "call_1");
  });

  test("by a hook of the call itself", async (t) => {
    const server = await hostileServer(t, busy);
    for (const hook of ["onRequest", "onResponse", "onRetry"]) {
      const controller = new AbortController();
      const hooks = { [hook]: () => controller.abort(hook) };
      const error = await failureOf(CLASSES.read.call(clientOf(server), { signal: controller.signal, hooks }));
      assert.deepEqual([error.code, error.cause], ["ABORTED", hook]);
    }
  });

  test("by onRequest or by the key's supplier: a call is not placed", async (t) => {
    const server = await hostileServer(t);
    for (const last of ["hook", "supplier"]) {
      const controller = new AbortController();
      const options =
        last === "hook"
          ? { hooks: { onRequest: () => controller.abort() } }
          : { apiKey: async () => (controller.abort(), "sk_1") };
      const error = await failureOf(CLASSES.effect.call(clientOf(server), { signal: controller.signal, ...options }));
      assert.deepEqual([error.code, error.outcomeUnknown, error.attempts], ["ABORTED", false, 0], last);
    }
    assert.equal(server.count(), 0);
  });
});

describe("any reason and any signal will do", { concurrency: true }, () => {
  for (const reason of ["a string", undefined, null, 0, false, Symbol("s"), { plain: true }, new Error("own"), 10n]) {
    test(`reason ${String(reason)} becomes the cause`, async (t) => {
      const server = await hostileServer(t, stall("headers"));
      const controller = new AbortController();
      const promise = CLASSES.read.call(clientOf(server), { signal: controller.signal });
      await server.arrival();
      const error = await aborted(promise, controller, reason);
      assert.ok(AgentPhoneError.is(AgentPhoneError.fromPlain(structuredClone(error.toPlain()))));
      assert.ok("cause" in error || reason === undefined);
    });
  }

  test("AbortSignal.timeout and AbortSignal.any", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const signal = AbortSignal.timeout(100);
    const error = await failureOf(CLASSES.read.call(clientOf(server), { signal }));
    assert.deepEqual([error.code, /** @type {Foreign} */ (error.cause).name], ["ABORTED", "TimeoutError"]);
    const controller = new AbortController();
    const both = AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]);
    const promise = CLASSES.read.call(clientOf(server), { signal: both });
    await server.arrival(server.count() + 1);
    await aborted(promise, controller, "one of two");
  });

  test("a signal of another realm or a polyfill", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const target = new EventTarget();
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: (/** @type {Parameters<EventTarget["addEventListener"]>} */ ...args) =>
        target.addEventListener(...args),
      removeEventListener: (/** @type {Parameters<EventTarget["removeEventListener"]>} */ ...args) =>
        target.removeEventListener(...args),
    };
    const promise = CLASSES.read.call(clientOf(server), { signal: /** @type {Foreign} */ (signal) });
    await server.arrival();
    Object.assign(signal, { aborted: true, reason: "foreign" });
    target.dispatchEvent(new Event("abort"));
    const error = await failureOf(promise);
    assert.deepEqual([error.code, error.cause], ["ABORTED", "foreign"]);
    assert.equal(getEventListeners(target, "abort").length, 0);
  });

  test("null is no signal", async (t) => {
    assert.equal(
      /** @type {Foreign} */ (await CLASSES.read.call(clientOf(await hostileServer(t)), { signal: null })).id,
      "call_1",
    );
  });
});

/** Counts what is added to and removed from a signal. */
function watched() {
  const controller = new AbortController();
  const counts = { added: 0, removed: 0 };
  for (const [method, name] of /** @type {const} */ ([
    ["addEventListener", "added"],
    ["removeEventListener", "removed"],
  ])) {
    const original = controller.signal[method];
    controller.signal[method] = function (/** @type {Foreign[]} */ ...args) {
      counts[name] += 1;
      return original.apply(this, /** @type {Foreign} */ (args));
    };
  }
  return { controller, counts };
}

describe("no listener is left on the signal", { concurrency: true }, () => {
  const settled = async (/** @type {Foreign} */ { controller, counts }) => {
    await nextTurn();
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    assert.equal(counts.added, counts.removed, "removed as often as added");
    return counts.added;
  };
  const ENDS = {
    "a success": [good],
    "a success after a retry": [answer(503, {}, { "retry-after-ms": "1" }), good],
    "an error": [answer(404)],
    "a broken connection": [cut("before-headers")],
    "a timeout": [stall("body")],
    "a success after a rate limit": [answer(429, {}, { "retry-after-ms": "50" }), good],
  };
  for (const [name, script] of Object.entries(ENDS)) {
    test(`after ${name}`, async (t) => {
      const client = clientOf(await hostileServer(t, script), {
        timeout: name === "a timeout" ? 200 : 20_000,
        maxRetries: 1,
      });
      const watch = watched();
      await CLASSES.effect.call(client, { signal: watch.controller.signal }).catch(() => {});
      assert.ok((await settled(watch)) > 0);
    });
  }

  test("after a refused argument or option", async (t) => {
    const client = clientOf(await hostileServer(t));
    const watch = watched();
    await failureOf(client.calls.get("", { signal: watch.controller.signal }));
    await failureOf(client.calls.get("a", /** @type {Foreign} */ ({ signal: watch.controller.signal, nonsense: 1 })));
    await settled(watch);
  });

  test("after an abort", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const watch = watched();
    const promise = CLASSES.read.call(clientOf(server), { signal: watch.controller.signal });
    await server.arrival();
    await aborted(promise, watch.controller);
    await settled(watch);
  });
});

test("one signal shared by a thousand requests makes no warning, and one abort ends them all", async (t) => {
  /** @type {Foreign[]} */
  const warnings = [];
  const note = (/** @type {Foreign} */ warning) => warnings.push(warning.name);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const server = await hostileServer(t, stall("headers"));
  const client = clientOf(server);
  const watch = watched();
  const calls = Array.from({ length: 1000 }, (_, i) =>
    failureOf(client.calls.get(`call_${i}`, { signal: watch.controller.signal })),
  );
  await server.arrival(1000);
  assert.equal(getEventListeners(watch.controller.signal, "abort").length, 1);
  watch.controller.abort("all");
  const errors = await Promise.all(calls);
  assert.ok(errors.every((error) => error.code === "ABORTED" && error.cause === "all"));
  await Promise.all(server.received.map(server.closed));
  await nextTurn();
  assert.equal(getEventListeners(watch.controller.signal, "abort").length, 0);
  assert.equal(watch.counts.added, watch.counts.removed);
  assert.deepEqual(warnings, []);
});

test("one signal shared by streams, recordings, lists and waits makes no warning, and one abort ends them all", async (t) => {
  /** @type {Foreign[]} */
  const warnings = [];
  const note = (/** @type {Foreign} */ warning) => warnings.push(warning.name);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const page = answer(200, { data: [{ id: "a" }], hasMore: true });
  let [items, open] = [0, 0];
  const begun = (/** @type {string} */ type, /** @type {string} */ text) => ({
    performs: false,
    run: (/** @type {import("node:http").ServerResponse} */ response) => (
      (open += 1), response.writeHead(200, { "content-type": type }).write(text)
    ),
  });
  const server = await hostileServer(t, ({ path, url }) => {
    if (path.endsWith("/recording")) return begun("audio/wav", "abc");
    if (path.endsWith("/stream"))
      return path.includes("wait")
        ? answer(404)
        : begun("text/event-stream", 'event: turn\ndata: {"role":"user","content":"x"}\n\n');
    if (path.includes("contacts")) return url.includes("offset=") ? stall("headers") : page;
    return answer(200, { id: "wait", status: "ringing" });
  });
  const client = clientOf(server, { maxRetries: 0 });
  const watch = watched();
  const { signal } = watch.controller;
  const drain = async (/** @type {Foreign} */ list) => {
    for await (const _ of list) items += 1;
  };
  const all = [];
  for (let i = 0; i < 15; i += 1) {
    all.push(
      failureOf(drain(client.calls.transcript.stream("call_1", { signal }))),
      failureOf(drain(client.contacts.list({}, { signal }))),
      failureOf(client.calls.wait("wait", { signal })),
      failureOf(client.calls.recording.get("call_1", { signal }).then((recording) => drain(recording.stream))),
    );
  }
  // Events, items and chunks have come, and those who wait have asked twice.
  while (items < 45 || open < 30 || server.count("GET /v1/calls/wait") < 30) await sleep(10);
  await sleep(20);
  assert.equal(getEventListeners(signal, "abort").length, 1);
  watch.controller.abort("all");
  const errors = await Promise.all(all);
  assert.ok(
    errors.every((error) => error.code === "ABORTED" && error.cause === "all"),
    `${errors.map(({ code, cause }) => [code, cause])}`,
  );
  await nextTurn();
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.deepEqual(warnings, []);
});

test("one signal used for a thousand requests in turn keeps no listener of any", async (t) => {
  const client = clientOf(await hostileServer(t));
  const watch = watched();
  for (let i = 0; i < 1000; i += 1) await client.calls.get("call_1", { signal: watch.controller.signal });
  assert.equal(getEventListeners(watch.controller.signal, "abort").length, 0);
  assert.equal(watch.counts.added, watch.counts.removed);
});
