// @ts-check
// The calls and streams in flight, as JavaScript knows them. The module has its own view, but that is lost with the
// module's memory when it breaks (`instance.js`). Callers must then still get an error, and one that says correctly
// whether a request has been sent.

import { now } from "../lib/clock.js";
import { wakeup } from "../lib/wakeup.js";

/** @typedef {import("../input/options.js").Settings} Settings */

/** @typedef {{ before?: Node | undefined, after?: Node | undefined, on?: boolean }} Node */

/** A linked list of what is added and removed once per request, in any order; both cost a sixth of a Set's operations. */
export class Chain {
  /** @type {Node | undefined} */ #last;

  /** @param {Node} node */
  add(node) {
    node.on = true;
    node.before = this.#last;
    if (this.#last) this.#last.after = node;
    this.#last = node;
  }

  /** @param {Node} node */
  remove(node) {
    if (!node.on) return;
    const { before, after } = node;
    if (before) before.after = after;
    if (after) after.before = before;
    else this.#last = before;
    node.on = false;
    node.before = node.after = undefined;
  }

  /** All nodes, oldest first. They stay in the list, because working through them may be cut short. @returns {any[]} */
  get all() {
    const all = [];
    for (let node = this.#last; node; node = node.before) all.push(node);
    return all.reverse();
  }
}

export const allInFlight = new Chain();

export class InFlight {
  /** Requests sent. */
  attempts = 0;
  on = false;
  /** @type {Node | undefined} */ before;
  /** @type {Node | undefined} */ after;
  /** Of the last request. @type {AbortController | undefined} */ controller;
  began = now();

  /** @param {number | undefined} row Of the operation, if it is one @param {Settings | undefined} settings @param {(error: unknown) => void} fail */
  constructor(row, settings, fail) {
    this.row = row;
    this.fail = fail;
    this.useSettings(settings);
    allInFlight.add(this);
  }

  /** @type {Settings | undefined} */ settings;
  /** Observes the call for the caller's telemetry. @type {import("../runtime/telemetry.js").Trace | undefined} */
  trace = undefined;
  /** Whether its requests look for the outcome of another one. */
  lookup = false;

  /** @type {(() => void) | undefined} */ #wake;
  /** @type {(() => void) | undefined} */ #notify;

  /** The settings whose hooks are called. @param {Settings | undefined} settings */
  useSettings(settings) {
    if (settings === this.settings) return;
    this.settings = settings;
    if (settings?.hooks.onError) this.#prepareWakeup();
  }

  /** A request is passed to the caller's `fetch`. @param {AbortController} controller */
  sent(controller) {
    this.attempts += 1;
    this.controller = controller;
    this.#prepareWakeup();
  }

  /** Any other caller may find the module broken; this caller's code must run in its own async context. */
  #prepareWakeup() {
    this.#wake ??= wakeup(() => this.#notify?.());
  }

  /** Runs `run`, which may call code of the caller, in the caller's async context. @param {() => void} run */
  notify(run) {
    this.#notify = run;
    if (this.#wake) this.#wake();
    else run();
  }

  settle() {
    allInFlight.remove(this);
    this.trace?.settle();
  }
}

/** A stream has failed. @param {InFlight | undefined} inFlight @param {unknown} error */
export const failed = (inFlight, error) => inFlight?.trace?.failed(error);

/** The call is over, in whatever way the module knows. @param {InFlight | undefined} inFlight */
export const settled = (inFlight) => inFlight?.settle();
