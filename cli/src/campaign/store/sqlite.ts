// Campaigns and their ledger in one SQLite file, for one machine: with `node:sqlite` if Node has it, otherwise with
// better-sqlite3 if it is installed.

import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sqliteLedger } from "agentphone-wasm/ledger";
import { StoreError } from "./error.js";
import { type Database, type Row, type Step, sqlStore, type Value } from "./sql.js";
import { claimStep } from "./sqlite-claims.js";
import { checkDatabase, failed, isBusy, prepareFile } from "./sqlite-file.js";
import type { ClaimingStore, OpenOptions } from "./store.js";

interface Statement {
  all(...values: Value[]): unknown[];
  run(...values: Value[]): unknown;
}

interface Prepared {
  readonly statement: Statement;
  /** The index of the value for each placeholder. */
  readonly order: readonly number[];
  readonly returns: boolean;
}
/** The interface that both libraries share. */
interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  close(): void;
}

/** Milliseconds that SQLite waits for a lock, which blocks the process; total wait; and pause between two attempts. */
const BLOCKING = 100;
const PATIENCE = 15_000;
const PAUSE = 20;
/** Maximum number of cached statements. */
const KEPT = 200;

const builtIn = (): (new (path: string) => Connection) | undefined =>
  (
    process as { getBuiltinModule?: (name: string) => { DatabaseSync?: new (path: string) => Connection } }
  ).getBuiltinModule?.("node:sqlite")?.DatabaseSync;

/** better-sqlite3, from next to this package or from the user's project. */
const installed = (): (new (path: string) => Connection) | undefined => {
  for (const from of [import.meta.url, join(process.cwd(), "package.json")])
    try {
      return createRequire(from)("better-sqlite3");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw unusable(error);
    }
  return undefined;
};

const unusable = (cause: unknown): StoreError =>
  new StoreError(
    "STORE_CONFIGURATION",
    "better-sqlite3 is installed but cannot be loaded: rebuild it for this Node.js",
    cause,
  );

const libraryOf = (): (new (path: string) => Connection) => {
  const library = builtIn() ?? installed();
  if (library === undefined)
    throw new StoreError(
      "STORE_CONFIGURATION",
      "this Node.js has no SQLite: use version 22.13 or later, run npm install better-sqlite3@12, or use --store postgres://… or redis://…",
    );
  return library;
};

/** Opens a file that is a SQLite database, or will be one. */
const opened = (path: string, options: OpenOptions): Connection => {
  const Library = libraryOf();
  prepareFile(path, options);
  try {
    return new Library(path);
  } catch (error) {
    throw failed(error);
  }
};

const databaseOf = (connection: Connection): Database => {
  const statements = new Map<string, Prepared>();
  const all = (sql: string, values: readonly Value[]): Row[] => {
    let prepared = statements.get(sql);
    if (prepared === undefined) {
      if (statements.size === KEPT) statements.clear();
      // `?` in the order of the text instead of PostgreSQL's `$1`: better-sqlite3 does not support numbered parameters.
      const order = [...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number) - 1);
      const statement = connection.prepare(sql.replaceAll(/\$\d+/g, "?"));
      prepared = { statement, order, returns: /^\s*SELECT|RETURNING/.test(sql) };
      statements.set(sql, prepared);
    }
    const { statement, order, returns } = prepared;
    const given = order.map((at) => values[at] ?? null);
    if (returns) return statement.all(...given) as Row[];
    statement.run(...given);
    return [];
  };
  const transaction = <T>(step: () => Step<T>): T => {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const steps = step();
      let next = steps.next();
      while (!next.done) next = steps.next(all(...next.value));
      connection.exec("COMMIT");
      return next.value;
    } catch (error) {
      try {
        connection.exec("ROLLBACK");
      } catch {
        // SQLite has already rolled back.
      }
      throw error;
    }
  };
  const patiently = async <T>(work: () => T): Promise<T> => {
    for (const end = performance.now() + PATIENCE; ; ) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw failed(error);
      }
      await pause(PAUSE * (0.5 + Math.random()));
    }
  };
  return {
    lock: "",
    run: (step) => patiently(() => transaction(step)),
    script: (sql) =>
      patiently(() => {
        connection.exec("BEGIN IMMEDIATE");
        try {
          connection.exec(sql);
          connection.exec("COMMIT");
        } catch (error) {
          connection.exec("ROLLBACK");
          throw error;
        }
      }),
    close: async () => {
      statements.clear();
      connection.close();
    },
  };
};

export const sqliteStore = async (path: string, options: OpenOptions = {}): Promise<ClaimingStore> => {
  const connection = opened(path, options);
  const ledgerConnection = opened(path, options);
  try {
    connection.exec(`PRAGMA busy_timeout = ${BLOCKING}`);
    await checkDatabase(connection, PATIENCE, PAUSE);
    const database = databaseOf(connection);
    // Writes that a crash of the machine loses here are repeated. The ledger, which is written with FULL, then prevents a second request.
    for (const pragma of ["journal_mode = WAL", "synchronous = NORMAL"])
      for (const end = performance.now() + PATIENCE; ; )
        try {
          connection.prepare(`PRAGMA ${pragma}`).all();
          break;
        } catch (error) {
          if (/does not return data/.test((error as Error).message)) {
            connection.exec(`PRAGMA ${pragma}`);
            break;
          }
          if (!isBusy(error) || performance.now() > end) throw failed(error);
          await pause(PAUSE);
        }
    const ledger = sqliteLedger(ledgerConnection as Parameters<typeof sqliteLedger>[0]);
    const store = await sqlStore(database, ledger);
    // It contains phone numbers: only its owner may read it. Before this line it might have been somebody else's file.
    if (process.platform !== "win32") chmodSync(path, 0o600);
    return {
      ...store,
      claim: (id, options) => database.run(() => claimStep(id, options)),
      close: async () => {
        await store.close();
        ledgerConnection.close();
      },
    };
  } catch (error) {
    connection.close();
    ledgerConnection.close();
    throw failed(error);
  }
};
