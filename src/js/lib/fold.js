// @ts-check
// Texts as they are compared: letters and digits alone, without case, accents, white space, punctuation and characters
// that nobody sees. So one text is known as the other however it was quoted, wrapped, broken or written in a URL.

/**
 * A text made of another one: where in that one each of its units begins and ends.
 * @typedef {{ text: string, from: number[], to: number[] }} View
 */

/** Stands between texts that are looked at together; it is no character, and no fold has it. */
export const BETWEEN = "\uffff";

const FOREIGN = /[^\0-\x7f]/;

/** To capitals, because they depend on no neighbour, as a sigma does. @param {string} text */
export const fold = (text) =>
  FOREIGN.test(text)
    ? text
        .normalize("NFKD")
        .toUpperCase()
        .replace(/[^\p{L}\p{N}\p{So}]+/gu, "")
    : text.toUpperCase().replace(/[^A-Z\d]+/g, "");

/** The folds of single characters: those of ASCII, and others that have been met. @type {Map<string, string>} */
const known = new Map([[BETWEEN, BETWEEN]]);
const ASCII = Array.from({ length: 128 }, (_, code) => fold(String.fromCharCode(code)));

/** @param {string} character */
const foldOne = (character) => {
  const same = ASCII[character.charCodeAt(0)] ?? known.get(character) ?? fold(character);
  if (character >= "\x80" && known.size < 1_000) known.set(character, same);
  return same;
};

/** A text as a view of itself. @param {string} text @returns {View} */
export const viewOf = (text) => {
  /** @type {View} */
  const view = { text, from: [], to: [] };
  for (let at = 0; at < text.length; at += 1) {
    view.from.push(at);
    view.to.push(at + 1);
  }
  return view;
};

/** The fold of a text as a view of it. @param {string} text @returns {View} */
export const folded = (text) => {
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
