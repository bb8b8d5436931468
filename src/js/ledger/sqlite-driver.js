// @ts-check
// One way to use the SQLite of four libraries, told apart by their shapes. All of them are synchronous. They are asked for
// by `process.getBuiltinModule`, because an `import` of a module that only one runtime has fails in the bundlers of the others.

import { isObject } from "../lib/fields.js";
import { misconfigured, refuse } from "./errors.js";

const SUBJECT = "sqliteLedger";

/** @typedef {{ all: (sql: string, ...values: (string | number)[]) => any[], exec: (sql: string) => void, close: () => void }} Driver */

/** The libraries whose statements take their values one by one. @param {any} database @returns {Driver} */
const listing = (database) => {
  const statements = new Map();
  return {
    all: (sql, ...values) => {
      let statement = statements.get(sql);
      if (statement === undefined) statements.set(sql, (statement = database.prepare(sql)));
      return statement.all(...values);
    },
    exec: (sql) => void database.exec(sql),
    close: () => {
      statements.clear();
      database.close();
    },
  };
};

/** node-sqlite3-wasm: values are one array, and a statement that is kept keeps the file open. @param {any} database @returns {Driver} */
const collecting = (database) => ({
  all: (sql, ...values) => database.all(sql, values),
  exec: (sql) => void database.exec(sql),
  close: () => database.close(),
});

/** @param {any} database @returns {Driver} */
export const driverOf = (database) => {
  if (!isObject(database)) refuse(SUBJECT, "the first argument must be a path or a database");
  const { prepare, exec, all } = /** @type {any} */ (database);
  if (typeof prepare !== "function" || typeof exec !== "function")
    refuse(SUBJECT, "the database must be one of node:sqlite, bun:sqlite, better-sqlite3 or node-sqlite3-wasm");
  return typeof all === "function" ? collecting(database) : listing(database);
};

/** @param {string} path @returns {Driver} */
export const opened = (path) => {
  const { process, Bun } = /** @type {any} */ (globalThis);
  const builtin = (/** @type {string} */ name) => process?.getBuiltinModule?.(name);
  const Database = Bun === undefined ? builtin("node:sqlite")?.DatabaseSync : builtin("bun:sqlite")?.Database;
  if (Database === undefined)
    throw misconfigured(
      `${SUBJECT}: this runtime has no SQLite of its own; Node has it from version 22.13. Pass a database of better-sqlite3 or node-sqlite3-wasm in place of the path`,
    );
  return driverOf(new Database(path));
};

/** Whether another connection holds a lock that is soon free. @param {any} error */
export const isBusy = (error) => {
  const number = Number(error?.errcode ?? error?.errno) & 0xff;
  return (
    number === 5 || /^SQLITE_BUSY/.test(error?.code) || /database (is|table is|schema is) locked/.test(error?.message)
  );
};

/** What waiting does not fix, by the words of SQLite, which all libraries pass on. @type {[RegExp, string][]} */
const PERMANENT = [
  [/readonly database/, "the file or its folder is read-only, or the file was moved"],
  [/unable to open database/, "the file cannot be opened: its folder is missing, or it may not be read and written"],
  [/is not a database/, "the file is not a SQLite database"],
  [/malformed/, "the file is damaged: restore it from a backup"],
  [/no such (table|column)/, "the tables were removed or changed: restore the file from a backup"],
];

/** What is wrong for good, if it is. @param {any} error */
export const permanentWords = (error) => PERMANENT.find(([words]) => words.test(error?.message))?.[1];
