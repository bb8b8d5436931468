// A body of a caller's own `fetch` may give the same buffer with each read, as Node's file handles and some decoders do: what
// has been read is then written over by what comes next.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const TEXT = '{"data":[{"id":"a"}],"total":1}';
const EVENTS = "event: turn\ndata: {}\n\nevent: ended\ndata: {}\n\n";

/** A response whose body has one buffer for all of its chunks. @returns {Foreign} */
const pooled = (/** @type {string} */ type, /** @type {string} */ text) => {
  const buffer = new Uint8Array(10);
  let at = 0;
  const read = async () => {
    const part = new TextEncoder().encode(text.slice(at, (at += 10)));
    buffer.fill(0x20);
    buffer.set(part);
    return part.length > 0 ? { done: false, value: buffer.subarray(0, part.length) } : { done: true };
  };
  return Object.assign(Object.create({ text: async () => "" }), {
    status: 200,
    headers: new Headers({ "content-type": type }),
    body: { getReader: () => ({ read, cancel: async () => {} }) },
  });
};
const client = (/** @type {string} */ type, /** @type {string} */ text) =>
  clientOf("http://127.0.0.1:9", { fetch: async () => pooled(type, text) });

describe("a body that gives one buffer again and again is read as it was", () => {
  test("of an answer", async () => {
    assert.deepEqual((await client("application/json", TEXT).agents.list()).data, [{ id: "a" }]);
  });
  test("of a transcript", async () => {
    const names = [];
    for await (const { event } of client("text/event-stream", EVENTS).calls.transcript.stream("a")) names.push(event);
    assert.deepEqual(names, ["turn", "ended"]);
  });
  test("of a file, as bytes and as a stream", async () => {
    const open = () => client("audio/wav", TEXT).messages.media.get("a");
    assert.equal(new TextDecoder().decode(await (await open()).bytes()), TEXT);
    assert.equal(await new Response((await open()).stream).text(), TEXT);
  });
});
