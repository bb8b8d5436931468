// @ts-check
// The audio of a call and the picture of a message. The engine handles the body: bytes never pass through the module.

import { announced, bytesOf, chunksOf, discard, gather, isHosts } from "../http/body.js";
import { size, span } from "../input/options.js";
import { after } from "../lib/clock.js";
import { attempt, fieldsOf, isPostponed, once, quietly } from "../lib/fields.js";
import { fileNameIn } from "../lib/file-name.js";
import { Pace } from "../lib/pace.js";
import { findable, throughProxies } from "../lib/self.js";
import { wakeup } from "../lib/wakeup.js";
import { named } from "../state/promise.js";
import { hasAborted, leave, onAbort, reasonOf } from "../state/signal.js";

/** @typedef {{ response: Response, controller: AbortController, timeout?: number, left?: number }} Opened As src/client/send.rs makes it; `left` of totalTimeout */
/** @typedef {(code: string, note: string, cause?: unknown) => unknown} Fail */

/** The default limit in bytes: over four hours of one voice, uncompressed. */
const MOST = 2 ** 28;
/** The default idle time in milliseconds after which a stream fails, as for a transcript. */
const IDLE = 45_000;

/** How much of a recording is read, in bytes, and how long its stream waits for more, in milliseconds. @typedef {{ most: number, idle: number }} Limits */

export class Recording {
  /** @type {Opened} */ #opened;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {Fail} */ #fail;
  /** @type {ReadableStream<Uint8Array> | null | undefined} */ #stream;
  #limits;
  /** Its name in messages. */
  #what;
  #type;
  /** The body, once it is being read. @type {import("../http/body.js").Read | undefined} */ #chunks;
  #begun = false;
  #cancelled = false;
  /** Ends a read of a body that ignores its cancellation. @type {(() => void) | undefined} */ #give;
  /** Closes the connection in the async context of the call, because its `fetch` is notified. @type {() => void} */ #close;

