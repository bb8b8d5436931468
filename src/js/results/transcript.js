// @ts-check
// A live transcript as an async iterable. The module decides what is read and skipped and when to reconnect
// (src/client/transcript.rs). JavaScript, because Rust cannot express an async iterator.

import { attempt } from "../lib/fields.js";
import { disposable } from "../lib/iterator.js";
import { findable, throughProxies } from "../lib/self.js";
import { Turns } from "../lib/turns.js";
import { recover } from "../runtime/instance.js";
import { ApiPromise, named } from "../state/promise.js";

/**
 * An event, as the types that users see have it.
 * @typedef {{ event: string, data: unknown }} StreamEvent
 */
/**
 * What src/client/transcript.rs exports: a stream that the module follows.
 * @typedef {object} Source
 * @property {(promise: ApiPromise) => void} next Settles the promise with the next events, with nothing after the last
 * @property {() => void} free Closes the connection
 */

/** Not beside `weakly`: closures of one scope keep all that any of them uses. @template {object} T @param {T} target */
const strongly = (target) => ({ deref: () => target });

/** Cloudflare has no weak references for workers that are compatible with a date before May 2025. @template {object} T @param {T} target */
const weakly = (target) => (globalThis.WeakRef ? new WeakRef(target) : strongly(target));

const DONE = { value: undefined, done: /** @type {const} */ (true) };

export class TranscriptStream {
  /** @type {(lose: (error: unknown) => void) => Source} */ #open;
  /** @type {() => boolean} */ #aborted;
  /** @type {{ stack?: string } | undefined} */ #site;
  /** @type {Source | undefined} */ #source;
  /** Events that have arrived; the module empties the list when the stream fails. @type {StreamEvent[]} */ #events =
    [];
  #at = 0;
  #over = false;
  #turns = new Turns();
  /** The module broke down. @type {unknown} */ #lost;
  /** @type {ApiPromise | undefined} */ #asked;

  /**
   * @param {(lose: (error: unknown) => void) => Source} open Starts to follow the call
   * @param {AbortSignal | undefined} signal @param {{ stack?: string }} [site] Where the stream was asked for
   */
  constructor(open, signal, site = undefined) {
    findable(this);
    this.#open = open;
    this.#aborted = () => attempt(() => signal?.aborted) === true;
    this.#site = site;
  }

  next() {
    if (this.#turns.free && this.#isAtHand()) return Promise.resolve(this.#event());
    return this.#turns.take(() => this.#pull());
  }

  /** @param {unknown} [value] What a generator that delegates to the stream has to return */
  return(value) {
    this.#over = true;
    this.#events = [];
    // This ends a pending read.
    attempt(() => this.#source?.free());
    this.#source = undefined;
    return this.#turns.last
      .then(() => (this.#end(), value))
      .then((returned) => ({ value: returned, done: /** @type {const} */ (true) }));
  }

  /** For a generator that delegates to the stream. @param {unknown} error @returns {Promise<never>} */
  throw(error) {
    return this.return().then(() => {
      throw error;
    });
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #isAtHand() {
    return this.#at < this.#events.length && !this.#aborted();
  }

  #event() {
    return { value: /** @type {StreamEvent} */ (this.#events[this.#at++]), done: /** @type {const} */ (false) };
  }

  /** @returns {Promise<{ value: StreamEvent, done: false } | typeof DONE>} */
  #pull() {
    if (this.#isAtHand()) return Promise.resolve(this.#event());
    if (this.#over) return Promise.resolve(DONE);
    return this.#more().then(
      (events) => {
        if (!events || this.#over) return this.#end();
        this.#events = events;
        this.#at = 0;
        return this.#event();
      },
      (error) => {
        const left = this.#over;
        this.#end();
        if (left) return DONE;
        throw error;
      },
    );
  }

  /** The next events; undefined after the last. */
  #more() {
    const asked = new ApiPromise(undefined, undefined, this.#site);
    this.#asked = asked;
    try {
      if (this.#lost) throw this.#lost;
      (this.#source ??= this.#begin()).next(asked);
    } catch (thrown) {
      recover();
      ApiPromise.fail(asked, this.#lost ?? thrown);
    }
    return asked;
  }

  /** Not before the first read: an unread stream must leave nothing on the signal. */
  #begin() {
    // Weakly: a listener must not keep a stream alive that is no longer read.
    const self = weakly(this);
    return this.#open((error) => {
      const stream = self.deref();
      if (stream) stream.#lose(error);
    });
  }

  /** The module has broken: nothing of the broken instance is touched again. @param {unknown} error */
  #lose(error) {
    this.#lost = error;
    this.#source = undefined;
    if (this.#asked) ApiPromise.fail(this.#asked, error);
  }

  #end() {
    this.#over = true;
    attempt(() => this.#source?.free());
    this.#source = undefined;
    return DONE;
  }
}
disposable(TranscriptStream.prototype);
throughProxies(TranscriptStream);
named("TranscriptStream", TranscriptStream);
