// Live transcripts against the algorithm of the WHATWG's HTML standard ("9.2.6 Interpreting an event stream"), written down
// here a second time as plainly as it is told there: whatever bytes come, and wherever chunks end, the client
// gives the events that the standard gives, up to the first whose data is not JSON.
import assert from "node:assert/strict";
import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
import { search } from "./chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

export const name = "event-streams";

/** The events of a whole stream, by the standard. */
const interpreted = (/** @type {AllowSharedBufferSource} */ bytes) => {
  // Decoding takes away one byte order mark and replaces what is not UTF-8.
  const text = new TextDecoder("utf-8").decode(bytes);
  const lines = text.split(/\r\n|\n|\r/);
  // What follows the last end of a line is no line.
  lines.pop();
  const events = [];
  let [data, type] = ["", ""];
  for (const line of lines) {
    if (line === "") {
      if (data !== "") events.push({ event: type || "message", data: data.slice(0, -1) });
      [data, type] = ["", ""];
      continue;
    }
    if (line.startsWith(":")) continue;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") type = value;
    else if (field === "data") data += `${value}\n`;
  }
  return events;
};

/** What the client makes of them: the events of a transcript, until its end or a fault. */
const expected = (/** @type {Uint8Array} */ bytes) => {
  /** @type {Foreign[]} */
  const read = [];
  for (const { event, data } of interpreted(bytes)) {
    if (!["connected", "turn", "ended"].includes(event)) continue;
    // That the stream is connected is told once, whatever else the server says of it.
    if (event === "connected" && read.some((one) => one.event === event)) continue;
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return { read, end: "INVALID_RESPONSE" };
    }
    read.push({ event, data: value });
    if (event === "ended") return { read, end: "ended" };
  }
  return { read, end: "cut" };
};

const bytesOf = (/** @type {Foreign} */ { stream }) => Uint8Array.from(Buffer.from(stream, "base64"));

/** Fails where the client reads `{ stream, cuts }`, bytes in base64 and the places where chunks end, otherwise than the standard. */
export const check = async (/** @type {Foreign} */ input) => {
  const bytes = bytesOf(input);
  const edges = [
    0,
    ...input.cuts
      .map((/** @type {number} */ cut) => cut % (bytes.length + 1))
      .sort((/** @type {number} */ a, /** @type {number} */ b) => a - b),
    bytes.length,
  ];
  const chunks = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
  let connections = 0;
  const fetch = async () => {
    connections += 1;
    if (connections > 1) return new Response("{}", { status: 404 });
    return new Response(/** @type {Foreign} */ (ReadableStream).from(chunks), {
      headers: { "content-type": "text/event-stream" },
    });
  };
  const client = new AgentPhone({
    apiKey: "sk_test",
    baseUrl: "http://127.0.0.1:9",
    logLevel: "off",
    maxRetries: 0,
    fetch,
  });
  const read = [];
  let failure;
  try {
    for await (const event of client.calls.transcript.stream("call_1"))
      read.push({ event: event.event, data: event.data });
  } catch (error) {
    failure = error;
  }
  client.dispose();
  const wanted = expected(bytes);
  assert.deepEqual(read, wanted.read);
  if (wanted.end === "ended") assert.equal(failure, undefined);
  else {
    assert.ok(failure instanceof AgentPhoneError, `ended with ${failure}`);
    if (wanted.end === "INVALID_RESPONSE") assert.equal(failure.code, "INVALID_RESPONSE");
    else assert.notEqual(failure.code, "INTERNAL_ERROR");
  }
};

/** Pieces of streams, most of them as a server would send them. */
const make = (/** @type {Foreign} */ { below, pick, chance, times, text, json, mutated }) => {
  const end = () => pick(["\n", "\n", "\r\n", "\r"]);
  const object = () =>
    JSON.stringify(
      chance(0.7) ? { role: pick(["agent", "user"]), content: text(), createdAt: "2026-11-22T10:00:00Z" } : json(),
    );
  const line = () =>
    pick([
      () => `event: ${pick(["connected", "turn", "turn", "turn", "ended", "mood", "Turn", ""])}`,
      () => `data: ${object()}`,
      () => `data:${object()}`,
      () => `data: ${text()}`,
      () =>
        pick([
          "data",
          "data:",
          "data: ",
          "event",
          "event:",
          "data:  {}",
          " data: {}",
          "dat: {}",
          "data : {}",
          "DATA: {}",
          "id",
          "id: \0",
          "retry: 1",
          "retry: x",
        ]),
      () => `: ${text()}`,
      () => `id: ${text(4)}`,
      () => text(),
      () => "",
      () => "",
    ])();
  const event = () => `event: ${pick(["connected", "turn", "turn", "turn"])}${end()}data: ${object()}${end()}${end()}`;
  const pieces = times(12, () => (chance(0.5) ? event() : line() + end()));
  if (chance(0.2)) pieces.splice(below(pieces.length + 1), 0, "\ufeff");
  if (chance(0.6)) pieces.push(`${end()}${end()}event: ended${end()}data: {"status":"completed"}${end()}${end()}`);
  if (chance(0.3)) pieces.push(event());
  const whole = new TextEncoder().encode(pieces.join(""));
  const bytes = chance(0.2) ? mutated(whole) : whole;
  const cuts = chance(0.2) ? Array.from(bytes, (_, at) => at) : times(8, () => below(bytes.length + 1));
  return { stream: Buffer.from(bytes).toString("base64"), cuts };
};

export const run = (/** @type {{ seed: number, seconds: number, random: () => number }} */ given) =>
  search(given, make, check);
