// @ts-check
// A live transcript as an async iterable, and waiting for a call on top of it. What is read, skipped
// and reconnected is decided in src/client/transcript.rs; JavaScript, because Rust cannot express an
// async iterator.

import { after, now } from "./clock.js";
import { parted } from "./fields.js";
import { landed } from "./flights.js";
import { recover } from "./instance.js";
import { attempt } from "./fields.js";
import { disposable } from "./iterator.js";
import { ApiPromise, named } from "./promise.js";
import { findable, throughProxies } from "./self.js";
import { traced } from "./stack.js";
import { Turns } from "./turns.js";
import { wakeup } from "./wakeup.js";

/**
 * An event, as the types that users see have it.
 * @typedef {{ event: string, data: unknown }} StreamEvent
 */
/**
 * What src/client/transcript.rs exports: the connections of a stream, and what its chunks hold.
 * @typedef {object} Source
 * @property {(promise: object) => void} connect Settles the promise with what reads the chunks
 * @property {(chunk: unknown) => StreamEvent[] | boolean} take False for a chunk that is no sign of life
 * @property {() => boolean} over
 * @property {() => boolean} cut Whether the end of a connection is that of the stream
 * @property {() => number | undefined} left Milliseconds of totalTimeout
 * @property {(aborted: boolean, reason: unknown) => unknown} stopped The error of a stream that was stopped
 * @property {(error: unknown) => void} tell
 * @property {() => void} close
 * @property {() => void} free
 */

const DONE = { value: undefined, done: /** @type {const} */ (true) };
/** Milliseconds without a sign of life; the API gives one every 15 s. */
const IDLE = 45_000;

