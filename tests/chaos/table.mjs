// The table of a run of chaos: a column a store, and one of the official SDK.

/** @typedef {Awaited<ReturnType<typeof import("./run.mjs").chaos>>} Outcome */

/** @type {[title: string, of: (figures: Outcome["figures"], result: Outcome["result"]) => string | number][]} */
const ROWS = [
  ["keys", (_, { keys }) => keys],
  ["calls placed", (_, { calls }) => calls],
  ["… more than one for a key", (_, { duplicates }) => duplicates],
  ["keys settled without a person", (_, { settled }) => settled],
  ["… with the id of another call", (_, { wrong }) => wrong],
  ["keys in `pending()`", (_, { pending }) => pending],
  ["keys that were never used up", (_, { never }) => never],
  ["in `pending()` before the caller's word to send again", ({ heldBack }) => heldBack],
  ["workers killed", ({ killed }) => killed],
  ["restarts of the database", ({ restarted }) => restarted],
  ["seconds", ({ seconds }) => Math.round(seconds)],
];

/** @param {{ title: string, figures: Outcome["figures"], result: Outcome["result"] }[]} columns @param {number} seed */
export const tableOf = (columns, seed) => ({
  title: `Chaos, seed ${seed}`,
  head: ["", ...columns.map(({ title }) => title)],
  rows: ROWS.map(([title, of]) => [title, ...columns.map(({ figures, result }) => of(figures, result))]),
});
