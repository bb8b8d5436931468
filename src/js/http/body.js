// @ts-check
// The bodies of answers. They are read chunk by chunk and counted, so that no server can fill the memory of the
// process, or they are let go, so that no connection outlives the call that opened it. JavaScript, because the
// chunks never pass through the module.

import { attempt, owns, quietly } from "../lib/fields.js";
import { Pace } from "../lib/pace.js";
import { watchCall } from "../state/promise.js";

/**
 * What `fetch` gave. A caller's own may give anything: each member may be absent, of another type, or throw, and so
 * every look at one is an `attempt`, or inside of what is awaited for the caller.
 * @typedef {object} ResponseLike
 * @property {unknown} status
 * @property {{ get(name: string): unknown }} headers
 * @property {any} [body] A stream of the platform, one of Node's, or null
 * @property {() => unknown} text
 */

/** A chunk of a body, or its end. What is no bytes is handed on as it came. @typedef {{ done?: boolean | undefined, value?: any }} Chunk */
/** A function that asks a body for its next chunk or, told to stop, lets the body go. @typedef {(stop?: boolean) => any} Read */

/** @type {TextDecoder | undefined} */
let decoder;
/** No more than this is set aside for a length that is only announced. */
const ANNOUNCED = 2 ** 28;

/** @param {ResponseLike} response @returns {Read | undefined} */
const chunks = ({ body }) => {
  if (typeof body?.getReader === "function") {
    const reader = body.getReader();
    // A body that does not listen to the signal of its request would stay open. Its failure is no news.
    return (stop) => (stop ? quietly(() => reader.cancel()) : reader.read());
  }
  // The bodies of other implementations of fetch are Node's streams.
  const iterator = body?.[Symbol.asyncIterator]?.();
  return iterator && ((stop) => (stop ? quietly(() => body.destroy?.()) : iterator.next()));
};

/**
 * A function that asks for the next chunk of a body or, told to stop, lets it go; undefined for an answer that has
 * no body to read.
 * @param {ResponseLike} response
 */
export const chunksOf = (response) => attempt(() => chunks(response));

/** Lets go of a body that nobody reads: one that does not listen to the signal of its request holds its connection. @param {ResponseLike} response */
export const discard = (response) => attempt(() => chunksOf(response)?.(true));

/** @param {unknown} chunk @returns {Uint8Array<ArrayBuffer> | undefined} */
const bytes = (chunk) => {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(/** @type {ArrayBuffer} */ (chunk.buffer), chunk.byteOffset, chunk.byteLength);
  const buffer = Object.prototype.toString.call(chunk) === "[object ArrayBuffer]";
  return buffer ? new Uint8Array(/** @type {ArrayBuffer} */ (chunk)) : undefined;
};

/** The bytes of a chunk, as an array that is no caller's; undefined for anything else. @param {unknown} chunk */
export const bytesOf = (chunk) => attempt(() => bytes(chunk));

/** The length that an answer announces; NaN where it announces none. @param {ResponseLike} response */
export const announced = (response) => {
  const length = attempt(() => response.headers.get("content-length"));
  return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : Number.NaN;
};

/** Whether the host has made an answer: it writes into no chunk that it has given. A caller's `fetch` may give one buffer again and again. @param {ResponseLike} response */
export const isHosts = (response) => attempt(() => response instanceof Response) === true;

/** What has been read of a body. */
class Held {
  /** @type {Uint8Array<ArrayBuffer>} */ #held = new Uint8Array();
  #end = 0;
  /** Chunks without a byte. They cost time like others, and so no more of them are taken than bytes. */
  #empty = 0;

  /** @param {number} limit @param {number} length What the answer announces, or NaN @param {boolean} hosts Whether the host has made it */
  constructor(limit, length, hosts) {
    this.limit = limit;
    this.length = length;
    this.hosts = hosts;
  }

