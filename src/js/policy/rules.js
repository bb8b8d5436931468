// @ts-check
// Reads the options of a policy, each once, and refuses unknown names: a misspelt limit would not limit anything.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt, isArray } from "../lib/fields.js";
import { phone } from "../toolkit/phone.js";
import { DAY, MONTH, MOST_TIMES } from "./counters.js";
import { digestOf, random } from "./store.js";
import { minutesOf } from "./zones.js";

const SUBJECT = "policy";
/** The prices of the API in 2026, in dollars; for calls, that of the more expensive mode. */
const PRICES = { minute: 0.22, text: 0.02, number: 3 };
const MAX_MINUTES = 30;
const EXPIRES = 600_000;

const NAMES = [
  "readOnly",
  "tools",
  "recipients",
  "optOuts",
  "calls",
  "texts",
  "numbers",
  "money",
  "prices",
  "maxMinutes",
  "quietHours",
  "minGap",
  "disclosure",
  "approval",
  "name",
  "ledger",
  "now",
];

/** @param {string} name @param {any} value @param {number} least @param {number} most @param {string} unit */
const number = (name, value, least, most, unit) => {
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  return refuse(SUBJECT, `${name} must be ${unit}, from ${least} to ${most}`);
};

/** @param {string} name @param {any} value @param {string[]} fields @param {string} unit @param {boolean} whole @returns {Record<string, number | undefined>} */
const limits = (name, value, fields, unit, whole) => {
  const given = optionsOf(`${SUBJECT}: ${name}`, value ?? {}, fields);
  return Object.fromEntries(
    fields.map((field) => {
      const limit = number(`${name}.${field}`, given[field], 0, field === "person" ? MOST_TIMES : 1e6, unit);
      if (whole && limit !== undefined && !Number.isInteger(limit))
        refuse(SUBJECT, `${name}.${field} must be a whole number`);
      return [field, limit];
    }),
  );
};

/**
 * A recipient in the form in which recipients are compared and counted: capital letters make no other mailbox. Undefined for what is none.
 * @param {any} to @returns {string | undefined}
 */
export const recipientOf = (to) => {
  const found = attempt(() => phone.e164(to, {}));
  return found?.includes("@") ? found.toLowerCase() : found;
};

/** A recipient, or a prefix with a star, in the form in which they are compared. @param {string} name @param {any} one */
const pattern = (name, one) => {
  if (typeof one === "string" && /^\+\d{1,14}\*$/.test(one)) return one;
  return recipientOf(one) ?? refuse(SUBJECT, `${name} must contain phone numbers, or prefixes such as +1415*`);
};

/** @param {string} name @param {any} value @returns {string[] | undefined} */
const patterns = (name, value) => {
  if (value === undefined) return undefined;
  if (!isArray(value)) refuse(SUBJECT, `${name} must be an array`, value);
  return value.map((/** @type {unknown} */ one) => pattern(name, one));
};

/** @param {any} value @returns {((to: string, kind: string) => unknown) | undefined} */
const optOuts = (value) => {
  if (value === undefined || typeof value === "function") return value;
  const all = new Set(patterns("optOuts", value));
  return (to) => all.has(to);
};

/** @param {any} value */
const quiet = (value) => {
  if (value === undefined) return undefined;
  const given = optionsOf(`${SUBJECT}: quietHours`, value, ["from", "to", "zone", "unknown", "texts"]);
  const { zone, unknown = "refuse", texts = false } = given;
  const [from, to] = [minutesOf(given.from), minutesOf(given.to)];
  if (from === undefined || to === undefined || from === to)
    return refuse(SUBJECT, 'quietHours.from and .to must be two times such as "21:00" and "08:00"');
  if (zone !== undefined && typeof zone !== "function") refuse(SUBJECT, "quietHours.zone must be a function", zone);
  if (!["refuse", "ask", "allow"].includes(unknown))
    refuse(SUBJECT, 'quietHours.unknown must be "refuse", "ask" or "allow"');
  if (typeof texts !== "boolean") refuse(SUBJECT, "quietHours.texts must be a boolean", texts);
  return { from, to, zone, unknown, texts };
};

