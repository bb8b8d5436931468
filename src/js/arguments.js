// @ts-check
// Turns what a caller passed to a method into what can be sent, or says what is wrong and names the field. All of
// it happens before anything leaves. JavaScript, because it only looks at what JavaScript code has passed: done
// from the module it weighs four times as much (CONTRIBUTING.md, "Size").

import { firstProblem, isOfArray, member, sentOf } from "./checks.js";
import { current } from "./flights.js";
import { attempt, isArray, kind } from "./options.js";
import { operations } from "./table.js";

/**
 * What can be sent. `hidden` are ids and query values: what no message may show.
 * `longest`: milliseconds after which an answer may still come, where the caller asked for one that takes its time.
 * `flight`: the call, where a method of the client's made it.
 * @typedef {{ method: string, target: string, body: string | undefined, hidden: string[], longest?: number | undefined, flight?: import("./flights.js").Flight | undefined }} Prepared
 */

/** True for a value that could be of the API's vocabulary: `hosted`, `no-answer`, `NOT_FOUND`. @param {string} text */
export const isWord = (text) => /^[A-Za-z_-]*$/.test(text);

/** Percent-encoded, but for the characters that RFC 3986 leaves unreserved. @param {string} text */
export const escaped = (text) =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * An id that is empty, `.`, `..` or no string would reach another resource than the caller meant
 * (`DELETE /v1/numbers/`). What is wrong with it never shows it: it may be a phone number.
 * @param {string} name @param {unknown} id
 */
const checkedId = (name, id) => {
  if (id === undefined || id === null) throw `${name} is missing`;
  if (typeof id !== "string") throw `${name} must be a string, not ${kind(id)}`;
  if (id.trim() === "") throw `${name} is empty`;
  if (/[\p{Surrogate}\ufffd]/u.test(id)) throw `${name} is no well-formed text`;
  if (id === "." || id === "..") throw `${name} must not be "." or ".."`;
  return id;
};

/** @param {string} path @param {unknown[]} ids @param {string[]} hidden */
export const filled = (path, ids, hidden) => {
  if (!path.includes("{")) return path;
  let next = 0;
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    const id = checkedId(name, ids[next++]);
    if (!isWord(id)) hidden.push(id);
    return escaped(id);
  });
};

/** The text of a query's value. @param {string} name @param {any} value */
const queryText = (name, value) => {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isFinite(value)) return `${value}`;
  // A Date, for before and after.
  const time = attempt(() => value instanceof Date && Number.isFinite(value.getTime()) && value.toISOString());
  if (time) return time;
  throw `${name} must be a string, a number, true or false, not ${kind(value)}`;
};

/** Adds one field of the input. @param {string[]} query @param {string} name @param {any} value @param {import("./table.js").Operation} operation @param {string[]} hidden */
const addQuery = (query, name, value, { checks }, hidden) => {
  if (value === undefined || value === null) return;
  let text;
  if (isArray(value) && isOfArray(checks, name)) {
    const items = value.filter((/** @type {unknown} */ item) => typeof item === "string");
    text = items.join(",");
    hidden.push(...items);
  } else {
    text = queryText(name, value);
    // What is searched for is the caller's, though it be one plain word.
    if (typeof value === "string" && (name === "search" || !isWord(text))) hidden.push(text);
  }
  query.push(`${escaped(name)}=${escaped(text)}`);
};

/** @param {any} input @param {string[]} inQuery */
const bodyOf = (input, inQuery) => {
  let json;
  try {
    let value = input;
    if (inQuery.length > 0) {
      value = { ...input };
      for (const name of inQuery) delete value[name];
    }
    json = JSON.stringify(value);
  } catch (cause) {
    throw { note: "the body cannot be written as JSON (a cycle or a bigint)", cause };
  }
  if (typeof json !== "string") throw "the body cannot be written as JSON";
  return json;
};

/** What is sent of an input. @param {any} input @param {boolean} inBody Otherwise in the query, which asks no `toJSON` */
const fieldsOf = (input, inBody) => {
  try {
    return inBody ? sentOf(input) : { ...input };
  } catch (cause) {
    throw { note: "what is to be sent cannot be read: a getter or toJSON throws", cause };
  }
};

/**
 * The API answers a call that is waited for when it has ended; ten seconds are for the way. Where the caller names
 * no time it may be the longest that there is. @param {any} input
 */
const longestOf = ({ waitForCompletion, maxWaitSeconds }) => (waitForCompletion === true ? ((maxWaitSeconds ?? 600) + 10) * 1000 : undefined);

/**
 * Checks the arguments of one call; throws what is wrong, as a text or with its cause.
 * @param {number} row @param {unknown} first @param {unknown} second The ids, as many as the path takes @param {any} given The input
 * @returns {Prepared}
 */
export const prepare = (row, first, second, given) => {
  const operation = /** @type {import("./table.js").Operation} */ (operations[row]);
  const { method, path, takes, checks, inQuery } = operation;
  /** @type {string[]} */
  const hidden = [];
  const target = filled(path, [first, second], hidden);
  if (takes === 0) return { method, target, body: undefined, hidden, flight: current };
  const leftOut = (given === undefined || given === null) && takes !== 2;
  const input = leftOut || isArray(given) || typeof given !== "object" ? given : fieldsOf(given, takes !== 1);
  if (!leftOut && (typeof input !== "object" || input === null || isArray(input))) {
    throw `the ${takes === 1 ? "query" : "body"} must be an object, not ${kind(input)}`;
  }
  const problem = firstProblem(checks, input);
  if (problem) throw problem;
  /** @type {string[]} */
  const query = [];
  const names = takes === 1 ? leftOut ? [] : (attempt(() => Object.keys(input)) ?? []) : inQuery;
  for (const name of names) addQuery(query, name, member(input, name), operation, hidden);
  const body = takes === 1 ? undefined : leftOut ? "{}" : bodyOf(input, inQuery);
  const longest = leftOut ? undefined : longestOf(input);
  return { method, target: query.length > 0 ? `${target}?${query.join("&")}` : target, body, hidden, longest, flight: current };
};
