// @ts-check
// The ledger that a client has by default: it lives as long as the process. It keeps values as JSON, so that no caller that has
// read or written one can change it. The client reads and writes the JSON itself, because a keyed call must cost next to nothing.

import { ageOf, changesOf, keysOf, NEEDED, optionsOf, pageOf } from "./check.js";
import { refuse } from "./errors.js";

/** @import { Ledger, LedgerEntry } from "./ledger.js" */
/** An entry as it is kept. @typedef {{ key: string, stamp: string, open: boolean, at: number, text: string }} Kept */
/** A change whose key and entry are known to be right. @typedef {{ key: string, was: string | null, entry: Omit<Kept, "key"> | null }} KeptChange */
/** A ledger whose values are JSON texts. @typedef {{ read: (keys: string[]) => (Kept | undefined)[], write: (changes: KeptChange[]) => boolean }} Texts */

/** Not on the ledgers, because an object that extends one must be asked itself. @type {WeakMap<Ledger, Texts>} */
const texts = new WeakMap();

/** For the client alone, whose keys and changes need no check. @param {Ledger} ledger */
export const textsOf = (ledger) => texts.get(ledger);

/** @param {Kept} entry @returns {LedgerEntry} */
const entryOf = ({ key, stamp, open, at, text }) => ({ key, stamp, open, at, value: JSON.parse(text) });

/** Whether an entry is behind a place in the order of `open`. @param {Kept} entry @param {{ at: number, key: string }} place */
const isAfter = (entry, { at, key }) => entry.at > at || (entry.at === at && entry.key > key);

/** The index of the first entry behind a place. @param {Kept[]} sorted @param {{ at: number, key: string }} place */
const behind = (sorted, place) => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(/** @type {Kept} */ (sorted[middle]), place)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** @type {typeof import("./adapters.js").memoryLedger} */
export const memoryLedger = (options = {}) => {
  // A process that runs for months must not keep every key that it has ever used.
  const { retention = NEEDED } = optionsOf("memoryLedger", options, ["retention"]);
  if (typeof retention !== "number" || !(retention >= NEEDED))
    refuse("memoryLedger", `option retention must be a number of milliseconds, ${NEEDED} (a day) or more`);
  /** @type {Map<string, Kept>} */
  const entries = new Map();
  /** @type {Map<string, Kept>} */
  const open = new Map();
  /** Open entries in their order, once they have been requested: writing must stay cheap. @type {Kept[] | undefined} */
  let sorted;
  /** Keys of the others, in the order in which they were settled. @type {Set<string>} */
  const settled = new Set();
  let newest = Number.NEGATIVE_INFINITY;

  /** Takes an entry off the list that it is on. */
  const unlist = (/** @type {Kept} */ entry) => {
    if (entry.open) {
      open.delete(entry.key);
      sorted = undefined;
    } else settled.delete(entry.key);
  };
  const add = (/** @type {Kept} */ entry) => {
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
      const entry = /** @type {Kept} */ (entries.get(key));
      if (entry.at < before) {
        unlist(entry);
        entries.delete(key);
        count += 1;
      } else if (!all) break;
    }
    return count;
  };

  /** @param {KeptChange[]} changes */
  const write = (changes) => {
    for (const { key, was } of changes) if ((entries.get(key)?.stamp ?? null) !== was) return false;
    for (const { key, entry } of changes) {
      const old = entries.get(key);
      if (old !== undefined) unlist(old);
      if (entry === null) entries.delete(key);
      else add({ key, stamp: entry.stamp, open: entry.open, at: entry.at, text: entry.text });
    }
    forget(newest - retention, false);
    return true;
  };
  const read = (/** @type {string[]} */ keys) => keys.map((key) => entries.get(key));

  /** @type {Ledger} */
  const ledger = {
    read: async (keys) => read(keysOf(keys)).map((entry) => entry && entryOf(entry)),
    write: async (changes) => {
      const kept = changesOf(changes).map(({ key, was, entry }) => ({
        key,
        was,
        entry: entry && { ...entry, text: JSON.stringify(entry.value) },
      }));
      return write(kept);
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      sorted ??= [...open.values()].sort((a, b) => (isAfter(a, b) ? 1 : -1));
      const start = after === undefined ? 0 : behind(sorted, after);
      return sorted.slice(start, start + limit).map(entryOf);
    },
    prune: async (age) => forget(ageOf(age), true),
  };
  texts.set(ledger, { read, write });
  return Object.freeze(ledger);
};
