// @ts-check
// Changes entries of a ledger by compare-and-set, and creates their keys there. The keys are digests, because a key is stored in plain
// text and must not contain a phone number or a text.

import { AgentPhoneError } from "../errors/error.js";
import { fields } from "../errors/refuse.js";
import { sha256 } from "./sha256.js";

/** @typedef {import("../ledger/ledger.js").Ledger} Ledger */
/** @typedef {Pick<Ledger, "read" | "write">} Store */

/** Attempts before a contended write fails. */
const MOST_TRIES = 60;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64 for names, without padding. Not `btoa`, whose text would have to be searched three times. @param {Uint8Array} bytes */
const base64url = (bytes) => {
  let text = "";
  // Bits that are left of the bytes before, in front of a one that says how many.
  let left = 1;
  for (const byte of bytes) {
    left = (left << 8) | byte;
    let most = 31 - Math.clz32(left);
    for (; most >= 6; most -= 6) {
      text += LETTERS[(left >> (most - 6)) & 63];
      left = (left & ((1 << (most - 6)) - 1)) | (1 << (most - 6));
    }
  }
  const rest = 31 - Math.clz32(left);
  return rest === 0 ? text : text + LETTERS[((left & ((1 << rest) - 1)) << (6 - rest)) & 63];
};

/** Bytes of a name. */
const SIZE = 12;
/** Random bytes for many names: requesting them is the slowest part of a write. */
const pool = new Uint8Array(64 * SIZE);
let used = pool.length;

/** A unique text. */
export const random = () => {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += SIZE;
  return base64url(pool.subarray(used - SIZE, used));
};

/** The members of objects in a fixed order, regardless of the order in which they were written. @param {unknown} value @returns {unknown} */
const sorted = (value) => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return ["list", ...value.map(sorted)];
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return ["object", ...members.map(([name, member]) => [name, sorted(member)])];
};

const encoder = new TextEncoder();

/** A name for a JSON value: equal only for equal values. @param {unknown[]} parts */
export const digestOf = (...parts) => base64url(sha256(encoder.encode(JSON.stringify(parts.map(sorted)))));

/** Milliseconds for which entries are kept in memory, as in the client's own memory ledger. */
const RETENTION = 86_400_000;

/** A store that lives as long as the process, for clients without a ledger. Only this package writes to it, so it checks nothing. @returns {Store} */
export const memoryStore = () => {
  /** @type {Map<string, import("../ledger/ledger.js").LedgerEntry>} */
  const entries = new Map();
  return {
    read: async (keys) => keys.map((key) => entries.get(key)),
    write: async (changes) => {
      if (changes.some(({ key, was }) => (entries.get(key)?.stamp ?? null) !== was)) return false;
      for (const { key, entry } of changes) {
        // The latest are last.
        entries.delete(key);
        if (!entry) continue;
        entries.set(key, { key, ...entry });
        for (const [old, { at }] of entries) {
          if (at >= entry.at - RETENTION) break;
          entries.delete(old);
        }
      }
      return true;
    },
  };
};

const contended = () =>
  new AgentPhoneError({
    ...fields("LEDGER_UNAVAILABLE", "the ledger", "the entry was changed concurrently at each try"),
    retryable: true,
  });

/** The result of an edit. `values`: of all keys, in their order; without them, nothing is written. @template T @typedef {{ values?: unknown[], result: T }} Edited */

/**
 * Reads entries, calls `edit`, and writes what it returns, all or nothing. It starts over if another writer was faster. With `once`, a
 * write whose outcome is unknown is not repeated.
 * @template T @param {Store} store @param {string[]} keys @param {(values: any[]) => Edited<T> | Promise<Edited<T>>} edit
 * @param {{ once?: boolean, now: () => number }} options @returns {Promise<T>}
 */
export const change = async (store, keys, edit, { once = false, now }) => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (tries > 0) await pause(Math.random() * 2 ** Math.min(tries + 1, 8));
    const entries = await store.read(keys);
    const { values, result } = await edit(entries.map((entry) => entry?.value));
    if (!values) return result;
    const stamp = random();
    const changes = keys.map((key, at) => ({
      key,
      was: entries[at]?.stamp ?? null,
      entry: { stamp, open: false, at: now(), value: values[at] },
    }));
    try {
      if (await store.write(changes)) return result;
    } catch (error) {
      // The write may have succeeded anyway. All entries were written or none, so one is proof; others may have been changed since.
      const written = await store.read(keys);
      if (written.some((entry) => entry?.stamp === stamp)) return result;
      if (once) throw error;
    }
  }
  throw contended();
};
