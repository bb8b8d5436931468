// @ts-check
// Connects a client with its object in the module. That object is lost when the module breaks (`instance.js`); it is
// then re-created on the next use, from the options as they were first read. Disposing the client frees it.

import { ownFailure } from "../errors/failure.js";
import { readOptions } from "../input/options.js";
import { generation, ready } from "../runtime/instance.js";
import { emitError } from "../runtime/observe.js";
import { follow } from "../runtime/telemetry.js";
import { InFlight } from "../state/in-flight.js";
import { ApiPromise } from "../state/promise.js";

/** @typedef {import("./client.js").Core} Core @typedef {import("./client.js").CoreClass} CoreClass @typedef {import("../input/options.js").Settings} Settings */

/** Reads the options. Only done here, because getters may return something else the second time. @param {unknown} options */
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

/** How many calls are being started from inside the arguments of another, and the limit: the module must not run out of stack. */
let nested = 0;
const DEEPEST = 16;

/**
 * A stream in flight. Made here because its closure, which lives as long as the stream is open, keeps all of its scope: a
 * stream that is not read any more could not be collected if its source were part of that.
 * @param {number} row @param {Settings} settings @param {(error: unknown) => void} lose
 */
const streaming = (row, settings, lose) => {
  const inFlight = new InFlight(row, settings, (error) => {
    inFlight.trace?.failed(error);
    lose(error);
  });
  return inFlight;
};

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

  /** The handle of a new client. @param {CoreClass} Core @param {unknown} options */
  static of(Core, options) {
    ready();
    const settings = read(options);
    return new CoreHandle(() => new Core(settings), settings);
  }

  /** The handle of the same client for a sub-account. Budget and rate limiters are shared, also after a fault. @param {string | null} id */
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
    this.#begin(row, undefined, promise, (core, inFlight) =>
      core.start(row, inFlight, inFlight.began, promise, [first, second], input, options),
    );
  }

  /** @param {number} row The operation that reads the call @param {number} follow The operation that follows it @param {ApiPromise} promise @param {unknown} id @param {unknown} options @param {unknown} until */
  wait(row, follow, promise, id, options, until) {
    this.#begin(row, "calls.wait", promise, (core, inFlight) =>
      core.wait(row, follow, inFlight, promise, [id], options, until),
    );
  }

  /** @param {string} name What users call it by @param {[method: string, one: unknown, other: unknown]} asked @param {ApiPromise} promise @param {unknown} options */
  effects(name, asked, promise, options) {
    this.#begin(undefined, name, promise, (core, inFlight) => core.effects(inFlight, asked, promise, options));
  }

  /** @param {number | undefined} row @param {string | undefined} name Where it is not the operation's @param {ApiPromise} promise @param {(core: Core, inFlight: InFlight) => void} begin */
  #begin(row, name, promise, begin) {
    nested += 1;
    try {
      if (nested > DEEPEST)
        throw ownFailure(
          row,
          "INVALID_ARGUMENT",
          "a getter or toJSON of the arguments calls the client, which calls it again",
        );
      // Before it counts as in flight: otherwise it would be rejected together with those of a broken instance.
      const core = this.#open(row);
      const inFlight = ApiPromise.begin(promise, row, this.settings);
      follow(this.settings, row, name, inFlight, () => begin(core, inFlight));
    } catch (error) {
      emitError(this.settings, error);
      ApiPromise.fail(promise, error);
    } finally {
      nested -= 1;
    }
  }

  /** @param {number} row @param {unknown} id @param {unknown} options @param {number} idle Milliseconds @param {(error: unknown) => void} lose */
  transcript(row, id, options, idle, lose) {
    const core = this.#open(row);
    /** @type {import("../results/transcript.js").Source | undefined} */
    let source;
    const inFlight = streaming(row, this.settings, lose);
    try {
      follow(this.settings, row, undefined, inFlight, () => {
        source = core.transcript(row, inFlight, [id], options, idle);
      });
      return /** @type {import("../results/transcript.js").Source} */ (source);
    } catch (error) {
      inFlight.trace?.failed(error);
      inFlight.settle();
      throw error;
    }
  }

  /** Calls and streams in flight continue. */
  dispose() {
    this.#disposed = true;
    if (this.#of === generation) this.#core?.free();
    this.#core = undefined;
  }
}