export class TranscriptStream {
  /** @type {(signal: AbortSignal, lose: (error: unknown) => void) => Source} */ #open;
  /** @type {Source | undefined} */ #source;
  /** The chunks of the connection; told true, it ends. @type {import("./body.js").Read | undefined} */ #read;
  /** @type {StreamEvent[]} */ #events = [];
  #at = 0;
  #over = false;
  #turns = new Turns();
  #own = new AbortController();
  /** Why it must stop. @type {{ aborted: boolean, reason?: unknown } | undefined} */ #stop;
  /** The module broke down. @type {unknown} */ #lost;
  /** @type {ApiPromise | undefined} */ #connecting;
  #reading = false;
  /** @type {AbortSignal | undefined} */ #signal;
  /** @type {{ stack?: string } | undefined} */ #site;
  /** The caller's signal has fired, on the stack of whoever aborted it. */
  #aborted = () => {
    this.#stopped({ aborted: true, reason: attempt(() => this.#signal?.reason) });
    this.#wake?.();
  };
  /** Closes the connection, in the async context of whoever reads. @type {(() => void) | undefined} */ #wake;
  #idle;
  #heard = 0;
  /** @type {ReturnType<typeof after> | undefined} */ #watchdog;
  /** @type {ReturnType<typeof after> | undefined} */ #clock;

  /** @param {(signal: AbortSignal, lose: (error: unknown) => void) => Source} open @param {AbortSignal | undefined} signal @param {number | null | undefined} idle @param {{ stack?: string } | undefined} site Where the stream was asked for */
  constructor(open, signal, idle = IDLE, site = undefined) {
    findable(this);
    this.#site = site;
    this.#open = open;
    this.#idle = idle ?? Infinity;
    this.#signal = signal;
  }

  next() {
    if (this.#turns.free && this.#at < this.#events.length) return Promise.resolve(this.#event());
    return this.#turns.take(() => this.#pull());
  }

  /** @param {unknown} [value] */
  async return(value) {
    this.#over = true;
    this.#abort({ aborted: true });
    // A read under way ends by the abort, and then frees the source.
    await this.#turns.last;
    this.#end();
    return { value: await value, done: /** @type {const} */ (true) };
  }

  /** What `yield*` does with what is thrown into it. @param {unknown} error */
  async throw(error) {
    await this.return();
    throw error;
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
      const events = await this.#more();
      if (!events || this.#over) return this.#end();
      this.#events = events;
      this.#at = 0;
      return this.#event();
    } catch (thrown) {
      recover();
      const error = traced(this.#lost ?? thrown, this.#site);
      const left = this.#over;
      if (!left) this.#source?.tell(error);
      this.#end();
      if (left) return DONE;
      throw error;
    }
  }

  /** The next events; nothing after the last. */
  async #more() {
    if (this.#lost) throw this.#lost;
    const source = (this.#source ??= this.#begin());
    if (!this.#stop && source.over()) return undefined;
    // Nothing was read for a while because the caller was busy: that was no silence.
    this.#heard = now();
    for (;;) {
      if (this.#lost) throw this.#lost;
      if (this.#stop) throw source.stopped(this.#stop.aborted, this.#stop.reason);
      if (!this.#read) {
        const connected = (this.#connecting = new ApiPromise());
        source.connect(connected);
        try {
          this.#read = await connected;
        } catch (error) {
          // Stopping is what made it fail, and says why.
          if (this.#stop) continue;
          throw error;
        }
        this.#connecting = undefined;
        this.#heard = now();
        continue;
      }
      let result;
      try {
        this.#reading = true;
        this.#watch();
        result = await this.#read();
      } catch {
        // However it was cut.
      }
      this.#reading = false;
      if (this.#stop || this.#lost) continue;
      if (result && !result.done) {
        const events = source.take(result.value);
        if (events !== false) this.#heard = now();
        if (typeof events === "object") {
          if (events.at(-1)?.event === "ended") this.#rest();
          return events;
        }
        continue;
      }
      this.#read = undefined;
      if (source.cut()) return undefined;
    }
  }

  /** Not before the first read: a stream that nobody reads leaves nothing on the signal. */
  #begin() {
    const signal = this.#signal;
    this.#wake = wakeup(() => this.#close());
    if (attempt(() => signal?.aborted)) this.#aborted();
    else attempt(() => signal?.addEventListener("abort", this.#aborted, { once: true }));
    // Weakly: a stream that nobody reads any more must not be kept by what could be told to it. Cloudflare has no
    // weak references for workers that are compatible with a date before May 2025.
    const self = globalThis.WeakRef ? new WeakRef(this) : { deref: () => this };
    const source = this.#open(this.#own.signal, (error) => {
      const stream = self.deref();
      if (stream) stream.#lose(error);
    });
    const left = source.left();
    if (left !== undefined) this.#clock = after(left, () => this.#abort({ aborted: false }));
    return source;
  }

  /** One timer for all reads: one for each would cost more than to read. */
  #watch() {
    if (this.#watchdog !== undefined) return;
    const look = () => {
      this.#watchdog = undefined;
      if (!this.#reading) return;
      const left = this.#heard + this.#idle - now();
      if (left <= 0) this.#source?.close();
      else this.#watchdog = after(left, look);
    };
    if (this.#idle !== Infinity) this.#watchdog = after(this.#idle, look);
  }

  /** @param {{ aborted: boolean, reason?: unknown }} stop */
  #stopped(stop) {
    this.#stop ??= stop;
    // It is the next thing that is told, whatever has come already.
    this.#events = [];
  }

  #close() {
    this.#own.abort(this.#stop?.reason);
    this.#source?.close();
    // The module would have done it.
    if (this.#lost) attempt(() => this.#read?.(true));
  }

  /** @param {{ aborted: boolean, reason?: unknown }} stop */
  #abort(stop) {
    this.#stopped(stop);
    this.#close();
  }

  /** The module has broken down: nothing of the broken instance is touched again. @param {unknown} error */
  #lose(error) {
    this.#lost = error;
    this.#source = undefined;
    if (this.#connecting) ApiPromise.fail(this.#connecting, error);
    this.#wake?.();
    this.#rest();
  }

  /** Nothing is read any more. */
  #rest() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#clock);
    this.#source?.close();
  }

  #end() {
    this.#over = true;
    attempt(() => this.#signal?.removeEventListener("abort", this.#aborted));
    this.#rest();
    this.#source?.free();
    landed(this.#own.signal);
    this.#source = this.#read = undefined;
    return DONE;
  }
}
disposable(TranscriptStream.prototype);
throughProxies(TranscriptStream);
named("TranscriptStream", TranscriptStream);

/** The states that a call does not leave. */
const OVER = ["completed", "failed", "busy", "no-answer"];
const STATES = ["queued", "ringing", "in-progress", ...OVER];
/** True for a call that is over, also in a final state that we do not know: such a one has an end. @param {any} call */
const isOver = ({ status, endedAt }) => OVER.includes(status) || (Boolean(endedAt) && !STATES.includes(status));
/** Milliseconds between two questions, where the stream does not tell. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [500, 5_000];

/**
 * Waits, or until the signal fires; what it means is found out by whoever asks next. Whatever a signal of a caller's
 * throws: from a timer it would end the process.
 * @param {number} ms @param {AbortSignal} [signal]
 */
const sleep = (ms, signal) =>
  /** @type {Promise<void>} */ (new Promise((resolve) => {
    if (attempt(() => signal?.aborted)) return resolve();
    const done = () => {
      clearTimeout(timer);
      attempt(() => signal?.removeEventListener("abort", done));
      resolve();
    };
    const timer = after(ms, done);
    attempt(() => signal?.addEventListener("abort", done));
  }));

/**
 * @param {{ get(id: unknown, options: object): Promise<any>, transcript: { stream(id: unknown, options: object): AsyncIterable<any> } }} calls
 * @param {(code: string, note: string, cause?: unknown) => unknown} error
 */
export const waiter = (calls, error) => async (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const { taken: { until = "ended" }, rest } = parted(given, ["until"]);
  const options = rest ?? {};
  if (typeof until !== "function" && until !== "ended" && !STATES.includes(until)) {
    throw error("INVALID_ARGUMENT", "until must be \"ended\", a status of a call or a function");
  }
  const { totalTimeout, signal } = options;
  const deadline = typeof totalTimeout === "number" ? now() + totalTimeout : Infinity;
  const within = () => {
    if (deadline === Infinity) return options;
    const left = deadline - now();
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
    if (isOver(call) || (typeof until === "function" ? await until(call) : call.status === until)) return call;
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
    await sleep(Math.min(pause, Math.max(0, deadline - now())), signal);
  }
};