  /** @param {Opened} opened @param {AbortSignal | undefined} signal @param {Fail} fail @param {Limits} [limits] @param {string} [what] */
  constructor(opened, signal, fail, limits = { most: MOST, idle: IDLE }, what = "recording") {
    findable(this);
    this.#opened = opened;
    this.#signal = signal;
    this.#fail = fail;
    this.#limits = limits;
    this.#what = what;
    this.#close = wakeup(() => {
      attempt(() => this.#chunks?.(true));
      discard(opened.response);
      quietly(() => opened.controller.abort());
      this.#give?.();
    });
    const header = (/** @type {string} */ name) => {
      const value = attempt(() => opened.response.headers.get(name));
      return typeof value === "string" ? value : null;
    };
    const length = announced(opened.response);
    this.contentType = this.#type = header("content-type") ?? "application/octet-stream";
    this.fileName = fileNameIn(header("content-disposition"));
    this.size = Number.isNaN(length) ? undefined : length;
    this.range = header("content-range") ?? undefined;
  }

  get stream() {
    return this.#stream === undefined ? (this.#stream = this.#streamed()) : this.#stream;
  }

  async bytes() {
    const all = await this.#read();
    // With a buffer to itself: a chunk may be a view of a network buffer that contains other bytes.
    return all.constructor === Uint8Array && all.buffer.byteLength === all.length ? all : new Uint8Array(all);
  }

  async blob() {
    const all = await this.#read();
    const blob = attempt(() => new Blob([all], { type: this.#type }));
    if (!blob) throw this.#fail("INVALID_ARGUMENT", "this runtime cannot make a Blob of it: use bytes()");
    return blob;
  }

  cancel() {
    this.#cancelled = true;
    // The reading may never continue, and a signal often lives as long as its process.
    leave(this.#signal, this);
    this.#close();
  }

  /** Starts reading the body: once, and not if it is known to be too long. */
  #begin() {
    const { response } = this.#opened;
    if (this.#begun || attempt(() => response.bodyUsed || response.body?.locked)) {
      throw this.#fail("INVALID_ARGUMENT", `the ${this.#what} was already read: its bytes can be read only once`);
    }
    this.#begun = true;
    if ((this.size ?? 0) > this.#limits.most) throw this.#tooLong();
    this.#chunks = chunksOf(response);
    // Until it has been read, because an abort between two reads of a stream must close the connection too.
    if (this.#signal && hasAborted(this.#signal)) this.cancel();
    else onAbort(this.#signal, this, () => this.cancel());
  }

  /**
   * What `read` returns, unless the recording is cancelled or `limit` milliseconds pass first.
   * @template T @param {() => Promise<T>} read @param {number} limit @param {string} within What the limit is for, for the message
   * @returns {Promise<T>}
   */
  async #within(read, limit, within) {
    let late = false;
    const ring = () => {
      late = true;
      this.cancel();
    };
    const timer = limit === Infinity ? undefined : after(limit, ring);
    try {
      if (this.#cancelled) throw undefined;
      const value = await new Promise((resolve, reject) => {
        this.#give = () => reject(undefined);
        read().then(resolve, reject);
      });
      // A cancelled body ends as if it were complete.
      if (this.#cancelled) throw undefined;
      return value;
    } catch (cause) {
      throw late ? this.#fail("TIMEOUT", within, cause) : this.#failure(cause);
    } finally {
      clearTimeout(timer);
      this.#give = undefined;
    }
  }

  /** Reads the body, within the time of one attempt. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async #read() {
    this.#begin();
    const { response, controller, timeout = Infinity, left = Infinity } = this.#opened;
    const [limit, name] = left < timeout ? [left, "totalTimeout"] : [timeout, `timeout (${timeout} ms)`];
    const { most } = this.#limits;
    const read = this.#chunks;
    const all = await this.#within(
      async () =>
        read
          ? gather(
              read,
              most,
              this.size ?? Number.NaN,
              attempt(() => controller.signal),
              isHosts(response),
            )
          : new Uint8Array(await response.arrayBuffer()),
      limit,
      `no complete ${this.#what} within ${name}`,
    ).finally(() => leave(this.#signal, this));
    if (!all || all.length > most) throw this.#tooLong();
    return all;
  }

  /** The body chunk by chunk; an abort of the caller's signal reaches it as long as it is read. */
  #streamed() {
    const { response } = this.#opened;
    // A body that cannot even be read from counts as broken.
    const kind = attempt(() => [
      typeof response.body?.getReader,
      typeof (/** @type {any} */ (response.body)?.[Symbol.asyncIterator]),
    ]);
    if (kind && !kind.includes("function")) return null;
    const { most, idle } = this.#limits;
    const pace = new Pace();
    const hosts = isHosts(response);
    let [count, empty] = [0, 0];
    const next = async () => {
      for (;;) {
        const pause = pace.step();
        if (pause) await pause;
        // If there is nothing to read from, it fails here like a read.
        const { done, value } = /** @type {import("../http/body.js").Chunk} */ (
          await /** @type {import("../http/body.js").Read} */ (this.#chunks)()
        );
        if (done || this.#cancelled) return undefined;
        const chunk = bytesOf(value);
        if (!chunk) throw new TypeError("a chunk of the body is neither bytes nor text");
        count += chunk.length;
        // An empty chunk is not a sign of life, and their number is limited like that of bytes.
        if (chunk.length === 0) empty += 1;
        if (chunk.length > 0 || empty > most) return hosts ? chunk : chunk.slice();
      }
    };
    return new ReadableStream(
      {
        pull: async (controller) => {
          try {
            // Only when it is read: accessing `stream` must not lock the body.
            if (!this.#chunks) this.#begin();
            const chunk = await this.#within(
              next,
              idle,
              `no more bytes of the ${this.#what} within idleTimeout (${idle} ms)`,
            );
            if (count > most || empty > most) throw this.#tooLong();
            if (chunk) return controller.enqueue(chunk);
            controller.close();
          } catch (error) {
            controller.error(error);
          }
          leave(this.#signal, this);
        },
        cancel: () => {
          leave(this.#signal, this);
          this.cancel();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** The error of a file that is not read to its end. Closes its connection. */
  #tooLong() {
    this.cancel();
    return this.#fail(
      "INVALID_RESPONSE",
      `the ${this.#what} is longer than maxBytes allows (${this.#limits.most} bytes)`,
    );
  }

  /** What a broken body means. @param {unknown} cause */
  #failure(cause) {
    const signal = this.#signal;
    if (signal && hasAborted(signal)) return this.#fail("ABORTED", "aborted by its signal", reasonOf(signal));
    if (this.#cancelled) return this.#fail("ABORTED", "cancelled", cause);
    return this.#fail("CONNECTION_ERROR", `the connection broke in the middle of the ${this.#what}`, cause);
  }
}
throughProxies(Recording);
// Not every runtime has it yet; `cancel` is there in any case.
if (Symbol.dispose)
  Object.defineProperty(Recording.prototype, Symbol.dispose, {
    value: Recording.prototype.cancel,
    configurable: true,
    writable: true,
  });
named("Recording", Recording);

export class Media extends Recording {
  /** @param {Opened} opened @param {AbortSignal | undefined} signal @param {Fail} fail @param {Limits} [limits] */
  constructor(opened, signal, fail, limits) {
    super(opened, signal, fail, limits, "media file");
  }
}
named("Media", Media);

/**
 * How much of a file is read, and how long its stream waits.
 * @param {{ maxBytes?: unknown, idleTimeout?: unknown }} given @param {Fail} fail @returns {Limits}
 */
export const limitsOf = ({ maxBytes, idleTimeout }, fail) => {
  try {
    return {
      most: maxBytes === undefined ? MOST : size("maxBytes", maxBytes),
      idle: idleTimeout === undefined ? IDLE : span("idleTimeout", idleTimeout),
    };
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
  // What cannot be read is refused together with all other headers.
  const own = once(() => fieldsOf(headers, "option headers", "option headers:"));
  return { ...options, headers: isPostponed(own) ? own : { ...own, range: `bytes=${start}-${end ?? ""}` } };
};
