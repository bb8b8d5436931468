// @ts-check
// Makes the client's object tree from the module's table of operations: `agents.numbers.attach`
// becomes `client.agents.numbers.attach(…)`. One function serves all operations of a form, so that an
// operation costs its row in the table and no code here or there.

import { ownFailure } from "./failure.js";
import { Link } from "./link.js";
import { attempt, copied } from "./options.js";
import { PagePromise } from "./pages.js";
import { ApiPromise, named } from "./promise.js";
import { Recording, recordingOptions } from "./recording.js";
import { operations } from "./table.js";
import { TranscriptStream, waiter } from "./transcript.js";

/** @typedef {{ new (options?: object): Core } & Record<string, any>} CoreClass */
/** @typedef {{ start(row: number, promise: object, first: unknown, second: unknown, input: unknown, options: unknown): void, transcript(row: number, id: unknown, options: object): import("./transcript.js").Source, withSubAccount(id: unknown): Core, free(): void }} Core */
/** The number of no operation: an error of `calls.wait` is of none. */
const NO_ROW = -1;

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
 * @param {Link} link @param {import("./table.js").Operation} operation
 */
const method = (link, { row, ids, takes, gives }) => {
  if (gives === "b") return recording(link, row);
  if (gives === "e") return stream(link, row);
  const run = gives === "p" ? list : start;
  switch (ids + (takes ? 0.5 : 0)) {
    case 0: return (/** @type {any} */ options) => run(link, row, undefined, undefined, undefined, options);
    case 0.5: return (/** @type {any} */ given, /** @type {any} */ options) => run(link, row, undefined, undefined, given, options);
    case 1: return (/** @type {any} */ id, /** @type {any} */ options) => run(link, row, id, undefined, undefined, options);
    case 1.5: return (/** @type {any} */ id, /** @type {any} */ given, /** @type {any} */ options) => run(link, row, id, undefined, given, options);
    default: return (/** @type {any} */ id, /** @type {any} */ other, /** @type {any} */ options) => run(link, row, id, other, undefined, options);
  }
};

/** @param {Link} link @param {number} row @param {any} first @param {any} second @param {any} input @param {any} options */
const start = (link, row, first, second, input, options) => {
  const promise = new ApiPromise();
  link.start(row, promise, first, second, input, options);
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

/** @param {Link} link @param {number} row @param {any} first @param {any} second @param {any} input @param {any} options */
const list = (link, row, first, second, input, options) => {
  const shared = copy(options);
  /** @param {any} query @param {any} own @returns {PagePromise} */
  const page = (query, own) => {
    const promise = new PagePromise({
      get signal() {
        return shared?.signal;
      },
      ask: (next, signal) => page({ ...query, ...next }, { ...shared, signal }),
      error: (code, note, cause) => ownFailure(row, code, note, cause),
    });
    link.start(row, promise, first, second, query, own);
    return promise;
  };
  return page(copy(input), shared);
};

/** @param {Link} link @param {number} row */
const recording = (link, row) => (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const fail = (/** @type {string} */ code, /** @type {string} */ note, /** @type {unknown} */ cause) => ownFailure(row, code, note, cause);
  let /** @type {ReturnType<typeof recordingOptions>} */ options;
  const promise = new ApiPromise(undefined, (opened) => new Recording(opened, options.request?.signal, fail, options.most));
  try {
    options = recordingOptions(given, fail);
    link.start(row, promise, id, undefined, undefined, options.request);
  } catch (error) {
    ApiPromise.fail(promise, error);
  }
  return promise;
};

/** @param {Link} link @param {number} row */
const stream = (link, row) => (/** @type {unknown} */ id, /** @type {any} */ given) => {
  const fail = (/** @type {string} */ code, /** @type {string} */ note, /** @type {unknown} */ cause) => ownFailure(row, code, note, cause);
  let /** @type {unknown} */ unreadable;
  let /** @type {any} */ own;
  try {
    own = copied(given, fail);
  } catch (error) {
    // Told when the stream is read, as all that is wrong with it.
    unreadable = error;
  }
  const { idleTimeout, ...options } = Object(own);
  const fits = idleTimeout === undefined || idleTimeout === null || (typeof idleTimeout === "number" && idleTimeout > 0);
  // What is no signal stays what it is, for the module to refuse.
  const listens = typeof attempt(() => options.signal?.addEventListener) === "function";
  const open = (/** @type {AbortSignal} */ signal, /** @type {(error: unknown) => void} */ lose) => {
    if (unreadable) throw unreadable;
    if (!fits) throw fail("INVALID_ARGUMENT", "idleTimeout must be more than 0 milliseconds (null for none)");
    const all = listens || (options.signal ?? undefined) === undefined ? { ...options, signal } : options;
    return link.transcript(row, id, all, signal, lose);
  };
  return new TranscriptStream(open, listens ? options.signal : undefined, fits ? idleTimeout : null);
};

/** @param {Link} link @param {Record<string, any>} branch */
const resource = (link, branch) => {
  const made = /** @type {Record<string, any>} */ ({});
  for (const [name, entry] of Object.entries(branch)) {
    if ("row" in entry) made[name] = method(link, entry);
    else lazy(made, name, () => resource(link, entry));
  }
  return made;
};

/** `calls.wait` is made of two operations. @param {string} name @param {any} made */
const withWait = (name, made) => {
  if (name === "calls") made.wait = waiter(made, (code, note, cause) => ownFailure(NO_ROW, code, note, cause));
  return made;
};

/** A property made when it is first read. @param {object} target @param {string} name @param {() => unknown} make */
const lazy = (target, name, make) => {
  /** @type {unknown} */
  let value;
  Object.defineProperty(target, name, { get: () => (value ??= make()), enumerable: true, configurable: true });
};

/** The class that users construct, over the module's own. @param {CoreClass} Core */
export const clientClass = (Core) => {
  /** @type {Record<string, any> | undefined} */
  let root;
  class AgentPhone {
    /** @type {Link} */ #link;

    /** @param {any} [options] */
    constructor(options) {
      const link = (this.#link = options instanceof Link ? options : Link.of(Core, options));
      const names = (root ??= tree());
      for (const name in names) lazy(this, name, () => withWait(name, resource(link, names[name])));
    }

    /** @param {string | null} id */
    withSubAccount(id) {
      return new AgentPhone(this.#link.withSubAccount(id));
    }

    dispose() {
      this.#link.dispose();
    }
  }
  // Not everywhere yet; without it there is `dispose`.
  if (Symbol.dispose) Object.defineProperty(AgentPhone.prototype, Symbol.dispose, { value: AgentPhone.prototype.dispose, configurable: true, writable: true });
  return named("AgentPhone", AgentPhone);
};
