// What a caller's own `fetch` or objects do at the edges of a call: no error of theirs comes out raw, and nobody else's call
// ends by it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NOWHERE = "http://127.0.0.1:9";
const answered = (/** @type {Foreign} */ headers) => async () => ({ status: 200, headers, text: async () => '{"id":"a"}' });
const boom = () => {
  throw new RangeError("own");
};

describe("withResponse() of an answer whose headers", { concurrency: true }, () => {
  for (const [name, headers] of Object.entries({
    "throw": { get: boom }, "have no get": { get: 7 }, "are none": undefined, "hold objects": { get: () => ({}) }, "hold symbols": { get: () => Symbol("x") },
  })) {
    test(name, async () => {
      const { data, requestId } = await clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (answered(headers)) }).agents.get("a").withResponse();
      assert.deepEqual([data.id, requestId], ["a", undefined]);
    });
  }
});

test("a recording whose headers hold no texts has neither name nor type of them", async () => {
  const fetch = async () => ({ status: 200, headers: { get: (/** @type {string} */ name) => (name === "content-type" ? "audio/wav" : Symbol(name)) }, body: undefined, text: async () => "" });
  const recording = await clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) }).calls.recording.get("a");
  assert.deepEqual([recording.fileName, recording.range], [undefined, undefined]);
});

for (const [name, evil] of Object.entries({
  "a getter": (/** @type {() => void} */ again) => ({ get name() { again(); return "x"; } }),
  "a toJSON": (/** @type {() => void} */ again) => ({ name: { toJSON() { again(); return "x"; } } }),
})) {
  test(`${name} that calls the client again and again ends with an error of its own, and nobody else's call with it`, async () => {
    const others = clientOf(NOWHERE, { fetch: async () => (await sleep(50), new Response('{"id":"theirs"}')) });
    const underWay = others.agents.create({ name: "somebody else's" });
    const client = clientOf(NOWHERE, { fetch: async () => new Response('{"id":"x"}') });
    const calls = [];
    const input = evil(() => calls.push(client.agents.create(/** @type {Foreign} */ (input))));
    calls.push(client.agents.create(/** @type {Foreign} */ (input)));
    const outcomes = await Promise.allSettled(calls);
    assert.equal(/** @type {Foreign} */ (outcomes.find(({ status }) => status === "rejected"))?.reason.code, "INVALID_ARGUMENT");
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
  const signal = { aborted: false, get reason() { return boom(); }, addEventListener: () => armed && boom(), removeEventListener: () => armed && boom() };
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
  assert.deepEqual([error.code, error.attempts, error.retryable, error.outcomeUnknown], ["RATE_LIMIT_EXCEEDED", 0, true, false]);
  assert.ok(/** @type {Foreign} */ (error.retryAfter) > 2_900 && /** @type {Foreign} */ (error.retryAfter) <= 3_000);
  patient.abort();
  assert.equal((await first).code, "ABORTED");
});
