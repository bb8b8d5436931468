// @ts-check
// The audio of a call and the picture of a message. The body is left to the engine: bytes never pass through the module.

import { announced, bytesOf, chunksOf, discard, gather } from "../http/body.js";
import { after } from "../lib/clock.js";
import { attempt, fieldsOf, isPostponed, once } from "../lib/fields.js";
import { fileNameIn } from "../lib/file-name.js";
import { size } from "../input/options.js";
import { named } from "../state/promise.js";
import { wakeup } from "../lib/wakeup.js";

/** @typedef {{ response: Response, controller: AbortController, timeout?: number, left?: number }} Opened As src/client/send.rs makes it; `left` of totalTimeout */
/** @typedef {(code: string, note: string, cause?: unknown) => unknown} Fail */

/** Bytes that are read where the caller names no limit: over four hours of one voice, uncompressed. */
const MOST = 2 ** 28;

export class Recording {
  /** @type {Opened} */ #opened;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {Fail} */ #fail;
  /** @type {ReadableStream<Uint8Array> | null | undefined} */ #stream;
  #most;
  /** Of the body, once somebody reads it. @type {import("../http/body.js").Read | undefined} */ #chunks;
  #begun = false;
  /** What it is called in messages. */
  #what;

  /** @param {Opened} opened @param {AbortSignal | undefined} signal @param {Fail} fail @param {number} [most] Bytes @param {string} [what] */
  constructor(opened, signal, fail, most = MOST, what = "recording") {
    this.#opened = opened;
    this.#signal = signal;
    this.#fail = fail;
    this.#most = most;
    this.#what = what;
    const header = (/** @type {string} */ name) => {
      const value = attempt(() => opened.response.headers.get(name));
      return typeof value === "string" ? value : null;
    };
    const length = announced(opened.response);
    this.contentType = header("content-type") ?? "application/octet-stream";
    this.fileName = fileNameIn(header("content-disposition"));
    this.size = Number.isNaN(length) ? undefined : length;
    this.range = header("content-range") ?? undefined;
  }

