// @ts-check
// Decides whether the input is an id, a number or words, and ranks the matches.

/** What address books put around numbers, and cannot be seen. */
const MARKS = /[\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** Around an id or a number that was copied out of JSON, a log or a link. */
const AROUND = /^(?:tel:|["'`\s])+|["'`,;\s]+$/gi;

/**
 * What was typed or pasted, without what it brought along from where it was copied.
 * @param {string} text
 */
export const cleaned = (text) =>
  text
    .replaceAll(MARKS, "")
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(AROUND, "");

/** The form of an id of the API: one long word with digits in it. */
const ID = /^(?=[^\s]*\d)[A-Za-z][\w-]{9,63}$/;
/** Digits with the separators that people write. */
const PHONE = /^\+?[\d\s().-]{7,24}$/;

/**
 * @param {string} typed
 * @returns {"id" | "phone" | "words" | "nothing"}
 */
export function meaningOf(typed) {
  const text = typed.trim();
  if (text === "") return "nothing";
  if (PHONE.test(text) && text.replaceAll(/\D/g, "").length >= 7) return "phone";
  return ID.test(text) ? "id" : "words";
}

/**
 * How well words match a text: 0 for not at all. The text must contain all of them; best if it starts with them.
 * @param {string} text @param {string} typed
 */
export function scoreOf(text, typed) {
  const [here, wanted] = [text.toLowerCase(), typed.trim().toLowerCase()];
  if (wanted === "") return 1;
  if (here === wanted) return 6;
  if (here.startsWith(wanted)) return 5;
  const words = wanted.split(/\s+/);
  if (!words.every((word) => here.includes(word))) return 0;
  const starts = words.every((word) => here.startsWith(word) || here.includes(` ${word}`));
  return (here.includes(wanted) ? 2 : 1) + (starts ? 2 : 0);
}

/**
 * The matches, best first; equal matches keep their order.
 * @template {{ name: string, also?: string | undefined }} T
 * @param {readonly T[]} items @param {string} typed @param {number} most
 * @returns {T[]}
 */
export function ranked(items, typed, most) {
  return items
    .map((item) => ({ item, score: Math.max(scoreOf(item.name, typed), scoreOf(item.also ?? "", typed) / 2) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ item }) => item);
}

/**
 * Puts the items of each group together; groups are in the order of their first item.
 * @template {{ group: string }} T
 * @param {readonly T[]} items
 * @returns {T[]}
 */
export function grouped(items) {
  const groups = [...new Set(items.map(({ group }) => group))];
  return groups.flatMap((group) => items.filter((item) => item.group === group));
}
