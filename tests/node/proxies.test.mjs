// State libraries (Vue's `ref`, Pinia, Valtio, MobX) hand out proxies of what they keep. Private members are not on a proxy:
// each method of what users hold must find its object behind it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** As Vue has it: plain and class objects are wrapped on the way out, functions and promises are left alone. */
const reactive = (/** @type {Foreign} */ target) =>
  new Proxy(target, {
    get(object, key, receiver) {
      const value = Reflect.get(object, key, receiver);
      return Object.prototype.toString.call(value) === "[object Object]" || Array.isArray(value)
        ? reactive(value)
        : value;
    },
  });
/** As Immer and Valtio have it: a fresh object of the same class, with what can be copied. */
const copied = (/** @type {Foreign} */ target) => {
  const copy = Object.create(Object.getPrototypeOf(target));
  for (const key of Reflect.ownKeys(target)) {
    const { writable } = /** @type {Foreign} */ (Object.getOwnPropertyDescriptor(target, key));
    if (writable) copy[key] = target[key];
  }
  return copy;
};
const WAYS = {
  "a deep proxy": reactive,
  "a proxy of a proxy": (/** @type {Foreign} */ target) => reactive(new Proxy(target, {})),
  "an heir": (/** @type {Foreign} */ target) => Object.create(target),
  "a copy of its class": copied,
};

const page = (/** @type {string[]} */ items, /** @type {number} */ total) =>
  Response.json({ data: items.map((id) => ({ id })), total, hasMore: items.length < total && items.at(-1) !== "c" });
const lists = async (/** @type {string | URL} */ url) =>
  new URL(url).searchParams.get("offset") ? page(["c"], 3) : page(["a", "b"], 3);
const audio = async () => new Response("RIFF", { headers: { "content-type": "audio/wav" } });
const EVENTS =
  'event: connected\ndata: {"callId":"1","status":"completed"}\n\nevent: ended\ndata: {"callId":"1","status":"completed"}\n\n';
const events = async () => new Response(EVENTS, { headers: { "content-type": "text/event-stream" } });
/** @param {Foreign} fetch @param {Partial<import("agentphone-wasm").ClientOptions>} [options] */
const client = (fetch, options) => clientOf("http://x.test", { fetch, ...options });

for (const [way, wrap] of Object.entries(WAYS)) {
  describe(`behind ${way}`, () => {
    test("a client sends, acts for a sub-account and is disposed", async () => {
      /** @type {Foreign[]} */
      const headers = [];
      const wrapped = wrap(
        client(
          async (/** @type {Foreign} */ _, /** @type {Foreign} */ init) => (
            headers.push(init.headers["x-sub-account-id"]), page(["a"], 1)
          ),
        ),
      );
      assert.equal((await wrapped.agents.list()).data.length, 1);
      await wrap(wrapped.withSubAccount("sub_1")).agents.list();
      assert.deepEqual(headers, [undefined, "sub_1"]);
      if (Symbol.dispose) wrapped[Symbol.dispose]();
      wrapped.dispose();
      await assert.rejects(wrapped.agents.list(), /was disposed/);
    });

    test("a page gives the next one, and all items", async () => {
      const first = wrap(await client(lists).agents.list());
      assert.deepEqual((await first.next()).data, [{ id: "c" }]);
      const ids = [];
      for await (const { id } of first) ids.push(id);
      assert.deepEqual(ids, ["a", "b", "c"]);
    });

    test("a recording is read, as bytes, as a stream and not at all", async () => {
      const recording = async () => wrap(await client(audio).calls.recording.get("call_1"));
      assert.equal(new TextDecoder().decode(await (await recording()).bytes()), "RIFF");
      assert.equal((await (await recording()).blob()).size, 4);
      assert.equal(await new Response((await recording()).stream).text(), "RIFF");
      (await recording()).cancel();
    });

    test("a transcript is followed and left", async () => {
      const follow = () => wrap(client(events).calls.transcript.stream("call_1"));
      const told = [];
      for await (const { event } of follow()) told.push(event);
      assert.deepEqual(told, ["connected", "ended"]);
      assert.equal((await follow().return()).done, true);
    });
  });
}

test("what a list promises can be asked for behind a proxy", async () => {
  const wrapped = () => new Proxy(client(lists).agents.list(), {});
  assert.equal((await wrapped().toArray()).length, 3);
  assert.equal((await wrapped().withResponse()).attempts, 1);
  const ids = [];
  for await (const { id } of wrapped()) ids.push(id);
  for await (const { data } of wrapped().pages()) ids.push(data.length);
  assert.deepEqual(ids, ["a", "b", "c", 2, 1]);
});

test("the way back to an object shows nowhere", async () => {
  const own = client(lists);
  const first = await own.agents.list();
  for (const object of [own, first, own.agents.list()]) {
    assert.ok(
      !Object.getOwnPropertySymbols(object).some(
        (key) => key.description === "self" && Object.prototype.propertyIsEnumerable.call(object, key),
      ),
    );
  }
  assert.deepEqual(Object.keys(first), ["data", "total", "hasMore"]);
  assert.deepEqual(JSON.parse(JSON.stringify(first)), { data: [{ id: "a" }, { id: "b" }], total: 3, hasMore: true });
  structuredClone(first);
});
