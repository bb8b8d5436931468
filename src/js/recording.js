// @ts-check
// The audio of a call. The answer's body is left to the engine: bytes never pass through the module.

import { after } from "./clock.js";
import { attempt, fieldsOf, isPostponed, once } from "./fields.js";
import { named } from "./promise.js";
import { wakeup } from "./wakeup.js";

/** @typedef {{ response: Response, controller: AbortController, timeout?: number, left?: number }} Opened As src/client/send.rs makes it; `left` of totalTimeout */
/** @typedef {(code: string, note: string, cause?: unknown) => unknown} Fail */

/** The last part of a name: a server must not choose a folder. @param {string} name */
const base = (name) => {
  const last = name.split(/[/\\]/).pop() ?? "";
  return /^\.{0,2}$|[\0-\x1f\x7f]/.test(last) ? undefined : last;
};

/** @param {string | null} header Content-Disposition, RFC 6266 */
const nameIn = (header) => {
  const [, encoded] = /filename\*=utf-8'[^']*'([^;\s]+)/i.exec(header ?? "") ?? [];
  try {
    if (encoded) return base(decodeURIComponent(encoded));
  } catch {
    // Not well encoded: the plain form may be.
  }
  const [, quoted, plain] = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? "") ?? [];
  return base(quoted?.replace(/\\(["\\])/g, "$1") ?? plain ?? "");
};

export class Recording {
  /** @type {Opened} */ #opened;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {Fail} */ #fail;
  /** @type {ReadableStream<Uint8Array> | null | undefined} */ #stream;

  /** @param {Opened} opened @param {AbortSignal | undefined} signal @param {Fail} fail */
  constructor(opened, signal, fail) {
    this.#opened = opened;
    this.#signal = signal;
    this.#fail = fail;
    const header = (/** @type {string} */ name) => opened.response.headers?.get?.(name) ?? null;
    const length = header("content-length");
    this.contentType = header("content-type") ?? "application/octet-stream";
    this.fileName = nameIn(header("content-disposition"));
    this.size = length === null ? undefined : Number(length);
    this.range = header("content-range") ?? undefined;
  }

  get stream() {
    return (this.#stream ??= this.#streamed());
  }

  async bytes() {
    return new Uint8Array(await this.#read());
  }

  async blob() {
    return new Blob([await this.#read()], { type: this.contentType });
  }

  cancel() {
    this.#opened.controller.abort();
  }

  /** Reads the body, within the time of one attempt. @returns {Promise<ArrayBuffer>} */
  async #read() {
    const { response, timeout = Infinity, left = Infinity } = this.#opened;
    if (response.bodyUsed || response.body?.locked) {
      throw this.#fail("INVALID_ARGUMENT", "the recording was read before: its bytes come once");
    }
    const [limit, name] = left < timeout ? [left, "totalTimeout"] : [timeout, `timeout (${timeout} ms)`];
    let late = false;
    const ring = () => {
      late = true;
      this.cancel();
    };
    const timer = limit === Infinity ? undefined : after(limit, ring);
    const unlink = this.#link();
    try {
      return await response.arrayBuffer();
    } catch (cause) {
      throw late ? this.#fail("TIMEOUT", `no whole recording within ${name}`, cause) : this.#failure(cause);
    } finally {
      clearTimeout(timer);
      unlink();
    }
  }

  /** The body chunk by chunk; an abort of the caller's signal reaches it as long as it is read. */
  #streamed() {
    const { body } = this.#opened.response;
    if (typeof body?.getReader !== "function") return body;
    // Taken when somebody reads: a look at `stream` must not lock the body.
    /** @type {ReadableStreamDefaultReader<Uint8Array> | undefined} */
    let reader;
    let unlink = () => {};
    return new ReadableStream({
      pull: async (controller) => {
        try {
          if (!reader) {
            reader = body.getReader();
            unlink = this.#link();
          }
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          unlink();
          controller.close();
        } catch (cause) {
          unlink();
          controller.error(this.#failure(cause));
        }
      },
      cancel: () => {
        unlink();
        this.cancel();
      },
    }, { highWaterMark: 0 });
  }

  /** Has the caller's signal close the connection; gives what undoes it. */
  #link() {
    const signal = this.#signal;
    const abort = wakeup(() => this.cancel());
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    return () => signal?.removeEventListener("abort", abort);
  }

  /** What a broken body means. @param {unknown} cause */
  #failure(cause) {
    if (this.#signal?.aborted) return this.#fail("ABORTED", "aborted by its signal", this.#signal.reason);
    if (this.#opened.controller.signal.aborted) return this.#fail("ABORTED", "cancelled", cause);
    return this.#fail("CONNECTION_ERROR", "the connection broke inside the recording", cause);
  }
}
named("Recording", Recording);

/**
 * The options of the request for a recording, with its range as a header.
 * @param {any} options @param {any} range @param {Fail} fail
 */
export const withRange = (options, range, fail) => {
  if (range === undefined) return options;
  const whole = (/** @type {unknown} */ n) => Number.isSafeInteger(n) && /** @type {number} */ (n) >= 0;
  const { start = 0, end } = attempt(() => fieldsOf(range, "range", "range")) ?? { start: Number.NaN };
  if (!whole(start) || (end !== undefined && (!whole(end) || end < start))) {
    throw fail("INVALID_ARGUMENT", "range must be { start, end? } in bytes: whole numbers, end not before start");
  }
  const bytes = `bytes=${start}-${end ?? ""}`;
  const { headers = {} } = options;
  // What cannot be read is refused where all other headers are.
  const own = once(() => fieldsOf(headers, "option headers", "option headers:"));
  return { ...options, headers: isPostponed(own) ? own : { ...own, range: bytes } };
};
