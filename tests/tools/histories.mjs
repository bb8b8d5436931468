// Concurrent histories that can be repeated: machines share a store, and a seed decides whose step is next, which answers of the store
// are lost, and how the clock moves. Nothing waits for real time, so that thousands of histories take seconds.

import { memoryLedger } from "agentphone-wasm/ledger";

/** @import { Foreign } from "../support/foreign.js" */
/** @typedef {import("agentphone-wasm/ledger").Ledger} Ledger */

/** Numbers from 0 to 1, the same for each run with this seed (mulberry32). @param {number} seed */
export const randomOf = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The end of all microtasks. */
const quiet = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A world of machines. `mocked` makes the pauses of the code under test steps as well.
 * @param {number} seed
 */
export const worldOf = (seed) => {
  const random = randomOf(seed);
  /** An integer below `most`. @param {number} most */
  const below = (most) => Math.floor(random() * most);
  /** @type {(() => void)[]} */
  const waiting = [];
  /** A step that happens when its turn comes. @template T @param {() => T | Promise<T>} [act] @returns {Promise<T>} */
  const step = (act = () => /** @type {Foreign} */ (undefined)) =>
    new Promise((resolve, reject) => waiting.push(() => void Promise.resolve().then(act).then(resolve, reject)));
  // As long as the longest gap between calls, which the default of a day is not.
  const ledger = memoryLedger({ retention: 40 * 86_400_000 });

  return {
    random,
    below,
    ledger,
    /** @template T @param {readonly T[]} list @returns {T} */
    oneOf: (list) => /** @type {T} */ (list[below(list.length)]),
    /** Replaces timers and randomness while `work` runs. Not by `node:test`'s mocks, which keep a stack of each call. @template T @param {() => Promise<T>} work */
    mocked: async (work) => {
      const { random: oldRandom } = Math;
      const { setTimeout: oldTimeout } = globalThis;
      Math.random = random;
      globalThis.setTimeout = /** @type {Foreign} */ ((/** @type {() => void} */ run) => void waiting.push(run));
      try {
        return await work();
      } finally {
        Math.random = oldRandom;
        globalThis.setTimeout = oldTimeout;
      }
    },
    /**
     * The store as one machine has it: a request and its answer are steps of their own, and either may be lost.
     * @param {number} lost How often, from 0 to 1
     * @returns {Ledger}
     */
    machine: (lost) => {
      const sent = async (/** @type {() => Promise<Foreign>} */ act) => {
        await step();
        if (random() < lost) throw new Error("the request was lost");
        const answer = await act();
        await step();
        if (random() < lost) throw new Error("the answer was lost");
        return answer;
      };
      return {
        ...ledger,
        read: (keys) => sent(() => ledger.read(keys)),
        write: (changes) => sent(() => ledger.write(changes)),
      };
    },
    /** Runs steps, in an order that the seed decides, until all of this is done. `between`: called before each step. @param {Promise<unknown>[]} all @param {() => void} [between] */
    run: async (all, between = () => {}) => {
      let isOver = false;
      const end = Promise.allSettled(all).then((outcomes) => {
        isOver = true;
        return outcomes;
      });
      while (!isOver) {
        await quiet();
        if (waiting.length === 0) continue;
        between();
        const [next] = waiting.splice(below(waiting.length), 1);
        next?.();
      }
      for (const outcome of await end) if (outcome.status === "rejected") throw outcome.reason;
    },
  };
};
