// @ts-check
// Makes the client's object tree from the module's table of operations: `agents.numbers.attach`
// becomes `client.agents.numbers.attach(…)`. One function serves all operations of the same shape, so an
// operation costs a row in the table and no code.

import { ownFailure } from "../errors/failure.js";
import { withoutAddress } from "../errors/private.js";
import { askedOf } from "../input/any-path.js";
import { operationCalled } from "../input/hints.js";
import { environment } from "../input/options.js";
import { snapshotOf } from "../input/snapshot.js";
import { attempt, fieldsOf, OPTIONS, once, parted } from "../lib/fields.js";
import { findable, self, throughProxies } from "../lib/self.js";
import { callSite, traced } from "../lib/stack.js";
import { PagePromise } from "../results/pages.js";
import { limitsOf, Media, Recording, withRange } from "../results/recording.js";
import { TranscriptStream } from "../results/transcript.js";
import { ApiPromise, named } from "../state/promise.js";
import { ofTable } from "../state/table.js";
import { CoreHandle } from "./core-handle.js";
import { effectsOf, settler } from "./effects.js";

/**
 * What src/client/mod.rs exports: a client's part of the module.
 * @typedef {object} Core
 * @property {(row: number, inFlight: import("../state/in-flight.js").InFlight, began: number, promise: object, ids: unknown[], input: unknown, options: unknown) => void} start Settles the promise
 * @property {(row: number, inFlight: import("../state/in-flight.js").InFlight, ids: unknown[], options: unknown, idle: number) => import("../results/transcript.js").Source} transcript
 * @property {(ask: number, follow: number, inFlight: import("../state/in-flight.js").InFlight, promise: object, ids: unknown[], options: unknown, until: unknown) => void} wait Settles the promise
 * @property {(inFlight: import("../state/in-flight.js").InFlight, asked: [method: string, one: unknown, other: unknown], promise: object, options: unknown) => void} effects Settles the promise
 * @property {(id: unknown) => Core} withSubAccount
 * @property {() => void} free
 */
/** @typedef {new (options?: object) => Core} CoreClass */

/** Operations by their names, as a tree: `agents.numbers.attach`. @typedef {{ [name: string]: Operation | Branch }} Branch */
/** @typedef {import("../state/table.js").Operation} Operation */

/** The operations as a tree of names. */
const tree = () => {
  const root = /** @type {Branch} */ ({});
  for (const operation of ofTable()) {
    const names = operation.id.split(".");
    const last = names.pop() ?? "";
    let branch = root;
    for (const name of names) branch = /** @type {Branch} */ ((branch[name] ??= {}));
    branch[last] = operation;
  }
  return root;
};

/**
 * The function of an operation: ids, then the input if it accepts one, then the options. Each passes itself on,
 * because the stack trace of an error begins at its caller.
 * @param {CoreHandle} handle @param {Operation} operation
 */
const method = (handle, { row, id, ids, accepts, shape, pages }) => {
  if (shape === "bytes") return recording(handle, row);
  if (shape === "media") return media(handle, row);
  if (id === "calls.get") return readCall(handle, row);
  if (shape === "events") return stream(handle, row);
  const run = pages !== "none" ? list : start;
  /** @type {(...given: unknown[]) => unknown} */
  const call =
    [
      (/** @type {unknown} */ options) => run(handle, row, undefined, undefined, undefined, options, call),
      (/** @type {unknown} */ given, /** @type {unknown} */ options) =>
        run(handle, row, undefined, undefined, given, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ options) =>
        run(handle, row, id, undefined, undefined, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ given, /** @type {unknown} */ options) =>
        run(handle, row, id, undefined, given, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ other, /** @type {unknown} */ options) =>
        run(handle, row, id, other, undefined, options, call),
    ][Math.min(2 * ids + (accepts === "nothing" ? 0 : 1), 4)] ?? (() => {});
  return call;
};

/** @param {CoreHandle} handle @param {number} row @param {unknown} first @param {unknown} second @param {unknown} input @param {unknown} options @param {Function} call */
const start = (handle, row, first, second, input, options, call) => {
  const promise = new ApiPromise(undefined, undefined, callSite(call));
  handle.start(row, promise, first, second, input, options);
  return promise;
};

/** `client.request`. @param {CoreHandle} handle */
const requester = (handle) =>
  function request(
    /** @type {unknown} */ method,
    /** @type {unknown} */ path,
    /** @type {unknown} */ given,
    /** @type {unknown} */ options,
  ) {
    const [row, asked] = askedOf(method, path, given);
    return start(handle, row, path, undefined, asked, options, request);
  };

