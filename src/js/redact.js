// @ts-check
// Takes what the caller sent out of what a server says. Error answers echo input (FastAPI's do it by habit), and
// messages end up in logs: there no phone number, message text or key of a caller may stand. The words of the
// answer that are not the caller's stay.

import { escaped, isWord } from "./arguments.js";

/** What stands in place of something taken out. */
const MARK = "[redacted]";

/** Fields whose text is private whatever it looks like. */
const PRIVATE = ["body", "message", "text", "systemPrompt", "beginMessage", "initialGreeting", "voicemailMessage", "email", "code", "reaction"];

/** How much of the beginning of a private text is enough to know it: servers cut what they quote. */
const HEAD = 12;

/**
 * One line: runs of white space and control characters become one space, and what is longer than `limit`
 * characters is cut with an ellipsis.
 * @param {string} text @param {number} [limit]
 */
export const oneLine = (text, limit = Infinity) => {
  const characters = [...text.trim()];
  const line = characters.slice(0, limit).join("").replace(/[\s\p{Cc}]+/gu, " ").trimEnd();
  return characters.length > limit ? `${line}…` : line;
};

/** A value as it is, with its white space tidied, and as it is written where it was found. @param {string} value @param {string} written */
const formsOf = (value, written) => [oneLine(value), value, written];

/**
 * The private strings of what was sent, each in all its forms. Values of the API's own vocabulary are no secret:
 * advice would be unreadable without them.
 * @param {any} value @param {string} key @returns {string[]}
 */
const formsIn = (value, key) => {
  if (typeof value === "string") {
    const open = [...value].length < 2 || (isWord(value) && !PRIVATE.includes(key));
    return open ? [] : formsOf(value, JSON.stringify(value).slice(1, -1));
  }
  if (Object(value) !== value) return [];
  return Object.entries(value).flatMap(([name, inner]) => formsIn(inner, Array.isArray(value) ? key : name));
};

/** How much of `form` stands at a place of `text`; none where it is too little to tell. @param {string} text @param {number} at @param {string} form */
const known = (text, at, form) => {
  let same = 0;
  while (same < form.length && text[at + same] === form[same]) same += 1;
  return same === form.length || same >= HEAD ? same : 0;
};

/** `text` without the values in any of their `forms`: at each place the longest that begins there. @param {string} text @param {string[]} forms */
const without = (text, forms) => {
  let out = "";
  for (let at = 0; at < text.length; ) {
    let longest = 0;
    for (const form of forms) longest = Math.max(longest, known(text, at, form));
    out += longest > 0 ? MARK : text[at];
    at += longest || 1;
  }
  return out;
};

/** `2026-11-22`, perhaps with the hour behind it (a colon ends a run). A date may have a time behind it, which is no number either. */
const DATE = /^\d{4}-\d\d-\d\d[-.()/\u2010-\u2015]*(?: .{0,2})?$/;

/**
 * Replaces runs that read like phone numbers: seven digits or more, with the separators that people write between
 * them (hyphens and dashes of U+2010 to U+2015, and every space). Times and dates have fewer in a row or a letter between.
 * @param {string} text
 */
const withoutPhoneNumbers = (text) =>
  text.replace(/[+\d][\d\-.()/\u2010-\u2015\s\x85]*/g, (run) => {
    if (run.replace(/\D/g, "").length < 7 || DATE.test(run)) return run;
    return run.replace(/^.*\d/s, MARK);
  });

/**
 * Gives a function that takes out of a text the strings of `sent` (a JSON text, or none), the other `secrets`, and
 * phone numbers. What is taken out is found also as it stands in JSON or in a URL, with its white space tidied,
 * and cut off after a dozen characters.
 * @param {string | undefined} sent @param {(string | undefined)[]} secrets
 */
export const redactor = (sent, secrets) => {
  const forms = sent === undefined ? [] : formsIn(JSON.parse(sent), "");
  for (const secret of secrets) {
    // Too short a one would be found everywhere; but three letters of another script are a name.
    if (secret && secret.length > (/[^ -~]/.test(secret) ? 1 : 3)) forms.push(...formsOf(secret, escaped(secret)));
  }
  return (/** @type {string} */ text) => withoutPhoneNumbers(without(text, forms));
};
