// What is called without anybody waiting for it: bodies that are let go, signals that are no longer listened to, controllers.
// Where it is a caller's, it may give a promise, and one that rejects unseen ends a Node process.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";

const BEGIN = `
  import { AgentPhone } from "agentphone-wasm";
  const fails = async () => { throw new Error("late"); };
  const headersOf = (type, more) => new Headers({ "content-type": type, ...more });
  const client = (response, options) => new AgentPhone({
    apiKey: "sk_test", baseUrl: "http://127.0.0.1:9", logLevel: "off", maxRetries: 0, maxResponseBytes: 50, fetch: async () => response, ...options,
  });
  // Its text is inherited, as a Response's is: the body is read chunk by chunk.
  const responseOf = (body, type, more) => Object.assign(Object.create({ text: async () => "{}" }), { status: 200, headers: headersOf(type, more), body });
  const outcome = (promise) => promise.then(() => console.log("ok"), (error) => console.log(error.code));
`;
const END = `
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log("alive");
`;
const said = async (/** @type {string} */ source) => {
  const { stdout, stderr } = await runChild(BEGIN + source + END);
  assert.equal(stderr, "");
  return stdout.trim().split("\n");
};

const BODIES = {
  "a stream of Node's whose destroy rejects": `({
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: new Uint8Array(100) }) }), destroy: fails,
  })`,
  "a stream whose cancel rejects": `({ getReader: () => ({ read: async () => ({ done: false, value: new Uint8Array(100) }), cancel: fails }) })`,
  "a stream whose cancel gives a promise of its own kind": `({
    getReader: () => ({ read: async () => ({ done: false, value: new Uint8Array(100) }), cancel: () => ({ catch: fails }) }),
  })`,
  "a stream whose cancel gives a thenable that throws": `({
    getReader: () => ({ read: async () => ({ done: false, value: new Uint8Array(100) }), cancel: () => ({ get then() { throw 1; } }) }),
  })`,
};

describe("a body that is let go", { concurrency: true }, () => {
  for (const [name, body] of Object.entries(BODIES)) {
    test(name, async () => {
      assert.deepEqual(
        await said(`
          const body = () => ${body};
          await outcome(client(responseOf(body(), "application/json")).agents.list());
          await outcome(client(responseOf(body(), "application/json", { "content-length": "99" })).agents.list());
          await outcome(client(responseOf(body(), "text/html")).messages.media.get("a"));
          (await client(responseOf(body(), "audio/wav")).calls.recording.get("a")).cancel();
          const events = client(responseOf(body(), "text/event-stream")).calls.transcript.stream("a", { totalTimeout: 5_000 });
          events.next().catch(() => {});
          await events.return();`),
        ["INVALID_RESPONSE", "INVALID_RESPONSE", "INVALID_RESPONSE", "alive"],
      );
    });
  }
});

test("a signal whose methods give promises that reject", async () => {
  assert.deepEqual(
    await said(`
      const signal = { aborted: false, reason: undefined, addEventListener: fails, removeEventListener: fails };
      const one = client(undefined, { maxResponseBytes: 1_000, fetch: async () => Response.json({ id: "a", status: "completed", data: [], total: 0 }) });
      await outcome(one.agents.get("a", { signal }));
      await outcome(one.calls.wait("a", { signal }));
      await outcome(one.contacts.list({}, { signal }).toArray());
      const media = await client(new Response("x", { headers: headersOf("audio/wav") })).messages.media.get("a", { signal });
      await outcome(media.bytes());`),
    ["ok", "ok", "ok", "ok", "alive"],
  );
});

test("a controller that a page has put in the place of the host's, and whose abort rejects", async () => {
  assert.deepEqual(
    await said(`
      globalThis.AbortController = class { signal = { aborted: false, addEventListener() {}, removeEventListener() {} }; abort = fails };
      const one = client(undefined, { timeout: 5, fetch: () => new Promise(() => {}) });
      await outcome(one.agents.get("a"));`),
    ["TIMEOUT", "alive"],
  );
});

test("a source of a voice answer whose return rejects, and an onError that does", async () => {
  assert.deepEqual(
    await said(`
      const { voice } = await import("agentphone-wasm");
      const source = { [Symbol.asyncIterator]: () => ({ next: fails, return: fails }) };
      let text = "";
      for await (const line of voice.lines(source, { onError: fails })) text += line;
      console.log(text.trim());`),
    ['{"text":""}', "alive"],
  );
});

test("a model's promise that rejects before its answer is read", async () => {
  assert.deepEqual(
    await said(`
      import { voice } from "agentphone-wasm/webhooks";
      import { voice as patience } from "agentphone-wasm/toolkit";
      const options = { fallback: "Sorry.", onError: (error) => console.log(error.message) };
      const thenable = () => ({ then: (_, reject) => reject(new Error("late")) });
      const answers = [
        voice.lines(fails(), options),
        voice.lines(thenable(), options),
        voice.lines(patience.fill(fails(), { say: "One moment." }), options),
      ];
      const response = voice.response(fails(), options);
      voice.response(fails(), options);
      voice.lines(fails(), options).return();
      patience.fill(fails(), { say: "One moment." });
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const answer of answers) for await (const line of answer) console.log(line.trim());
      console.log((await response.text()).trim());`),
    [...Array.from({ length: 4 }, () => ["late", '{"text":"Sorry."}']).flat(), "alive"],
  );
});
