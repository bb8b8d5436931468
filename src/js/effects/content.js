// @ts-check
// What a request says, field by field, for the idempotency key that it is sent under; and what is known of it, as users
// see it.

import { attempt, owns } from "../lib/fields.js";
import { operationOf } from "../state/table.js";
import { picked } from "./rows.js";

/** @typedef {import("../input/arguments.js").Prepared} Prepared */

/** Characters of the longest key. */
const LONGEST = 255;
/** What a ledger cannot store, or not as it is. */
const UNSTORABLE = /[\0\ufffd\p{Surrogate}]/u;

/** What is wrong with a key, in words; empty: nothing. @param {unknown} key */
export const keyProblem = (key) => {
  if (typeof key !== "string") return "idempotencyKey must be a string";
  if (key.trim() === "") return "idempotencyKey must not be empty";
  if (key.length > LONGEST) return `idempotencyKey must have at most ${LONGEST} characters`;
  return UNSTORABLE.test(key) ? "idempotencyKey must be well-formed Unicode without U+0000" : "";
};

/** A value in one spelling, whatever the order of its fields. @param {any} value @returns {any} */
const ordered = (value) => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, ordered(value[name])]),
  );
};

/** @param {unknown} value */
const spelled = (value) => (typeof value === "string" ? value : JSON.stringify(ordered(value)));

/** Names of what is sent and how each reads, in turn. A field that is undefined is not sent. @param {Prepared} prepared */
const contentOf = ({ method, target, body }) => {
  const content = [];
  if (body !== undefined) {
    const fields = JSON.parse(body);
    for (const name of Object.keys(fields).sort()) content.push(`body.${name}`, spelled(fields[name]));
  }
  content.push("path", `${method} ${target}`);
  return content;
};

/** The ids of a path, in its order. @param {Prepared} prepared */
const idsOf = ({ row, hidden }) => hidden.slice(0, row === undefined ? 0 : operationOf(row).ids);

/**
 * What a request says, as `core::effects::row` reads it: its ids, its content, and these of its fields. Empty if it cannot be
 * read.
 * @param {Prepared} prepared @param {string} fields
 */
export const sentOf = (prepared, fields) =>
  attempt(() => JSON.stringify([idsOf(prepared), contentOf(prepared), picked(prepared.query, fields)])) ?? "";

/** Adds a field to what is sent. @param {Prepared} prepared @param {string} name @param {string} value */
export const addField = (prepared, name, value) => {
  prepared.query = { ...prepared.query, [name]: value };
  prepared.body = JSON.stringify({ ...JSON.parse(prepared.body ?? "{}"), [name]: value });
};

/** Has the key travel with the request, and keeps it out of errors and logs. @param {Prepared} prepared @param {string} key */
export const addKey = (prepared, key) => {
  prepared.idempotencyKey = key;
  prepared.hidden.push(key);
};

/**
 * An intent as users see it (`Intent` of `effects.d.ts`), of what the ledger has. `key`: their own.
 * @param {string} key @param {string} stored
 */
export const shownIntent = (key, stored) => {
  const { operation, state, id, how, candidates, sentAt, sends } = JSON.parse(stored);
  /** @type {Record<string, unknown>} */
  const shown = key === "" ? {} : { key };
  Object.assign(shown, { operation, state });
  if (how !== undefined) Object.assign(shown, { id, how });
  if (candidates !== undefined) shown.candidates = candidates;
  return Object.assign(shown, { sentAt: new Date(sentAt), sends });
};

/** Puts what is known of an intent on an error. Not enumerable: the key may hold a number. @param {object} error @param {object} intent */
export const addSettlement = (error, intent) => {
  if (!owns(error, "settlement"))
    Object.defineProperty(error, "settlement", { value: intent, writable: true, configurable: true });
};
