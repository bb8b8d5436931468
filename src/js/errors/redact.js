// @ts-check
// Takes what the caller sent out of what a server says. Error responses echo input (FastAPI does by default), and
// messages end up in logs, which must not contain a phone number, message text or key of a caller. All other words of the
// response stay.
//
// The server's texts are cut first, and indexed for each length of the pieces that are searched for, of which there are few;
// what the caller sent is then read once. So the cost is linear in both, whatever they contain.

import { encodingsOf, readingsOf } from "../lib/escapes.js";
import { BETWEEN, fold, folded } from "../lib/fold.js";
import { Haystack } from "../lib/pieces.js";
import { privateOf } from "./private.js";

/** What replaces something that was taken out. */
const MARK = "[redacted]";

/** How much of a private text, in letters and digits, is enough to recognize it: at its beginning or end, where quotations are cut, and inside. */
const [EDGE, INSIDE] = [12, 20];
/** The same of a secret, without its kind (`sk_live_`), and of its last characters on their own. */
const [PART, LAST] = [6, 4];
/** Shorter texts count only as a whole word: `no` must not be taken out of `not`. */
const WHOLE_WORD = 8;
const KIND = /^[a-z]{1,8}[_-](?:(?:live|test)[_-])?/i;

/** Characters of a secret in another alphabet that are enough to recognize it. */
const ENCODED = 10;
/** Letters and digits that a character may expand to on average; some expand to eighteen. */
const MOST_FOLDED = 4;
/** So much is read beyond what is shown of a text: a secret that begins in the shown part must be recognized. */
const BEHIND = 100;
/** Characters that are read altogether; what a server says beyond them is not shown. */
const MOST = 50_000;

/** Invisible characters, some of which reverse the direction of the text around them. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Surrogate}\uffff]+/gu;

/** @param {string} text @param {number} limit */
const headOf = (text, limit) => {
  if (text.length <= limit) return text;
  const near = [...text.slice(0, 2 * limit + 2)];
  return near.length > limit ? near.slice(0, limit).join("") : text;
};

/**
 * One line: runs of white space and control characters become one space, invisible characters are removed, and what is longer
 * than `limit` characters is cut with an ellipsis.
 * @param {string} text @param {number} [limit]
 */
export const oneLine = (text, limit = Infinity) => {
  const whole = text
    .replace(UNSEEN, "")
    .replace(/[\s\p{Cc}\u2800]+/gu, " ")
    .trim();
  const head = limit === Infinity ? whole : headOf(whole, limit).trimEnd();
  return head === whole ? whole : `${head}…`;
};

/** Where a piece may be: anywhere, at the beginning or the end of a word, or as a word of its own. */
const [ANYWHERE, AT_EDGE, ALONE] = [0, 1, 2];

/**
 * What is searched for, by where and by its length, so that each reading is indexed once per length.
 * @typedef {Map<number, string[]>[]} Wanted
 */

/** @param {Wanted} wanted @param {number} where @param {number} length @param {...string} texts Each of their pieces of this length */
const want = (wanted, where, length, ...texts) => {
  const byLength = /** @type {Map<number, string[]>} */ (wanted[where]);
  const known = byLength.get(length);
  if (known) known.push(...texts);
  else byLength.set(length, texts);
};

/** A text of the caller, folded. @param {Wanted} wanted @param {string} one */
const wantText = (wanted, one) => {
  if (one.length < EDGE) return want(wanted, one.length < WHOLE_WORD ? ALONE : ANYWHERE, one.length, one);
  if (one.length < INSIDE) return want(wanted, ANYWHERE, EDGE, one);
  want(wanted, ANYWHERE, EDGE, one.slice(0, INSIDE), one.slice(-INSIDE));
  want(wanted, ANYWHERE, INSIDE, one);
};

/** A secret, as it is. @param {Wanted} wanted @param {string} secret */
const wantSecret = (wanted, secret) => {
  const body = fold(secret.replace(KIND, ""));
  for (const one of [fold(secret), body])
    if (one.length > 3) want(wanted, one.length < WHOLE_WORD ? ALONE : ANYWHERE, one.length, one);
  want(wanted, ANYWHERE, PART, body);
  want(wanted, AT_EDGE, PART - 1, body);
  if (body.length > 2 * LAST) want(wanted, ALONE, LAST, body.slice(-LAST));
  for (const encoded of encodingsOf(secret)) want(wanted, ANYWHERE, ENCODED, fold(encoded));
};

/** Whether a unit is an ASCII letter or digit. @param {number} unit NaN for none */
const joins = (unit) => (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);

/** Whether a word continues across a position in a text. @param {string} text @param {number} place */
const goesOn = (text, place) => joins(text.charCodeAt(place - 1)) && joins(text.charCodeAt(place));

/**
 * Searches one reading of the server's texts for what is private. False if the reading is too long to be searched.
 * @param {import("../lib/fold.js").View} view @param {Wanted} wanted Folded @param {Set<string>} literals Texts that fold to nothing
 * @param {(from: number, to: number) => void} mark Called with what of the original is private
 */
