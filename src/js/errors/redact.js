// @ts-check
// Takes what the caller sent out of what a server says. Error answers echo input (FastAPI's do it by habit), and
// messages end up in logs: there no phone number, message text or key of a caller may stand. The words of the
// answer that are not the caller's stay.
//
// The server's texts are cut first, and indexed; what the caller sent is then read through once. So the cost is linear
// in both, whatever a server echoes.

import { BETWEEN, fold, folded, readingsOf } from "../lib/fold.js";
import { privateOf } from "./private.js";

/** What stands in place of something taken out. */
const MARK = "[redacted]";

/** How much of a private text, in letters and digits, is enough to know it: at its beginning or end, where quotations are cut, and inside. */
const [EDGE, INSIDE] = [12, 20];
/** The same of a secret, but for its kind (`sk_live_`), and of its last characters where they stand alone. */
const [PART, LAST] = [6, 4];
/** What is shorter counts only as a whole word: `no` must not be taken out of `not`. */
const WHOLE_WORD = 8;
const KIND = /^[a-z]{1,8}[_-](?:(?:live|test)[_-])?/i;

/** How many texts of nothing but punctuation are looked for. */
const MOST_LITERALS = 200;
/** Behind what is shown of a text, so much more is read: a secret that begins within must be known. */
const BEHIND = 100;
/** Characters that are looked at altogether: what a server says beyond them is not shown. */
const MOST = 50_000;

/** Characters that nobody sees, some of which turn the direction of the text around them. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Surrogate}\uffff]+/gu;

/** @param {string} text @param {number} limit */
const headOf = (text, limit) => {
  const near = [...text.slice(0, 2 * limit + 2)];
  return near.length > limit ? near.slice(0, limit).join("") : text;
};

/**
 * One line: runs of white space and control characters become one space, what cannot be seen goes, and what is longer
 * than `limit` characters is cut with an ellipsis.
 * @param {string} text @param {number} [limit]
 */
export const oneLine = (text, limit = Infinity) => {
  const whole = text.replace(UNSEEN, "").replace(/[\s\p{Cc}\u2800]+/gu, " ").trim();
  const head = limit === Infinity ? whole : headOf(whole, limit).trimEnd();
  return head === whole ? whole : `${head}…`;
};

/** A number from 0 to 4095 for three units of a text. @param {string} text @param {number} at */
const hash = (text, at) => (text.charCodeAt(at) * 1_369 + text.charCodeAt(at + 1) * 37 + text.charCodeAt(at + 2)) & 4_095;

/**
 * Looks for what is private in one reading of the server's texts, and marks it.
 * @param {import("../lib/fold.js").View} view @param {Uint8Array} found What of the original is private
 */
