// @ts-check
// Checks a caller's input before anything is sent: the bounds of the contract whose breach would cost
// money or a round trip. Each row of the API names its checks (src/core/check.rs says what they mean). Unknown
// fields pass, because an older client must not block a newer API. So do unknown values of enumerations, which
// the API extends more often than its bounds.
//
// The input is a snapshot (`snapshot.js`) of plain values, and exactly these are sent.
//
// A problem names the field and the rule, never the value: values are phone numbers and texts.

import { isArray, isObject, member } from "../lib/fields.js";

/** A rule: its name, its bounds, and what each item or member must be. @typedef {any[]} Rule */
/** A check: its name, and its arguments. @typedef {any[]} Check */

/** A member, if it is neither absent nor null. @param {unknown} input @param {string} field */
const present = (input, field) => member(input, field) ?? undefined;

/** A plus sign and up to 15 digits, of which the first is not 0. */
const PHONE = /^\+[1-9]\d{1,14}$/;
const PHONE_WORDS = "phone number in E.164 form, such as +14155550100";

/** @param {number} count @param {number} from @param {number} to */
const within = (count, from, to) => count >= from && count <= to;

/**
 * Whether a text has so many characters; an emoji is one. Counts no further than the bounds require, and
 * without a copy, so that a text of megabytes is refused at once.
 * @param {string} text @param {number} from @param {number} to
 */
const fitsLength = (text, from, to) => {
  if (text.length > 2 * to) return false;
  const enough = to === Infinity ? from : to + 1;
  let count = 0;
  for (let at = 0; at < text.length && count < enough; count += 1)
    at += /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
  return within(count, from, to);
};

/** The length of the longest phone number in E.164 form and a comma. */
const PHONE_LENGTH = 17;

/** @param {number} from @param {number} to */
const bounds = (from, to) => (to === Infinity ? `at least ${from}` : `${from} to ${to}`);

/**
 * Generous, because the API reads phone numbers in any form: what is refused here cannot be a recipient.
 * @param {string} text
 */
const isRecipient = (text) => {
  const at = text.indexOf("@");
  if (at >= 0) return at > 0 && at < text.length - 1;
  if (text.startsWith("grp_")) return text.length > 4;
  return /^[\d+\-.() ]*$/.test(text) && text.replace(/\D/g, "").length > 2;
};

/**
 * By the name of the rule (`Rule` of src/core/check.rs): the type that it applies to, whether a value of that type obeys it, and what the value must be.
 * @type {Record<string, [string, (value: any, from: number, to: number) => boolean, (from: number, to: number) => string]>}
 */
const RULES = {
  text: ["string", () => true, () => "a string"],
  length: ["string", fitsLength, (from, to) => `a string of ${bounds(from, to)} characters`],
  phone: ["string", (text) => PHONE.test(text), () => `a ${PHONE_WORDS}`],
  phoneOrEmpty: ["string", (text) => text === "" || PHONE.test(text), () => `a ${PHONE_WORDS}, or empty`],
  phones: [
    "string",
    (text, from, to) => {
      const all = text.length <= to * PHONE_LENGTH ? text.split(",") : [];
      return within(all.length, from, to) && all.every((/** @type {string} */ one) => PHONE.test(one));
    },
    (from, to) => `${bounds(from, to)} phone numbers in E.164 form, in an array or with commas between them`,
  ],
  recipient: ["string", isRecipient, () => "a phone number, a short code, an email address or a grp_ id"],
  digits: [
    "string",
    (text, count) => text.length === count && /^\d*$/.test(text),
    (count) => `a string of ${count} digits`,
  ],
  country: ["string", (text) => /^[A-Z]{2}$/.test(text), () => "a country code of two capital letters"],
  word: [
    "string",
    (text, from, to) => within(text.length, from, to) && /^[\w-]*$/.test(text),
    (from, to) => `a string of ${bounds(from, to)} letters, digits, _ or -`,
  ],
  whole: [
    "number",
    (number, from, to) => within(number, from, to) && Math.trunc(number) === number,
    (from, to) => `a whole number, ${bounds(from, to)}`,
  ],
  tenths: [
    "number",
    (number, from, to) => within(number, from / 10, to / 10),
    (from, to) => `a number, ${bounds(from / 10, to / 10)}`,
  ],
  items: ["array", () => false, (from, to) => `an array of ${bounds(from, to)} items`],
  object: ["object", () => false, () => "an object"],
};

/** What is wrong with a value; the text begins with its name. @param {string} name @param {any} value @param {Rule} rule @returns {string | undefined} */
const problemOf = (name, value, [rule, from, to, each]) => {
  const listed = rule === "items" || (rule === "phones" && typeof value !== "string");
  if (rule === "object" && isObject(value) && !isArray(value)) {
    const problem = firstProblem(from, value);
    return problem && `${name}.${problem}`;
  }
  if (listed && isArray(value) && within(value.length, from, to)) {
    for (let i = 0; i < value.length; i += 1) {
      const problem = problemOf(`${name}[${i}]`, value[i], each ?? ["phone"]);
      if (problem) return problem;
    }
    return undefined;
  }
  const [type, obeys, words] = /** @type {(typeof RULES)[string]} */ (RULES[listed ? "items" : rule]);
  return typeof value === type && obeys(value, from, to) ? undefined : `${name} must be ${words(from, to)}`;
};

/** @param {unknown} input @param {string} field */
const saysSomething = (input, field) => ![undefined, ""].includes(present(input, field));

/** @param {unknown} input */
const bodyOrMedia = (input) => {
  const urls = present(input, "media_urls");
  const media = isArray(urls) ? urls.length : 0;
  const body = saysSomething(input, "body");
  if (media > 1 && body) return "body must be left out when media_urls has 2 or more items";
  if (media === 0 && !body && !saysSomething(input, "media_url")) return "body or media_urls must be given";
};

/** By the name of the check (`Check` of src/core/check.rs): what is wrong with an input. @type {Record<string, (input: any, field: any, ...more: any[]) => string | undefined>} */
const CHECKS = {
  needs: (input, field, ...rule) => {
    const value = present(input, field);
    return value === undefined ? `${field} is missing` : problemOf(field, value, rule);
  },
  may: (input, field, ...rule) => {
    const value = member(input, field);
    return value === undefined ? undefined : problemOf(field, value, rule);
  },
  mayBeNull: (input, field, ...rule) => {
    const value = present(input, field);
    return value === undefined ? undefined : problemOf(field, value, rule);
  },
  oneOf: (input, fields) => {
    const given = fields.filter((/** @type {string} */ field) => present(input, field) !== undefined);
    return given.length === 1 ? undefined : `exactly one of ${fields.join(", ")} must be given`;
  },
  when: (input, field, is, needs) => {
    const value = member(input, field);
    const missing = is.includes(value) && needs.find((/** @type {string} */ needed) => !saysSomething(input, needed));
    return missing ? `${missing} is needed when ${field} is ${value}` : undefined;
  },
  bodyOrMedia,
};

/** What is wrong with `input`; the text names the field. @param {Check[]} checks @param {unknown} input @returns {string | undefined} */
export const firstProblem = (checks, input) => {
  for (const [check, field, ...more] of checks) {
    const problem = CHECKS[check]?.(input, field, ...more);
    if (problem) return problem;
  }
};

/** True if a check allows `field` to be an array. In a query its items are then separated by commas. @param {Check[]} checks @param {string} field */
export const isOfArray = (checks, field) =>
  checks.some(([, name, rule]) => name === field && (rule === "items" || rule === "phones"));
