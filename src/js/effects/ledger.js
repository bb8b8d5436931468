// @ts-check
// Reads and writes the caller's ledger. Entries cross the boundary as JSON, one text at a time; what they mean is read and
// written in src/core/effects/record.rs. Each function returns what is awaited and throws nothing.

import { textsOf } from "../ledger/memory.js";
import { attempt, isArray } from "../lib/fields.js";

/** @import { Ledger, LedgerEntry, LedgerPage } from "../ledger/ledger.js" */

/** Open entries that are read at once. */
const PAGE = 200;

/** @template T @param {T} entries */
const checked = (entries) => {
  if (!isArray(entries)) throw entries;
  return entries;
};

/** An entry as its stamp and its value, or null. @param {{ stamp: string, text: string } | undefined} entry */
const shown = (entry) => (entry ? `[${JSON.stringify(entry.stamp)},${entry.text}]` : "null");

/**
 * The entries of an intent and, perhaps, of its lane: each as its stamp and its value, or null. Empty if one of them is not JSON.
 * @param {Ledger} ledger @param {string} own @param {string} [lane] @returns {string | Promise<string>}
 */
export const readEntries = (ledger, own, lane) => {
  const keys = lane === undefined ? [own] : [own, lane];
  const texts = textsOf(ledger);
  return texts ? `[${texts.read(keys).map(shown)}]` : readOthers(ledger, keys);
};

/** @param {Ledger} ledger @param {string[]} keys */
const readOthers = async (ledger, keys) => {
  const entries = checked(await ledger.read(keys));
  return attempt(() => JSON.stringify(entries.map((entry) => entry && [entry.stamp, entry.value]))) ?? "";
};

/**
 * Writes all of these changes, which are JSON, or nothing.
 * @param {Ledger} ledger @param {string} changes @param {string} values JSON too: that of each entry, a line each
 * @returns {boolean | PromiseLike<boolean>}
 */
export const writeLedger = (ledger, changes, values) => {
  // Not `async`, which costs more than all the rest where it is compiled to generators.
  try {
    const all = JSON.parse(changes);
    const lines = values.split("\n");
    const texts = textsOf(ledger);
    let next = 0;
    for (const { entry } of all)
      if (entry) {
        const text = /** @type {string} */ (lines[next++]);
        if (texts) entry.text = text;
        else entry.value = JSON.parse(text);
      }
    return (texts ?? ledger).write(all);
  } catch (error) {
    return Promise.reject(error);
  }
};

/**
 * Open entries behind a place, oldest first: a page or all of them. First the place behind which there may be more; then each as
 * JSON of its key and its value, empty if it is none.
 * @param {Ledger} ledger @param {LedgerPage["after"]} after @param {boolean} isAll
 */
export const readOpen = async (ledger, after, isAll) => {
  const found = [];
  let place = after;
  do {
    const page = place === undefined ? { limit: PAGE } : { limit: PAGE, after: place };
    const entries = /** @type {LedgerEntry[]} */ (checked(await ledger.open(page)));
    for (const entry of entries) found.push(attempt(() => JSON.stringify([entry.key, entry.value])) ?? "");
    const last = entries.length < PAGE ? undefined : entries.at(-1);
    place = last && { at: last.at, key: last.key };
  } while (isAll && place !== undefined);
  return [place, ...found];
};