const searchIn = (view, found) => {
  const { text, from, to } = folded(view.text);
  /** Which three units follow each other somewhere. */
  const hashes = new Uint8Array(4_096);
  for (let at = 0; at + 3 <= text.length; at += 1) hashes[hash(text, at)] = 1;
  /** The pieces of a length, with their places. @type {Map<number, Map<string, number[]>>} */
  const cuts = new Map();

  /** Whether a piece of a text can stand here. Nearly all cannot, and then there is no need to cut them out. @param {string} one @param {number} at @param {number} length */
  const may = (one, at, length) => length < 3 || (hashes[hash(one, at)] && hashes[hash(one, at + length - 3)] && hashes[hash(one, at + (length >> 1) - 1)]);

  /** All pieces of a length that stand here. Made when the first of them may have been found. @param {number} length */
  const cut = (length) => {
    let pieces = cuts.get(length);
    if (pieces) return pieces;
    cuts.set(length, (pieces = new Map()));
    for (let at = 0; at + length <= text.length; at += 1) {
      const piece = text.slice(at, at + length);
      const places = pieces.get(piece);
      if (places) places.push(at);
      else pieces.set(piece, [at]);
    }
    return pieces;
  };

  /** Marks from one place of this reading to another as private. @param {number} start @param {number} end */
  const mark = (start, end) => found.fill(1, view.from[start], view.to[end - 1]);

  /** @param {number} at In the folded text @param {number} length @param {boolean} alone Only if it is a word of its own */
  const hit = (at, length, alone) => {
    const [start, end] = [/** @type {number} */ (from[at]), /** @type {number} */ (to[at + length - 1])];
    const joined = (/** @type {number} */ place) => /^[a-z\d]{2}$/i.test(view.text.slice(place, place + 2));
    if (!alone || !((start > 0 && joined(start - 1)) || joined(end - 1))) mark(start, end);
  };

  /** Looks for a folded text as it is. @param {string} one @param {boolean} alone */
  const whole = (one, alone) => {
    if (may(one, 0, one.length)) for (const at of cut(one.length).get(one) ?? []) hit(at, one.length, alone);
  };

  /** Looks for each piece of a folded text. @param {string} one @param {number} length */
  const parts = (one, length) => {
    for (let at = 0; at + length <= one.length; at += 1) {
      if (!may(one, at, length)) continue;
      const piece = one.slice(at, at + length);
      for (const place of cut(length).get(piece) ?? []) hit(place, length, false);
      // Once is enough: a text that repeats itself must not be marked again and again.
      cut(length).delete(piece);
    }
  };

  return {
    /** A text of the caller. @param {string} one Folded */
    text: (one) => {
      if (one.length < EDGE) return whole(one, one.length < WHOLE_WORD);
      parts(one.slice(0, INSIDE), EDGE);
      parts(one.slice(-INSIDE), EDGE);
      parts(one, INSIDE);
    },
    /** A secret. @param {string} secret As it is */
    secret: (secret) => {
      const body = fold(secret.replace(KIND, ""));
      for (const one of [fold(secret), body]) if (one.length > 3) whole(one, one.length < WHOLE_WORD);
      parts(body, PART);
      if (body.length > 2 * LAST) whole(body.slice(-LAST), true);
    },
    /** A text that folds to nothing. @param {string} one */
    literal: (one) => {
      for (let at = 0; (at = view.text.indexOf(one, at)) >= 0; at += one.length) mark(at, at + one.length);
    },
    /** What reads like a phone number, whoever's it is. */
    numbers: () => {
      // A date or a time is none, and neither is what it stands beside.
      const plain = view.text.replace(TIMES, (all, before) => before + "t".repeat(all.length - before.length));
      for (const { 0: number, index } of plain.matchAll(NUMBER)) mark(index, index + number.length);
    },
  };
};

/** `2026-11-22`, `2026-11-22T10:00:00.000Z`, `10:00`; with what stands before. */
const TIMES = /(^|[^\d+])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d(?::?\d\d){0,2}(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?|\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?!\d)/g;

/**
 * Seven digits or more of any script, with what people write between them: white space, dashes, dots and other signs,
 * and what nobody sees; but no colon and no list, so that times, limits and numbers in a row are left alone.
 */
const NUMBER = /\+?\p{Nd}(?:(?:,(?!\s)|[\s.()/*'"`^|~!\\+\p{Cc}\p{Cf}\p{M}\p{Z}\p{Pd}\p{Pc}\p{So}\xb4\xb7\xd7\u2022\u2027\u2212\u2219\u22c5\u30fb]){0,5}\p{Nd}){6,}/gu;

/** A part of a text, with marks in the place of what is private. @param {string} text @param {Uint8Array | undefined} found @param {number} from @param {number} to */
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

/** What is private in texts that stand together. @param {string} text @param {{ texts: string[], secrets: string[] }} hidden */
const search = (text, { texts, secrets }) => {
  const found = new Uint8Array(text.length);
  const [folds, literals] = [new Set(), new Set()];
  for (const one of texts) {
    const same = fold(one);
    if (same.length > 1 || /[^ -~]/.test(same)) folds.add(same);
    else if (one.length > 1 && !one.includes(BETWEEN)) literals.add(one);
  }
  if (literals.size > MOST_LITERALS) return undefined;
  for (const view of readingsOf(text)) {
    const looking = searchIn(view, found);
    looking.numbers();
    secrets.forEach(looking.secret);
    folds.forEach(looking.text);
    literals.forEach(looking.literal);
  }
  return found;
};

/**
 * Texts of a server without what is private about a request, each of them one line of at most so many characters;
 * only a mark where there is too much to look for.
 * @param {[string, number][]} said Texts and their limits
 * @param {{ texts: string[], secrets: string[] } | undefined} hidden
 * @returns {string[]}
 */
export const redacted = (said, hidden) => {
  // Cut first, because a server may say a hundred megabytes.
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