/** Reads an input once: a later change by the caller must not affect the pages that follow. @template T @param {unknown} given @param {(given: unknown) => T} read */
const copied = (given, read) => (given === undefined || given === null ? given : once(() => read(given)));

/** @param {CoreHandle} handle @param {number} row @param {unknown} first @param {unknown} second @param {unknown} input @param {unknown} options @param {Function} call */
const list = (handle, row, first, second, input, options, call) => {
  const site = callSite(call);
  const shared = copied(options, (given) => fieldsOf(given, "options", "option", OPTIONS));
  /** @param {any} query @param {any} own @returns {PagePromise} */
  const page = (query, own) => {
    const promise = new PagePromise({
      get signal() {
        return shared?.signal;
      },
      ask: (next, signal) => page({ ...query, ...next }, { ...shared, signal }),
      error: (code, note, cause) => traced(ownFailure(row, code, note, cause), site),
      site,
    });
    handle.start(row, promise, first, second, query, own);
    return promise;
  };
  return page(
    copied(input, (given) => snapshotOf(given, "the query")),
    shared,
  );
};

/**
 * `calls.get(id, options)` is older than the operation's query: a second and last argument without `wait` is the options.
 * @param {CoreHandle} handle @param {number} row
 */
const readCall = (handle, row) =>
  function get(/** @type {unknown[]} */ ...args) {
    const [id, given, options] = args;
    const asks = args.length > 2 || attempt(() => "wait" in /** @type {object} */ (given)) === true;
    return start(handle, row, id, undefined, asks ? given : undefined, asks ? options : given, get);
  };

/** @param {CoreHandle} handle @param {number} row */
const recording = (handle, row) =>
  function get(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    return file(handle, row, id, given, ["range", "maxBytes", "idleTimeout"], Recording, get);
  };

/** @param {CoreHandle} handle @param {number} row */
const media = (handle, row) =>
  function get(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    return file(handle, row, id, given, ["maxBytes", "idleTimeout"], Media, get);
  };

/** @param {CoreHandle} handle @param {number} row @param {unknown} id @param {unknown} given @param {string[]} names @param {typeof Recording} File @param {Function} call */
const file = (handle, row, id, given, names, File, call) => {
  const site = callSite(call);
  const fail = (/** @type {string} */ code, /** @type {string} */ note, /** @type {unknown} */ cause) =>
    traced(ownFailure(row, code, note, withoutAddress(cause, code, handle.settings)), site);
  const { taken, rest } = parted(given, names);
  /** @type {import("../results/recording.js").Limits | undefined} */
  let limits;
  const promise = new ApiPromise(undefined, (opened) => new File(opened, rest?.signal, fail, limits), site);
  try {
    limits = limitsOf(taken, fail);
    handle.start(row, promise, id, undefined, undefined, withRange(rest, taken.range, fail));
  } catch (error) {
    ApiPromise.fail(promise, error);
  }
  return promise;
};

/** @param {CoreHandle} handle @param {number} row */
const stream = (handle, row) =>
  function stream(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    const site = callSite(stream);
    const {
      taken: { idleTimeout },
      rest: options,
    } = parted(given, ["idleTimeout"]);
    const fits =
      idleTimeout === undefined || idleTimeout === null || (typeof idleTimeout === "number" && idleTimeout > 0);
    const open = (/** @type {(error: unknown) => void} */ lose) => {
      if (!fits)
        throw ownFailure(row, "INVALID_ARGUMENT", "idleTimeout must be more than 0 milliseconds (null for none)");
      return handle.transcript(row, id, options, idleTimeout === null ? Infinity : (idleTimeout ?? Number.NaN), lose);
    };
    return new TranscriptStream(open, options?.signal, site);
  };

/**
 * The prototype of a resource: a method that has another name in the official SDK says so when it is called. In
 * production it is undefined, like any other unknown name.
 * @param {string} path
 */
const hinting = (path) =>
  new Proxy(Object.prototype, {
    get: (parent, name, receiver) => {
      const theirs =
        typeof name === "string" &&
        /^[a-z]+[A-Z]/.test(name) &&
        !(name in parent) &&
        environment("NODE_ENV") !== "production";
      const ours = theirs ? operationCalled(path, name) : undefined;
      if (!ours) return Reflect.get(parent, name, receiver);
      return () => {
        throw new TypeError(`client.${path}.${String(name)} is not a function: use client.${ours}`);
      };
    },
  });

/** @param {CoreHandle} handle @param {Branch} branch @param {string} path */
const resource = (handle, branch, path) => {
  const made = /** @type {Record<string, unknown>} */ (Object.create(hinting(path)));
  for (const [name, entry] of Object.entries(branch)) {
    if ("row" in entry) made[name] = method(handle, /** @type {Operation} */ (entry));
    else {
      /** @type {unknown} */
      let value;
      lazy(made, name, () => (value ??= resource(handle, entry, `${path}.${name}`)), true);
    }
  }
  return made;
};

