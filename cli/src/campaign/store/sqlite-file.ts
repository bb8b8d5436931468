// Errors of the file of a SQLite store: permanent ones are distinguished from those that a retry can fix, and a file that
// is not a store is not touched.

import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StoreError } from "./error.js";
import type { OpenOptions } from "./store.js";

const HEADER = "SQLite format 3\0";

/** Result codes of SQLite, by the names that better-sqlite3 uses. */
const CODES: Readonly<Record<string, number>> = {
  SQLITE_ERROR: 1,
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_NOMEM: 7,
  SQLITE_READONLY: 8,
  SQLITE_INTERRUPT: 9,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_PROTOCOL: 15,
  SQLITE_SCHEMA: 17,
  SQLITE_NOTADB: 26,
};
/** What passes, so that repeating helps: locks, memory, disk. */
const PASSING = ["BUSY", "LOCKED", "NOMEM", "INTERRUPT", "IOERR", "FULL", "PROTOCOL", "SCHEMA"].map(
  (name) => CODES[`SQLITE_${name}`],
);

interface SqliteError {
  readonly errcode?: number;
  readonly code?: string;
  readonly message?: string;
}

/** The primary result code; undefined: not an error of SQLite. */
const codeOf = (error: unknown): number | undefined => {
  const { errcode, code = "" } = error as SqliteError;
  if (typeof errcode === "number") return errcode & 0xff;
  return CODES[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ""];
};

export const isBusy = (error: unknown): boolean =>
  codeOf(error) === CODES.SQLITE_BUSY ||
  /database (is|table is|schema is) locked/.test((error as SqliteError).message ?? "");

const configuration = (message: string, cause?: unknown): StoreError =>
  new StoreError("STORE_CONFIGURATION", message, cause);

/** The error of a store for any error: only what passes may be repeated. */
export const failed = (error: unknown): unknown => {
  if (error instanceof StoreError || (error as SqliteError).code === "LEDGER_UNAVAILABLE") return error;
  const { code = "", message = "" } = error as SqliteError;
  const primary = codeOf(error);
  if (isBusy(error)) return new StoreError("STORE_UNAVAILABLE", "the SQLite file is locked by another program", error);
  if (primary === CODES.SQLITE_FULL)
    return new StoreError("STORE_UNAVAILABLE", "the disk of the SQLite file is full: free space on it", error);
  const name = Object.keys(CODES).find((each) => CODES[each] === primary);
  if (PASSING.includes(primary ?? 0))
    return new StoreError("STORE_UNAVAILABLE", `the SQLite file cannot be used for now (${name})`, error);
  switch (primary) {
    case CODES.SQLITE_NOTADB:
      return configuration("the file of the store is not a SQLite database", error);
    case CODES.SQLITE_CORRUPT:
      return configuration("the file of the store is a damaged SQLite database: restore it from a backup", error);
    case CODES.SQLITE_READONLY:
    case CODES.SQLITE_CANTOPEN:
      return configuration("the file of the store cannot be written: it, or its folder, is read-only or gone", error);
  }
  if (/^no such (table|column)/.test(message))
    return configuration(
      "a table of the store is missing or was changed: restore the file from a backup, or give the path of a new one",
      error,
    );
  // The words of Node or of a library, unless they are SQLite's.
  return configuration(`the SQLite file cannot be used (${name ?? (message || code || "unknown error")})`, error);
};

const reason = (error: unknown): string => {
  const { code = "" } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOENT: "its folder does not exist",
    ENOTDIR: "its folder is not a folder",
  };
  return words[code] ?? code;
};

/** Checks that a path is a SQLite database that can be written, and creates an empty one if there is nothing. Changes nothing else. */
export const prepareFile = (path: string, { create = true }: OpenOptions = {}): void => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    if (!create) throw new StoreError("STORE_MISSING", `the file ${resolve(path)} does not exist`);
    try {
      closeSync(openSync(path, "a", 0o600));
    } catch (error) {
      throw configuration(`the file of the store cannot be created: ${reason(error)}`, error);
    }
    return;
  }
  if (!stat.isFile()) throw configuration("the store is not a file: give the path of a SQLite file");
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw configuration(`the file of the store cannot be written: ${reason(error)}`, error);
  }
  try {
    // SQLite writes further files beside it.
    accessSync(dirname(resolve(path)), constants.W_OK);
  } catch (error) {
    throw configuration("the file of the store cannot be written: its folder is read-only", error);
  }
  if (stat.size === 0) return;
  const header = Buffer.alloc(HEADER.length);
  const file = openSync(path, "r");
  try {
    readSync(file, header, 0, HEADER.length, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString("latin1") !== HEADER) throw configuration("the file of the store is not a SQLite database");
};

/** Fails for a database of another program, which has tables but none of ours, and for a damaged one. */
export const checkDatabase = async (
  database: { prepare(sql: string): { all(): unknown[] } },
  patience: number,
  rest: number,
): Promise<void> => {
  const read = (): string[] =>
    (database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(
      ({ name }) => name,
    );
  for (const end = performance.now() + patience; ; await pause(rest))
    try {
      const names = read().filter((name) => !name.startsWith("sqlite_"));
      if (names.length === 0 || names.some((name) => name.startsWith("agentphone_"))) return;
      throw configuration("the SQLite database belongs to another program: give the path of a new file");
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw failed(error);
    }
};
