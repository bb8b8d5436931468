// What a stranger can make an endpoint do: work for deliveries that are none, read bodies of any length, and pass a
// captured delivery off as another one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deliver, entryOf, NOW, SECRET, SIGNED, textEvent, thrownBy, voiceEvent } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { InvalidArgumentError, WebhookVerificationError, webhooks } = await import(entryOf(import.meta.url));
/** @param {Foreign} delivery @param {Foreign} [options] */
const verify = (delivery, options) => webhooks.verify({ ...delivery, secret: SECRET, now: NOW, ...options });
/** A body that notices when it is read. */
class Watched extends Uint8Array {
  reads = 0;
  /** @override @param {number[]} ends */
  subarray(...ends) {
    this.reads += 1;
    return super.subarray(...ends);
  }
}

describe("no body is hashed for headers that no delivery has", { concurrency: true }, () => {
  const { body, headers } = deliver();
  for (const [reason, name, values] of /** @type {const} */ ([
    ["missing_signature", "x-webhook-signature", [undefined, "", " "]],
    [
      "malformed_signature",
      "x-webhook-signature",
      ["sha256=", "x", `sha1=${"0".repeat(40)}`, `sha256=${"0".repeat(63)}`, `sha256=${"g".repeat(64)}`],
    ],
    ["missing_timestamp", "x-webhook-timestamp", [undefined, ""]],
    ["malformed_timestamp", "x-webhook-timestamp", ["yesterday", "-1", `${SIGNED}, ${SIGNED}`]],
  ])) {
    test(reason, () => {
      for (const value of values) {
        const watched = new Watched(Buffer.from(body));
        const error = thrownBy(() => verify({ body: watched, headers: { ...headers, [name]: value } }));
        assert.deepEqual([/** @type {Foreign} */ (error).reason, watched.reads], [reason, 0], `${value}`);
      }
      // What was judged by its headers alone leaves nothing behind, and neither does what was signed.
      webhooks.sign({ body, secret: SECRET, timestamp: SIGNED });
      assert.equal(verify({ body, headers }).event, "agent.message");
      webhooks.sign({ body, secret: SECRET, timestamp: SIGNED });
      assert.equal(/** @type {Foreign} */ (thrownBy(() => verify({ body: `${body} `, headers }))).reason, "mismatch");
    });
  }

  test("what has the form of a delivery is hashed", () => {
    const watched = new Watched(Buffer.from(body));
    assert.equal(verify({ body: watched, headers }).event, "agent.message");
    assert.ok(watched.reads > 0);
  });
});

describe("the length of a body", { concurrency: true }, () => {
  const long = (/** @type {number} */ length) => deliver(textEvent({ message: "x".repeat(length) }));

  test("longer than maxBytes: refused, as a text and as bytes, before it is hashed", () => {
    const { body, headers } = long(5_000);
    for (const given of [body, Buffer.from(body)]) {
      const error = thrownBy(() => verify({ body: given, headers }, { maxBytes: body.length - 1 }));
      assert.ok(error instanceof WebhookVerificationError);
      assert.deepEqual([error.code, /** @type {Foreign} */ (error).reason], ["WEBHOOK_SIGNATURE_INVALID", "too_large"]);
      for (const maxBytes of [body.length, null, Infinity, undefined])
        assert.equal(verify({ body: given, headers }, { maxBytes }).event, "agent.message");
    }
    const watched = new Watched(Buffer.from(body));
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => verify({ body: watched, headers }, { maxBytes: 10 }))).reason,
      "too_large",
    );
    assert.equal(watched.reads, 0);
  });

  test("bytes are counted, not characters", () => {
    const { body, headers } = deliver(textEvent({ message: "€".repeat(1_000) }));
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => verify({ body, headers }, { maxBytes: body.length + 1 }))).reason,
      "too_large",
    );
    assert.equal(verify({ body, headers }, { maxBytes: Buffer.byteLength(body) }).event, "agent.message");
  });

  test("4 MiB where nothing is said", () => {
    const { body, headers } = long(2 ** 22);
    assert.equal(/** @type {Foreign} */ (thrownBy(() => verify({ body, headers }))).reason, "too_large");
    const fine = long(2 ** 22 - 1_000);
    assert.equal(verify(fine).event, "agent.message");
  });

  test("a wrong limit is refused by name", () => {
    for (const maxBytes of [0, -1, NaN, "5", {}, true]) {
      const error = thrownBy(() => verify(deliver(), { maxBytes }));
      assert.ok(error instanceof InvalidArgumentError && error.message.includes("maxBytes"));
    }
    assert.ok(
      thrownBy(() => webhooks.sign({ body: "{}", secret: SECRET, maxBytes: 5 })) instanceof InvalidArgumentError,
    );
  });
});