const searchIn = (view, wanted, literals, mark) => {
  const { text, from, to } = folded(view.text);
  if (text.length > MOST_FOLDED * view.text.length) return false;
  /** Marks a range of this reading. @param {number} start @param {number} end */
  const hide = (start, end) => mark(/** @type {number} */ (view.from[start]), /** @type {number} */ (view.to[end - 1]));
  const haystack = new Haystack(text);
  wanted.forEach((byLength, where) => {
    for (const [length, texts] of byLength) {
      haystack.find(length, texts, (at) => {
        const [start, end] = [/** @type {number} */ (from[at]), /** @type {number} */ (to[at + length - 1])];
        const open = Number(goesOn(view.text, start)) + Number(goesOn(view.text, end));
        // A quotation is cut inside a word; the words of a sentence occur in many texts.
        if (open + where <= 2 && (where !== AT_EDGE || end - start === length)) hide(start, end);
      });
    }
  });
  if (literals.size > 0) {
    /** @type {Wanted} */
    const signs = [new Map()];
    for (const one of literals) want(signs, ANYWHERE, Math.min(one.length, EDGE), one);
    const raw = new Haystack(view.text);
    for (const [length, texts] of /** @type {Map<number, string[]>} */ (signs[ANYWHERE]))
      raw.find(length, texts, (at) => hide(at, at + length));
  }
  // What looks like a phone number, of the caller or not. Dates, times and what is next to them do not count.
  const plain = view.text.replace(TIMES, (all, before) => before + "t".repeat(all.length - before.length));
  for (const { 0: number, index } of plain.matchAll(NUMBER)) hide(index, index + number.length);
  return true;
};

/** `2026-11-22`, `2026-11-22T10:00:00.000Z`, `10:00`; with what precedes it. */
const TIMES =
  /(^|[^\d+])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d(?::?\d\d){0,2}(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?|\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?!\d)/g;

/**
 * Seven digits or more of any script, also circled and Chinese ones, with what people write between them: signs,
 * white space and invisible characters, but not a colon, a comma before white space, a quotation mark or a square bracket, so that times,
 * limits and lists of numbers are left alone. `BETWEEN` is not a sign.
 */
const NUMBER =
  /\+?[\p{Nd}\p{No}〇一二三四五六七八九](?:(?:[,;](?!\s)|[^\p{L}\p{N}:,;"[\]{}\uffff]){0,5}[\p{Nd}\p{No}〇一二三四五六七八九]){6,}\p{M}*/gu;

/** A part of a text, with marks in place of what is private. @param {string} text @param {Uint8Array | undefined} found @param {number} from @param {number} to */
const marked = (text, found, from, to) => {
  let shown = "";
  for (let at = from; at < to; ) {
    const start = at;
    const hidden = found?.[at];
    while (at < to && found?.[at] === hidden) at += 1;
    shown += hidden ? MARK : text.slice(start, at);
  }
  return shown;
};

/** What is private in texts that are shown together. @param {string} text @param {{ texts: string[], secrets: string[] }} hidden */
const search = (text, { texts, secrets }) => {
  const [folds, literals] = [new Set(), new Set()];
  for (const one of texts) {
    const same = fold(one);
    if (same.length > 1 || /[^ -~]/.test(same)) folds.add(same);
    else if (one.length > 1 && !one.includes(BETWEEN)) literals.add(one);
  }
  /** @type {Wanted} */
  const wanted = [new Map(), new Map(), new Map()];
  for (const one of folds) wantText(wanted, one);
  for (const one of secrets) wantSecret(wanted, one);
  /** For each position, how many private pieces begin there, minus those that end. */
  const begins = new Int32Array(text.length + 1);
  const mark = (/** @type {number} */ from, /** @type {number} */ to) => {
    begins[from] = /** @type {number} */ (begins[from]) + 1;
    begins[to] = /** @type {number} */ (begins[to]) - 1;
  };
  for (const view of readingsOf(text)) if (!searchIn(view, wanted, literals, mark)) return undefined;
  const found = new Uint8Array(text.length);
  for (let at = 0, open = 0; at < text.length; at += 1)
    found[at] = Number((open += /** @type {number} */ (begins[at])) > 0);
  return found;
};

/**
 * Texts of a server without what is private about a request, each as one line of at most so many characters;
 * only a mark if there is too much to search for.
 * @param {[string, number][]} said Texts and their limits
 * @param {{ texts: string[], secrets: string[] } | undefined} hidden
 * @returns {string[]}
 */
export const redacted = (said, hidden) => {
  // Cut first, because a server may send a hundred megabytes.
  let left = MOST;
  const read = said.map(([text, limit]) => {
    const head = text.slice(0, 2 * limit + BEHIND);
    left -= head.length;
    return left < 0 ? "" : head.replace(UNSEEN, "");
  });
  const all = read.join(BETWEEN);
  const found = hidden && search(all, hidden);
  let at = 0;
  left = MOST;
  return said.map(([text, limit], place) => {
    const { length } = /** @type {string} */ (read[place]);
    const most = 2 * limit + BEHIND;
    const from = at;
    at += length + 1;
    left -= Math.min(text.length, most);
    if (text !== "" && (!found || left < 0)) return MARK;
    const cut = text.length > most;
    const shown = oneLine(marked(all, found, from, from + (cut ? Math.max(0, length - BEHIND) : length)), limit);
    return cut && !shown.endsWith("…") ? `${shown}…` : shown;
  });
};

/** The same with what is private about one request. @type {(said: [string, number][], ...request: Parameters<typeof privateOf>) => string[]} */
export const redactedOf = (said, ...request) => redacted(said, privateOf(...request));
