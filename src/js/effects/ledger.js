// @ts-check
// Reads and writes the caller's ledger. Entries cross the boundary as JSON, one text at a time; what they mean is read and
// written in src/core/effects/record.rs. Each function returns a promise and throws nothing.

import { attempt, isArray } from "../lib/fields.js";

/** @import { Ledger, LedgerEntry, LedgerPage } from "../ledger/ledger.js" */

/** Open entries that are read at once. */
const PAGE = 200;

/** @template T @param {T} entries */
const checked = (entries) => {
  if (!isArray(entries)) throw entries;
  return entries;
};

/** @param {Ledger} ledger @param {string[]} keys @returns {Promise<(LedgerEntry | undefined)[]>} */
const read = async (ledger, keys) => checked(await ledger.read(keys));

/**
 * The intent of a key, its lane and the intent that holds it: each as its stamp and its value, or null. Empty if one of them is no
 * JSON. `lane`: its key; empty: only the intent is read; undefined: the lane is the one that the intent names.
 * @param {Ledger} ledger @param {string} own @param {string} [lane]
 */
export const readView = async (ledger, own, lane) => {
  const keys = [own];
  const place = lane ?? /** @type {any} */ ((await read(ledger, keys))[0]?.value)?.lane;
  if (place && typeof place === "string") keys.push(place);
  const entries = await read(ledger, keys);
  const holder = /** @type {any} */ (entries[1]?.value)?.holder;
  const others = typeof holder === "string" && holder !== own ? await read(ledger, [holder]) : [];
  return (
    attempt(() => JSON.stringify([...entries, ...others].map((entry) => entry && [entry.stamp, entry.value]))) ?? ""
  );
};

/** Writes all of these changes, which are JSON, or nothing. @param {Ledger} ledger @param {string} changes @returns {PromiseLike<boolean>} */
export const writeLedger = (ledger, changes) => {
  // Not `async`, which costs more than all the rest where it is compiled to generators.
  try {
    return ledger.write(JSON.parse(changes));
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
