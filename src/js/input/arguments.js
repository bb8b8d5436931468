// @ts-check
// Turns what a caller passed to a method into a request, or says what is wrong and names the field, before
// anything is sent. JavaScript, because it only reads what JavaScript code has passed: from the module it would
// weigh four times as much (docs/size.md).

import { isOpen, isOpenNumber } from "../errors/private.js";
import { attempt, isArray, isPlainName, kind, member } from "../lib/fields.js";
import { operationOf } from "../state/table.js";
import { idsIn } from "./any-path.js";
import { firstProblem, isOfArray } from "./checks.js";
import { spelled, strange, strangersIn } from "./hints.js";
import { snapshotOf } from "./snapshot.js";

/**
 * A request that can be sent. `hidden` are ids and query values, which no message may show. `query` is the query of a list.
 * `longest`: milliseconds after which a response may still come, if the caller asked for one that takes its time.
 * `unknown`: fields that the contract does not know, sent because a newer API must not be blocked by an older client.
 * `inFlight`: the call, if a method of the client made it. `idempotencyKey`: where the call has one.
 * @typedef {{ method: string, target: string, body: string | undefined, hidden: string[], query?: object | undefined, longest?: number | undefined, inFlight?: import("../state/in-flight.js").InFlight | undefined, row?: number | undefined, unknown?: import("./hints.js").Stranger[] | undefined, idempotencyKey?: string | undefined }} Prepared
 */

/** Most ids and values: nothing in them is escaped or refused, so that the slower checks can be left out. */
const PLAIN = /^[\w~-]+$/;

/** Percent-encoded, except the characters that RFC 3986 leaves unreserved. @param {string} text */
export const escaped = (text) => (PLAIN.test(text) ? text : encoded(text));

/** @param {string} text */
const encoded = (text) =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * An id that is empty, `.`, `..` or not a string would reach another resource than the caller meant
 * (`DELETE /v1/numbers/`). The error never shows it, because it may be a phone number.
 * @param {string} name @param {unknown} id
 */
const checkedId = (name, id) => {
  if (id === undefined || id === null) throw `${name} is missing`;
  if (typeof id !== "string") throw `${name} must be a string, not ${kind(id)}`;
  if (PLAIN.test(id)) return id;
  if (id.trim() === "") throw `${name} is empty`;
  if (/[\p{Surrogate}\ufffd]/u.test(id)) throw `${name} is not well-formed Unicode`;
  if (id === "." || id === "..") throw `${name} must not be "." or ".."`;
  return id;
};

/** @param {string} path @param {unknown[]} ids @param {string[]} hidden */
export const filled = (path, ids, hidden) => {
  if (!path.includes("{")) return path;
  let next = 0;
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    const id = checkedId(name, ids[next++]);
    if (!isOpen(name, id)) hidden.push(id);
    return escaped(id);
  });
};

/** Adds one field of the input. @param {string[]} query @param {string} name @param {any} value @param {import("../state/table.js").Operation} operation @param {string[]} hidden */
const addQuery = (query, name, value, { checks }, hidden) => {
  if (value === undefined || value === null) return;
  const items = isArray(value) && isOfArray(checks, name) ? value : [value];
  for (const item of items) {
    if (typeof item === "object")
      throw `${isPlainName(name) ? name : "a field of the query"} must be a string, a number, true or false, not ${kind(item)}`;
    if (typeof item === "string" ? !isOpen(name, item) : typeof item === "number" && !isOpenNumber(name, item))
      hidden.push(`${item}`);
  }
  if (!isPlainName(name)) hidden.push(name);
  query.push(`${escaped(name)}=${escaped(items.join(","))}`);
};

/** @param {Record<string, any>} input @param {string[]} inQuery */
const bodyOf = (input, inQuery) => {
  if (inQuery.length === 0) return JSON.stringify(input);
  const rest = { ...input };
  for (const name of inQuery) delete rest[name];
  return JSON.stringify(rest);
};

/**
 * The API responds to a request that waits for a call when the call has ended; ten seconds are for the network. If the
 * caller names no time, it is the longest that the API allows. @param {any} input
 */
const longestOf = ({ waitForCompletion, maxWaitSeconds, wait, timeout }) => {
  const seconds = waitForCompletion === true ? (maxWaitSeconds ?? 600) : wait === true ? (timeout ?? 300) : undefined;
  return seconds === undefined ? undefined : (seconds + 10) * 1000;
};

/** A request to any path. @param {import("../state/table.js").Operation} operation @param {import("../state/in-flight.js").InFlight | undefined} inFlight @param {string} path @param {import("./any-path.js").Asked} asked @returns {Prepared} */
const requested = (operation, inFlight, path, { query: given, body, problem }) => {
  if (problem) throw problem;
  const hidden = idsIn(path).flatMap((id) => [id, attempt(() => decodeURIComponent(id)) ?? id]);
  const input = given === undefined || given === null ? {} : snapshotOf(given, "query");
  /** @type {string[]} */
  const query = [];
  for (const name of Object.keys(input)) addQuery(query, name, member(input, name), operation, hidden);
  return {
    method: operation.method,
    target: query.length > 0 ? `${path}?${query.join("&")}` : path,
    body: body === null ? undefined : JSON.stringify(snapshotOf(body, "body")),
    hidden,
    inFlight,
  };
};

/** Unknown fields that an error names. */
const MOST_NAMED = 5;

/**
 * @param {import("../state/table.js").Operation} operation @param {import("../state/in-flight.js").InFlight | undefined} inFlight
 * @param {unknown[]} ids @param {any} given @returns {Prepared}
 */
const prepared = (operation, inFlight, ids, given) => {
  if (operation.accepts === "request") return requested(operation, inFlight, /** @type {string} */ (ids[0]), given);
  const { row, id, method, path, accepts, checks, inQuery } = operation;
  /** @type {string[]} */
  const hidden = [];
  const target = filled(path, ids, hidden);
  if (accepts === "nothing") return { method, target, body: undefined, hidden, inFlight };
  const leftOut = (given === undefined || given === null) && accepts !== "body";
  const input = leftOut ? {} : spelled(id, snapshotOf(given, accepts === "query" ? "the query" : "the body"));
  const unknown = strangersIn(id, input);
  const problem = firstProblem(checks, input);
  if (problem) throw [problem, ...unknown.slice(0, MOST_NAMED).map(strange)].join("; ");
  /** @type {string[]} */
  const query = [];
  for (const name of accepts === "query" ? Object.keys(input) : inQuery)
    addQuery(query, name, member(input, name), operation, hidden);
  const body = accepts === "query" ? undefined : bodyOf(input, inQuery);
  return {
    method,
    target: query.length > 0 ? `${target}?${query.join("&")}` : target,
    body,
    hidden,
    query: input,
    longest: longestOf(input),
    inFlight,
    row,
    unknown,
  };
};

/**
 * Checks the arguments of one call; throws what is wrong, as a string or with its cause.
 * @param {number} row @param {import("../state/in-flight.js").InFlight | undefined} inFlight @param {import("./options.js").Settings} settings
 * @param {unknown[]} ids As many as the path takes, or more @param {unknown} given The input
 * @returns {Prepared}
 */
export const prepare = (row, inFlight, settings, ids, given) => {
  // Its hooks are those of the call.
  inFlight?.useSettings(settings);
  try {
    return prepared(operationOf(row), inFlight, ids, given);
  } catch (problem) {
    if (typeof problem === "string" || /** @type {any} */ (problem)?.note) throw problem;
    // No stack left, or a string longer than the engine allows.
    throw { note: "the arguments cannot be read or written", cause: problem };
  }
};
