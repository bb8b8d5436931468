// @ts-check
// The promise that every operation returns: a promise of the data that also knows its response. JavaScript, because
// Rust cannot express `class … extends Promise`.

import { attempt } from "../lib/fields.js";
import { findable, throughProxies } from "../lib/self.js";
import { traced } from "../lib/stack.js";
import { InFlight } from "./in-flight.js";

/**
 * Gives a class its name as users see it in the console and in stacks; minifiers rename classes.
 * @template {Function} C @param {string} name @param {C} Class @returns {C}
 */
export const named = (name, Class) => Object.defineProperty(Class, "name", { value: name });

/**
 * The response of the data.
 * @typedef {object} Answered
 * @property {import("../http/body.js").ResponseLike} response
 * @property {number} attempts
 * @property {number} elapsed
 */

/** Of a call without an idempotency key. */
const ORDINARY = { settled: undefined, replayed: false };

/** @extends {Promise<any>} What it resolves to depends on the operation: the public types say it. */
export class ApiPromise extends Promise {
  /** @type {{ resolve: (value: unknown) => void, reject: (reason: unknown) => void }} */ #settle;
  /** @type {Answered | undefined} */ #answer;
  /** @type {(data: any) => unknown} */ #shape;
  /** @type {InFlight | undefined} */ #inFlight;
  /** What is known of a call with an idempotency key. @type {{ settled: object | undefined, replayed: boolean }} */ #known =
    ORDINARY;
  /** @type {{ stack?: string } | undefined} */ #site;

  /**
   * @param {(resolve: (value: any) => void, reject: (reason: unknown) => void) => void} [executor]
   * @param {(data: any) => unknown} [shape] Makes the promise's value from the data of the response
   * @param {{ stack?: string }} [site] Where the call was made
   */
  constructor(executor, shape = (data) => data, site = undefined) {
    /** @type {any} Set by the constructor of Promise before it returns. */
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
      executor?.(resolve, reject);
    });
    findable(this);
    this.#settle = settle;
    this.#shape = shape;
    this.#site = site;
  }

  /** `then` and the like return plain promises: what they resolve to has no response. @override */
  static get [Symbol.species]() {
    return Promise;
  }

  withResponse() {
    return this.then((data) => {
      const { response, attempts, elapsed } = /** @type {Answered} */ (this.#answer);
      const header = (/** @type {string} */ name) => {
        const value = attempt(() => response?.headers?.get?.(name));
        return typeof value === "string" ? value : undefined;
      };
      return {
        data,
        response,
        requestId: header("x-request-id") ?? header("cf-ray"),
        attempts,
        elapsed,
        ...this.#known,
      };
    });
  }

  /**
   * The promise is of a call that begins: should the module break, it is rejected from outside.
   * @param {ApiPromise} promise @param {number | undefined} row @param {import("../input/options.js").Settings} settings
   */
  static begin(promise, row, settings) {
    return (promise.#inFlight = new InFlight(row, settings, (error) => ApiPromise.fail(promise, error)));
  }

  /** @param {ApiPromise} promise @param {unknown} data @param {import("../http/body.js").ResponseLike} response @param {number} attempts @param {number} elapsed */
  static fulfil(promise, data, response, attempts, elapsed) {
    promise.#inFlight?.trace?.fulfilled(data, promise.#known);
    promise.#inFlight?.settle();
    promise.#answer = { response, attempts, elapsed };
    try {
      promise.#settle.resolve(promise.#shape(data));
    } catch (thrown) {
      // A response of a caller's `fetch` may throw, and a throw inside the module would break it.
      promise.#settle.reject(thrown);
    }
  }

  /** @param {ApiPromise} promise @param {object | undefined} settled The intent, where its outcome was found @param {boolean} replayed */
  static known(promise, settled, replayed) {
    promise.#known = { settled, replayed };
  }

  /** @param {ApiPromise} promise @param {unknown} error */
  static fail(promise, error) {
    // In this order: if there is no stack left for the first, the call must still be in flight to be failed again.
    promise.#settle.reject(traced(error, promise.#site));
    promise.#inFlight?.trace?.failed(error);
    promise.#inFlight?.settle();
  }
}

throughProxies(ApiPromise);
named("ApiPromise", ApiPromise);

/**
 * The module's function for everything that it waits for: by its index and generation, whether it went well, and the result. A
 * request has a status and a response as well.
 * @typedef {(index: number, generation: number, ok: boolean, value: unknown, status?: number, response?: unknown) => void} Settle
 */

/**
 * Calls `settle` with the result of a promise. Two plain functions per promise; wasm closures would cost a
 * finalizer each.
 * @param {unknown} promise Or any other value, taken as a promise of it.
 * @param {Settle} settle
 * @param {number} index @param {number} generation
 */
export const whenSettled = (promise, settle, index, generation) => {
  try {
    Promise.resolve(promise).then(
      (value) => settle(index, generation, true, value),
      (reason) => settle(index, generation, false, reason),
    );
  } catch (reason) {
    // A thenable of a caller's whose getters throw.
    settle(index, generation, false, reason);
  }
};

/**
 * Calls `settle` with the result of `begin`: what its promise settles with, or what it throws.
 * @param {() => unknown} begin @param {Settle} settle
 * @param {number} index @param {number} generation
 */
export const whenCallSettles = (begin, settle, index, generation) => {
  let given;
  try {
    given = begin();
  } catch (thrown) {
    return settle(index, generation, false, thrown);
  }
  whenSettled(given, settle, index, generation);
};
