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
const graphemes = (text) =>
  typeof Intl === "object" && Intl.Segmenter
    ? Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment)
    : (text.match(
        /\p{RI}{2}|\r\n|[^](?:[\p{M}\p{Emoji_Modifier}\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic})*/gu,
      ) ?? []);

/** Where a line may be broken: not at spaces that are made to hold together. */
const isSpace = (/** @type {string | undefined} */ character) =>
  character !== undefined && /^(?![\xa0\u2007\u202f\ufeff])\s/.test(character);

/** How many of the first characters fit. @param {string[]} all @param {number} length @param {number} segments */
const fitting = (all, length, segments) => {
  let [low, high] = [0, Math.min(all.length, length)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const text = all.slice(0, middle).join("");
    if (text.length <= length && measured([...text]).segments <= segments) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** @param {string} text @param {number} length @param {number} segments */
const split = (text, length, segments) => {
  const pieces = [];
  let rest = graphemes(text);
  while (rest.length > 0) {
    let end = fitting(rest, length, segments);
    if (end === 0) {
      // One character that no text holds, such as a letter under hundreds of marks: cut between its code points.
      rest = [...[.../** @type {string} */ (rest[0])], ...rest.slice(1)];
      continue;
    }
    if (end < rest.length) {
      let space = end;
      while (space > 0 && !isSpace(rest[space])) space -= 1;
      let word = space;
      while (word > 0 && isSpace(rest[word - 1])) word -= 1;
      if (word > 0) [end] = [word];
    }
    pieces.push(rest.slice(0, end).join(""));
    const last = pieces.length > 0 && end < rest.length;
    while (last && isSpace(rest[end])) end += 1;
    rest = rest.slice(end);
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
