// What a caller's own `fetch` or objects do at the edges of a call: no error of theirs comes out raw, and nobody else's call
// ends by it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NOWHERE = "http://127.0.0.1:9";
const answered = (/** @type {Foreign} */ headers) => async () => ({
  status: 200,
  headers,
  text: async () => '{"id":"a"}',
});
const attempt = (/** @type {Foreign} */ run) => {
  try {
    run();
  } catch {
    // A property that cannot be written is as good.
  }
};
const boom = () => {
  throw new RangeError("own");
};

describe("withResponse() of an answer whose headers", { concurrency: true }, () => {
  for (const [name, headers] of Object.entries({
    throw: { get: boom },
    "have no get": { get: 7 },
    "are none": undefined,
    "hold objects": { get: () => ({}) },
    "hold symbols": { get: () => Symbol("x") },
  })) {
    test(name, async () => {
      const { data, requestId } = await clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (answered(headers)) })
        .agents.get("a")
        .withResponse();
      assert.deepEqual([data.id, requestId], ["a", undefined]);
    });
  }
});

describe("a recording out of a response", { concurrency: true }, () => {
  const headers = new Headers({ "content-type": "audio/wav" });
  const open = (/** @type {Foreign} */ response) =>
    clientOf(NOWHERE, {
      fetch: async () => ({
        status: 200,
        headers,
        text: async () => "",
        arrayBuffer: async () => new ArrayBuffer(3),
        ...response,
      }),
    }).calls.recording.get("a", { timeout: 1_000 });
  const streamed = async (/** @type {import("agentphone-wasm").Recording} */ recording) => {
    for await (const _ of recording.stream ?? []);
  };
  const bodies = {
    "whose body getter throws": Object.defineProperty({}, "body", { get: boom, enumerable: false }),
    "whose body has a getReader that throws": { body: { getReader: boom } },
    "whose body has a getReader getter that throws": {
      body: {
        get getReader() {
          return boom();
        },
      },
    },
    "whose reader throws": { body: { getReader: () => ({ read: boom, cancel: boom }) } },
    "whose reader gives no object": { body: { getReader: () => ({ read: () => undefined, cancel: boom }) } },
    "whose chunks throw": {
      body: {
        getReader: () => ({
          read: () => ({
            get done() {
              return boom();
            },
          }),
          cancel: boom,
        }),
      },
    },
    "whose chunks are no bytes": {
      body: { getReader: () => ({ read: () => ({ done: false, value: { length: 5 } }), cancel: boom }) },
    },
    "whose iterator throws": { body: { [Symbol.asyncIterator]: boom } },
    "whose body is a proxy that throws": { body: new Proxy({}, { get: boom, has: boom }) },
  };
  for (const [name, response] of Object.entries(bodies)) {
    test(`${name}: no error of others comes out of stream, bytes, blob and cancel`, async () => {
      const fetch = async () =>
        Object.defineProperties(
          { status: 200, headers, text: async () => "", arrayBuffer: boom },
          Object.getOwnPropertyDescriptors(response),
        );
      const get = () =>
        clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) }).calls.recording.get("a", { timeout: 1_000 });
      assert.equal((await failureOf(streamed(await get()))).code, "CONNECTION_ERROR");
      for (const read of ["bytes", "blob"])
        assert.equal(
          (await failureOf(/** @type {Record<string, Foreign>} */ (await get())[read]())).code,
          "CONNECTION_ERROR",
        );
      (await get()).cancel();
    });
  }

  test("without a body there is no stream", async () => {
    for (const body of [undefined, null, 5, "text", {}])
      assert.equal((await open({ body: /** @type {Foreign} */ (body) })).stream, null);
  });

  test("its blob has the type that came, whatever was written over it, and whatever that was", async () => {
    for (const type of ["audio/wav", "audio/w\u00e4v", "x".repeat(10_000), "\u0001", ""]) {
      const recording = await open({
        headers: /** @type {Foreign} */ ({
          get: (/** @type {string} */ name) => (name === "content-type" ? type : null),
        }),
      });
      for (const odd of [Symbol("x"), { toString: boom }, new Proxy({}, { get: boom })])
        attempt(() => Object.assign(recording, { contentType: odd }));
      assert.equal((await recording.blob()).size, 3);
    }
  });
});

test("a recording whose headers hold no texts has neither name nor type of them", async () => {
  const fetch = async () => ({
    status: 200,
    headers: { get: (/** @type {string} */ name) => (name === "content-type" ? "audio/wav" : Symbol(name)) },
    body: undefined,
    text: async () => "",
  });
  const recording = await clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) }).calls.recording.get("a");
  assert.deepEqual([recording.fileName, recording.range], [undefined, undefined]);
});

