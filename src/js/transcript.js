// @ts-check
// A live transcript as an async iterable, and waiting for a call on top of it. What is read, skipped
// and reconnected is decided in src/client/transcript.rs; JavaScript, because Rust cannot express an
// async iterator.

import { ApiPromise, named } from "./promise.js";

/**
 * What src/client/transcript.rs exports.
 * @typedef {{ connect(promise: object): void, take(chunk: unknown): any[] | boolean, cut(): boolean, left(): number | undefined, stopped(aborted: boolean, reason: unknown): unknown, close(): void, free(): void }} Source
 */
const DONE = { value: undefined, done: /** @type {const} */ (true) };
/** Milliseconds without a sign of life; the API gives one every 15 s. */
const IDLE = 45_000;
/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

export class TranscriptStream {
  /** @type {(signal: AbortSignal) => Source} */ #open;
  /** @type {Source | undefined} */ #source;
  /** The chunks of the connection. @type {(() => Promise<any>) | undefined} */ #read;
  /** @type {any[]} */ #events = [];
  #at = 0;
  #over = false;
  /** Reads follow each other, though calls of `next` may overlap. @type {Promise<unknown>} */
  #turn = Promise.resolve();
  #own = new AbortController();
  /** Why it must stop. @type {{ aborted: boolean, reason?: unknown } | undefined} */ #stop;
  #ended = false;
  #reading = false;
  #unlink = () => {};
  #idle;
  #heard = 0;
  /** @type {any} */ #watchdog;
  /** @type {any} */ #clock;

  /** @param {(signal: AbortSignal) => Source} open @param {AbortSignal | undefined} signal @param {number | null} [idle] */
  constructor(open, signal, idle = IDLE) {
    this.#open = open;
    this.#idle = idle ?? Infinity;
    if (typeof signal?.addEventListener !== "function") return;
    const abort = () => this.#abort({ aborted: true, reason: signal.reason });
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
    this.#abort({ aborted: true });
    // A read under way ends by the abort, and then frees the source.
    await this.#turn;
    return this.#end();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #pull() {
    if (this.#at < this.#events.length) return { value: this.#events[this.#at++], done: false };
    if (this.#over) return DONE;
    try {
      const events = await this.#more();
      if (!events || this.#over) return this.#end();
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

  /** The next events; nothing after the last. */
  async #more() {
    if (this.#ended) return undefined;
    const source = (this.#source ??= this.#begin());
    // Nothing was read for a while because the caller was busy: that was no silence.
    this.#heard = performance.now();
    for (;;) {
      if (!this.#read) {
        const connected = new ApiPromise();
        source.connect(connected);
        this.#read = await connected;
        this.#heard = performance.now();
      }
      let result;
      try {
        this.#reading = true;
        this.#watch();
        result = await /** @type {() => Promise<any>} */ (this.#read)();
      } catch {
        // However it was cut.
      }
      this.#reading = false;
      if (this.#stop) throw source.stopped(this.#stop.aborted, this.#stop.reason);
      if (result && !result.done) {
        const events = source.take(result.value);
        if (events !== false) this.#heard = performance.now();
        if (typeof events === "object") {
          this.#ended = events[events.length - 1].event === "ended";
          if (this.#ended) source.close();
          return events;
        }
        continue;
      }
      this.#read = undefined;
      if (source.cut()) return undefined;
    }
  }

  #begin() {
    const source = this.#open(this.#own.signal);
    const left = source.left();
    if (left !== undefined) this.#clock = setTimeout(() => this.#abort({ aborted: false }), Math.min(left, LONGEST));
    return source;
  }

  /** One timer for all reads: one for each would cost more than to read. */
  #watch() {
    if (this.#watchdog !== undefined) return;
    const look = () => {
      this.#watchdog = undefined;
      if (!this.#reading) return;
      const left = this.#heard + this.#idle - performance.now();
      if (left <= 0) this.#source?.close();
      else this.#watchdog = setTimeout(look, Math.min(left, LONGEST));
    };
    if (this.#idle !== Infinity) this.#watchdog = setTimeout(look, Math.min(this.#idle, LONGEST));
  }

  /** @param {{ aborted: boolean, reason?: unknown }} stop */
  #abort(stop) {
    this.#stop ??= stop;
    this.#own.abort(stop.reason);
    this.#source?.close();
  }

  #end() {
    this.#over = true;
    this.#unlink();
    clearTimeout(this.#watchdog);
    clearTimeout(this.#clock);
    this.#source?.close();
    this.#source?.free();
    this.#source = this.#read = undefined;
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
