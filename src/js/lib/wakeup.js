// @ts-check
// Wakes a waiter without running it: the reactions of a promise run in the async context in which they were attached
// (AsyncLocalStorage, zone.js), no matter who resolves it. Everything that one call does for another goes through here.

import { attempt } from "./fields.js";

/**
 * Returns a function that runs `go` when called: in a reaction of a promise created here, so in the async context of
 * the waiter, not of the caller.
 * @param {() => void} go @returns {() => void}
 */
export const wakeup = (go) => {
  /** @type {any} */
  let wake;
  new Promise((resolve) => (wake = resolve)).then(go);
  return wake;
};

/**
 * Returns a function that calls `run` in the async context of now as often as it is called, wherever that is. `run` is async:
 * it does not throw.
 * @template T @param {() => Promise<T>} run @returns {() => Promise<T>}
 */
export const rooted = (run) => {
  /** @type {(() => void)[]} */ const asked = [];
  /** @type {() => void} */ let wake;
  const serve = () => {
    // A reaction that is attached here is in the same context.
    wake = wakeup(serve);
    for (const one of asked.splice(0)) one();
  };
  serve();
  return () =>
    new Promise((resolve) => {
      asked.push(() => resolve(run()));
      wake();
    });
};

/**
 * The same as `wakeup`, calling `settle`.
 * @param {(index: number, generation: number, ok: boolean, value: unknown) => void} settle
 * @param {number} index @param {number} generation
 */
export const deferred = (settle, index, generation) => wakeup(() => settle(index, generation, true, undefined));

/** True on Cloudflare Workers: before the compatibility date of October 2024, a promise of one request that another request resolves never continues. */
export const keepsRequestsApart = () => attempt(() => navigator.userAgent === "Cloudflare-Workers") === true;
