// Waiting for a call: by its transcript, by asking where that fails, never for ever and never blind.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { CONNECTED, ENDED, events, turn } from "../support/event-stream.mjs";
import { answer, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const call = (/** @type {string} */ status) => answer(200, { id: "call_1", status });
/** A server whose call has these states, one a question (the last one stays), and this stream. */
const telephone = (/** @type {test.TestContext} */ t, /** @type {Foreign} */ states, stream = answer(404)) => {
  let asked = 0;
  return hostileServer(t, ({ path }) => {
    if (path.endsWith("/stream")) return stream;
    const state = states[Math.min(asked++, states.length - 1)];
    return typeof state === "string" ? call(state) : state;
  });
};
/** @param {string | { url: string }} server @param {Foreign} [options] @param {Partial<import("agentphone-wasm").ClientOptions>} [client] */
const wait = (server, options, client) => clientOf(server, client).calls.wait("call_1", options);
const questions = (/** @type {Awaited<ReturnType<typeof hostileServer>>} */ server) =>
  server.count("GET /v1/calls/call_1");
const streams = (/** @type {Awaited<ReturnType<typeof hostileServer>>} */ server) =>
  server.count("GET /v1/calls/call_1/transcript/stream");

describe("the call has ended", { concurrency: true }, () => {
  test("before: it is given at once, whatever is waited for", async (t) => {
    for (const status of ["completed", "failed", "busy", "no-answer"]) {
      const server = await telephone(t, [status]);
      for (const until of [undefined, "ended", "ringing", status, () => false]) {
        assert.equal((await wait(server, { until })).status, status);
      }
      assert.deepEqual([questions(server), streams(server)], [5, 0]);
    }
  });

  test("in a final state that this version does not know: it has an end, and is not waited for for ever", async (t) => {
    const canceled = { id: "call_1", status: "canceled", endedAt: "2026-01-01T00:00:00Z" };
    const server = await telephone(t, ["ringing", answer(200, canceled)], events(CONNECTED + ENDED));
    assert.deepEqual(await wait(server, { totalTimeout: 5_000 }), canceled);
    const odd = { id: "call_1", status: "in-progress", endedAt: "2026-01-01T00:00:00Z" };
    assert.equal(
      (await wait(await telephone(t, [answer(200, odd), "completed"]), { totalTimeout: 5_000 })).status,
      "completed",
    );
  });

  test("the stream tells it: two questions and one stream, which is closed", async (t) => {
    const server = await telephone(
      t,
      ["ringing", "completed"],
      events([CONNECTED, turn("a"), ENDED], { everyMs: 50, then: "open" }),
    );
    assert.deepEqual(await wait(server), { id: "call_1", status: "completed" });
    assert.deepEqual([questions(server), streams(server)], [2, 1]);
    await server.closed(server.received[1]);
  });

  test("the stream tells it before the call shows it: the call is asked again", async (t) => {
    const server = await telephone(t, ["ringing", "in-progress", "completed"], events(CONNECTED + ENDED));
    assert.equal((await wait(server)).status, "completed");
    assert.equal(questions(server), 3);
  });

  const BROKEN = {
    "is missing": answer(404),
    "is refused": answer(503),
    "is cut each time": events(CONNECTED, { then: "cut" }),
    "is a page": answer(200, "<html>", { "content-type": "text/html" }),
    "is broken": events(`${CONNECTED}event: turn\ndata: {\n\n`),
    "ends without a word": events([]),
    "never sends its head": stall("headers"),
  };
  for (const [name, stream] of Object.entries(BROKEN)) {
    test(`the stream ${name}: the call is asked for, and the stream not tried again`, async (t) => {
      const server = await telephone(t, ["ringing", "in-progress", "completed"], stream);
      assert.equal((await wait(server, {}, { timeout: 1_500 })).status, "completed");
      assert.deepEqual([questions(server), streams(server)], [3, 1]);
    });
  }
});

describe("until", { concurrency: true }, () => {
  test("a status or a function: asked for with growing pauses, without a stream", async (t) => {
    const states = ["queued", "queued", "ringing", "in-progress"];
    /** @type {Foreign[]} */
    const seen = [];
    for (const until of [
      "in-progress",
      (/** @type {Foreign} */ { status }) => (seen.push(status), status === "in-progress"),
      async (/** @type {Foreign} */ { status }) => status === "in-progress",
    ]) {
      const server = await telephone(t, states);
      assert.equal((await wait(server, { until })).status, "in-progress");
      assert.deepEqual([questions(server), streams(server)], [4, 0]);
      const [first, second, third] = server.received.slice(1).map(({ at }, i) => at - server.received[i].at);
      assert.ok(first >= 495 && second >= 745 && third >= 1_120, `${first}, ${second}, ${third} ms`);
    }
    assert.deepEqual(seen, states);
  });

  test("a function that throws or rejects ends the wait with what it threw", async (t) => {
    const server = await telephone(t, ["ringing"]);
    await assert.rejects(
      wait(server, {
        until: () => {
          throw new RangeError("mine");
        },
      }),
      /^RangeError: mine$/,
    );
    await assert.rejects(wait(server, { until: async () => Promise.reject("text") }), (thrown) => thrown === "text");
    assert.equal(server.count(), 2);
  });

  test("a function that never settles ends by totalTimeout and by an abort", async (t) => {
    const never = () => new Promise(() => {});
    const server = await telephone(t, ["ringing"]);
    assert.equal((await failureOf(wait(server, { until: never, totalTimeout: 200 }))).code, "TIMEOUT");
    const error = await failureOf(wait(server, { until: never, signal: AbortSignal.timeout(100) }));
    assert.equal(error.code, "ABORTED");
  });

  test("anything else is refused, and so are wrong ids and options, before anything is sent", async (t) => {
    const server = await telephone(t, ["ringing"]);
    for (const until of ["over", "", null, 5, {}, []])
      assert.equal((await failureOf(wait(server, { until }))).code, "INVALID_ARGUMENT");
    assert.equal((await failureOf(clientOf(server).calls.wait(""))).code, "INVALID_ARGUMENT");
    for (const options of [
      { nonsense: 1 },
      { totalTimeout: 0 },
      { totalTimeout: "5" },
      { totalTimeout: NaN },
      { signal: 5 },
    ]) {
      assert.equal((await failureOf(wait(server, options))).code, "CONFIGURATION_ERROR", JSON.stringify(options));
    }
    assert.equal(server.count(), 0);
  });
});

test("options that cannot be read, or are no object, are an error of ours, and nothing is sent", async (t) => {
  const server = await telephone(t, ["ringing"]);
  const trap = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("no");
      },
    },
  );
  const names = ["until", "totalTimeout", "signal", "headers"];
  for (const options of [
    trap,
    ...names.map((name) => ({
      get [name]() {
        throw new Error("no");
      },
    })),
    5,
    "x",
    [],
    true,
    () => {},
  ]) {
    assert.equal((await failureOf(wait(server, options))).code, "CONFIGURATION_ERROR");
  }
  assert.equal(server.count(), 0);
  const { signal } = new AbortController();
  const odd = {
    aborted: false,
    addEventListener() {
      throw new Error("no");
    },
    removeEventListener() {
      throw new Error("no");
    },
  };
  const over = await telephone(t, ["ringing", "completed"], events(CONNECTED + ENDED));
  for (const options of [{ signal }, { signal: odd }, null])
    assert.equal((await wait(over, options)).status, "completed");
});