/** Adds `calls.wait`, which takes several requests. @param {string} name @param {any} made @param {CoreHandle} handle @param {Branch} branch */
const withWait = (name, made, handle, branch) => {
  if (name !== "calls") return made;
  const { get, transcript } = /** @type {{ get: Operation, transcript: { stream: Operation } }} */ (
    /** @type {unknown} */ (branch)
  );
  made.wait = function wait(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    const promise = new ApiPromise(undefined, undefined, callSite(wait));
    const {
      taken: { until },
      rest,
    } = parted(given, ["until"]);
    // The module calls a function that returns the condition's result, so that a throw rejects the promise.
    handle.wait(
      get.row,
      transcript.stream.row,
      promise,
      id,
      rest,
      typeof until === "function" ? (/** @type {unknown} */ call) => () => until(call) : until,
    );
    return promise;
  };
  return made;
};

/**
 * A property that is created when it is first read, and that users can overwrite.
 * @param {object} target @param {string} name @param {(owner: any) => unknown} make @param {boolean} enumerable
 */
const lazy = (target, name, make, enumerable) => {
  Object.defineProperty(target, name, {
    get() {
      return make(self(this));
    },
    set(value) {
      Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
    },
    enumerable,
    configurable: true,
  });
};

/** The tools for models find a client's ledger by this symbol, even if the client comes from another copy of the package. */
const LEDGER = Symbol.for("agentphone.ledger");

/** The class that users construct; it wraps the module's own. @param {CoreClass} Core */
export const clientClass = (Core) => {
  /** @type {Branch | undefined} */
  let root;
  /** What the next object of a class is made from instead of options. @type {{ of: unknown, handle: CoreHandle, account: string | null } | undefined} */
  let adopted;
  // Named by a property: engines show the name in the source, which minifiers change.
  const { AgentPhone } = {
    AgentPhone: class {
      /** @type {CoreHandle} */ #handle;
      #options;
      /** The sub-account, where it is not that of the options. @type {string | null | undefined} */ #account;
      /** @type {Record<string, unknown>} */ #made = {};

      /** @param {unknown} [options] */
      constructor(options) {
        findable(this);
        const given = adopted?.of === new.target ? adopted : undefined;
        if (given) adopted = undefined;
        try {
          this.#handle = given?.handle ?? CoreHandle.of(Core, options);
        } catch (error) {
          throw traced(error, callSite(AgentPhone));
        }
        this.#options = options;
        this.#account = given?.account;
        if (root) return;
        root = tree();
        // On the prototype, where a subclass can replace them.
        for (const [name, make] of Object.entries({ request: requester, effects: effectsOf, settle: settler }))
          lazy(
            AgentPhone.prototype,
            name,
            (client) => (#made in client ? (client.#made[name] ??= make(client.#handle)) : undefined),
            false,
          );
        for (const [name, entry] of Object.entries(root)) {
          const branch = /** @type {Branch} */ (entry);
          /** @param {InstanceType<typeof AgentPhone>} client */
          const make = (client) =>
            #made in client
              ? (client.#made[name] ??= withWait(name, resource(client.#handle, branch, name), client.#handle, branch))
              : undefined;
          lazy(AgentPhone.prototype, name, make, false);
        }
      }

      /** @param {string | null} id */
      withSubAccount(id) {
        const Class = /** @type {typeof AgentPhone} */ (this.constructor);
        try {
          adopted = { of: Class, handle: this.#handle.withSubAccount(id), account: id };
          return new Class(this.#options);
        } catch (error) {
          throw traced(error, callSite(this.withSubAccount));
        } finally {
          adopted = undefined;
        }
      }

      /** The ledger of the options, and what keeps the keys of this account apart from those of others in it. */
      get [LEDGER]() {
        // The address as it is used, however it was given: two programs may write it differently.
        const { baseUrl, subAccount } = this.#handle.settings;
        const { ledger } = /** @type {any} */ (Object(this.#options));
        return { ledger, scope: JSON.stringify([baseUrl, this.#account === undefined ? subAccount : this.#account]) };
      }

      dispose() {
        this.#handle.dispose();
      }
    },
  };
  throughProxies(AgentPhone);
  // Not available everywhere yet; `dispose` does the same.
  if (Symbol.dispose)
    Object.defineProperty(AgentPhone.prototype, Symbol.dispose, {
      value: AgentPhone.prototype.dispose,
      configurable: true,
      writable: true,
    });
  return named("AgentPhone", AgentPhone);
};