test("options that cannot be read are a mistake in the call, and no error of JavaScript's own", async () => {
  const trap = new Proxy(
    {},
    {
      get() {
        throw new Error("no");
      },
      ownKeys() {
        throw new Error("no");
      },
    },
  );
  const throwing = (/** @type {string} */ name) => ({
    ...deliver(),
    secret: SECRET,
    get [name]() {
      throw new Error("no");
    },
  });
  for (const call of [
    () => webhooks.verify(trap),
    () => webhooks.sign(trap),
    () => webhooks.deduplicate(trap),
    () => webhooks.deduplicate(null),
    () => webhooks.deduplicate(5),
    () => webhooks.deduplicate({ tll: 5 }),
    ...["body", "headers", "secret", "now", "maxBytes"].map((name) => () => webhooks.verify(throwing(name))),
    ...["ttl", "max", "store"].map(
      (name) => () =>
        webhooks.deduplicate({
          get [name]() {
            throw new Error("no");
          },
        }),
    ),
    () => webhooks.deduplicate({ ttl: Symbol("x") }),
    () => webhooks.deduplicate({ max: 5n }),
  ]) {
    assert.ok(thrownBy(call) instanceof InvalidArgumentError, `${call}`);
  }
});

test("what others have put on Object.prototype is no option", () => {
  Object.defineProperty(Object.prototype, "polluted", { value: 1, enumerable: true, configurable: true });
  try {
    assert.equal(verify(deliver()).event, "agent.message");
  } finally {
    delete (/** @type {Foreign} */ (Object.prototype).polluted);
  }
});

describe("a captured delivery under another's id", { concurrency: true }, () => {
  const under = (/** @type {string} */ id, /** @type {Foreign} */ event, later = 0) =>
    webhooks.verify({ ...deliver(event, { id, at: SIGNED + later }), secret: SECRET, now: NOW });
  const text = (/** @type {string} */ messageId, message = "hi") => textEvent({ messageId, message });
  const PAIRS = {
    "two texts": [text("msg_1"), text("msg_2")],
    "two texts that say the same, but for the id": [text("msg_1", "yes"), text("msg_2", "yes")],
    "two turns of a call": [voiceEvent("Hello"), voiceEvent("Goodbye")],
    "two calls that have ended": [
      { event: "agent.call_ended", data: { callId: "call_1" } },
      { event: "agent.call_ended", data: { callId: "call_2" } },
    ],
    "two tapbacks on a message": [
      { event: "agent.reaction", data: { messageId: "msg_1", reactionType: "love" } },
      { event: "agent.reaction", data: { messageId: "msg_1", reactionType: "laugh" } },
    ],
    "a turn and the end of its call": [voiceEvent("Hello"), { event: "agent.call_ended", data: { callId: "call_1" } }],
    "events that this version does not know": [
      { event: "agent.new", data: { a: [1, { b: 2 }] } },
      { event: "agent.new", data: { a: [1, { b: 3 }] } },
    ],
  };
  for (const [name, [captured, other]] of Object.entries(PAIRS)) {
    test(`${name}: the other is still new, and both are known afterwards`, async () => {
      const seen = webhooks.deduplicate();
      assert.equal(await seen(under("del_other", captured)), false, "it is genuine, and the first of its kind");
      assert.equal(await seen(under("del_other", other, 1)), false, "the one that the id belongs to");
      assert.equal(await seen(under("del_other", other, 2)), true, "its retry");
      assert.equal(await seen(under("del_other", captured)), true, "the replay again");
    });
  }

  test("a retry is known though the history beside it has grown, or a contact was renamed", async () => {
    const seen = webhooks.deduplicate();
    const first = text("msg_1");
    const retry = {
      ...first,
      timestamp: "2025-11-22T08:31:40Z",
      recentHistory: [{ messageId: "msg_0" }],
      data: { ...first.data, contact: { id: "c", name: "Ada" } },
    };
    assert.deepEqual([await seen(under("del_1", first)), await seen(under("del_1", retry, 5))], [false, true]);
  });

  test("what a handler has changed is given back all the same", async () => {
    const seen = webhooks.deduplicate();
    const event = under("del_1", text("msg_1"));
    assert.equal(await seen(event), false);
    Object.assign(event.data, { messageId: "msg_9" });
    event.delivery.id = "del_9";
    await seen.release(event);
    assert.equal(await seen(under("del_1", text("msg_1"), 9)), false);
  });

  test("the store's keys show nothing that was said, and no number", async () => {
    /** @type {Foreign[]} */
    const keys = [];
    const seen = webhooks.deduplicate({
      store: { claim: async (/** @type {string} */ key) => Boolean(keys.push(key)), release: async () => {} },
    });
    for (const event of [
      voiceEvent("the plan is secret"),
      text("msg_1", "the plan is secret"),
      { event: "agent.new", data: { to: "+14155550123", text: "the plan is secret" } },
    ])
      await seen(under("del_1", event));
    assert.equal(keys.length, 6);
    assert.ok(!/plan|secret|4155550/.test(keys.join()), `${keys}`);
  });

  test("an event nested deeper than any stack is told apart, too", async () => {
    const deep = (/** @type {number} */ n) =>
      JSON.parse(`{"event":"agent.new","data":${"[".repeat(20_000)}${n}${"]".repeat(20_000)}}`);
    const seen = webhooks.deduplicate();
    const delivered = (/** @type {number} */ n) => ({
      ...deep(n),
      delivery: { id: "del_1", timestamp: n, fingerprint: `${n}`.repeat(32) },
    });
    assert.deepEqual([await seen(delivered(1)), await seen(delivered(2))], [false, false]);
  });
});
