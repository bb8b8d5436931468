// @ts-check
// Makes the client's object tree from the module's table of operations: `agents.numbers.attach`
// becomes `client.agents.numbers.attach(…)`. One function serves all operations of a form, so that an
// operation costs its row in the table and no code here or there.

import { ownFailure } from "../errors/failure.js";
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
import { Link } from "./link.js";

/**
 * What src/client/mod.rs exports: a client's part of the module.
 * @typedef {object} Core
 * @property {(row: number, flight: import("../state/flights.js").Flight, promise: object, ids: unknown[], input: unknown, options: unknown) => void} start Settles the promise
 * @property {(row: number, flight: import("../state/flights.js").Flight, ids: unknown[], options: unknown, idle: number) => import("../results/transcript.js").Source} transcript
 * @property {(ask: number, follow: number, flight: import("../state/flights.js").Flight, promise: object, ids: unknown[], options: unknown, until: unknown) => void} wait Settles the promise
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
 * The function of an operation: ids, then the input if it takes one, then the options. Each is told to what it runs,
 * because a stack begins with whoever called it.
 * @param {Link} link @param {Operation} operation
 */
const method = (link, { row, id, ids, takes, shape, pages }) => {
  if (shape === "bytes") return recording(link, row);
  if (shape === "media") return media(link, row);
  if (id === "calls.get") return readCall(link, row);
  if (shape === "events") return stream(link, row);
  const run = pages !== "none" ? list : start;
  /** @type {(...given: unknown[]) => unknown} */
  const call =
    [
      (/** @type {unknown} */ options) => run(link, row, undefined, undefined, undefined, options, call),
      (/** @type {unknown} */ given, /** @type {unknown} */ options) =>
        run(link, row, undefined, undefined, given, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ options) =>
        run(link, row, id, undefined, undefined, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ given, /** @type {unknown} */ options) =>
        run(link, row, id, undefined, given, options, call),
      (/** @type {unknown} */ id, /** @type {unknown} */ other, /** @type {unknown} */ options) =>
        run(link, row, id, other, undefined, options, call),
    ][Math.min(2 * ids + (takes === "nothing" ? 0 : 1), 4)] ?? (() => {});
  return call;
};

/** @param {Link} link @param {number} row @param {unknown} first @param {unknown} second @param {unknown} input @param {unknown} options @param {Function} call */
const start = (link, row, first, second, input, options, call) => {
  const promise = new ApiPromise(undefined, undefined, callSite(call));
  link.start(row, promise, first, second, input, options);
  return promise;
};

/** `client.request`. @param {Link} link */
const requester = (link) =>
  function request(
    /** @type {unknown} */ method,
    /** @type {unknown} */ path,
    /** @type {unknown} */ given,
    /** @type {unknown} */ options,
  ) {
    const [row, asked] = askedOf(method, path, given);
    return start(link, row, path, undefined, asked, options, request);
  };

/** What is read once: what a caller changes later must not change the pages that follow. @template T @param {unknown} given @param {(given: unknown) => T} read */
const copied = (given, read) => (given === undefined || given === null ? given : once(() => read(given)));

/** @param {Link} link @param {number} row @param {unknown} first @param {unknown} second @param {unknown} input @param {unknown} options @param {Function} call */
const list = (link, row, first, second, input, options, call) => {
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
    link.start(row, promise, first, second, query, own);
    return promise;
  };
  return page(
    copied(input, (given) => snapshotOf(given, "the query")),
    shared,
  );
};

/**
 * `calls.get(id, options)` is older than the query of the operation: a second and last argument without `wait` is options.
 * @param {Link} link @param {number} row
 */
const readCall = (link, row) =>
  function get(/** @type {unknown[]} */ ...args) {
    const [id, given, options] = args;
    const asks = args.length > 2 || attempt(() => "wait" in /** @type {object} */ (given)) === true;
    return start(link, row, id, undefined, asks ? given : undefined, asks ? options : given, get);
  };

/** @param {Link} link @param {number} row */
const recording = (link, row) =>
  function get(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    return file(link, row, id, given, ["range", "maxBytes", "idleTimeout"], Recording, get);
  };

/** @param {Link} link @param {number} row */
const media = (link, row) =>
  function get(/** @type {unknown} */ id, /** @type {unknown} */ given) {
    return file(link, row, id, given, ["maxBytes", "idleTimeout"], Media, get);
  };

