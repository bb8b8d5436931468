// @ts-check
// What a request says, field by field, for the idempotency key that it is sent under; and what is known of it, on the
// error that it ended with.

import { owns } from "../lib/fields.js";
import { operationOf } from "../state/table.js";

/** @typedef {import("../input/arguments.js").Prepared} Prepared */

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

/**
 * Pairs of what is sent and how it reads. A field that is undefined is not sent.
 * @param {Prepared} prepared @returns {[string, string][]}
 */
export const contentOf = ({ method, target, body }) => {
  /** @type {[string, string][]} */
  const pairs = [["path", `${method} ${target}`]];
  if (body === undefined) return pairs;
  const fields = JSON.parse(body);
  for (const name of Object.keys(fields)) pairs.push([`body.${name}`, spelled(fields[name])]);
  return pairs;
};

/** The ids of a path, in its order. @param {Prepared} prepared */
export const idsOf = ({ row, hidden }) => hidden.slice(0, row === undefined ? 0 : operationOf(row).ids);

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

/** Puts what is known of an intent on an error. Not enumerable: the key may hold a number. @param {object} error @param {object} intent */
export const addSettlement = (error, intent) => {
  if (!owns(error, "settlement"))
    Object.defineProperty(error, "settlement", { value: intent, writable: true, configurable: true });
};
