// A transcript over connections that break, fall silent or are refused: each turn comes once, none is
// lost, and when it cannot go on it says so instead of hanging.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf } from "../support/client.mjs";
import { CONNECTED, ENDED, events, HEARTBEAT, readAll, turn, withoutPauses } from "../support/event-stream.mjs";
import { answer, cut, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

withoutPauses();
/** @param {string | { url: string }} where @param {import("agentphone-wasm").TranscriptStreamOptions} [options] @param {Partial<import("agentphone-wasm").ClientOptions>} [client] */
const stream = (where, options, client) => clientOf(where, client).calls.transcript.stream("call_1", options);
const [A, B, C] = [turn("a"), turn("b"), turn("c")];
const ALL = CONNECTED + A + B + ENDED;
const WHOLE = "connected a b ended";

describe("after a cut", { concurrency: true }, () => {
  test("at any byte, each event is given once", async (t) => {
    const sample = Buffer.from(CONNECTED + turn("é😀") + turn("b") + ENDED);
    const seen = new Set();
    const server = await hostileServer(t, ({ path }) => {
      if (seen.has(path)) return events(/** @type {Foreign} */ (sample));
      seen.add(path);
      return events(/** @type {Foreign} */ (sample.subarray(0, Number(path.split("_")[1].split("/")[0]))), {
        then: "cut",
      });
    });
    const client = clientOf(server);
    for (let from = 0; from < sample.length; from += 40) {
      const offsets = Array.from({ length: Math.min(40, sample.length - from) }, (_, i) => from + i);
      await Promise.all(
        offsets.map(async (offset) => {
          const { said, error } = await readAll(client.calls.transcript.stream(`call_${offset}`));
          assert.deepEqual([said, error], ["connected é😀 b ended", undefined], `cut at ${offset}`);
        }),
      );
    }
    assert.ok(server.count() > sample.length, "there were second connections");
  });

  test("before the head, after it, and by an end without ended", async (t) => {
    for (const fault of [cut("before-headers"), events([], { then: "cut" }), events(CONNECTED + A)]) {
      const server = await hostileServer(t, [fault, events(ALL)]);
      assert.equal((await readAll(stream(server))).said, WHOLE);
      assert.equal(server.count(), 2);
    }
  });

  test("what came after the last turn given comes next, over many connections", async (t) => {
    const server = await hostileServer(t, [
      events(CONNECTED + A, { then: "cut" }),
      events(CONNECTED + A + B, { then: "cut" }),
      events(CONNECTED + A, { then: "cut" }),
      events(CONNECTED + A + B + C, { then: "cut" }),
      events(ALL.replace(ENDED, C + ENDED)),
    ]);
    assert.equal((await readAll(stream(server))).said, "connected a b c ended");
    assert.equal(server.count(), 5);
  });

  test("a person who says the same twice is heard twice", async (t) => {
    const server = await hostileServer(t, [
      events(CONNECTED + A + A, { then: "cut" }),
      events(CONNECTED + A + A + A + ENDED),
    ]);
    assert.equal((await readAll(stream(server))).said, "connected a a a ended");
  });

  test("a replay that differs is an error, after what came before", async (t) => {
    const server = await hostileServer(t, [
      events(CONNECTED + A + B, { then: "cut" }),
      events(CONNECTED + A + C, { then: "open" }),
    ]);
    const { said, error } = await readAll(stream(server));
    assert.deepEqual([said, error?.code], ["connected a b", "INVALID_RESPONSE"]);
    assert.ok(error?.message.includes("from turn 2 on"), error?.message);
    await server.closed(server.received[1]);
  });

  test("a replay that is shorter than what was given gives nothing again, and a new turn in it is told as different", async (t) => {
    const shorter = await hostileServer(t, [events(CONNECTED + A + B, { then: "cut" }), events(CONNECTED + A + ENDED)]);
    assert.equal((await readAll(stream(shorter))).said, WHOLE);
    for (const pieces of [[CONNECTED + A, C + ENDED], CONNECTED + A + C + ENDED, CONNECTED + A + C + B]) {
      const other = await hostileServer(t, [
        events(CONNECTED + A + B, { then: "cut" }),
        events(pieces, { then: "open", everyMs: 50 }),
      ]);
      assert.equal((await readAll(stream(other, { idleTimeout: null }))).error?.code, "INVALID_RESPONSE");
    }
  });

  test("the pause that the server asks for is kept, also on the connections after the next", async (t) => {
    const server = await hostileServer(t, [
      events(`retry: 300\n${CONNECTED}${A}`, { then: "cut" }),
      events(CONNECTED + A + B, { then: "cut" }),
      events(ALL),
    ]);
    assert.equal((await readAll(stream(server))).said, WHOLE);
    const [first, second, third] = server.received.map(({ at }) => at);
    assert.ok(second - first >= 295 && third - second >= 295, `${second - first} and ${third - second} ms`);
  });
});

describe("silence", { concurrency: true }, () => {
  test("is followed by another connection, and the silent one is closed", async (t) => {
    const server = await hostileServer(t, [events(CONNECTED + A, { then: "open" }), events(ALL)]);
    assert.equal((await readAll(stream(server, { idleTimeout: 150 }))).said, WHOLE);
    await server.closed(server.received[0]);
  });

  test("heartbeats are no silence", async (t) => {
    const pieces = [CONNECTED, ...Array.from({ length: 25 }, () => HEARTBEAT), A + B + ENDED];
    const server = await hostileServer(t, events(pieces, { everyMs: 100 }));
    assert.equal((await readAll(stream(server, { idleTimeout: 1_500 }))).said, WHOLE);
    assert.equal(server.count(), 1);
  });

  test("bytes that complete no line are no sign of life", async (t) => {
    const drip = Array.from({ length: 400 }, () => "x");
    const server = await hostileServer(t, [
      events([CONNECTED, ":", ...drip], { everyMs: 20, then: "open" }),
      events(ALL),
    ]);
    assert.equal((await readAll(stream(server, { idleTimeout: 600 }))).said, WHOLE);
    assert.ok(server.count() === 2, "the dripping connection was given up");
  });

  test("null and Infinity wait", async (t) => {
    for (const idleTimeout of [null, Infinity]) {
      const server = await hostileServer(t, events([CONNECTED, A + B + ENDED], { everyMs: 400 }));
      assert.equal((await readAll(stream(server, { idleTimeout }))).said, WHOLE);
      assert.equal(server.count(), 1);
    }
  });

  test("on every connection ends with an error after five more, not for ever", async (t) => {
    const server = await hostileServer(t, events(CONNECTED + A, { then: "open" }));
    const { said, error } = await readAll(stream(server, { idleTimeout: 200 }));
    assert.deepEqual([said, error?.code, error?.retryable], ["connected a", "CONNECTION_ERROR", true]);
    // The first one brought something, so five more had their chance.
    assert.deepEqual([server.count(), error?.attempts], [6, 6]);
  });

  test("while the caller works on an event is the caller's own", async (t) => {
    const server = await hostileServer(t, events([CONNECTED, A + B + ENDED], { everyMs: 50 }));
    let read = 0;
    for await (const event of stream(server, { idleTimeout: 1_000 })) {
      read += 1;
      if (event.event === "connected") await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    assert.deepEqual([read, server.count()], [4, 1]);
  });
});

describe("refusals", { concurrency: true }, () => {
  test("a missing call and a wrong key are told at once", async (t) => {
    for (const [status, code] of /** @type {const} */ ([
      [404, "NOT_FOUND"],
      [401, "UNAUTHORIZED"],
    ])) {
      const server = await hostileServer(t, answer(status, { detail: "no" }));
      /** @type {Foreign[]} */
      const told = [];
      const { read, error } = await readAll(stream(server, { hooks: { onError: (failure) => told.push(failure) } }));
      assert.deepEqual([read.length, error?.code, error?.status, server.count()], [0, code, status, 1]);
      assert.deepEqual(told, [error], "onError is told once");
    }
  });

  test("a 500 and then fine, and a 429 with Retry-After, are waited out", async (t) => {
    const server = await hostileServer(t, [answer(500), answer(429, {}, { "retry-after-ms": "200" }), events(ALL)]);
    assert.equal((await readAll(stream(server))).said, WHOLE);
    assert.ok(server.received[2].at - server.received[1].at >= 195);
  });

  test("in the middle of a call they are waited out longer than at its beginning", async (t) => {
    const down = Array.from({ length: 7 }, () => answer(503));
    const server = await hostileServer(t, [events(CONNECTED + A, { then: "cut" }), ...down, events(ALL)]);
    assert.equal((await readAll(stream(server))).said, WHOLE);
  });

  test("in the middle of a call, an hour of Retry-After is told and not slept or ignored", async (t) => {
    const server = await hostileServer(t, [
      events(CONNECTED + A, { then: "cut" }),
      answer(429, {}, { "retry-after": "3600" }),
    ]);
    const { said, error } = await readAll(stream(server));
    assert.deepEqual([said, error?.code, error?.retryAfter, server.count()], ["connected a", "HTTP_429", 3600, 2]);
  });

  test("a call that is gone in the middle is told", async (t) => {
    const server = await hostileServer(t, [events(CONNECTED + A, { then: "cut" }), answer(404)]);
    const { said, error } = await readAll(stream(server));
    assert.deepEqual([said, error?.code, server.count()], ["connected a", "NOT_FOUND", 2]);
  });

  test("maxRetries 0: one connection", async (t) => {
    for (const fault of [events(CONNECTED + A, { then: "cut" }), answer(503)]) {
      const server = await hostileServer(t, [fault, events(ALL)]);
      const { error } = await readAll(stream(server, { maxRetries: 0 }));
      assert.deepEqual([error?.retryable, server.count()], [true, 1]);
    }
  });

  test("maxRetries 0: also after a connection that lived long", async (t) => {
    const server = await hostileServer(t, [events(CONNECTED + A, { then: "cut" }), events(ALL)]);
    // A clock of the child's own, that runs a hundred times as fast.
    const { stdout } = await runChild(`
      import { AgentPhone } from "agentphone-wasm";
      const now = performance.now.bind(performance);
      let ahead = 0;
      performance.now = () => now() + ahead;
      const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}", maxRetries: 0 });
      try {
        for await (const { event } of client.calls.transcript.stream("call_1")) ahead += 40_000;
      } catch (error) { console.log(error.code); }`);
    assert.deepEqual([stdout.trim(), server.count()], ["CONNECTION_ERROR", 1]);
  });
});

describe("time", { concurrency: true }, () => {
  test("timeout fires on a stream that never sends its head", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const error = await failureOf(stream(server, { timeout: 150, maxRetries: 0 }).next());
    assert.deepEqual([error.code, error.name], ["TIMEOUT", "TimeoutError"]);
    await server.closed(server.received[0]);
  });

  test("timeout is for the head: an open stream outlives it", async (t) => {
    const server = await hostileServer(t, events([CONNECTED, A + B + ENDED], { everyMs: 500 }));
    assert.equal((await readAll(stream(server, { timeout: 250 }))).said, WHOLE);
  });

  test("totalTimeout ends it while it reads, reconnects or waits for a head, in words that name it", async (t) => {
    const pause = events(`retry: 60000\n${CONNECTED}`);
    for (const script of [[events(CONNECTED, { then: "open" })], [events(CONNECTED), stall("headers")], [pause]]) {
      const server = await hostileServer(t, script);
      const { said, error } = await readAll(stream(server, { totalTimeout: 400 }));
      assert.deepEqual([said, error?.code], ["connected", "TIMEOUT"]);
      assert.ok(error?.message.includes("totalTimeout (400 ms)"), error?.message);
      if (script[0] !== pause) await server.closed(/** @type {Foreign} */ (server.received.at(-1)));
    }
  });

  test("a timer that fires before the clock says so is still told as totalTimeout, not as an abort", async (t) => {
    const server = await hostileServer(t, [events(CONNECTED), stall("headers")]);
    // A clock of the child's own, half as fast as its timers.
    const { stdout } = await runChild(`
      import { AgentPhone } from "agentphone-wasm";
      const now = performance.now.bind(performance);
      performance.now = () => now() / 2;
      Math.random = () => 0;
      const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}" });
      try {
        for await (const _ of client.calls.transcript.stream("call_1", { totalTimeout: 400 }));
      } catch (error) { console.log(error.code, error.message.includes("totalTimeout (400 ms)")); }`);
    assert.equal(stdout.trim(), "TIMEOUT true");
  });
});
