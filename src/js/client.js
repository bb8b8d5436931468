// @ts-check
// Makes the client's object tree from the module's table of operations: `agents.numbers.attach`
// becomes `client.agents.numbers.attach(…)`. One function serves all operations of a form, so that an
// operation costs its row in the table and no code here or there.

import { PagePromise } from "./pages.js";
import { ApiPromise, named } from "./promise.js";
import { Recording, withRange } from "./recording.js";
import { operations, readTable } from "./table.js";
import { TranscriptStream, waiter } from "./transcript.js";

/** @typedef {{ new (options?: object): Core } & Record<string, any>} CoreClass */
/** @typedef {{ start(row: number, promise: object, first: unknown, second: unknown, input: unknown, options: unknown): void, error(row: number, code: string, note: string, cause?: unknown): unknown, transcript(row: number, id: unknown, options: object): import("./transcript.js").Source, withSubAccount(id: unknown): Core }} Core */
/** The number of no operation: an error of `calls.wait` is of none. */
const NO_ROW = 2 ** 32 - 1;

/** The operations as a tree of names. */
const tree = () => {
  const root = /** @type {Record<string, any>} */ ({});
  for (const operation of operations) {
    const names = operation.id.split(".");
    const last = names.pop() ?? "";
    let branch = root;
    for (const name of names) branch = branch[name] ??= {};
    branch[last] = operation;
  }
  return root;
};

/**
 * The function of an operation: ids, then the input if it takes one, then the options.
 * @param {Core} core @param {import("./table.js").Operation} operation
 */
const method = (core, { row, ids, takes, gives }) => {
  if (gives === "b") return recording(core, row);
  if (gives === "e") return stream(core, row);
  const run = gives === "p" ? list : start;
  switch (ids + (takes ? 0.5 : 0)) {
    case 0: return (/** @type {any} */ options) => run(core, row, undefined, undefined, undefined, options);
    case 0.5: return (/** @type {any} */ given, /** @type {any} */ options) => run(core, row, undefined, undefined, given, options);
    case 1: return (/** @type {any} */ id, /** @type {any} */ options) => run(core, row, id, undefined, undefined, options);
    case 1.5: return (/** @type {any} */ id, /** @type {any} */ given, /** @type {any} */ options) => run(core, row, id, undefined, given, options);
    default: return (/** @type {any} */ id, /** @type {any} */ other, /** @type {any} */ options) => run(core, row, id, other, undefined, options);
  }
};

/** @param {Core} core @param {number} row @param {any} first @param {any} second @param {any} input @param {any} options */
const start = (core, row, first, second, input, options) => {
  const promise = new ApiPromise();
  core.start(row, promise, first, second, input, options);
  return promise;
};

/** A copy: what a caller changes later must not change the pages that follow. @param {any} given */
const copy = (given) => {
  try {
    return typeof given === "object" && given && !Array.isArray(given) ? { ...given } : given;
  } catch {
    // A getter that throws: the module tells of it.
    return given;
  }
};

/** @param {Core} core @param {number} row @param {any} first @param {any} second @param {any} input @param {any} options */
const list = (core, row, first, second, input, options) => {
  const shared = copy(options);
  /** @param {any} query @param {any} own @returns {PagePromise} */
  const page = (query, own) => {
    const promise = new PagePromise({
      get signal() {
        return shared?.signal;
      },
      ask: (next, signal) => page({ ...query, ...next }, { ...shared, signal }),
      error: (code, note, cause) => core.error(row, code, note, cause),
    });
    core.start(row, promise, first, second, query, own);
    return promise;
  };
  return page(copy(input), shared);
};

/** @param {Core} core @param {number} row */
const recording = (core, row) => (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const fail = (/** @type {string} */ code, /** @type {string} */ note, /** @type {unknown} */ cause) => core.error(row, code, note, cause);
  const promise = new ApiPromise(undefined, (opened) => new Recording(opened, given?.signal, fail));
  try {
    core.start(row, promise, id, undefined, undefined, withRange(given, fail));
  } catch (error) {
    ApiPromise.fail(promise, error);
  }
  return promise;
};

/** @param {Core} core @param {number} row */
const stream = (core, row) => (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const { idleTimeout, ...options } = Object(given);
  const fits = idleTimeout === undefined || idleTimeout === null || (typeof idleTimeout === "number" && idleTimeout > 0);
  // What is no signal stays what it is, for the module to refuse.
  const listens = typeof options.signal?.addEventListener === "function";
  const open = (/** @type {AbortSignal} */ signal) => {
    if (!fits) throw core.error(row, "INVALID_ARGUMENT", "idleTimeout must be more than 0 milliseconds (null for none)");
    const own = listens || (options.signal ?? undefined) === undefined ? { ...options, signal } : options;
    return core.transcript(row, id, own);
  };
  return new TranscriptStream(open, listens ? options.signal : undefined, fits ? idleTimeout : null);
};

/** @param {Core} core @param {Record<string, any>} branch */
const resource = (core, branch) => {
  const made = /** @type {Record<string, any>} */ ({});
  for (const [name, entry] of Object.entries(branch)) {
    if ("row" in entry) made[name] = method(core, entry);
    else lazy(made, name, () => resource(core, entry));
  }
  return made;
};

/** `calls.wait` is made of two operations. @param {Core} core @param {string} name @param {any} made */
const withWait = (core, name, made) => {
  if (name === "calls") made.wait = waiter(made, (code, note) => core.error(NO_ROW, code, note));
  return made;
};

/** A property made when it is first read. @param {object} target @param {string} name @param {() => unknown} make */
const lazy = (target, name, make) => {
  /** @type {unknown} */
  let value;
  Object.defineProperty(target, name, { get: () => (value ??= make()), enumerable: true, configurable: true });
};

/**
 * The class that users construct, over the module's own.
 * @param {CoreClass} Core @param {string} table
 */
export const clientClass = (Core, table) => {
  readTable(table);
  const root = tree();
  class AgentPhone {
    /** @type {Core} */ #core;

    /** @param {any} [options] */
    constructor(options) {
      const core = options instanceof Core ? options : new Core(options);
      this.#core = core;
      for (const name in root) lazy(this, name, () => withWait(core, name, resource(core, root[name])));
    }

    /** @param {string | null} id */
    withSubAccount(id) {
      return new AgentPhone(this.#core.withSubAccount(id));
    }
  }
  return named("AgentPhone", AgentPhone);
};
