// @ts-check
// A live transcript as an async iterable, and waiting for a call on top of it. What is read, skipped
// and reconnected is decided in src/client/transcript.rs; JavaScript, because Rust cannot express an
// async iterator.

import { ApiPromise, named } from "./promise.js";

/** @typedef {{ pull(promise: object): void, close(): void, free(): void }} Source */
const DONE = { value: undefined, done: /** @type {const} */ (true) };

export class TranscriptStream {
  /** @type {(signal: AbortSignal) => Source} */ #open;
  /** @type {Source | undefined} */ #source;
  /** @type {any[]} */ #events = [];
  #at = 0;
  #over = false;
  /** Pulls follow each other, though calls of `next` may overlap. @type {Promise<unknown>} */
  #turn = Promise.resolve();
  #own = new AbortController();
  #unlink = () => {};

  /** @param {(signal: AbortSignal) => Source} open @param {AbortSignal | undefined} signal */
  constructor(open, signal) {
    this.#open = open;
    if (typeof signal?.addEventListener !== "function") return;
    const abort = () => this.#abort(signal.reason);
    if (signal.aborted) return void abort();
    signal.addEventListener("abort", abort, { once: true });
    this.#unlink = () => signal.removeEventListener("abort", abort);
  }

  next() {
    if (this.#at < this.#events.length) return Promise.resolve({ value: this.#events[this.#at++], done: false });
    const result = this.#turn.then(() => this.#pull());
    this.#turn = result.catch(() => {});
    return result;
  }

  async return() {
    this.#over = true;
    this.#events = [];
    this.#abort(undefined);
    // A pull under way ends by the abort, and then frees the source.
    await this.#turn;
    this.#end();
    return DONE;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #pull() {
    if (this.#at < this.#events.length) return { value: this.#events[this.#at++], done: false };
    if (this.#over) return DONE;
    try {
      this.#source ??= this.#open(this.#own.signal);
      const promise = new ApiPromise();
      this.#source.pull(promise);
      const events = await promise;
      if (events === undefined || this.#over) return this.#end();
      this.#events = events;
      this.#at = 1;
      return { value: events[0], done: false };
    } catch (error) {
      const left = this.#over;
      this.#end();
      if (left) return DONE;
      throw error;
    }
  }

  /** @param {unknown} reason */
  #abort(reason) {
    this.#own.abort(reason);
    this.#source?.close();
  }

  #end() {
    this.#over = true;
    this.#unlink();
    this.#source?.close();
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
    const call = await calls.get(id, within());
    if (OVER.includes(call.status) || (typeof until === "function" ? await until(call) : call.status === until)) return call;
    if (follow) {
      // Once: if the stream fails, or ends before the call shows it, the call is asked for.
      follow = false;
      pause = FIRST_PAUSE;
      try {
        for await (const { event } of calls.transcript.stream(id, within())) if (event === "ended") break;
        continue;
      } catch {
        within();
      }
    }
    await sleep(Math.min(pause, Math.max(0, deadline - performance.now())), signal);
  }
};
