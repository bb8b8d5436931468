// @ts-check
// The operations, as the module tells them: a line each (src/core/table.rs); and behind them requests to any path.

/** What a method accepts beside ids: `Input` of src/core/operation.rs, and of `client.request` all that a request has. @typedef {"nothing" | "query" | "body" | "optionalBody" | "request"} Accepts */
/** `AnswerShape` of src/core/operation.rs. @typedef {"object" | "objectOrNull" | "list" | "empty" | "json" | "bytes" | "events" | "media" | "any"} Shape */
/** `Pages` of src/core/operation.rs. @typedef {"none" | "whole" | "offset" | "before"} Pages */

/**
 * An operation. `effect`: a repeat costs money or rings a phone;
 * `informative`: a successful response contains what was asked for, and does not only confirm.
 * @typedef {{
 *   row: number, id: string, method: string, path: string, ids: number, accepts: Accepts, shape: Shape, pages: Pages, effect: boolean, informative: boolean,
 *   checks: import("../input/checks.js").Check[], inQuery: string[],
 * }} Operation
 */

/** Those of the table, without a hole. @type {Operation[]} */
const operations = [];

/** @param {string} line @param {number} row @returns {Operation} */
const operation = (line, row) => {
  const [id = "", method = "", path = "", accepts, shape, pages, effect, checks = "", inQuery = ""] = line.split(" ");
  let /** @type {any} */ known;
  return {
    row,
    id,
    method,
    path,
    ids: path.split("{").length - 1,
    accepts: /** @type {Accepts} */ (accepts),
    shape: /** @type {Shape} */ (shape),
    pages: /** @type {Pages} */ (pages),
    effect: effect === "effect",
    // A POST to a path without ids makes something, whose id must be read.
    informative: effect !== "idempotent" || (method === "POST" && !path.includes("{")),
    // Read when they are needed: a program calls few of them.
    get checks() {
      return (known ??= JSON.parse(checks));
    },
    inQuery: JSON.parse(inQuery),
  };
};

/** Reads the table, once. @param {string} table */
export const readTable = (table) => {
  if (operations.length === 0) operations.push(...table.split("\n").map(operation));
};

/** The operations of the table. */
export const ofTable = () => operations.slice();

/** Kinds of requests to any path: three effects, with a body and without. */
const KINDS = 6;
/** So many paths have numbers of their own; one per request would fill the memory where ids are taken for words. */
const MOST = 1_000;
/** Characters of the longest path that is remembered. */
const LONGEST = 2_000;
/** What stands for all other paths. */
const OTHERS = "/{path}";
/** The numbers of requests, by their method, path and kind. @type {Map<string, number>} */
const numbers = new Map();
/** Requests by their numbers: apart from the table, because most numbers are of none. @type {Map<number, Operation>} */
const requests = new Map();

/** The operation or request of a number that this module gave; of any other it has none. @param {number} row @returns {Operation} */
export const operationOf = (row) => /** @type {Operation} */ (operations[row] ?? requests.get(row));

/**
 * The number of a request to any path, by which src/resources/mod.rs knows what it is. What has the same number shares a
 * rate limiter. @param {string} method @param {string} path What errors and logs show of it @param {number} effect `EffectClass` @param {boolean} body
 * @returns {number}
 */
export const rowOfPath = (method, path, effect, body) => {
  const kind = effect + (body ? KINDS / 2 : 0);
  const remembered = path.length <= LONGEST;
  const key = remembered ? `${method} ${path} ${kind}` : "";
  const known = remembered ? numbers.get(key) : undefined;
  if (known !== undefined) return known;
  // Those that share a number are few, and have theirs beyond the limit.
  if (path !== OTHERS && (!remembered || numbers.size >= MOST)) return rowOfPath(method, OTHERS, effect, body);
  const row = operations.length + KINDS * numbers.size + kind;
  requests.set(row, {
    row,
    id: "request",
    method,
    path,
    ids: 1,
    accepts: "request",
    shape: "any",
    pages: "none",
    effect: effect === 2,
    informative: false,
    checks: [],
    inQuery: [],
  });
  // Last: where the stack ends in between, the path is still unknown, and not one without a request.
  numbers.set(key, row);
  return row;
};