/** @param {any} value */
const approvalOf = (value = "never") => {
  const given = typeof value === "string" ? { when: value } : value;
  const {
    when,
    secret = random() + random(),
    expires,
  } = optionsOf(`${SUBJECT}: approval`, given, ["when", "secret", "expires"]);
  if (!["never", "spend", "every"].includes(when))
    refuse(SUBJECT, 'approval must be "never", "spend" or "every", or an object with such a `when`');
  if (typeof secret !== "string" || secret.length < 16)
    refuse(SUBJECT, "approval.secret must be a string of at least 16 characters");
  // No longer than ledgers keep it noted as used.
  return { when, secret, expires: number("approval.expires", expires, 1000, DAY, "milliseconds") ?? EXPIRES };
};

/** @param {string} name @param {any} value @param {string} type @returns {any} */
const typed = (name, value, type) => {
  if (value !== undefined && typeof value !== type) refuse(SUBJECT, `${name} must be a ${type}`, value);
  return value;
};

/** @param {any} options */
const read = (options) => {
  const given = optionsOf(SUBJECT, options, NAMES);
  const { tools, ledger, disclosure } = given;
  const { allow, deny } = optionsOf(`${SUBJECT}: recipients`, given.recipients ?? {}, ["allow", "deny"]);
  if (tools !== undefined && !(isArray(tools) && tools.every((/** @type {any} */ one) => typeof one === "string")))
    refuse(SUBJECT, "tools must be an array of tool names");
  if (ledger !== undefined && !["read", "write"].every((name) => typeof ledger?.[name] === "function"))
    refuse(SUBJECT, "ledger must be a ledger, with read and write", ledger);
  if (disclosure !== undefined && (typeof disclosure !== "string" || !/\S/.test(disclosure) || disclosure.length > 500))
    refuse(SUBJECT, "disclosure must be a sentence of at most 500 characters");
  const prices = limits("prices", given.prices, ["minute", "text", "number"], "dollars", false);
  return {
    readOnly: typed("readOnly", given.readOnly, "boolean") ?? false,
    tools: tools && [.../** @type {string[]} */ (tools)],
    allow: patterns("recipients.allow", allow),
    deny: patterns("recipients.deny", deny),
    optOuts: optOuts(given.optOuts),
    calls: limits("calls", given.calls, ["hour", "day", "person"], "a number of calls", true),
    texts: limits("texts", given.texts, ["hour", "day", "person"], "a number of texts", true),
    numbers: limits("numbers", given.numbers, ["hour", "day"], "a number of numbers", true),
    money: limits("money", given.money, ["action", "hour", "day"], "dollars", false),
    prices: {
      minute: prices.minute ?? PRICES.minute,
      text: prices.text ?? PRICES.text,
      number: prices.number ?? PRICES.number,
    },
    maxMinutes: number("maxMinutes", given.maxMinutes, 1, 24 * 60, "minutes") ?? MAX_MINUTES,
    quietHours: quiet(given.quietHours),
    minGap: number("minGap", given.minGap, 0, MONTH, "milliseconds") ?? 0,
    disclosure: /** @type {string | undefined} */ (disclosure?.trim()),
    approval: approvalOf(given.approval),
    /** The beginning of its keys in a ledger. */
    place: `policy:${digestOf(typed("name", given.name, "string") ?? "")}:`,
    ledger,
    now: /** @type {() => number} */ (typed("now", given.now, "function") ?? Date.now),
  };
};
/** @typedef {Readonly<ReturnType<typeof read>>} Rules */

/** @param {any} options @returns {Rules} */
export const rulesOf = (options) => guard(SUBJECT, () => Object.freeze(read(options)));
