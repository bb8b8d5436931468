// What `yield*` and `await using` ask of an async iterator beside `next` and `return`. Without `throw` an error that is
// thrown into a generator becomes another one; without Symbol.asyncDispose a connection stays open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf } from "../support/client.mjs";
import { CONNECTED, events, turn } from "../support/event-stream.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const MORE = { data: [{ id: "a" }, { id: "b" }], total: 9, hasMore: true };

const ITERATORS = {
  "a transcript": {
    open: (/** @type {test.TestContext} */ t) => hostileServer(t, events([CONNECTED, turn("one")], { then: "open" })),
    of: (/** @type {Foreign} */ client) => client.calls.transcript.stream("call_1"),
  },
  "the items of a list": {
    open: (/** @type {test.TestContext} */ t) => hostileServer(t, answer(200, MORE)),
    of: (/** @type {Foreign} */ client) => client.agents.list()[Symbol.asyncIterator](),
  },
  "the pages of a list": {
    open: (/** @type {test.TestContext} */ t) => hostileServer(t, answer(200, MORE)),
    of: (/** @type {Foreign} */ client) => client.agents.list().pages(),
  },
  "the items of a page": {
    open: (/** @type {test.TestContext} */ t) => hostileServer(t, answer(200, MORE)),
    of: async (/** @type {Foreign} */ client) => (await client.agents.list())[Symbol.asyncIterator](),
  },
};

for (const [name, { open, of }] of Object.entries(ITERATORS)) {
  describe(name, { concurrency: true }, () => {
    const delegating = async (/** @type {test.TestContext} */ t) => {
      const inner = await of(clientOf(await open(t)));
      return {
        inner,
        outer: (async function* () {
          return yield* inner;
        })(),
      };
    };

    test("ends with the error that is thrown into it, and not with a riddle", async (t) => {
      const { inner, outer } = await delegating(t);
      assert.equal((await outer.next()).done, false);
      const error = new Error("of the consumer");
      await assert.rejects(outer.throw(error), (thrown) => thrown === error);
      assert.deepEqual(await inner.next(), { value: undefined, done: true });
    });

    test("returns what it is told to return", async (t) => {
      const { inner, outer } = await delegating(t);
      await outer.next();
      assert.deepEqual(await outer.return(7), { value: 7, done: true });
      assert.deepEqual(await inner.next(), { value: undefined, done: true });
      assert.deepEqual(await inner.return(), { value: undefined, done: true });
    });

    test("is closed where its block ends", { skip: !Symbol.asyncDispose }, async (t) => {
      const { inner } = await delegating(t);
      await inner.next();
      assert.equal(await inner[Symbol.asyncDispose](), undefined);
      assert.deepEqual(await inner.next(), { value: undefined, done: true });
    });
  });
}

test("the connection of a transcript is closed where its block ends", { skip: !Symbol.asyncDispose }, async (t) => {
  const server = await hostileServer(t, events([CONNECTED, turn("one")], { then: "open" }));
  const stream = clientOf(server).calls.transcript.stream("call_1");
  await stream.next();
  await /** @type {Foreign} */ (stream)[Symbol.asyncDispose]();
  await server.closed(server.received[0]);
});

test("a recording that nobody read is let go where its block ends", { skip: !Symbol.dispose }, async (t) => {
  const dripping = {
    performs: false,
    run: (/** @type {import("node:http").ServerResponse} */ response) => {
      response.writeHead(200, { "content-type": "audio/wav" });
      response.write("RIFF");
    },
  };
  const server = await hostileServer(t, dripping);
  const recording = await clientOf(server).calls.recording.get("call_1");
  /** @type {Foreign} */ (recording)[Symbol.dispose]();
  await server.closed(server.received[0]);
});
