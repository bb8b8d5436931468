// @ts-check
// A live transcript as an async iterable, and waiting for a call on top of it. What is read, skipped
// and reconnected is decided in src/client/transcript.rs; JavaScript, because Rust cannot express an
// async iterator.

import { ApiPromise, named } from "./promise.js";
import { Turns } from "./turns.js";

/** @typedef {{ pull(promise: object): void, close(left: boolean): void, free(): void }} Source */
const DONE = { value: undefined, done: /** @type {const} */ (true) };

export class TranscriptStream {
  /** @type {(signal: AbortSignal) => Source} */ #open;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {Source | undefined} */ #source;
  /** @type {any[]} */ #events = [];
  #at = 0;
  #over = false;
  #turns = new Turns();
  #own = new AbortController();
  #abort = () => {
    // The abort is the next thing that is told, whatever has come already.
    this.#events = [];
    this.#own.abort(this.#signal?.reason);
    this.#source?.close(false);
  };

  /** @param {(signal: AbortSignal) => Source} open @param {AbortSignal | undefined} signal The caller's */
  constructor(open, signal) {
    this.#open = open;
    this.#signal = signal;
  }

  next() {
    if (this.#turns.free && this.#at < this.#events.length) return Promise.resolve(this.#event());
    return this.#turns.take(() => this.#pull());
  }

  async return() {
    this.#over = true;
    this.#events = [];
    this.#source?.close(true);
    this.#own.abort();
    // A pull under way ends by the abort, and then frees the source.
    await this.#turns.last;
    return this.#end();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #event() {
    return { value: this.#events[this.#at++], done: false };
  }

  async #pull() {
    if (this.#at < this.#events.length) return this.#event();
    if (this.#over) return DONE;
    try {
      this.#source ??= this.#begin();
      const promise = new ApiPromise();
      this.#source.pull(promise);
      const events = await promise;
      if (events === undefined || this.#over) return this.#end();
      // Aborted meanwhile: the next pull tells of it.
      if (this.#own.signal.aborted) return await this.#pull();
      this.#events = events;
      this.#at = 0;
      return this.#event();
    } catch (error) {
      const left = this.#over;
      this.#end();
      if (left) return DONE;
      throw error;
    }
  }

  /** Not before the first read: a stream that nobody reads leaves nothing on the signal. */
  #begin() {
    const signal = this.#signal;
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
    return this.#open(this.#own.signal);
  }

  #end() {
    this.#over = true;
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#source?.close(true);
    this.#source?.free();
    this.#source = undefined;
    return DONE;
  }
}
named("TranscriptStream", TranscriptStream);

/** The states that a call does not leave. */
const OVER = ["completed", "failed", "busy", "no-answer"];
const STATES = ["queued", "ringing", "in-progress", ...OVER];
/** Milliseconds between two questions, where the stream does not tell. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [500, 5_000];

/** Waits, or until the signal fires; what it means is found out by whoever asks next. @param {number} ms @param {AbortSignal} [signal] */
const sleep = (ms, signal) =>
  /** @type {Promise<void>} */ (new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  }));

/**
 * @param {{ get(id: unknown, options: object): Promise<any>, transcript: { stream(id: unknown, options: object): AsyncIterable<any> } }} calls
 * @param {(code: string, note: string) => unknown} error
 */
export const waiter = (calls, error) => async (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const { until = "ended", ...options } = given ?? {};
  if (typeof until !== "function" && until !== "ended" && !STATES.includes(until)) {
    throw error("INVALID_ARGUMENT", "until must be \"ended\", a status of a call or a function");
  }
  const { totalTimeout, signal } = options;
  const deadline = typeof totalTimeout === "number" ? performance.now() + totalTimeout : Infinity;
  const within = () => {
    if (deadline === Infinity) return options;
    const left = deadline - performance.now();
    if (totalTimeout > 0 && left <= 0) throw error("TIMEOUT", `the call did not get there within totalTimeout (${totalTimeout} ms)`);
    return { ...options, totalTimeout: totalTimeout > 0 ? left : totalTimeout };
  };
  let follow = until === "ended";
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const call = await calls.get(id, within()).catch((failure) => {
      // Told as the time of all of it, not of the last question.
      within();
      throw failure;
    });
    if (OVER.includes(call.status) || (typeof until === "function" ? await until(call) : call.status === until)) return call;
    if (follow) {
      // Once: if the stream fails, or ends before the call shows it, the call is asked for.
      follow = false;
      pause = FIRST_PAUSE;
      try {
        // Not tried again: a proxy that holds the stream back must not keep us blind for minutes.
        const stream = calls.transcript.stream(id, { ...within(), maxRetries: 0 });
        for await (const { event } of stream) if (event === "ended") break;
        continue;
      } catch {
        within();
      }
    }
    await sleep(Math.min(pause, Math.max(0, deadline - performance.now())), signal);
  }
};
