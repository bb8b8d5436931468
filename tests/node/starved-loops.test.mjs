// A caller's own `fetch` that has the next chunk or page ready each time: nothing that the client does with it may keep the
// event loop of the process from going on, so that time limits and signals still end it, and others are served. Each in
// a process of its own, which would not come back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";

const BODIES = {
  "empty chunks": "new Uint8Array(0)",
  "chunks of one byte": "new Uint8Array(1)",
  "empty texts": '""',
  "a long event": "event",
};
/** How a body hands them over, from `chunk`. */
const KINDS = {
  "a reader": "{ getReader: () => ({ read: async () => ({ done: false, value: chunk }), cancel: async () => {} }) }",
  "a stream of the platform's":
    "new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }, { highWaterMark: 0 })",
  "an async iterator": "{ async *[Symbol.asyncIterator]() { for (;;) yield chunk; } }",
};
/** What is read of it, and the error that must come of it. */
const READS = {
  "a call, by its timeout": [
    "client.agents.list({}, { timeout: 100, maxRetries: 0, maxResponseBytes: null })",
    "TIMEOUT",
  ],
  "a call, by its signal": [
    "client.agents.list({}, { timeout: null, maxResponseBytes: null, signal: AbortSignal.timeout(100) })",
    "ABORTED",
  ],
  "bytes of a recording, by the timeout": [
    'client.calls.recording.get("a", { timeout: 100, maxBytes: null }).then((recording) => recording.bytes())',
    "TIMEOUT",
  ],
  "a recording's stream, by its signal": [
    'client.calls.recording.get("a", { maxBytes: null, signal: AbortSignal.timeout(100) }).then(async (recording) => { for await (const _ of recording.stream); })',
    "ABORTED",
  ],
  "a transcript, by its totalTimeout": [
    'drain(client.calls.transcript.stream("a", { totalTimeout: 1_000, maxRetries: 0 }))',
    "TIMEOUT",
  ],
  "a transcript, by its signal": [
    'drain(client.calls.transcript.stream("a", { signal: AbortSignal.timeout(100), maxRetries: 0 }))',
    "ABORTED",
  ],
};

/** The code of what `work` ends with, and whether a timer of the process rang meanwhile. */
const ended = async (/** @type {string} */ fetch, /** @type {string} */ work) => {
  const { stdout, stderr, signal } = await runChild(
    `
    import { AgentPhone } from "agentphone-wasm";
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "http://127.0.0.1:9", logLevel: "off", fetch: ${fetch} });
    const drain = async (stream) => { for await (const _ of stream); };
    let rang = false;
    setTimeout(() => (rang = true), 1);
    const error = await (${work}).then(() => ({ code: "none" }), (error) => error);
    console.log(error.code, rang);
    process.exit();`,
    { limit: 20_000 },
  );
  return signal ? "killed" : `${stderr}${stdout.trim()}`;
};

for (const [kind, body] of Object.entries(KINDS)) {
  describe(`a body that is ${kind}`, { concurrency: 2 }, () => {
    for (const [chunks, chunk] of Object.entries(BODIES)) {
      if (kind === "a stream of the platform's" && chunks === "empty texts") continue;
      for (const [name, [work, code]] of Object.entries(READS)) {
        if (chunks === "a long event" && !name.includes("transcript")) continue;
        test(`${chunks}: ${name}`, async () => {
          const type = name.includes("transcript")
            ? "text/event-stream"
            : name.includes("recording")
              ? "audio/wav"
              : "application/json";
          const fetch = `async () => { const event = new TextEncoder().encode('event: turn\\ndata: {"content":"' + "x".repeat(200_000) + '"}\\n\\n'); const chunk = ${chunk}; return Object.assign(Object.create({ text: async () => "{}" }), { status: 200, headers: new Headers({ "content-type": "${type}" }), body: ${body} }); }`;
          assert.equal(await ended(fetch, work), `${code} true`);
        });
      }
    }
  });
}

test("no more empty chunks are taken than bytes", async () => {
  const fetch =
    'async () => Object.assign(Object.create({ text: async () => "{}" }), { status: 200, headers: new Headers({ "content-type": "audio/wav" }), body: { getReader: () => ({ read: async () => ({ done: false, value: "" }), cancel: async () => {} }) } })';
  assert.equal(
    await ended(fetch, "client.agents.list({}, { timeout: null, maxResponseBytes: 1_000, maxRetries: 0 })"),
    "INVALID_RESPONSE true",
  );
  assert.equal(
    await ended(
      fetch,
      'client.calls.recording.get("a", { timeout: null, maxBytes: 1_000 }).then((recording) => recording.bytes())',
    ),
    "INVALID_RESPONSE true",
  );
  assert.equal(
    await ended(
      fetch,
      'client.calls.recording.get("a", { idleTimeout: null, maxBytes: 1_000 }).then((recording) => recording.stream.getReader().read())',
    ),
    "INVALID_RESPONSE true",
  );
});

test("a list whose next page is always there", async () => {
  const fetch =
    "(() => { let n = 0; return async () => ({ status: 200, headers: new Headers(), text: async () => JSON.stringify({ data: [{ id: `i${n++}` }], hasMore: true }) }); })()";
  for (const read of ["toArray()", "pages()"]) {
    const work = `(async () => { const list = client.contacts.list({}, { signal: AbortSignal.timeout(100) }).${read}; return list.then ? list : drain(list); })()`;
    assert.equal(await ended(fetch, work), "ABORTED true");
  }
});
