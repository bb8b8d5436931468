// The cause of an error, which consoles print: what Bun's and Deno's `fetch` throw names the whole address, with ids and search
// terms. What a caller's own `fetch` throws is the caller's.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { clientOf, failureOf, KEY, PHONE } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const BASE = "https://api.example:8443/v1-proxy";
const original = globalThis.fetch;
afterEach(() => void (globalThis.fetch = original));

/** What the runtimes throw for an address, where a connection ends before its response. @type {Record<string, (url: string) => Foreign>} */
const THROWN = {
  Bun: (path) =>
    Object.assign(new TypeError("ECONNRESET: closed unexpectedly"), { path, errno: 0, code: "ECONNRESET" }),
  Deno: (url) =>
    new TypeError("fetch failed", {
      cause: new Error(`error sending request from 127.0.0.1:4 for ${url} (127.0.0.1:4): client error (SendRequest)`),
    }),
  "one error per address": (url) =>
    new TypeError("fetch failed", { cause: new AggregateError([new Error(`no ${url}`), new Error(`${url}: no`)]) }),
  "a circle of causes": (url) => {
    const error = new Error(`request to ${url.toUpperCase()} failed`);
    error.cause = error;
    return error;
  },
};

/** Requests whose address says something. @type {Record<string, (client: Foreign) => Promise<unknown>>} */
const ASKED = {
  "an id": (client) => client.calls.get(PHONE),
  "a search": (client) => client.contacts.list({ search: PHONE }),
  "a recording": (client) => client.calls.recording.get(PHONE),
  "a wait": (client) => client.calls.wait(PHONE),
};

for (const [what, thrown] of Object.entries(THROWN))
  describe(`of ${what}`, () => {
    for (const [name, ask] of Object.entries(ASKED))
      test(`${name} is not in it, nor in what a console shows`, async () => {
        globalThis.fetch = async (url) => Promise.reject(thrown(`${url}`));
        const error = await failureOf(ask(clientOf(BASE, { maxRetries: 0 })));
        assert.equal(error.code, "CONNECTION_ERROR");
        const shown = inspect(error, { depth: 9 });
        assert.ok(!shown.includes(PHONE.slice(1)) && !shown.includes("v1-proxy"), shown);
        assert.match(inspect(error.cause, { depth: 9 }), /api\.example:8443/i);
      });
  });

test("of a body that breaks while it is read", async () => {
  const broken = (/** @type {string} */ url) =>
    new ReadableStream({ pull: (controller) => controller.error(THROWN.Bun?.(url)) });
  globalThis.fetch = async (url) => new Response(broken(`${url}`), { headers: { "content-type": "audio/wav" } });
  const client = clientOf(BASE, { maxRetries: 0 });
  const recording = await client.calls.recording.get(PHONE);
  const errors = [await failureOf(recording.bytes())];
  globalThis.fetch = async (url) => new Response(broken(`${url}`), { headers: { "content-type": "application/json" } });
  errors.push(await failureOf(client.calls.get(PHONE)));
  for (const error of errors) {
    assert.equal(/** @type {Foreign} */ (error.cause).code, "ECONNRESET");
    assert.doesNotMatch(inspect(error), /4155/);
  }
});

test("causes without end, and those that throw, are an error like any other", async () => {
  const endless = () => /** @type {Foreign} */ (new Error("endless", { cause: endlessly }));
  const endlessly = new Proxy({}, { get: (_, name) => (name === "cause" ? endless() : assert.fail("no")) });
  const many = Object.assign(new Error("many"), { errors: Array(500_000).fill(endlessly) });
  for (const thrown of [endless(), many, endlessly, new Proxy([], { get: () => assert.fail("no") })]) {
    globalThis.fetch = async () => Promise.reject(thrown);
    const error = await failureOf(clientOf(BASE, { maxRetries: 0 }).calls.get("call_1"));
    assert.deepEqual([error.code, error.cause === thrown], ["CONNECTION_ERROR", true]);
  }
});

test("an error that cannot be changed is passed on", async () => {
  const frozen = Object.freeze(new Error(`no ${BASE}/v1/calls`));
  globalThis.fetch = async () => Promise.reject(frozen);
  assert.equal((await failureOf(clientOf(BASE, { maxRetries: 0 }).calls.get("call_1"))).cause, frozen);
});

test("what a fetch of the caller's throws is left as it is", async () => {
  const own = new Error(`no ${BASE}/v1/calls`);
  const client = clientOf(BASE, { apiKey: KEY, maxRetries: 0, fetch: async () => Promise.reject(own) });
  const { cause } = await failureOf(client.calls.get("call_1"));
  assert.deepEqual([cause === own, own.message], [true, `no ${BASE}/v1/calls`]);
});
