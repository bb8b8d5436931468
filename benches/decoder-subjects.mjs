// The transcript decoders that decoder.mjs compares in Node and chromium-parts.mjs in a page. Depends on neither
// environment.

import { createParser } from "eventsource-parser";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** A `fetch` that responds with a new stream of these chunks. */
export const answering = (/** @type {Uint8Array[]} */ chunks) => async () => {
  let next = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (next < chunks.length) controller.enqueue(chunks[next++]);
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};

const chunksOf = async function* (/** @type {Response} */ { body }) {
  if (!body) throw new Error("no body");
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
};

/** Feeds the parser and returns the events of each chunk. */
const parsing = (/** @type {Foreign} */ give) => {
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: ({ event, data }) => give({ event, data: JSON.parse(data) }) });
  return (/** @type {AllowSharedBufferSource} */ chunk) => parser.feed(decoder.decode(chunk, { stream: true }));
};

/** What a user of the parser writes to iterate over events. */
const parsed = async function* (/** @type {Response} */ response) {
  /** @type {Foreign[]} */
  let events = [];
  const feed = parsing((/** @type {unknown} */ event) => events.push(event));
  for await (const chunk of chunksOf(response)) {
    feed(chunk);
    yield* events;
    events = [];
  }
};

/** Adds up what was received, to check that all decoders return the same. */
export const tally = () => {
  const sum = { events: 0, turns: 0, characters: 0, ended: 0 };
  const take = (/** @type {Foreign} */ { event, data }) => {
    sum.events += 1;
    if (event === "ended") sum.ended += 1;
    if (event !== "turn") return;
    sum.turns += data.role.length;
    sum.characters += data.content.length + data.createdAt.length;
  };
  return { sum, take };
};

/** The compared decoders by name. Each passes every event to `take`. */
export const subjects = (/** @type {Foreign} */ fetch, /** @type {import("agentphone-wasm").AgentPhone} */ client) => ({
  reading: async () => {
    for await (const chunk of chunksOf(await fetch())) if (chunk.length === 0) throw new Error("an empty chunk");
  },
  ours: async (/** @type {Foreign} */ { take }) => {
    for await (const event of client.calls.transcript.stream("call_1")) take(event);
  },
  parser: async (/** @type {Foreign} */ { take }) => {
    for await (const event of parsed(await fetch())) take(event);
  },
  callback: async (/** @type {Foreign} */ { take }) => {
    const feed = parsing(take);
    for await (const chunk of chunksOf(await fetch())) feed(chunk);
  },
});
