// @ts-check
// The previous period beside the current one: which day or month is compared with which, and whether there is anything to compare.

/** @typedef {{ name: string, label: string, calls: number, texts: number }} Counts */

/**
 * What stands beside each row: the row as many days or months earlier as there are rows. Undefined if nothing happened then.
 * @template {Counts} T
 * @param {number} count Rows of the current period.
 * @param {readonly T[]} all Both periods, the oldest first; less where the account is younger.
 * @returns {(T | undefined)[] | undefined}
 */
export function previousOf(count, all) {
  const earlier = all.slice(0, Math.max(0, all.length - count));
  if (earlier.every(({ calls, texts }) => calls === 0 && texts === 0)) return undefined;
  // The last of them is the day before the first row, also where the first are missing.
  const missing = count - earlier.length;
  return Array.from({ length: count }, (_, index) => earlier[index - missing]);
}

/** From the first to the last of them, as in `Oct 2 – Oct 31`. @param {readonly (Counts | undefined)[]} rows */
export function spanText(rows) {
  const [first, last] = [rows.find((row) => row !== undefined), rows.at(-1)];
  if (first === undefined || last === undefined) return "";
  return first === last ? first.label : `${first.label} – ${last.label}`;
}

/**
 * What the chart draws: positions, the current calls and texts, and those of the previous period where there is one. It is
 * drawn first, under the columns.
 * @param {readonly Counts[]} rows @param {readonly (Counts | undefined)[] | undefined} previous
 * @returns {[number[], ...(number | null)[][]]}
 */
export function seriesOf(rows, previous) {
  const now = [rows.map(({ calls }) => calls), rows.map(({ texts }) => texts)];
  const at = rows.map((_, index) => index);
  if (previous === undefined) return [at, ...now];
  return [at, rows.map((_, i) => previous[i]?.calls ?? null), rows.map((_, i) => previous[i]?.texts ?? null), ...now];
}
