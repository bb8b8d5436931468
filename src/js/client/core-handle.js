// @ts-check
// What connects a client with its part of the module, which is gone when the module breaks (`instance.js`) or the
// client is disposed: it is made anew, from the options as they were read the first time, when it is next used.

import { ownFailure } from "../errors/failure.js";
import { readOptions } from "../input/options.js";
import { emitError, generation, ready } from "../runtime/instance.js";
import { InFlight } from "../state/in-flight.js";
import { ApiPromise } from "../state/promise.js";

/** @typedef {import("./client.js").Core} Core @typedef {import("./client.js").CoreClass} CoreClass @typedef {import("../input/options.js").Settings} Settings */

/** What `options` say. They are read here and nowhere else: getters may say something else the second time. @param {unknown} options */
const read = (options) => {
  try {
    return readOptions(options);
  } catch (problem) {
    throw ownFailure(
      undefined,
      "CONFIGURATION_ERROR",
      typeof problem === "string" ? problem : "the options cannot be read",
    );
  }
};

/** Calls that are made while the arguments of another are read, and how many of them there may be: each takes stack, which the module must not run out of. */
let nested = 0;
const DEEPEST = 16;

export class CoreHandle {
  /** @type {() => Core} */ #make;
  /** @type {Core | undefined} */ #core;
  /** The instance that `#core` belongs to. */
  #of = -1;
  #disposed = false;

  /** @param {() => Core} make @param {Settings} settings Whose hooks are called */
  constructor(make, settings) {
    this.#make = make;
    this.settings = settings;
    this.#fresh();
  }

  /** Of a new client. @param {CoreClass} Core @param {unknown} options */
  static of(Core, options) {
    ready();
    const settings = read(options);
    return new CoreHandle(() => new Core(settings), settings);
  }

  /** Of the same client for a sub-account: budget and rate limiters are shared, also after a fault. @param {string | null} id */
  withSubAccount(id) {
    this.#open();
    return new CoreHandle(() => this.#fresh().withSubAccount(id), this.settings);
  }

  /** @param {number} [row] @returns {Core} */
  #fresh(row) {
    ready(row);
    if (this.#core && this.#of === generation) return this.#core;
    this.#core = this.#make();
    this.#of = generation;
    return this.#core;
  }

  /** @param {number} [row] */
  #open(row) {
    if (this.#disposed) throw ownFailure(row, "CONFIGURATION_ERROR", "this client was disposed");
    return this.#fresh(row);
  }

  /** @param {number} row @param {ApiPromise} promise @param {unknown} first @param {unknown} second @param {unknown} input @param {unknown} options */
  start(row, promise, first, second, input, options) {
    this.#begin(row, promise, (core, inFlight) => core.start(row, inFlight, promise, [first, second], input, options));
  }

  /** @param {number} row Of what asks for the call @param {number} follow Of what follows it @param {ApiPromise} promise @param {unknown} id @param {unknown} options @param {unknown} until */
  wait(row, follow, promise, id, options, until) {
    this.#begin(row, promise, (core, inFlight) => core.wait(row, follow, inFlight, promise, [id], options, until));
  }

  /** @param {number} row @param {ApiPromise} promise @param {(core: Core, inFlight: InFlight) => void} begin */
  #begin(row, promise, begin) {
    nested += 1;
    try {
      if (nested > DEEPEST)
        throw ownFailure(
          row,
          "INVALID_ARGUMENT",
          "a getter or toJSON of the arguments calls the client, which calls it again",
        );
      // Before it counts as under way: what is given up with a broken instance is not this call.
      const core = this.#open(row);
      begin(core, ApiPromise.begin(promise, row, this.settings));
    } catch (error) {
      emitError(this.settings, row, 0, error);
      ApiPromise.fail(promise, error);
    } finally {
      nested -= 1;
    }
  }

  /** @param {number} row @param {unknown} id @param {unknown} options @param {number} idle Milliseconds @param {(error: unknown) => void} lose */
  transcript(row, id, options, idle, lose) {
    const core = this.#open(row);
    const inFlight = new InFlight(row, this.settings, lose);
    try {
      return core.transcript(row, inFlight, [id], options, idle);
    } catch (error) {
      inFlight.settle();
      throw error;
    }
  }

  /** Calls and streams under way go on. */
  dispose() {
    this.#disposed = true;
    if (this.#of === generation) this.#core?.free();
    this.#core = undefined;
  }
}
