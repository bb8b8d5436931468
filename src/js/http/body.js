// @ts-check
// Response bodies. They are read chunk by chunk and counted, so that no server can fill the memory of the process, or
// cancelled, so that no connection outlives the call that opened it. JavaScript, because the chunks never pass through
// the module.

import { attempt, owns, quietly } from "../lib/fields.js";
import { Pace } from "../lib/pace.js";

/**
 * What `fetch` returned. A caller's own `fetch` may return anything: each member may be absent, of another type, or
 * throw, so each access is an `attempt` or part of what is awaited for the caller.
 * @typedef {object} ResponseLike
 * @property {unknown} status
 * @property {{ get(name: string): unknown }} headers
 * @property {any} [body] A stream of the platform, one of Node's, or null
 * @property {() => unknown} text
 */

/** A chunk of a body, or its end. A value other than bytes is passed on unchanged. @typedef {{ done?: boolean | undefined, value?: any }} Chunk */
/** Reads the next chunk of a body, or cancels the body if `stop` is true. @typedef {(stop?: boolean) => any} Read */

/** @type {TextDecoder | undefined} */
let decoder;
/** The most memory that is allocated in advance for an announced length. */
const ANNOUNCED = 2 ** 28;

/** @param {ResponseLike} response @returns {Read | undefined} */
const chunks = ({ body }) => {
  if (typeof body?.getReader === "function") {
    const reader = body.getReader();
    // A body that does not listen to the signal of its request would stay open. Failing to cancel it does not matter.
    return (stop) => (stop ? quietly(() => reader.cancel()) : reader.read());
  }
  // Other implementations of fetch have Node streams as bodies.
  const iterator = body?.[Symbol.asyncIterator]?.();
  return iterator && ((stop) => (stop ? quietly(() => body.destroy?.()) : iterator.next()));
};

/**
 * A function that reads the next chunk of a body or cancels it; undefined for a response without a readable body.
 * @param {ResponseLike} response
 */
export const chunksOf = (response) => attempt(() => chunks(response));

/** Cancels an unread body: one that does not listen to the signal of its request would hold its connection. @param {ResponseLike} response */
export const discard = (response) => attempt(() => chunksOf(response)?.(true));

/** @param {unknown} chunk @returns {Uint8Array<ArrayBuffer> | undefined} */
const bytes = (chunk) => {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(/** @type {ArrayBuffer} */ (chunk.buffer), chunk.byteOffset, chunk.byteLength);
  const buffer = Object.prototype.toString.call(chunk) === "[object ArrayBuffer]";
  return buffer ? new Uint8Array(/** @type {ArrayBuffer} */ (chunk)) : undefined;
};

/** The bytes of a chunk in an array of our own; undefined for anything else. @param {unknown} chunk */
export const bytesOf = (chunk) => attempt(() => bytes(chunk));

/** The length that a response announces, or NaN. That of a compressed body is not the length of what is read. @param {ResponseLike} response */
export const announced = (response) =>
  attempt(() => {
    const length = response.headers.get("content-length");
    if (typeof length !== "string" || !/^\d+$/.test(length)) return undefined;
    return /^(identity)?$/i.test(`${response.headers.get("content-encoding") ?? ""}`) ? Number(length) : undefined;
  }) ?? Number.NaN;

/** True for a response that the host made: it never writes into a chunk that it has returned. A caller's `fetch` may return one buffer again and again. @param {ResponseLike} response */
export const isHosts = (response) => attempt(() => response instanceof Response) === true;

/** Collects the chunks of a body. */
class Held {
  /** @type {Uint8Array<ArrayBuffer>} */ #held = new Uint8Array();
  #end = 0;
  /** Empty chunks. They cost time too, so they are limited like bytes. */
  #empty = 0;

  /** @param {number} limit @param {number} length What the response announces, or NaN @param {boolean} hosts True if the host made the response */
  constructor(limit, length, hosts) {
    this.limit = limit;
    this.length = length;
    this.hosts = hosts;
  }

