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
    ? text.normalize("NFKD").toUpperCase().replace(/[^\p{L}\p{N}\p{So}]+/gu, "")
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

/** How JSON, Python, URLs and HTML write a character. */
const ESCAPES = /(?:%[\da-f]{2})+|(?:\\x[\da-f]{2})+|\\u([\da-f]{4})|\\([^])|&#(?:x([\da-f]{1,5})|(\d{1,6}));|&(?:amp|[lg]t|quot|apos|nbsp);/gi;

/**
 * Bytes as text. Whoever cuts a text may cut inside a character, and older programs write Latin-1: one byte that is no
 * UTF-8 must not hide the others.
 * @param {Uint8Array} bytes
 */
const ofBytes = (bytes) => {
  const whole = new TextDecoder().decode(bytes);
  if (!whole.includes("\ufffd")) return whole;
  // At either end it is the rest of a character.
  const inside = whole.replace(/^\ufffd{1,3}|\ufffd{1,3}$/g, "");
  return inside !== "" && !inside.includes("\ufffd") ? inside : Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
};

/** What an escape stands for; itself where it is none. @param {string[]} escape */
const meaning = ([all = "", unit, sign, hexadecimal = unit, decimal]) => {
  if (hexadecimal ?? decimal) return String.fromCodePoint(hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal));
  if (sign) return /[nrtbfv]/.test(sign) ? " " : sign;
  // The other names of HTML are of signs that a fold has not.
  if (all.startsWith("&")) return all.toLowerCase() === "&amp;" ? "&" : " ";
  return ofBytes(Uint8Array.from(all.match(/[\da-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16)));
};

/** A view with its escapes read; the same view where it has none. @param {View} view @returns {View} */
const unescaped = (view) => {
  const { text, from, to } = view;
  /** @type {View} */
  const read = { text: "", from: [], to: [] };
  let at = 0;
  /** @param {string} added @param {number} start @param {number} [end] Of the escape that it stands for */
  const add = (added, start, end) => {
    read.text += added;
    for (let unit = 0; unit < added.length; unit += 1) {
      read.from.push(/** @type {number} */ (from[end === undefined ? start + unit : start]));
      read.to.push(/** @type {number} */ (to[end === undefined ? start + unit : end - 1]));
    }
  };
  for (const found of text.matchAll(ESCAPES)) {
    add(text.slice(at, found.index), at);
    at = found.index + found[0].length;
    add(meaning(found), found.index, at);
  }
  if (at === 0) return view;
  add(text.slice(at), at);
  return read;
};

/** The readings of a text: as it stands, and with escapes read up to three times. @param {string} text */
export const readingsOf = (text) => {
  const readings = [viewOf(text)];
  for (let last = readings[0]; readings.length < 4; ) {
    const next = unescaped(/** @type {View} */ (last));
    if (next === last) break;
    readings.push((last = next));
  }
  return readings;
};
