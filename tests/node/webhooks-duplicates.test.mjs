// A delivery is worked on once: however often it comes, from whomever it comes, and again if that failed.
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { deliver, entryOf, NOW, SECRET, SIGNED, textEvent, thrownBy, voiceEvent } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { InvalidArgumentError, webhooks } = await import(entryOf(import.meta.url));

const eventOf = (/** @type {Foreign} */ event, /** @type {Foreign} */ options) =>
  webhooks.verify({ ...deliver(event, options), secret: SECRET, now: NOW });
/** A delivery of this id, signed this many seconds later, as a retry is. */
const attempt = (/** @type {string} */ id, later = 0, event = textEvent()) =>
  eventOf(event, { id, at: SIGNED + later });

describe("repeated deliveries", { concurrency: true }, () => {
  test("a retry, signed anew, was seen; another delivery was not", async () => {
    const seen = webhooks.deduplicate();
    assert.deepEqual(
      [await seen(attempt("del_1")), await seen(attempt("del_1", 5)), await seen(attempt("del_2", 6))],
      [false, true, false],
    );
  });

  test("of many at once exactly one is new, also in a store that takes its time", async () => {
    const slow = new Set();
    const store = {
      claim: async (/** @type {string} */ key) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return !slow.has(key) && Boolean(slow.add(key));
      },
      release: async (/** @type {string} */ key) => void slow.delete(key),
    };
    for (const seen of [webhooks.deduplicate(), webhooks.deduplicate({ store })]) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => seen(attempt("del_1", i))));
      assert.equal(answers.filter((answer) => !answer).length, 1);
      const same = attempt("del_2", 99);
      const again = await Promise.all(Array.from({ length: 50 }, () => seen(same)));
      assert.equal(again.filter((answer) => !answer).length, 1);
    }
  });

  test("a delivery that is replayed under another id, which is not signed, was seen", async () => {
    const seen = webhooks.deduplicate();
    const { body, headers } = deliver(textEvent(), { id: "del_1" });
    const under = (/** @type {string | undefined} */ id) =>
      webhooks.verify({ body, headers: { ...headers, "x-webhook-id": id }, secret: SECRET, now: NOW });
    assert.equal(await seen(under("del_1")), false);
    assert.equal(await seen(under("del_evil")), true);
    assert.equal(await seen(under(undefined)), true);
    // The replay must not have taken the id from the delivery that it belongs to.
    assert.equal(await seen(attempt("del_evil", 9)), false);
  });

  test("without an id the message's own is used, but never that of the message a tapback is for", async () => {
    const seen = webhooks.deduplicate();
    const without = (/** @type {Foreign} */ event, /** @type {number | undefined} */ later) => ({
      ...attempt("x", later, event),
      delivery: { ...attempt("x", later, event).delivery, id: null },
    });
    assert.equal(await seen(without(textEvent(), 0)), false);
    assert.equal(await seen(without(textEvent(), 1)), true);
    const tapback = { ...textEvent(), event: "agent.reaction", data: { reactionType: "love", messageId: "msg_1" } };
    assert.equal(await seen(without(tapback, 2)), false);
  });

  test("turns of one call are not each other's duplicates", async () => {
    const seen = webhooks.deduplicate();
    assert.deepEqual(
      [
        await seen(attempt("del_1", 0, /** @type {Foreign} */ (voiceEvent("Hello")))),
        await seen(attempt("del_2", 1, /** @type {Foreign} */ (voiceEvent("Hello")))),
      ],
      [false, false],
    );
  });

  test("a handler that failed gives it back, and the retry is new, once", async () => {
    const seen = webhooks.deduplicate();
    const event = attempt("del_1");
    assert.equal(await seen(event), false);
    await seen.release(event);
    assert.equal(await seen(attempt("del_1", 200)), false);
    assert.equal(await seen(attempt("del_1", 201)), true);
    const same = attempt("del_2", 9);
    assert.equal(await seen(same), false);
    await seen.release(same);
    assert.equal(await seen(same), false, "the very same delivery may come again, too");
  });

  test("a store that fails half way holds nothing back, and its error is told", async () => {
    const keys = new Set();
    let working = false;
    const store = {
      claim: async (/** @type {string} */ key) => {
        if (!working && key.startsWith("id:")) throw new Error("store is down");
        return !keys.has(key) && Boolean(keys.add(key));
      },
      release: async (/** @type {string} */ key) => void keys.delete(key),
    };
    const seen = webhooks.deduplicate({ store });
    await assert.rejects(seen(attempt("del_1")), /store is down/);
    assert.equal(keys.size, 0);
    working = true;
    assert.equal(await seen(attempt("del_1")), false);
  });

  test("a store that answers as Redis does, OK or null, is understood", async () => {
    const keys = new Set();
    const seen = webhooks.deduplicate({
      ttl: 60,
      store: {
        claim: async (/** @type {string} */ key, /** @type {number} */ ttl) =>
          ttl === 60 && !keys.has(key) && keys.add(key) ? "OK" : null,
        release: async () => {},
      },
    });
    assert.deepEqual([await seen("del_1"), await seen("del_1")], [false, true]);
  });

  test("ten thousand deliveries later the oldest has made room, and no more than that", async () => {
    const seen = webhooks.deduplicate({ max: 100 });
    for (let i = 0; i < 250; i += 1) assert.equal(await seen(attempt(`del_${i}`, i)), false);
    assert.equal(await seen(attempt("del_249", 250)), true);
    assert.equal(await seen(attempt("del_160", 251)), true);
    assert.equal(await seen(attempt("del_0", 252)), false);
  });

  test("a wrong option, or a value that is no event, is refused", async () => {
    for (const options of [{ ttl: 0 }, { ttl: -1 }, { ttl: "1d" }, { max: 0 }, { store: {} }, { store: null }]) {
      assert.ok(thrownBy(() => webhooks.deduplicate(options)) instanceof InvalidArgumentError, JSON.stringify(options));
    }
    const seen = webhooks.deduplicate();
    for (const value of [undefined, null, {}, "", 7, textEvent()])
      await assert.rejects(seen(value), InvalidArgumentError);
  });
});

test("what is remembered is forgotten after ttl, not before", async () => {
  mock.timers.enable({ apis: ["Date"], now: NOW });
  try {
    const seen = webhooks.deduplicate({ ttl: 60 });
    assert.equal(await seen("del_1"), false);
    mock.timers.tick(59_999);
    assert.equal(await seen("del_1"), true);
    mock.timers.tick(1);
    assert.equal(await seen("del_1"), false);
  } finally {
    mock.timers.reset();
  }
});
