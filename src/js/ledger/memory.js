// @ts-check
// The ledger that a client has by default: it lives as long as the process. Entries are frozen copies, so that it can
// return them as they are; a keyed call must cost next to nothing.

import { ageOf, changesOf, keysOf, optionsOf, pageOf } from "./check.js";
import { refuse } from "./errors.js";

/** @import { LedgerEntry } from "./ledger.js" */

/** Milliseconds that settled entries are kept: a process that runs for months must not keep every key it has ever used. */
const RETENTION = 86_400_000;

/** Whether an entry is behind a place in the order of `open`. @param {LedgerEntry} entry @param {{ at: number, key: string }} place */
const isAfter = (entry, { at, key }) => entry.at > at || (entry.at === at && entry.key > key);

/** The index of the first entry behind a place. @param {LedgerEntry[]} sorted @param {{ at: number, key: string }} place */
const behind = (sorted, place) => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(/** @type {LedgerEntry} */ (sorted[middle]), place)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** @type {typeof import("./adapters.js").memoryLedger} */
export const memoryLedger = (options = {}) => {
  const { retention = RETENTION } = optionsOf("memoryLedger", options, ["retention"]);
  if (typeof retention !== "number" || !(retention >= 0))
    refuse("memoryLedger", "option retention must be a number of milliseconds, 0 or more");
  /** @type {Map<string, LedgerEntry>} */
  const entries = new Map();
  /** @type {Map<string, LedgerEntry>} */
  const open = new Map();
  /** Open entries in their order, once somebody has asked for them: writing must stay cheap. @type {LedgerEntry[] | undefined} */
  let sorted;
  /** Keys of the others, in the order in which they were settled. @type {Set<string>} */
  const settled = new Set();
  let newest = Number.NEGATIVE_INFINITY;

  /** Takes an entry off the list that it is on. */
  const unlist = (/** @type {LedgerEntry} */ entry) => {
    if (entry.open) {
      open.delete(entry.key);
      sorted = undefined;
    } else settled.delete(entry.key);
  };
  const add = (/** @type {LedgerEntry} */ entry) => {
    entries.set(entry.key, entry);
    if (entry.open) {
      open.set(entry.key, entry);
      sorted = undefined;
    } else settled.add(entry.key);
    if (entry.at > newest) newest = entry.at;
  };
  /** Forgets settled entries from before a time; without `all` it stops at the first that is younger. @param {number} before @param {boolean} all */
  const forget = (before, all) => {
    let count = 0;
    for (const key of settled) {
      const entry = /** @type {LedgerEntry} */ (entries.get(key));
      if (entry.at < before) {
        unlist(entry);
        entries.delete(key);
        count += 1;
      } else if (!all) break;
    }
    return count;
  };

  /** @type {import("./ledger.js").Ledger} */
  const ledger = {
    read: async (keys) => keysOf(keys).map((key) => entries.get(key)),
    write: async (changes) => {
      const all = changesOf(changes);
      for (const { key, was } of all) if ((entries.get(key)?.stamp ?? null) !== was) return false;
      for (const { key, entry } of all) {
        const old = entries.get(key);
        if (old !== undefined) unlist(old);
        if (entry === null) entries.delete(key);
        else add(entry);
      }
      forget(newest - retention, false);
      return true;
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      sorted ??= [...open.values()].sort((a, b) => (isAfter(a, b) ? 1 : -1));
      const start = after === undefined ? 0 : behind(sorted, after);
      return sorted.slice(start, start + limit);
    },
    prune: async (age) => forget(ageOf(age), true),
  };
  return Object.freeze(ledger);
};
