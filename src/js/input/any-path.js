// @ts-check
// `client.request`: a request to any path of the API, for operations that the table does not have yet.

import { fieldsOf, isPlainName, kind } from "../lib/fields.js";
import { rowOfPath } from "../state/table.js";

/** What the caller asks for; `problem` says what is wrong with it. @typedef {{ query?: any, body?: any, problem?: unknown }} Asked */

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** @type {import("../state/table.js").EffectClass[]} */
const EFFECTS = ["read", "idempotent", "effect"];
const NAMES = ["query", "body", "effect"];

/** A word of the API in a path; anything else may be an id. */
const WORD = /^(?:v\d+|[a-z][a-z-]{0,23})$/;
/** What a path may contain: characters that need no escape, and escapes. */
const PATH = /^\/(?:[\w\-.~!$&'()*+,;=:@/]|%[\dA-Fa-f]{2})*$/;

/**
 * A path that leads where it says. Two slashes would name another host if `baseUrl` is a path. @param {unknown} path
 */
const checked = (path) => {
  if (typeof path !== "string") throw `path must be a string, not ${kind(path)}`;
  if (!PATH.test(path))
    throw 'path must begin with "/" and be escaped (encodeURIComponent for each id); a query goes into `query`';
  if (path.includes("//")) throw 'path must not have "//" in it: an id is empty';
  if (path.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw 'path must not have "." or ".." in it';
  return path;
};

/** The parts of a path that may be ids. @param {string} path */
export const idsIn = (path) => path.split("/").filter((part) => part !== "" && !WORD.test(part));

/** What errors and logs show of a path. @param {string} path */
const shown = (path) =>
  path
    .split("/")
    .map((part) => (part === "" || WORD.test(part) ? part : "{id}"))
    .join("/");

/** @param {unknown} method @param {unknown} path @param {unknown} given @returns {[number, Asked]} */
const read = (method, path, given) => {
  if (typeof method !== "string" || !METHODS.includes(method)) throw `method must be one of ${METHODS.join(", ")}`;
  const target = checked(path);
  const {
    query,
    body = null,
    effect = method === "GET" ? "read" : "effect",
    ...others
  } = given === undefined || given === null ? {} : fieldsOf(given, "the request", "a field of the request");
  const [stray] = Object.keys(others);
  if (stray !== undefined)
    throw `${isPlainName(stray) ? stray : "a field of the request"} is unknown: a request has ${NAMES.join(", ")}`;
  if (!EFFECTS.includes(effect)) throw `effect must be one of ${EFFECTS.join(", ")}`;
  if (body !== null && method === "GET") throw "a GET has no body: use query";
  return [rowOfPath(method, shown(target), effect, body !== null), { query, body }];
};

/**
 * The number of a request and what is asked. `prepare` throws what is wrong, as for all arguments.
 * @param {unknown} method @param {unknown} path @param {unknown} given @returns {[number, Asked]}
 */
export const askedOf = (method, path, given) => {
  try {
    return read(method, path, given);
  } catch (problem) {
    return [rowOfPath("GET", "/", "read", false), { problem }];
  }
};
