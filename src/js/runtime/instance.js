// @ts-check
// What happens when the module breaks: it traps (a defect of ours, no memory, no stack). Its panics cannot be caught
// inside, and its memory is then in an unknown state. So every call into it goes through here: after a
// fault, everything in flight is settled, a fresh instance of the module replaces the broken one, and
// clients re-create their objects in it (`core-handle.js`). Nothing stays pending, and nothing is thrown at the host, which
// would end a process. `scripts/wrap-exports.mjs` puts this into wasm-bindgen's glue.

import { createFailure, verdictOf } from "../errors/failure.js";
import { now } from "../lib/clock.js";
import { attempt, quietly } from "../lib/fields.js";
import { allInFlight, Chain } from "../state/in-flight.js";
import { leaveAll } from "../state/signal.js";
import { operationOf } from "../state/table.js";
import { emitError } from "./observe.js";

/** The result of an export without a waiting caller that could not run. wasm-bindgen looks for an error inside. */
/** @type {never[]} */
const NOTHING = [];

/** Which instance runs: what belongs to an earlier one is dead. */
export let generation = 0;
/** Whether what runs now is what has broken. */
export const broken = () => fault !== undefined;
/** Instantiates the module again. @type {(() => void) | undefined} */
let renew;
/** What this instance has broken with. @type {{ cause: unknown } | undefined} */
let fault;
/** Steps into the module that have not come back: an instance is not replaced under its own feet. */
let depth = 0;

/** @param {number | undefined} row @param {unknown} cause @param {boolean} unknown @param {number} attempts @param {number} elapsed */
const internal = (row, cause, unknown, attempts, elapsed) =>
  createFailure(
    row,
    "INTERNAL_ERROR",
    "the WebAssembly module broke down; the next call gets a new one",
    verdictOf(unknown, !unknown, Number.NaN, attempts, elapsed),
    { cause },
  );

/** @param {import("../state/in-flight.js").InFlight} inFlight @param {unknown} cause */
const giveUp = (inFlight, cause) => {
  const { row, settings, attempts, began, controller } = inFlight;
  // That a request was refused, and another one waits to leave, only the module knew.
  const unknown = attempts > 0 && row !== undefined && operationOf(row)?.effect === true;
  const error = internal(row, cause, unknown, attempts, Math.floor(now() - began));
  inFlight.fail(error);
  inFlight.notify(() => {
    quietly(() => controller?.abort());
    emitError(settings, error);
  });
  allInFlight.remove(inFlight);
};

/** An instance is being replaced. */
let recovering = false;

/** All calls are settled before the instance is replaced: no event of a new instance would lead back to them. @param {unknown} cause */
const replace = (cause) => {
  for (const inFlight of allInFlight.all) giveUp(inFlight, cause);
  releaseAll();
  fault = undefined;
  try {
    renew?.();
    generation += 1;
  } catch (thrown) {
    fault = { cause: thrown };
  }
};

/**
 * Replaces a broken instance. Where that fails too, each later call tries again, once, and says so. It may run at the very end
 * of a caller's stack, and then anything in it may throw: each step is one that can be taken again.
 */
export const recover = () => {
  if (!fault || depth > 0 || recovering) return;
  recovering = true;
  try {
    replace(fault.cause);
  } catch {
    // The fault stays, so the next call tries again.
  }
  recovering = false;
};

/** When nothing of the broken instance is on the stack. Not `queueMicrotask`: clocks of tests replace it. */
const recoverSoon = () => {
  // Without a stack, the step that has called for this one, or the next event, asks once more.
  attempt(() => Promise.resolve().then(recover));
};

/**
 * A call into the module. `alone`: its result is not used, so that a fault is reported only to the calls in flight.
 * @param {(...args: any[]) => any} step @param {boolean} alone
 */
const wrap =
  (step, alone) =>
  (/** @type {any[]} */ ...args) => {
    if (!fault) {
      depth += 1;
      let [ran, given] = [false, undefined];
      try {
        given = step(...args);
        ran = true;
      } catch (thrown) {
        // No call before this: there may be no stack for one.
        fault ??= { cause: thrown };
      }
      depth -= 1;
      // A step inside of this one may have broken it, at the end of the stack, where nothing can be planned.
      if (ran && fault) recoverSoon();
      if (ran) return given;
    }
    recoverSoon();
    if (alone) return NOTHING;
    throw internal(undefined, fault?.cause, false, 0, 0);
  };

/**
 * The exports of an instance, each of them wrapped.
 * @param {Record<string, any>} exports @param {string} alone The names of those whose result is not used
 */
export const wrapExports = (exports, alone) => {
  const quiet = new Set(alone.split(" "));
  return Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      typeof value === "function" ? wrap(value, quiet.has(name)) : value,
    ]),
  );
};

/** Makes the first instance. @type {(() => void) | undefined} */
let first;

/** Postpones the first instance until it is needed, where the host lacks what it takes. @param {() => void} make */
export const postpone = (make) => {
  first = make;
};

/** The module is there; `again` instantiates it anew. @param {() => void} again */
export const begun = (again) => {
  renew = again;
};

/** Sees to it that there is an instance that works; throws where there is none. @param {number} [row] */
export const ready = (row) => {
  if (!renew) {
    let note = "the client has no module yet: call init() of agentphone-wasm/slim first";
    /** @type {any} */
    let cause;
    try {
      first?.();
    } catch (thrown) {
      cause = thrown;
      note = cause.message;
    }
    if (!renew)
      throw createFailure(undefined, "CONFIGURATION_ERROR", note, verdictOf(false, false, Number.NaN, 0, 0), { cause });
  }
  if (!fault) return;
  recover();
  if (fault) throw internal(row, fault.cause, false, 0, 0);
};

// The timers of the module, which must not outlive it: a timer holds a process. The glue calls these in the place of
// the host's.

const timers = new Chain();

/** @param {() => void} ring @param {number} ms */
export const setTimeout = (ring, ms) => {
  const timer = { timer: globalThis.setTimeout(ring, ms), on: false, before: undefined, after: undefined };
  timers.add(timer);
  return timer;
};

/** The module clears each of its timers, also one that has rung. @param {any} timer */
export const clearTimeout = (timer) => {
  timers.remove(timer);
  globalThis.clearTimeout(timer.timer);
};

/** Clears them all, and removes the listeners on callers' signals. */
const releaseAll = () => {
  leaveAll();
  for (const timer of timers.all) clearTimeout(timer);
};
