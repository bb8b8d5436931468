// @ts-check
// What ledgers accept, the same for all of them: an entry that one store takes must not be refused or altered by another.

import { isArray, isObject, kind, put } from "../lib/fields.js";
import { refuse } from "./errors.js";

/** @import { LedgerChange, LedgerEntry } from "./ledger.js" */
/** A change as it is stored. @typedef {{ key: string, was: string | null, entry: LedgerEntry | null }} Change */

/** Characters of a key or a stamp. PostgreSQL's index takes 2 700 bytes, and a character has up to three. */
const LONGEST = 512;
/** Characters of a namespace. */
const LONGEST_NAMESPACE = 128;
/** PostgreSQL stores no U+0000, and half a pair of surrogates becomes another character on its way to any server. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;
/** Levels of a value: what refers to itself has no end. */
const DEEPEST = 100;

const ledger = "ledger";

/** @param {unknown} text @param {string} name @param {number} [longest] @returns {string} */
const storable = (text, name, longest = LONGEST) => {
  if (typeof text !== "string") refuse(ledger, `${name} must be a string, not ${kind(text)}`);
  if (text.length > longest) refuse(ledger, `${name} must have at most ${longest} characters`);
  if (UNSTORABLE.test(text)) refuse(ledger, `${name} must be well-formed Unicode without U+0000`);
  return text;
};

/** @param {unknown} text @param {string} name @returns {string} */
const named = (text, name) => {
  if (text === "") refuse(ledger, `${name} must not be empty`);
  return storable(text, name);
};

/** @param {unknown} at @param {string} name @returns {number} */
const time = (at, name) => {
  if (typeof at !== "number" || !Number.isFinite(at))
    refuse(ledger, `${name} must be a number of milliseconds since 1970`);
  return at;
};

/** A frozen copy of a JSON value: no caller who has one can change the entry. @param {unknown} value @param {number} [left] @returns {unknown} */
const copied = (value, left = DEEPEST) => {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (!isObject(value)) refuse(ledger, `value must be a JSON value, and contains ${kind(value)}`);
  if (left === 0) refuse(ledger, `value must not be nested more than ${DEEPEST} levels deep`);
  if (isArray(value)) return Object.freeze(/** @type {unknown[]} */ (value).map((item) => copied(item, left - 1)));
  const parent = Object.getPrototypeOf(value);
  if (parent !== null && Object.getPrototypeOf(parent) !== null)
    refuse(ledger, `value must be a JSON value, and contains ${kind(value)}`);
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const name of Object.keys(value)) {
    const member = /** @type {Record<string, unknown>} */ (value)[name];
    if (member !== undefined) put(copy, name, copied(member, left - 1));
  }
  return Object.freeze(copy);
};

/** @param {unknown} keys @returns {string[]} */
export const keysOf = (keys) => {
  if (!isArray(keys)) refuse(ledger, `keys must be an array, not ${kind(keys)}`);
  return /** @type {unknown[]} */ (keys).map((key) => named(key, "key"));
};

/** @param {LedgerChange} change @returns {Change} */
const changeOf = (change) => {
  if (!isObject(change)) refuse(ledger, `a change must be an object, not ${kind(change)}`);
  const { key, was, entry } = change;
  named(key, "key");
  if (was !== null) named(was, "was");
  if (entry === null) return { key, was, entry };
  if (!isObject(entry)) refuse(ledger, `entry must be an object or null, not ${kind(entry)}`);
  const { stamp, open, at, value } = entry;
  named(stamp, "stamp");
  if (typeof open !== "boolean") refuse(ledger, `open must be a boolean, not ${kind(open)}`);
  time(at, "at");
  return { key, was, entry: Object.freeze({ key, stamp, open, at, value: copied(value) }) };
};

/** @param {readonly LedgerChange[]} changes */
export const changesOf = (changes) => {
  if (!isArray(changes)) refuse(ledger, `changes must be an array, not ${kind(changes)}`);
  const all = changes.map(changeOf);
  if (all.length > 1 && new Set(all.map(({ key }) => key)).size < all.length)
    refuse(ledger, "changes must not name a key twice");
  return all;
};

/** @param {{ limit: number, after?: { at: number, key: string } | undefined }} options */
export const pageOf = (options) => {
  if (!isObject(options)) refuse(ledger, `open needs options, not ${kind(options)}`);
  const { limit, after } = options;
  if (!Number.isSafeInteger(limit) || limit < 1) refuse(ledger, "limit must be a whole number of entries, 1 or more");
  if (after === undefined) return { limit, after };
  if (!isObject(after)) refuse(ledger, `after must be an object, not ${kind(after)}`);
  return { limit, after: { at: time(after.at, "after.at"), key: storable(after.key, "after.key") } };
};

/**
 * Milliseconds for which the client needs settled entries: for that long it remembers which objects belong to earlier keys; a forgotten
 * object could be mistaken for another key's.
 */
export const NEEDED = 86_400_000;

/** @param {{ olderThan: Date | number }} options */
export const ageOf = (options) => {
  if (!isObject(options)) refuse(ledger, `prune needs options, not ${kind(options)}`);
  const { olderThan } = options;
  const before = time(isObject(olderThan) ? Number(olderThan) : olderThan, "olderThan");
  const now = Date.now();
  if (before > now - NEEDED && before <= now)
    refuse(ledger, "olderThan must be at least a day ago, or in the future, which deletes everything that is settled");
  return before;
};

/** The options of an adapter: each is one of `names`. @param {string} subject @param {any} options @param {string[]} names @returns {Record<string, any>} */
export const optionsOf = (subject, options, names) => {
  if (!isObject(options)) refuse(subject, `the options must be an object, not ${kind(options)}`);
  if (Object.keys(options).some((name) => !names.includes(name)))
    refuse(subject, `there is no such option; there are ${names.join(", ")}`);
  return /** @type {Record<string, any>} */ (options);
};

/** @param {unknown} namespace @returns {string} */
export const namespaceOf = (namespace = "") => storable(namespace, "namespace", LONGEST_NAMESPACE);

/** @param {string} subject @param {unknown} timeout */
export const timeoutOf = (subject, timeout = 10_000) => {
  if (typeof timeout !== "number" || !(timeout > 0 && timeout < 2 ** 31))
    refuse(subject, "option timeout must be a number of milliseconds greater than 0");
  return timeout;
};

/** Whether the store's own settings are checked. @param {string} subject @param {unknown} durability */
export const isStrict = (subject, durability = "strict") => {
  if (durability !== "strict" && durability !== "relaxed")
    refuse(subject, 'option durability must be "strict" or "relaxed"');
  return durability === "strict";
};
