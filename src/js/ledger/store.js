// @ts-check
// What the ledgers over a database share: values as text, a preparation that concurrent calls share, limits of time.

import { LedgerError, unavailable } from "./errors.js";

/** The format of what is stored. A change of it is another number, and a way from the old one to it. */
export const FORMAT = 1;

/** Calls `make` on first use, and again after it has failed; calls in between share one attempt. @template T @param {() => Promise<T>} make */
export const lazily = (make) => {
  /** @type {Promise<T> | undefined} */
  let made;
  const forget = () => void (made = undefined);
  const get = () => {
    if (made === undefined) {
      const current = make();
      made = current;
      current.catch(() => {
        if (made === current) forget();
      });
    }
    return made;
  };
  return { get, forget };
};

/**
 * Rejects where `work` takes longer than `ms`, after calling `onLate`. What was sent may still be carried out; before it sends, `work` asks
 * whether it is too late.
 * @template T @param {string} subject @param {number} ms @param {(isLate: () => boolean) => Promise<T>} work @param {() => void} onLate @returns {Promise<T>}
 */
export const within = (subject, ms, work, onLate) =>
  new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      onLate();
      reject(new LedgerError("LEDGER_UNAVAILABLE", `${subject}: no response within ${ms} ms`));
    }, ms);
    work(() => late).then(
      (result) => (clearTimeout(timer), resolve(result)),
      (/** @type {unknown} */ error) => (clearTimeout(timer), reject(unavailable(subject, error))),
    );
  });

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** An entry out of a row of a database. @param {any} row @returns {import("./ledger.js").LedgerEntry} */
export const entryOf = ({ key, stamp, open, at, value }) => ({
  key,
  stamp,
  // SQLite has no booleans, and its drivers return BigInts if configured to.
  open: open === true || Number(open) === 1,
  at: Number(at),
  value: JSON.parse(value),
});

/** Entries in the order of `keys`, undefined where there is none. @param {readonly string[]} keys @param {readonly any[]} rows */
export const inOrder = (keys, rows) => {
  const found = new Map(rows.map((row) => [row.key, row]));
  return keys.map((key) => {
    const row = found.get(key);
    return row === undefined ? undefined : entryOf(row);
  });
};