  get stream() {
    return (this.#stream ??= this.#streamed());
  }

  async bytes() {
    const all = await this.#read();
    // One that has a buffer to itself: a chunk may lie in a buffer of the network's, among bytes of others.
    return all.constructor === Uint8Array && all.buffer.byteLength === all.length ? all : new Uint8Array(all);
  }

  async blob() {
    return new Blob([await this.#read()], { type: this.contentType });
  }

  cancel() {
    attempt(() => this.#chunks?.(true));
    discard(this.#opened.response);
    attempt(() => this.#opened.controller.abort());
  }

  /** Begins to read the body: once, and not if it is known to be too long. */
  #begin() {
    const { response } = this.#opened;
    if (this.#begun || attempt(() => response.bodyUsed || response.body?.locked)) {
      throw this.#fail("INVALID_ARGUMENT", `the ${this.#what} was read before: its bytes come once`);
    }
    this.#begun = true;
    if ((this.size ?? 0) > this.#most) throw this.#tooLong();
    this.#chunks = chunksOf(response);
  }

  /** Reads the body, within the time of one attempt. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async #read() {
    this.#begin();
    const { response, controller, timeout = Infinity, left = Infinity } = this.#opened;
    const [limit, name] = left < timeout ? [left, "totalTimeout"] : [timeout, `timeout (${timeout} ms)`];
    let late = false;
    const ring = () => {
      late = true;
      this.cancel();
    };
    const timer = limit === Infinity ? undefined : after(limit, ring);
    const unlink = this.#link();
    let all;
    try {
      const read = this.#chunks;
      all = read ? await gather(read, this.#most, this.size ?? Number.NaN, controller.signal) : new Uint8Array(await response.arrayBuffer());
      // A body that is let go ends as if it were complete.
      if (controller.signal.aborted) throw controller.signal.reason;
    } catch (cause) {
      throw late ? this.#fail("TIMEOUT", `no whole ${this.#what} within ${name}`, cause) : this.#failure(cause);
    } finally {
      clearTimeout(timer);
      unlink();
    }
    if (!all || all.length > this.#most) throw this.#tooLong();
    return all;
  }

  /** The body chunk by chunk; an abort of the caller's signal reaches it as long as it is read. */
  #streamed() {
    const { body } = this.#opened.response;
    if (typeof body?.getReader !== "function" && typeof /** @type {any} */ (body)?.[Symbol.asyncIterator] !== "function") return body;
    let unlink = () => {};
    let count = 0;
    const next = async () => {
      // When somebody reads: a look at `stream` must not lock the body.
      if (!this.#chunks) {
        this.#begin();
        unlink = this.#link();
      }
      try {
        // biome-ignore lint/correctness/noUnsafeOptionalChaining: it was begun above
        const { done, value } = /** @type {import("../http/body.js").Chunk} */ (await this.#chunks?.());
        const { signal } = this.#opened.controller;
        if (signal.aborted) throw signal.reason;
        return done ? undefined : (bytesOf(value) ?? value);
      } catch (cause) {
        throw this.#failure(cause);
      }
    };
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const chunk = await next();
          count += chunk?.length ?? 0;
          if (count > this.#most) throw this.#tooLong();
          if (chunk !== undefined) return controller.enqueue(chunk);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        unlink();
      },
      cancel: () => {
        unlink();
        this.cancel();
      },
    }, { highWaterMark: 0 });
  }

  /** The error of a file that is not read to its end; its connection is closed. */
  #tooLong() {
    this.cancel();
    return this.#fail("INVALID_RESPONSE", `the ${this.#what} is longer than maxBytes allows (${this.#most} bytes)`);
  }

  /** Has the caller's signal close the connection; gives what undoes it. */
  #link() {
    const signal = this.#signal;
    const abort = wakeup(() => this.cancel());
    attempt(() => signal?.aborted && abort());
    attempt(() => signal?.addEventListener("abort", abort));
    return () => attempt(() => signal?.removeEventListener("abort", abort));
  }

  /** What a broken body means. @param {unknown} cause */
  #failure(cause) {
    const signal = this.#signal;
    if (attempt(() => signal?.aborted)) return this.#fail("ABORTED", "aborted by its signal", attempt(() => signal?.reason));
    if (this.#opened.controller.signal.aborted) return this.#fail("ABORTED", "cancelled", cause);
    return this.#fail("CONNECTION_ERROR", `the connection broke inside the ${this.#what}`, cause);
  }
}
named("Recording", Recording);

export class Media extends Recording {
  /** @param {Opened} opened @param {AbortSignal | undefined} signal @param {Fail} fail @param {number} [most] Bytes */
  constructor(opened, signal, fail, most) {
    super(opened, signal, fail, most, "media file");
  }
}
named("Media", Media);

/**
 * How much of a file is read.
 * @param {unknown} given @param {Fail} fail
 */
export const mostBytes = (given, fail) => {
  if (given === undefined) return MOST;
  try {
    return size("maxBytes", given);
  } catch (problem) {
    throw fail("INVALID_ARGUMENT", `${problem}`);
  }
};

/**
 * The options of the request for a recording, with its range as a header.
 * @param {any} options As `parted` gives them @param {unknown} range @param {Fail} fail
 */
export const withRange = (options, range, fail) => {
  if (range === undefined) return options;
  const whole = (/** @type {unknown} */ n) => Number.isSafeInteger(n) && /** @type {number} */ (n) >= 0;
  const { start = 0, end } = attempt(() => fieldsOf(range, "range", "range")) ?? { start: Number.NaN };
  if (!whole(start) || (end !== undefined && (!whole(end) || end < start))) {
    throw fail("INVALID_ARGUMENT", "range must be { start, end? } in bytes: whole numbers, end not before start");
  }
  const { headers = {} } = options;
  // What cannot be read is refused where all other headers are.
  const own = once(() => fieldsOf(headers, "option headers", "option headers:"));
  return { ...options, headers: isPostponed(own) ? own : { ...own, range: `bytes=${start}-${end ?? ""}` } };
};