  /** Adds a chunk; false if that exceeds the limit. @param {Uint8Array<ArrayBuffer>} chunk */
  take(chunk) {
    const { limit, length, hosts } = this;
    const start = this.#end;
    const end = (this.#end += chunk.length);
    if (end > limit || (start === end && (this.#empty += 1) > limit)) return false;
    // Most responses are a single chunk of the host's, which is not copied. The buffer is then full, so nothing is written into it.
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
 * All bytes of a body; undefined if it has more than `limit`, and then it is cancelled.
 *
 * Chunks are copied into one buffer as they arrive. In a list, a million chunks of one byte would keep a million
 * objects and the network buffers behind them. Not an async function: it runs for every response, and where `await`
 * is compiled to promises (scripts/bundle.mjs) it would cost several each time.
 * @param {Read} read @param {number} limit @param {number} length What the answer announces, or NaN
 * @param {AbortSignal} [signal] For a body that does not listen to it @param {boolean} [hosts] As `isHosts` says
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>}
 */
export const gather = (read, limit, length, signal, hosts = false) =>
  new Promise((resolve, reject) => {
    const held = new Held(limit, length, hosts);
    const pace = new Pace();
    const ask = () => void Promise.resolve(read()).then(step, reject);
    const next = () => {
      const pause = pace.step();
      if (!pause) return ask();
      pause.then(() => (signal?.aborted ? leave() : ask())).catch(reject);
    };
    const leave = () => {
      attempt(() => read(true));
      resolve(undefined);
    };
    const take = (/** @type {{ done?: boolean, value?: unknown }} */ { done, value }) => {
      if (done) return resolve(held.all);
      const chunk = bytesOf(value);
      if (!chunk) throw new TypeError("a chunk of the body is neither bytes nor text");
      if (held.take(chunk) && !signal?.aborted) return next();
      leave();
    };
    // Not by another promise, of which there would be one per chunk.
    const step = (/** @type {{ done?: boolean, value?: unknown }} */ result) => {
      try {
        take(result);
      } catch (thrown) {
        reject(thrown);
      }
    };
    ask();
  });

/** The result for a response that was too long to read. @param {number} limit */
const tooLong = (limit) => ({ note: `the response is longer than maxResponseBytes allows (${limit} bytes)` });

/** @param {ResponseLike} response @param {number} limit @param {AbortSignal | undefined} signal */
const textOf = (response, limit, signal) => {
  const length = announced(response);
  if (length > limit) {
    discard(response);
    return tooLong(limit);
  }
  // A response with a `text` of its own is read through that.
  const read = (decoder ?? globalThis.TextDecoder) && !attempt(() => owns(response, "text")) && chunksOf(response);
  if (read)
    return gather(read, limit, length, signal, isHosts(response)).then((all) =>
      all ? (decoder ??= new TextDecoder()).decode(all) : tooLong(limit),
    );
  return Promise.resolve(response.text()).then((text) => {
    if (typeof text !== "string") throw new TypeError("text() did not return a string");
    // It has at least a byte for each of its characters.
    return text.length > limit ? tooLong(limit) : text.replace(/^\ufeff/, "");
  });
};

/**
 * Reads the whole body. Calls `end` with its text or, and then `ok` is false, with why there is none: `note`, if the body is longer
 * than `maxResponseBytes`, or what was thrown as `cause`.
 * @param {ResponseLike} response @param {import("../input/options.js").Settings} options @param {AbortSignal | undefined} signal Of the request
 * @param {(ok: boolean, body: string | { note?: string, cause?: unknown }) => void} end
 */
export const wholeBody = (response, { maxResponseBytes }, signal, end) => {
  const fail = (/** @type {unknown} */ cause) => end(false, { cause });
  /** @type {Promise<string | { note: string }> | { note: string }} */
  let read;
  try {
    read = textOf(response, maxResponseBytes, signal);
  } catch (cause) {
    return fail(cause);
  }
  Promise.resolve(read).then((body) => end(typeof body === "string", body), fail);
};

/**
 * The same for the module.
 * @param {ResponseLike} response @param {import("../input/options.js").Settings} options @param {{ controller: AbortController }} request
 * @param {import("../state/promise.js").Settle} settle @param {number} index @param {number} generation
 */
export const readBody = (response, options, { controller }, settle, index, generation) =>
  wholeBody(response, options, controller.signal, (ok, body) => settle(index, generation, ok, body));
