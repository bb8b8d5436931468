// @ts-check
// The operations, as the module tells them: a line each (src/core/table.rs).

/**
 * An operation. `takes`: 0 nothing, 1 a query, 2 a body, 3 a body that may be left out. `gives`: d data, p pages,
 * b bytes, e events. `shape` and `pages` are `AnswerShape` and `Pages` of src/core/operation.rs; `effect`: a repeat costs money or rings a phone;
 * `told`: a good answer tells what was asked for, and not only that it is done.
 * @typedef {{
 *   row: number, id: string, method: string, path: string, ids: number, takes: number, gives: string, shape: number, pages: number, effect: boolean, told: boolean,
 *   checks: import("../input/checks.js").Check[], inQuery: string[],
 * }} Operation
 */

/** @type {Operation[]} */
export const operations = [];

/** @param {string} line @param {number} row @returns {Operation} */
const operation = (line, row) => {
  const [id = "", method = "", path = "", takes, gives = "", form = "", checks = "", inQuery = ""] = line.split(" ");
  let /** @type {any} */ known;
  return {
    row, id, method, path, ids: path.split("{").length - 1, takes: Number(takes), gives, shape: Number(form[0]), pages: Number(form[1]), effect: form[2] === "2",
    // A POST to a path without ids makes something, whose id must be read.
    told: form[2] !== "1" || (method === "POST" && !path.includes("{")),
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
