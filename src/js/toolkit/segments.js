// @ts-check
// `segmentsOf`: what carriers make of a text, and how a long one is split into several. A text of the GSM alphabet has seven bits
// a character; a single other character brings all of it to sixteen.

import { guard, optionsOf, refuse } from "../errors/refuse.js";

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Behind an escape: two units each. */
const EXTENDED = "\f^{}\\[~]|€";
/** The longest text that the API accepts, in UTF-16 units. */
const LONGEST = 1600;
/** What is looked at: more would be a book. */
const MOST = 100_000;
/** UTF-16 units that are looked at in one go. */
const WINDOW = 512;
/** US dollars for a text, in and out, as the API's prices of 2026 have it; not for a segment. */
const PRICE_CENTS = 2;

const isGsm = (/** @type {string} */ character) => BASIC.includes(character) || EXTENDED.includes(character);

/** Units and segments of characters, each of which stays whole. @param {string[]} characters */
const measured = (characters) => {
  const gsm = characters.every(isGsm);
  const [single, each] = gsm ? [160, 153] : [70, 67];
  let units = 0;
  let segments = 1;
  let used = 0;
  for (const character of characters) {
    const size = gsm ? 1 + Number(EXTENDED.includes(character)) : character.length;
    units += size;
    if (used + size > each) [segments, used] = [segments + 1, 0];
    used += size;
  }
  return { encoding: gsm ? "gsm-7" : "ucs-2", units, segments: units > single ? segments : Math.min(units, 1) };
};

/** What is read as one character: an emoji with all its parts, a letter with its marks. @param {string} text */
const graphemes = (text) => {
  if (typeof Intl !== "object" || !Intl.Segmenter)
    return (
      text.match(
        /\p{RI}{2}|\r\n|[^](?:[\p{M}\p{Emoji_Modifier}\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic})*/gu,
      ) ?? []
    );
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const all = [];
  // A window at a time: V8 copies the whole text for each character of it.
  let size = WINDOW;
  for (let at = 0; at < text.length; ) {
    let end = at + size;
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end += 1;
    const found = Array.from(segmenter.segment(text.slice(at, end)), ({ segment }) => segment);
    // The last one may continue after the window.
    if (end < text.length) found.pop();
    for (const one of found) {
      all.push(one);
      at += one.length;
    }
    size = found.length > 0 ? WINDOW : 2 * size;
  }
  return all;
};

/** Where a line may be broken: not at spaces that are made to hold together. */
const isSpace = (/** @type {string | undefined} */ character) =>
  character !== undefined && /^(?![\xa0\u2007\u202f\ufeff])\s/.test(character);

/** Where a piece that begins at `start` must end. @param {string[]} all @param {number} start @param {number} length @param {number} segments */
const furthest = (all, start, length, segments) => {
  let [low, high] = [start, Math.min(all.length, start + length)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const text = all.slice(start, middle).join("");
    if (text.length <= length && measured([...text]).segments <= segments) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Where the last word before `end` ends; `end` where there is but one. @param {string[]} all @param {number} start @param {number} end */
const wordEnd = (all, start, end) => {
  let at = end;
  while (at > start && !isSpace(all[at])) at -= 1;
  while (at > start && isSpace(all[at - 1])) at -= 1;
  return at > start ? at : end;
};

/** @param {string} text @param {number} length @param {number} segments */
const split = (text, length, segments) => {
  const pieces = [];
  const all = graphemes(text);
  for (let start = 0; start < all.length; ) {
    let end = furthest(all, start, length, segments);
    if (end === start) {
      // One character that no text holds, such as a letter under hundreds of marks: cut between its code points.
      all.splice(start, 1, .../** @type {string} */ (all[start]));
      continue;
    }
    if (end < all.length) end = wordEnd(all, start, end);
    pieces.push(all.slice(start, end).join(""));
    while (isSpace(all[end])) end += 1;
    start = end;
  }
  return pieces;
};

/** @param {string} name @param {any} value @param {number} least @param {number} most */
const whole = (name, value, least, most) =>
  Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse("segmentsOf", `${name} must be a whole number from ${least} to ${most}`);

/** @param {any} text @param {any} [options] */
const segments = (text, options = {}) => {
  const given = optionsOf("segmentsOf", options, ["maxLength", "maxSegments"]);
  if (typeof text !== "string") return refuse("segmentsOf", "the first argument must be a string", text);
  if (text.length > MOST) return refuse("segmentsOf", `the text must have ${MOST} characters or fewer`);
  const length = whole("maxLength", given.maxLength ?? LONGEST, 20, LONGEST);
  const most = whole("maxSegments", given.maxSegments ?? LONGEST, 1, LONGEST);
  const pieces = split(text, length, most).map((piece) => ({ text: piece, ...measured([...piece]) }));
  return {
    ...measured([...text]),
    unicode: [...new Set(text)].filter((character) => !isGsm(character)),
    pieces,
    price: (pieces.length * PRICE_CENTS) / 100,
  };
};

export const segmentsOf = (/** @type {any} */ text, /** @type {any} */ options) =>
  guard("segmentsOf", () => segments(text, options));