  /** Takes a chunk; false where there are more bytes than may be. @param {Uint8Array<ArrayBuffer>} chunk */
  take(chunk) {
    const { limit, length, hosts } = this;
    const start = this.#end;
    const end = (this.#end += chunk.length);
    if (end > limit || (start === end && (this.#empty += 1) > limit)) return false;
    // Most answers are one chunk of the host's, which is not copied. It is as long as what is held, so that none is written into.
    if (start === 0 && !(length > end)) {
      this.#held = hosts ? chunk : chunk.slice();
      return true;
    }
    if (end > this.#held.length) {
      const room = Math.max(2 * this.#held.length, length > end ? Math.min(length, ANNOUNCED) : 0);
      const grown = new Uint8Array(Math.max(end, Math.min(room, limit)));
      grown.set(this.#held.subarray(0, start));
      this.#held = grown;
    }
    this.#held.set(chunk, start);
    return true;
  }

  get all() {
    return this.#held.subarray(0, this.#end);
  }
}

/**
 * All bytes of a body; undefined, and the body is let go, where it has more than `limit`.
 *
 * Chunks are copied into one buffer as they come. Kept in a list, a million chunks of one byte would hold a million
 * objects, and the network's buffers behind them. Not an async function: it runs for every answer, and where `await`
 * is compiled to promises (scripts/bundle.mjs) it would cost several for each.
 * @param {Read} read @param {number} limit @param {number} length What the answer announces, or NaN
 * @param {AbortSignal} [signal] For a body that does not listen to it @param {boolean} [hosts] As `isHosts` says
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>}
 */
export const gather = (read, limit, length, signal, hosts = false) =>
  new Promise((resolve, reject) => {
    const held = new Held(limit, length, hosts);
    const pace = new Pace();
    const ask = () => void Promise.resolve(read()).then(step).catch(reject);
    const next = () => {
      const pause = pace.step();
      if (!pause) return ask();
      pause.then(() => (signal?.aborted ? leave() : ask())).catch(reject);
    };
    const leave = () => {
      attempt(() => read(true));
      resolve(undefined);
    };
    const step = (/** @type {{ done?: boolean, value?: unknown }} */ { done, value }) => {
      if (done) return resolve(held.all);
      const chunk = bytesOf(value);
      if (!chunk) throw new TypeError("a chunk of the body is neither bytes nor text");
      if (held.take(chunk) && !signal?.aborted) return next();
      leave();
    };
    ask();
  });

/** What stands for an answer that was not read to its end. @param {number} limit */
const tooLong = (limit) => ({ note: `the answer is longer than maxResponseBytes allows (${limit} bytes)` });

/** @param {ResponseLike} response @param {number} limit @param {AbortSignal | undefined} signal */
const textOf = (response, limit, signal) => {
  const length = announced(response);
  if (length > limit) {
    discard(response);
    return tooLong(limit);
  }
  // Whoever has put a `text` of his own on an answer means that one.
  const read = globalThis.TextDecoder && !attempt(() => owns(response, "text")) && chunksOf(response);
  if (read)
    return gather(read, limit, length, signal, isHosts(response)).then((all) =>
      all ? (decoder ??= new TextDecoder()).decode(all) : tooLong(limit),
    );
  return Promise.resolve(response.text()).then((text) => {
    if (typeof text !== "string") throw new TypeError("text() gave no string");
    // It has at least a byte for each of its characters.
    return text.length > limit ? tooLong(limit) : text.replace(/^\ufeff/, "");
  });
};

/**
 * Reads the whole body as text; where it is longer than `maxResponseBytes`, gives an object with a `note` of it.
 * @param {ResponseLike} response @param {import("../input/options.js").Settings} options @param {AbortController | undefined} controller Of the request
 * @param {(place: number, round: number, ok: boolean, value: unknown) => void} settle
 * @param {number} place @param {number} round
 */
export const readBody = (response, { maxResponseBytes }, controller, settle, place, round) => {
  watchCall(() => textOf(response, maxResponseBytes, controller?.signal), settle, place, round);
};
