// @ts-check
// The operations of the module's table, one per line (src/core/table.rs), and behind them requests to any path.

/** What a method accepts beside ids: `Input` of src/core/operation.rs, and of `client.request` all that a request has. @typedef {"nothing" | "query" | "body" | "optionalBody" | "request"} Accepts */
/** `AnswerShape` of src/core/operation.rs. @typedef {"object" | "objectOrNull" | "list" | "empty" | "json" | "bytes" | "events" | "media" | "any"} Shape */
/** `Pages` of src/core/operation.rs. @typedef {"none" | "whole" | "offset" | "before"} Pages */
/** What a repeat does: `EffectClass` of src/core/operation.rs. @typedef {"read" | "idempotent" | "effect"} EffectClass */

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

/** What src/resources/mod.rs reads of a request to any path. @typedef {Operation & { effectClass: EffectClass, hasBody: boolean }} AnyRequest */

/** So many paths have numbers of their own; one per request would fill the memory where ids are taken for words. */
const MOST = 1_000;
/** Characters of the longest path that is remembered. */
const LONGEST = 2_000;
/** What stands for all other paths. */
const OTHERS = "/{path}";
/** Requests by their method, path, effect class and whether they have a body. @type {Map<string, AnyRequest>} */
const requests = new Map();
/** The same by their numbers, which follow those of the table. @type {AnyRequest[]} */
const numbered = [];

/** The operation or request of a number that this module gave; there is none of any other number. @param {number} row @returns {Operation} */
export const operationOf = (row) => /** @type {Operation} */ (operations[row] ?? requestOf(row));

/** The request of a number behind those of the table. @param {number} row @returns {AnyRequest | undefined} */
export const requestOf = (row) => numbered[row - operations.length];

/**
 * The number of a request to any path. Requests with the same number share a rate limiter.
 * @param {string} method @param {string} path What errors and logs show of it @param {EffectClass} effectClass @param {boolean} hasBody
 * @returns {number}
 */
export const rowOfPath = (method, path, effectClass, hasBody) => {
  const remembered = path.length <= LONGEST;
  const key = remembered ? `${method} ${path} ${effectClass} ${hasBody}` : "";
  const known = remembered ? requests.get(key) : undefined;
  if (known) return known.row;
  // Those that share a number are few, and have theirs beyond the limit.
  if (path !== OTHERS && (!remembered || numbered.length >= MOST))
    return rowOfPath(method, OTHERS, effectClass, hasBody);
  const row = operations.length + numbered.length;
  /** @type {AnyRequest} */
  const request = {
    row,
    id: "request",
    method,
    path,
    ids: 1,
    accepts: "request",
    shape: "any",
    pages: "none",
    effect: effectClass === "effect",
    effectClass,
    hasBody,
    informative: false,
    checks: [],
    inQuery: [],
  };
  // Last: where the stack ends in between, the path is still unknown, and not one without a request.
  numbered.push(request);
  requests.set(key, request);
  return row;
};
