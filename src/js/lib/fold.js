// @ts-check
// Texts in the form in which they are compared: only letters and digits, without case, accents, white space, punctuation and
// invisible characters. So a text is recognized no matter how it was quoted, wrapped, broken or written in a URL.

/**
 * A text derived from another one, with the place in the original where each of its units begins and ends.
 * @typedef {{ text: string, from: number[], to: number[] }} View
 */

/** Separates texts that are searched together; it is not a character, and no fold contains it. */
export const BETWEEN = "\uffff";

const FOREIGN = /[^\0-\x7f]/;
const FOREIGN_WORD = /[^\0-\x7f\uffff]/;

/** To capitals, which do not depend on neighbours; a lower-case sigma does. @param {string} text */
export const fold = (text) =>
  FOREIGN.test(text)
    ? text
        .normalize("NFKD")
        .toUpperCase()
        .replace(/[^\p{L}\p{N}\p{So}]+/gu, "")
    : text.toUpperCase().replace(/[^A-Z\d]+/g, "");

/** The folds of single characters: those of ASCII, and others seen so far. @type {Map<string, string>} */
const known = new Map([[BETWEEN, BETWEEN]]);
const ASCII = Array.from({ length: 128 }, (_, code) => fold(String.fromCharCode(code)));

/** @param {string} character */
const foldOne = (character) => {
  const same = ASCII[character.charCodeAt(0)] ?? known.get(character) ?? fold(character);
  if (character >= "\x80" && known.size < 1_000) known.set(character, same);
  return same;
};

/** Where units begin and end in a text that is its own original, for all such texts. @type {[number[], number[]]} */
const [BEGIN, END] = [[], []];

/** A text as a view of itself; do not change its places. @param {string} text @returns {View} */
export const viewOf = (text) => {
  while (BEGIN.length < text.length) END.push(BEGIN.push(BEGIN.length));
  return { text, from: BEGIN, to: END };
};

/** Whether a unit stays in a fold. @param {number} unit Of ASCII, or `BETWEEN` */
const stays = (unit) =>
  (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 0xffff;

/** `folded` of texts with nothing but ASCII in them. @param {string} text @returns {View} */
const foldedAscii = (text) => {
  /** @type {View} */
  const view = { text: text.toUpperCase().replace(/[^A-Z\d\uffff]+/g, ""), from: [], to: [] };
  for (let at = 0; at < text.length; at += 1) {
    if (!stays(text.charCodeAt(at))) continue;
    view.from.push(at);
    view.to.push(at + 1);
  }
  return view;
};

/** The fold of a text as a view of it. @param {string} text @returns {View} */
export const folded = (text) => {
  if (!FOREIGN_WORD.test(text)) return foldedAscii(text);
  /** @type {View} */
  const view = { text: "", from: [], to: [] };
  let at = 0;
  for (const character of text) {
    const from = at;
    at += character.length;
    const same = foldOne(character);
    view.text += same;
    for (let unit = 0; unit < same.length; unit += 1) {
      view.from.push(from);
      view.to.push(at);
    }
  }
  return view;
};
