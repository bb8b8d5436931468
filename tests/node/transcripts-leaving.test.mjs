// Leaving a transcript: break, return and abort close the connection at once, wherever the stream is,
// and leave nothing behind. A caller who is slow slows the server down, and not the memory.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { CONNECTED, ENDED, events, readAll, turn } from "../support/event-stream.mjs";
import { answer, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const DONE = { value: undefined, done: true };
const [A, B] = [turn("a"), turn("b")];
const OPEN = events(CONNECTED + A + B, { then: "open" });
/** @param {string | { url: string }} where @param {import("agentphone-wasm").TranscriptStreamOptions} [options] */
const stream = (where, options) => clientOf(where).calls.transcript.stream("call_1", options);
const listeners = (/** @type {EventTarget | NodeJS.EventEmitter<[never]>} */ signal) =>
  getEventListeners(signal, "abort").length;

describe("break and return", { concurrency: true }, () => {
  test("break closes the socket", async (t) => {
    const server = await hostileServer(t, OPEN);
    for await (const { event } of stream(server)) if (event === "turn") break;
    await server.closed(server.received[0]);
    await sleep(50);
    assert.equal(server.count(), 1);
  });

  test("an error thrown in the loop closes it too, and is the one that is seen", async (t) => {
    const server = await hostileServer(t, OPEN);
    await assert.rejects(async () => {
      for await (const event of stream(server)) throw new Error(event.event);
    }, /^Error: connected$/);
    await server.closed(server.received[0]);
  });

  test("return before anything sends nothing; twice is once; afterwards the stream is over", async (t) => {
    const server = await hostileServer(t, OPEN);
    const unread = stream(server);
    assert.deepEqual([await unread.return(), await unread.return(), await unread.next()], [DONE, DONE, DONE]);
    assert.equal(server.count(), 0);
    const read = stream(server);
    await read.next();
    assert.deepEqual([await read.return(), await read.return(), await read.next()], [DONE, DONE, DONE]);
    await server.closed(server.received[0]);
  });

  test("return while a read waits, for the head, an event or a pause, ends both, and is no failure", async (t) => {
    const scripts = {
      head: stall("headers"),
      event: events([CONNECTED], { then: "open" }),
      pause: events(`retry: 30000\n${CONNECTED}`),
    };
    for (const [what, script] of Object.entries(scripts)) {
      const server = await hostileServer(t, script);
      /** @type {string[]} */
      const told = [];
      const live = stream(server, { hooks: { onError: (error) => told.push(error.code) } });
      if (what !== "head") await live.next();
      const waiting = live.next();
      await server.arrival();
      await sleep(60);
      assert.deepEqual(await Promise.all([live.return(), waiting]), [DONE, DONE], what);
      if (what !== "pause") await server.closed(server.received[0]);
      await sleep(50);
      assert.deepEqual([told, server.count()], [[], 1]);
    }
  });

  test("next after the end, and after an error, is done", async (t) => {
    const ended = stream(await hostileServer(t, events(CONNECTED + ENDED)));
    await readAll(ended);
    assert.deepEqual([await ended.next(), await ended.return()], [DONE, DONE]);
    const failed = stream(await hostileServer(t, answer(404)));
    await failureOf(failed.next());
    assert.deepEqual([await failed.next(), await failed.return()], [DONE, DONE]);
  });

  test("reads that overlap get each event once, in the order of asking", async (t) => {
    const turns = Array.from({ length: 30 }, (_, i) => turn(`t${i}`));
    const server = await hostileServer(
      t,
      events([CONNECTED, turns.slice(0, 20).join(""), ...turns.slice(20), ENDED], { everyMs: 5 }),
    );
    const live = stream(server);
    /** @type {Foreign[]} */
    const asked = [];
    /** @returns {Foreign} */
    const ask = () => asked.push(live.next().then((result) => (asked.length < 34 && ask(), result)));
    for (let i = 0; i < 5; i += 1) ask();
    while (asked.length < 34) await sleep(5);
    const results = await Promise.all(asked);
    const read = results.filter(({ done }) => !done).map(({ value }) => value.data.content ?? value.event);
    assert.deepEqual(read, ["connected", ...turns.map((_, i) => `t${i}`), "ended"]);
  });

  test("a process ends when its stream is left", async (t) => {
    const server = await hostileServer(t, OPEN);
    const { stdout, code } = await runChild(
      `
      import { AgentPhone } from "agentphone-wasm";
      const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}" });
      for await (const { event } of client.calls.transcript.stream("call_1", { totalTimeout: 600_000 })) if (event === "turn") break;
      console.log("left");`,
      { limit: 20_000 },
    );
    assert.deepEqual([stdout.trim(), code], ["left", 0]);
  });

  test("a stream that is forgotten, with a signal or telemetry or without, is collected and its socket closed", async (t) => {
    const server = await hostileServer(t, OPEN);
    const { stdout, stderr, code } = await runChild(
      `
      import { AgentPhone } from "agentphone-wasm";
      const telemetry = { start: () => ({}) };
      const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}" });
      const observed = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}", telemetry });
      const { signal } = new AbortController();
      for (const [one, options] of [[client, {}], [client, { signal }], [observed, {}]])
        await (async () => void (await one.calls.transcript.stream("call_1", options).next()))();
      for (let i = 0; i < 20; i++) {
        gc();
        await new Promise((done) => setTimeout(done, 20));
      }
      console.log("open sockets would keep the process");`,
      { flags: ["--expose-gc"], limit: 20_000 },
    );
    assert.deepEqual([stdout.trim(), code], ["open sockets would keep the process", 0], stderr);
    assert.equal(server.count(), 3);
  });
});

describe("an abort is felt at once", { concurrency: true }, () => {
  /** @param {AbortController} controller */
  async function aborted(/** @type {Foreign} */ waiting, controller) {
    const began = performance.now();
    controller.abort("enough");
    const error = await failureOf(waiting());
    assert.ok(performance.now() - began < 5_000);
    assert.deepEqual([error.code, error.cause, error.retryable], ["ABORTED", "enough", false]);
    assert.equal(listeners(controller.signal), 0);
  }

  test("before the first read: nothing is sent", async (t) => {
    const server = await hostileServer(t, OPEN);
    const controller = new AbortController();
    const live = stream(server, { signal: controller.signal });
    await aborted(() => live.next(), controller);
    assert.equal(server.count(), 0);
    assert.deepEqual(await live.next(), DONE);
  });

  const WHERE = {
    "the head": stall("headers"),
    "an event": events(CONNECTED, { then: "open" }),
    "a pause": events(`retry: 30000\n${CONNECTED}`),
    "a retry": answer(503, {}, { "retry-after": "30" }),
  };
  for (const [what, script] of Object.entries(WHERE)) {
    test(`while it waits for ${what}`, async (t) => {
      const server = await hostileServer(t, script);
      const controller = new AbortController();
      const live = stream(server, { signal: controller.signal });
      if (what === "an event" || what === "a pause") await live.next();
      const waiting = live.next();
      await server.arrival();
      await sleep(60);
      await aborted(() => waiting, controller);
      if (what === "the head" || what === "an event") await server.closed(server.received[0]);
      assert.equal(server.count(), 1);
    });
  }

  test("while the caller holds an event: the socket closes, and what was read ahead is not given", async (t) => {
    for (const script of [OPEN, events(CONNECTED + A + ENDED, { then: "open" })]) {
      const server = await hostileServer(t, script);
      const controller = new AbortController();
      const live = stream(server, { signal: controller.signal });
      await live.next();
      await aborted(() => live.next(), controller);
      await server.closed(server.received[0]);
    }
  });

  test("an abort after the end changes nothing", async (t) => {
    const controller = new AbortController();
    const live = stream(await hostileServer(t, events(CONNECTED + ENDED)), { signal: controller.signal });
    assert.equal((await readAll(live)).said, "connected ended");
    controller.abort();
    assert.deepEqual(await live.next(), DONE);
  });
});

test("no listener is left on a signal shared by a thousand streams, read, left, failed or never touched", async (t) => {
  const server = await hostileServer(t, ({ number }) => (number % 3 ? events(CONNECTED + ENDED) : answer(404)));
  const { signal } = new AbortController();
  const client = clientOf(server);
  for (let i = 0; i < 1000; i += 1) {
    const live = client.calls.transcript.stream("call_1", { signal });
    if (i % 4 === 0) continue;
    if (i % 4 === 1) await live.return();
    else if (i % 4 === 2)
      await live
        .next()
        .catch(() => {})
        .then(() => live.return());
    else await readAll(live);
  }
  await nextTurn();
  assert.equal(listeners(signal), 0);
});

test("a slow reader stops the server, and its memory stays flat", async (t) => {
  let [sent, stopped] = [0, 0];
  const block = turn("x".repeat(1000)).repeat(60);
  const server = await hostileServer(t, {
    performs: false,
    run(response) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const more = () => {
        while (!response.destroyed && sent < 512 << 20) {
          sent += block.length;
          if (!response.write(block)) return void (stopped = Date.now());
        }
      };
      response.on("drain", more);
      more();
    },
  });
  const live = stream(server);
  await live.next();
  // Until the buffers of both sides are full.
  for (let before = -1; before !== sent; ) {
    before = sent;
    await sleep(300);
  }
  assert.ok(stopped > 0 && sent < 64 << 20, `${sent} bytes were taken from the server`);
  const full = sent;
  for (let i = 0; i < 30_000; i += 1) await live.next();
  await sleep(100);
  assert.ok(sent > full, "reading goes on");
  await live.return();
});
