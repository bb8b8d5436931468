// @ts-check
// Sorts rows by a column: numbers by size, texts by locale, absent values always last.

/** @typedef {string | number | null | undefined} Value */

const texts = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Value} read
 * @param {boolean} down The greatest first.
 * @returns {T[]}
 */
export function sorted(items, read, down) {
  const sign = down ? -1 : 1;
  return items
    .map((item) => ({ item, value: read(item) }))
    .sort(({ value: one }, { value: other }) => {
      const absent = Number(isAbsent(one)) - Number(isAbsent(other));
      if (absent !== 0 || isAbsent(one)) return absent;
      return sign * compared(one, other);
    })
    .map(({ item }) => item);
}

/** @param {Value} value */
const isAbsent = (value) => value === null || value === undefined || value === "" || Number.isNaN(value);

/** @param {Value} one @param {Value} other */
const compared = (one, other) =>
  typeof one === "number" && typeof other === "number" ? one - other : texts.compare(String(one), String(other));

/** `Length`, or with the greatest first `-Length`, as it is in the address. @param {string} text */
export const readSort = (text) =>
  text.startsWith("-") ? { by: text.slice(1), down: true } : { by: text, down: false };

/** The next order of a column: greatest first, smallest first, the list's own. @param {string} now @param {string} title */
export function nextSort(now, title) {
  const { by, down } = readSort(now);
  if (by !== title) return `-${title}`;
  return down ? title : "";
}