for (const [name, evil] of Object.entries({
  "a getter": (/** @type {() => void} */ again) => ({
    get name() {
      again();
      return "x";
    },
  }),
  "a toJSON": (/** @type {() => void} */ again) => ({
    name: {
      toJSON() {
        again();
        return "x";
      },
    },
  }),
})) {
  test(`${name} that calls the client again and again ends with an error of its own, and nobody else's call with it`, async () => {
    const others = clientOf(NOWHERE, { fetch: async () => (await sleep(50), new Response('{"id":"theirs"}')) });
    const underWay = others.agents.create({ name: "somebody else's" });
    const client = clientOf(NOWHERE, { fetch: async () => new Response('{"id":"x"}') });
    const calls = [];
    const input = evil(() => calls.push(client.agents.create(/** @type {Foreign} */ (input))));
    calls.push(client.agents.create(/** @type {Foreign} */ (input)));
    const outcomes = await Promise.allSettled(calls);
    assert.equal(
      /** @type {Foreign} */ (outcomes.find(({ status }) => status === "rejected"))?.reason.code,
      "INVALID_ARGUMENT",
    );
    assert.ok(outcomes.every((/** @type {Foreign} */ { reason }) => reason?.code !== "INTERNAL_ERROR"));
    assert.equal((await underWay).id, "theirs");
    assert.equal((await client.agents.get("a")).id, "x");
  });
}

test("a signal whose methods throw ends no process, and the wait it was given to goes on", async () => {
  let asked = 0;
  const fetch = async (/** @type {string | string[]} */ url) => {
    if (url.includes("stream")) return new Response("{}", { status: 404 });
    asked += 1;
    return new Response(JSON.stringify({ id: "a", status: asked < 3 ? "ringing" : "completed" }));
  };
  let armed = false;
  const signal = {
    aborted: false,
    get reason() {
      return boom();
    },
    addEventListener: () => armed && boom(),
    removeEventListener: () => armed && boom(),
  };
  const waiting = clientOf(NOWHERE, { fetch }).calls.wait("a", { signal: /** @type {Foreign} */ (signal) });
  await sleep(20);
  armed = true;
  assert.equal((await waiting).status, "completed");
});

test("who limits the waiting is not held up by a rate limit that another caller of the key waits for", async () => {
  let refused = false;
  const fetch = async () => {
    if (refused) return new Response('{"data":[],"total":0}');
    refused = true;
    return new Response("{}", { status: 429, headers: { "retry-after": "3000" } });
  };
  const client = clientOf(NOWHERE, { fetch });
  const patient = new AbortController();
  const first = failureOf(client.agents.list({}, { maxRetryDelay: Infinity, signal: patient.signal }));
  await sleep(20);
  const error = await failureOf(client.agents.list());
  assert.deepEqual(
    [error.code, error.attempts, error.retryable, error.outcomeUnknown],
    ["RATE_LIMIT_EXCEEDED", 0, true, false],
  );
  assert.ok(/** @type {Foreign} */ (error.retryAfter) > 2_900 && /** @type {Foreign} */ (error.retryAfter) <= 3_000);
  patient.abort();
  assert.equal((await first).code, "ABORTED");
});

describe("an AbortController that a page or a polyfill has put in the place of the host's", () => {
  const Own = globalThis.AbortController;
  class Unstoppable extends Own {
    /** @override */
    abort() {
      boom();
    }
  }
  const KINDS = {
    "throws when it is made": class {
      constructor() {
        boom();
      }
    },
    "has an abort that throws": Unstoppable,
    "has a signal that throws": class {
      get signal() {
        return boom();
      }
      abort() {
        boom();
      }
    },
    "has no signal": class {
      abort() {
        boom();
      }
    },
    "is none": 5,
  };
  for (const [name, Controller] of Object.entries(KINDS)) {
    test(`${name}: calls, lists, streams and recordings go on, time out and end, and nothing breaks`, async (t) => {
      t.after(() => (globalThis.AbortController = Own));
      const others = clientOf(NOWHERE, { fetch: async () => (await sleep(80), new Response('{"id":"theirs"}')) });
      const underWay = others.agents.create({ name: "somebody else's" });
      globalThis.AbortController = /** @type {Foreign} */ (Controller);
      /** @type {Record<string, () => Response>} */
      const answers = {
        agents: () => new Response('{"id":"a"}'),
        contacts: () => new Response('{"data":[{"id":"a"}],"hasMore":false}'),
        recording: () => new Response("abc", { headers: { "content-type": "audio/wav" } }),
        stream: () =>
          new Response('event: turn\ndata: {"content":"x"}\n\nevent: ended\ndata: {}\n\n', {
            headers: { "content-type": "text/event-stream" },
          }),
      };
      const client = clientOf(NOWHERE, {
        maxRetries: 0,
        fetch: async (url) => answers[/agents|contacts|recording|stream/.exec(url)?.[0] ?? ""](),
      });
      assert.equal((await client.agents.get("a")).id, "a");
      assert.equal((await client.contacts.list().toArray()).length, 1);
      const events = [];
      for await (const { event } of client.calls.transcript.stream("a")) events.push(event);
      assert.deepEqual(events, ["turn", "ended"]);
      const recording = await client.calls.recording.get("a");
      assert.equal((await recording.bytes()).length, 3);
      (await client.calls.recording.get("a")).cancel();
      for await (const _ of client.contacts.list()) break;
      const never = clientOf(NOWHERE, { maxRetries: 0, timeout: 20, fetch: () => new Promise(() => {}) });
      const failing = [
        never.agents.get("a"),
        never.calls.transcript.stream("a", { totalTimeout: 20 }).next(),
        never.calls.recording.get("a"),
      ].map(failureOf);
      assert.deepEqual(
        (await Promise.all(failing)).map(({ code }) => code),
        ["TIMEOUT", "TIMEOUT", "TIMEOUT"],
      );
      assert.equal((await underWay).id, "theirs");
    });
  }
});
