// @ts-check
// The spellings in which programs repeat a text: escapes of JSON, programming languages, URLs and HTML, which are decoded
// here, and encodings in which keys travel, which are generated here.

import { attempt } from "./fields.js";
import { viewOf } from "./fold.js";

/** @typedef {import("./fold.js").View} View */

/** Bytes in hexadecimal, in a URL and by `\x`, and in octal; characters by their numbers; the signs of strings; and names and numbers of HTML, whose semicolon is often left out. */
const ESCAPES =
  /(?:%[\da-fA-F]{2})+|(?:\\x[\da-fA-F]{2})+|(?:\\[0-3][0-7]{2})+|(?:\\u|%u)([\da-fA-F]{4})|\\[ux]\{([\da-fA-F]{1,6})\}|\\U([\da-fA-F]{8})|\\([^])|&#(?:[xX]0*([\da-fA-F]{1,6})|0*(\d{1,7}));?|&([a-zA-Z]{1,2})(?:acute|caron|cedil|circ|grave|lig|ring|slash|tilde|uml);?|&(?:amp|[lg]t|quot|apos|nbsp|shy|AMP|[LG]T|QUOT);?|&[a-zA-Z]{2,8};/g;

/**
 * Decodes bytes. A text may be cut inside a character, and older programs write Latin-1: one invalid
 * byte must not hide the others.
 * @param {Uint8Array} bytes
 */
const ofBytes = (bytes) => {
  const whole = new TextDecoder().decode(bytes);
  if (!whole.includes("\ufffd")) return whole;
  // At either end, it is the rest of a character that was cut.
  const inside = whole.replace(/^\ufffd{1,3}|\ufffd{1,3}$/g, "");
  return inside !== "" && !inside.includes("\ufffd")
    ? inside
    : Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
};

/** The character with this code; a space if there is none. @param {number} code */
const characterOf = (code) => (code <= 0x10ffff ? String.fromCodePoint(code) : " ");

/** What an escape stands for. @param {string[]} found */
const meaning = ([all = "", unit, braced, long, sign, hexadecimal, decimal, letter]) => {
  const digits = unit ?? braced ?? long ?? hexadecimal;
  if (digits) return characterOf(Number.parseInt(digits, 16));
  if (decimal) return characterOf(Number(decimal));
  if (sign) return /[nrtbfv]/.test(sign) ? " " : sign;
  if (letter) return letter === "sz" ? "ss" : letter;
  // The other names of HTML stand for signs that a fold leaves out.
  if (all.startsWith("&")) return /^&amp;?$/i.test(all) ? "&" : " ";
  const octal = /^\\[0-3]/.test(all);
  return ofBytes(
    Uint8Array.from(all.match(octal ? /[0-7]{3}/g : /[\da-f]{2}/gi) ?? [], (byte) =>
      Number.parseInt(byte, octal ? 8 : 16),
    ),
  );
};

/** A view with its escapes decoded; the same view if it has none. @param {View} view @returns {View} */
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

/** The readings of a text: unchanged, and with escapes decoded up to three times. @param {string} text */
export const readingsOf = (text) => {
  const readings = [viewOf(text)];
  for (let last = readings[0]; readings.length < 4; ) {
    const next = unescaped(/** @type {View} */ (last));
    if (next === last) break;
    readings.push((last = next));
  }
  return readings;
};

/**
 * How a text appears inside a longer one that is encoded in base64, at each of the possible offsets, and in hexadecimal. Empty
 * for a text with characters beyond one byte.
 * @param {string} text
 */
export const encodingsOf = (text) =>
  attempt(() => {
    /** Without the characters that depend on the bytes before and after it. @param {number} before Bytes */
    const inside = (before) => {
      const signs = btoa("\0".repeat(before) + text).replace(/=+$/, "");
      return signs.slice([0, 2, 3][before], (before + text.length) % 3 === 0 ? undefined : -1);
    };
    return [
      inside(0),
      inside(1),
      inside(2),
      Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join(""),
    ];
  }) ?? [];