/** @param {Link} link @param {number} row @param {unknown} id @param {unknown} given @param {string[]} names @param {typeof Recording} File @param {Function} call */
const file = (link, row, id, given, names, File, call) => {
  const site = callSite(call);
  const fail = (/** @type {string} */ code, /** @type {string} */ note, /** @type {unknown} */ cause) =>
    traced(ownFailure(row, code, note, cause), site);
  const { taken, rest } = parted(given, names);
  /** @type {import("../results/recording.js").Limits | undefined} */
  let limits;
  const promise = new ApiPromise(undefined, (opened) => new File(opened, rest?.signal, fail, limits), site);
  try {
    limits = limitsOf(taken, fail);
    link.start(row, promise, id, undefined, undefined, withRange(rest, taken.range, fail));
  } catch (error) {
    ApiPromise.fail(promise, error);
  }
  return promise;
};

/** @param {Link} link @param {number} row */
const stream = (link, row) =>
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
      return link.transcript(row, id, options, idleTimeout === null ? Infinity : (idleTimeout ?? Number.NaN), lose);
    };
    return new TranscriptStream(open, options?.signal, site);
  };

/**
 * What a resource has above its own methods: a method of the official SDK's, which is another one here, says so when
 * it is called. In production it is absent, as any other.
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
        throw new TypeError(`client.${path}.${String(name)} is not a function: it is client.${ours} here`);
      };
    },
  });

/** @param {Link} link @param {Branch} branch @param {string} path */
const resource = (link, branch, path) => {
  const made = /** @type {Record<string, unknown>} */ (Object.create(hinting(path)));
  for (const [name, entry] of Object.entries(branch)) {
    if ("row" in entry) made[name] = method(link, /** @type {Operation} */ (entry));
    else {
      /** @type {unknown} */
      let value;
      lazy(made, name, () => (value ??= resource(link, entry, `${path}.${name}`)), true);
    }
  }
  return made;
};

/** `calls.wait` is made of several requests. @param {string} name @param {any} made @param {Link} link @param {Branch} branch */
const withWait = (name, made, link, branch) => {
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
    // The module asks for a function to call, so that one which throws is told by the promise.
    link.wait(
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
 * A property that is made when it is first read, and gives way to what a user puts in its place.
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

/** The class that users construct, over the module's own. @param {CoreClass} Core */
export const clientClass = (Core) => {
  /** @type {Branch | undefined} */
  let root;
  /** What the next object of a class is made of, in the place of its options. @type {{ of: unknown, link: Link } | undefined} */
  let adopted;
  // Its name is that of a property, because engines show the name in the source, which minifiers change.
  const { AgentPhone } = {
    AgentPhone: class {
      /** @type {Link} */ #link;
      #options;
      /** @type {Record<string, unknown>} */ #made = {};

      /** @param {unknown} [options] */
      constructor(options) {
        findable(this);
        const given = adopted?.of === new.target ? adopted : undefined;
        if (given) adopted = undefined;
        try {
          this.#link = given?.link ?? Link.of(Core, options);
        } catch (error) {
          throw traced(error, callSite(AgentPhone));
        }
        this.#options = options;
        if (root) return;
        root = tree();
        // Where a subclass can replace them.
        lazy(
          AgentPhone.prototype,
          "request",
          (client) => (#made in client ? (client.#made.request ??= requester(client.#link)) : undefined),
          false,
        );
        for (const [name, entry] of Object.entries(root)) {
          const branch = /** @type {Branch} */ (entry);
          /** @param {InstanceType<typeof AgentPhone>} client */
          const make = (client) =>
            #made in client
              ? (client.#made[name] ??= withWait(name, resource(client.#link, branch, name), client.#link, branch))
              : undefined;
          lazy(AgentPhone.prototype, name, make, false);
        }
      }

      /** @param {string | null} id */
      withSubAccount(id) {
        const Class = /** @type {typeof AgentPhone} */ (this.constructor);
        try {
          adopted = { of: Class, link: this.#link.withSubAccount(id) };
          return new Class(this.#options);
        } catch (error) {
          throw traced(error, callSite(this.withSubAccount));
        } finally {
          adopted = undefined;
        }
      }

      dispose() {
        this.#link.dispose();
      }
    },
  };
  throughProxies(AgentPhone);
  // Not everywhere yet; without it there is `dispose`.
  if (Symbol.dispose)
    Object.defineProperty(AgentPhone.prototype, Symbol.dispose, {
      value: AgentPhone.prototype.dispose,
      configurable: true,
      writable: true,
    });
  return named("AgentPhone", AgentPhone);
};
