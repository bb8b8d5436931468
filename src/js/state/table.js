// @ts-check
// The operations, as the module tells them: a line each (src/core/table.rs); and behind them requests to any path.

/** What a method takes beside ids: `Input` of src/core/operation.rs, and of `client.request` all that a request has. @typedef {"nothing" | "query" | "body" | "optionalBody" | "request"} Takes */
/** `AnswerShape` of src/core/operation.rs. @typedef {"object" | "objectOrNull" | "list" | "empty" | "json" | "bytes" | "events" | "media" | "any"} Shape */
/** `Pages` of src/core/operation.rs. @typedef {"none" | "whole" | "offset" | "before"} Pages */

/**
 * An operation. `effect`: a repeat costs money or rings a phone;
 * `told`: a good answer tells what was asked for, and not only that it is done.
 * @typedef {{
 *   row: number, id: string, method: string, path: string, ids: number, takes: Takes, shape: Shape, pages: Pages, effect: boolean, told: boolean,
 *   checks: import("../input/checks.js").Check[], inQuery: string[],
 * }} Operation
 */

/** @type {Operation[]} */
export const operations = [];

/** @param {string} line @param {number} row @returns {Operation} */
const operation = (line, row) => {
  const [id = "", method = "", path = "", takes, shape, pages, effect, checks = "", inQuery = ""] = line.split(" ");
  let /** @type {any} */ known;
  return {
    row,
    id,
    method,
    path,
    ids: path.split("{").length - 1,
    takes: /** @type {Takes} */ (takes),
    shape: /** @type {Shape} */ (shape),
    pages: /** @type {Pages} */ (pages),
    effect: effect === "effect",
    // A POST to a path without ids makes something, whose id must be read.
    told: effect !== "idempotent" || (method === "POST" && !path.includes("{")),
    // Read when they are needed: a program calls few of them.
    get checks() {
      return (known ??= JSON.parse(checks));
    },
    inQuery: JSON.parse(inQuery),
  };
};

/** How many operations the table has. */
let known = 0;

/** Reads the table, once. @param {string} table */
export const readTable = (table) => {
  if (operations.length === 0) known = operations.push(...table.split("\n").map(operation));
};

/** The operations of the table. */
export const ofTable = () => operations.slice(0, known);

/** Kinds of requests to any path: three effects, with a body and without. */
const KINDS = 6;
/** So many paths have numbers of their own; one per request would fill the memory where ids are taken for words. */
const MOST = 1_000;
/** @type {Map<string, number>} */
const paths = new Map();

/**
 * The number of a request to any path, by which src/resources/mod.rs knows what it is. What has the same number shares a
 * rate limiter. @param {string} method @param {string} path What errors and logs show of it @param {number} effect `EffectClass` @param {boolean} body
 */
export const rowOfPath = (method, path, effect, body) => {
  const shown = paths.size < MOST ? path : "/{path}";
  const kind = effect + (body ? KINDS / 2 : 0);
  const key = `${method} ${shown} ${kind}`;
  let row = paths.get(key);
  if (row === undefined) {
    row = known + KINDS * paths.size + kind;
    paths.set(key, row);
    operations[row] = {
      row,
      id: "request",
      method,
      path: shown,
      ids: 1,
      takes: "request",
      shape: "any",
      pages: "none",
      effect: effect === 2,
      told: false,
      checks: [],
      inQuery: [],
    };
  }
  return row;
};
