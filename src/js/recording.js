// @ts-check
// The audio of a call. The answer's body is left to the engine: bytes never pass through the module.

import { named } from "./promise.js";

/** @typedef {{ response: Response, controller: AbortController, timeout?: number }} Opened As src/client/send.rs makes it */
/** @typedef {(code: string, note: string, cause?: unknown) => unknown} Fail */

/** The last part of a name: a server must not choose a folder. @param {string} name */
const base = (name) => name.split(/[/\\]/).pop() || undefined;

/** @param {string | null} header Content-Disposition, RFC 6266 */
const nameIn = (header) => {
  const [, encoded] = /filename\*=utf-8''([^;\s]+)/i.exec(header ?? "") ?? [];
  try {
    if (encoded) return base(decodeURIComponent(encoded));
  } catch {
    // Not well encoded: the plain form may be.
  }
  const [, quoted, plain] = /filename=(?:"([^"]*)"|([^;\s]+))/i.exec(header ?? "") ?? [];
  return base(quoted ?? plain ?? "");
};

export class Recording {
  /** @type {Opened} */ #opened;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {Fail} */ #fail;

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
    return this.#opened.response.body;
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
    const { response, controller, timeout } = this.#opened;
    const signal = this.#signal;
    if (response.bodyUsed) throw this.#fail("INVALID_ARGUMENT", "the recording was read before: its bytes come once");
    let late = false;
    const abort = () => controller.abort();
    const timer = timeout === undefined ? undefined : setTimeout(() => ((late = true), abort()), Math.min(timeout, 2 ** 31 - 1));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    try {
      return await response.arrayBuffer();
    } catch (cause) {
      if (late) throw this.#fail("TIMEOUT", `no whole recording within timeout (${timeout} ms)`, cause);
      if (signal?.aborted) throw this.#fail("ABORTED", "aborted by its signal", signal.reason);
      if (controller.signal.aborted) throw this.#fail("ABORTED", "cancelled", cause);
      throw this.#fail("CONNECTION_ERROR", "the connection broke inside the recording", cause);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}
named("Recording", Recording);

/**
 * The options of the request for a recording, with its range as a header.
 * @param {any} given @param {Fail} fail
 */
export const withRange = (given, fail) => {
  if (given?.range === undefined) return given;
  const { range, ...options } = given;
  const whole = (/** @type {unknown} */ n) => Number.isSafeInteger(n) && /** @type {number} */ (n) >= 0;
  const { start = 0, end } = range ?? {};
  if (!whole(start) || (end !== undefined && (!whole(end) || end < start))) {
    throw fail("INVALID_ARGUMENT", "range must be { start, end? } in bytes: whole numbers, end not before start");
  }
  return { ...options, headers: { ...options.headers, range: `bytes=${start}-${end ?? ""}` } };
};