test("onError is told of what the wait ends with, and of nothing else", async (t) => {
  const endings = /** @type {[Foreign[], Foreign, string[]][]} */ ([
    [["ringing", "completed"], {}, []],
    [["ringing"], { totalTimeout: 300 }, ["TIMEOUT"]],
    [["ringing"], { until: "over" }, ["INVALID_ARGUMENT"]],
    [["ringing"], { totalTimeout: 0 }, ["CONFIGURATION_ERROR"]],
    [[answer(404)], {}, ["NOT_FOUND"]],
    [["ringing"], { until: () => Promise.reject(new Error("mine")) }, []],
  ]);
  for (const [states, options, told] of endings) {
    /** @type {string[]} */
    const heard = [];
    const hooks = { onError: (/** @type {Foreign} */ error) => void heard.push(error.code) };
    await wait(await telephone(t, states), options, { hooks }).catch(() => {});
    await sleep(20);
    assert.deepEqual(heard, told, JSON.stringify(options));
  }
});

describe("it ends", { concurrency: true }, () => {
  test("by totalTimeout, in the stream, in a pause and in a question, in words that name it", async (t) => {
    const scripts = [
      [["ringing"], events(CONNECTED, { then: "open" })],
      [["ringing"]],
      [["ringing", stall("headers")]],
      [[stall("headers")]],
    ];
    for (const [states, stream] of scripts) {
      const error = await failureOf(
        wait(await telephone(t, states, /** @type {Foreign} */ (stream)), { totalTimeout: 700 }),
      );
      assert.deepEqual([error.code, error.name], ["TIMEOUT", "TimeoutError"]);
      assert.ok(error.message.includes("totalTimeout (700 ms)"), error.message);
    }
  });

  test("by an abort, at once, in the stream, in a pause and in a question", async (t) => {
    const scripts = [
      [["ringing"], events(CONNECTED, { then: "open" }), 2],
      [["ringing"], answer(404), 2],
      [["ringing", stall("headers")], answer(404), 3],
    ];
    for (const [states, stream, requests] of scripts) {
      const server = await telephone(t, states, /** @type {Foreign} */ (stream));
      const controller = new AbortController();
      const waiting = failureOf(wait(server, { signal: controller.signal }));
      const { number } = await server.arrival(/** @type {Foreign} */ (requests));
      await sleep(60);
      controller.abort("enough");
      // Shorter than the shortest pause, and a timer: a slow machine delays both.
      const late = sleep(450).then(() => ({ code: "too late" }));
      const error = await Promise.race([waiting, late]);
      assert.deepEqual([error.code, /** @type {Foreign} */ (error).cause], ["ABORTED", "enough"]);
      await sleep(50);
      assert.deepEqual([server.count(), getEventListeners(controller.signal, "abort").length], [number, 0]);
    }
  });

  test("by a question that fails for good", async (t) => {
    for (const [states, requests] of [
      [[answer(404)], 1],
      [["ringing", answer(401)], 3],
    ]) {
      const server = await telephone(t, states);
      assert.ok([401, 404].includes(/** @type {Foreign} */ ((await failureOf(wait(server))).status)));
      assert.equal(server.count(), requests);
    }
  });

  test("a question that fails and can be repeated is repeated", async (t) => {
    const server = await telephone(t, [answer(503, {}, { "retry-after-ms": "1" }), "completed"]);
    assert.equal((await wait(server)).status, "completed");
  });
});
