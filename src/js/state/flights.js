// @ts-check
// The calls and streams under way, as JavaScript knows them. The module has its own view, but that is lost with
// the module's memory when it breaks (`instance.js`); whoever waits must then still be told, and truly: whether
// a request has left stands here.

import { now } from "../lib/clock.js";
import { wakeup } from "../lib/wakeup.js";

/** @typedef {import("../input/options.js").Settings} Settings */

/** The hook that is told of errors, in `HOOKS`. */
export const ON_ERROR = 3;

/** @typedef {{ before?: Node | undefined, after?: Node | undefined, on?: boolean }} Node */

/** What comes and goes in any order, once for each request: adding and removing costs a sixth of what a Set's does. */
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

  /** All that are there, the oldest first. They stay: who deals with them may not come to the end. @returns {any[]} */
  get all() {
    const all = [];
    for (let node = this.#last; node; node = node.before) all.push(node);
    return all.reverse();
  }
}

export const flights = new Chain();

export class Flight {
  /** Requests that have left. */
  attempts = 0;
  on = false;
  /** @type {Node | undefined} */ before;
  /** @type {Node | undefined} */ after;
  /** Of the last of them. @type {AbortController | undefined} */ controller;
  began = now();

  /** @param {number} row @param {Settings | undefined} settings @param {(error: unknown) => void} fail */
  constructor(row, settings, fail) {
    this.row = row;
    this.fail = fail;
    this.uses(settings);
    flights.add(this);
  }

  /** @type {Settings | undefined} */ settings;

  /** @type {(() => void) | undefined} */ #wake;
  /** @type {(() => void) | undefined} */ #tell;

  /** Whose hooks are told. @param {Settings | undefined} settings */
  uses(settings) {
    if (settings === this.settings) return;
    this.settings = settings;
    if (settings?.hooks[ON_ERROR]) this.#awaits();
  }

  /** A request leaves, by the caller's `fetch`. @param {AbortController} controller */
  leaves(controller) {
    this.attempts += 1;
    this.controller = controller;
    this.#awaits();
  }

  /** Who finds the module broken may be any other caller; code of this one's runs in its own async context. */
  #awaits() {
    this.#wake ??= wakeup(() => this.#tell?.());
  }

  /** Runs `tell`, which may call what the caller has given, in the caller's async context. @param {() => void} tell */
  lose(tell) {
    this.#tell = tell;
    if (this.#wake) this.#wake();
    else tell();
  }

  land() {
    flights.remove(this);
  }
}

/** The call is over, in whatever way the module knows. @param {Flight | undefined} flight */
export const landed = (flight) => flight?.land();
