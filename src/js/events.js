// @ts-check
// The steps of a live transcript that are JavaScript's own: asking a body for its next chunk, and
// turning a batch of events, as `core::batch` lays it out, into objects with one decoding of text.

import { attempt } from "./options.js";

const NAMES = ["connected", "turn", "ended"];

/** @type {TextDecoder | undefined} */
let decoder;

/** @param {Uint8Array} bytes */
const textOf = (bytes) => (decoder ??= new TextDecoder("utf-8", { ignoreBOM: true })).decode(bytes);

/** @param {any} response */
const chunks = ({ body }) => {
  if (typeof body?.getReader === "function") {
    const reader = body.getReader();
    // A body that does not listen to the signal of its request would stay open. Its failure is no news.
    return (/** @type {boolean} */ stop) => (stop ? reader.cancel().catch(() => {}) : reader.read());
  }
  // The bodies of other implementations of fetch are Node's streams.
  const iterator = body?.[Symbol.asyncIterator]?.();
  return iterator && ((/** @type {boolean} */ stop) => (stop ? body.destroy?.() : iterator.next()));
};

/**
 * A function that asks for the next chunk of a body, or, told to stop, for no more of it; undefined for
 * an answer that has none to read.
 * @param {any} response
 */
export const chunksOf = (response) => attempt(() => chunks(response));

/** @param {unknown} chunk */
const bytes = (chunk) => {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const buffer = Object.prototype.toString.call(chunk) === "[object ArrayBuffer]";
  return buffer ? new Uint8Array(/** @type {ArrayBuffer} */ (chunk)) : undefined;
};

/** The bytes of a chunk; undefined for what has none. @param {unknown} chunk */
export const bytesOf = (chunk) => attempt(() => bytes(chunk));

/**
 * @param {Uint8Array} forms @param {Uint8Array} parts @param {Uint32Array} ends @param {Uint8Array} json
 */
const objects = (forms, parts, ends, json) => {
  const text = parts.length > 0 ? textOf(parts) : "";
  const items = json.length > 0 ? JSON.parse(textOf(json)) : [];
  const events = new Array(forms.length);
  let [part, item, start] = [0, 0, 0];
  for (let i = 0; i < forms.length; i += 1) {
    const form = /** @type {number} */ (forms[i]);
    if (form < NAMES.length) {
      events[i] = { event: NAMES[form], data: items[item++] };
      continue;
    }
    const middle = /** @type {number} */ (ends[part++]);
    const end = /** @type {number} */ (ends[part++]);
    const role = form === NAMES.length ? "agent" : "user";
    events[i] = { event: "turn", data: { role, content: text.slice(start, middle), createdAt: text.slice(middle, end) } };
    start = end;
  }
  return events;
};

/**
 * The events of a batch; undefined where one of them holds no JSON.
 * @param {Uint8Array} forms @param {Uint8Array} parts @param {Uint32Array} ends @param {Uint8Array} json
 */
export const eventsOf = (forms, parts, ends, json) => attempt(() => objects(forms, parts, ends, json));

/** Whether bytes that could not be parsed together can be parsed alone. @param {Uint8Array} item */
export const isJson = (item) => attempt(() => [JSON.parse(textOf(item))]) !== undefined;
