// @ts-check
// A ledger in a SQLite file. Each transaction is one synchronous piece, so that nothing else of the process comes in
// between; other processes are kept out by `BEGIN IMMEDIATE`, and waited for without blocking the event loop for long.

import { ageOf, changesOf, keysOf, namespaceOf, optionsOf, pageOf } from "./check.js";
import { causeOf, LedgerError, misconfigured, otherVersion, refuse, unavailable } from "./errors.js";
import { driverOf, isBusy, opened, permanentWords } from "./sqlite-driver.js";
import { entryOf, FORMAT, inOrder, lazily, pause } from "./store.js";

/** @typedef {import("./sqlite-driver.js").Driver} Driver */

const SUBJECT = "sqliteLedger";
/** Milliseconds that SQLite itself waits for a lock, and with it the whole process. */
const BLOCKING = 100;
/** Milliseconds between two attempts to get a lock. */
const PAUSE = 20;
/** Entries that one transaction prunes. */
const BATCH = 1000;

const TABLES = `
  CREATE TABLE agentphone_ledger_format (version INTEGER NOT NULL);
  CREATE TABLE agentphone_ledger (
    namespace TEXT NOT NULL, key TEXT NOT NULL, stamp TEXT NOT NULL, open INTEGER NOT NULL, at REAL NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (namespace, key)
  ) WITHOUT ROWID;
  CREATE INDEX agentphone_ledger_open ON agentphone_ledger (namespace, at, key) WHERE open = 1;
  CREATE INDEX agentphone_ledger_settled ON agentphone_ledger (namespace, at) WHERE open = 0;
  INSERT INTO agentphone_ledger_format VALUES (${FORMAT});
`;
const FIND_TABLES =
  "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('agentphone_ledger', 'agentphone_ledger_format')";
const FIND_STAMPS =
  "SELECT key, stamp FROM agentphone_ledger WHERE namespace = ? AND key IN (SELECT value FROM json_each(?))";
const READ = "SELECT * FROM agentphone_ledger WHERE namespace = ? AND key IN (SELECT value FROM json_each(?))";
const PUT = `INSERT INTO agentphone_ledger (namespace, key, stamp, open, at, value) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (namespace, key) DO UPDATE SET stamp = excluded.stamp, open = excluded.open, at = excluded.at, value = excluded.value
  RETURNING 1`;
const DELETE = "DELETE FROM agentphone_ledger WHERE namespace = ? AND key = ? RETURNING 1";
const OPEN = "SELECT * FROM agentphone_ledger WHERE namespace = ? AND open = 1 ORDER BY at, key LIMIT ?";
const OPEN_AFTER =
  "SELECT * FROM agentphone_ledger WHERE namespace = ? AND open = 1 AND (at, key) > (?, ?) ORDER BY at, key LIMIT ?";
const PRUNE = `DELETE FROM agentphone_ledger WHERE namespace = ? AND key IN
  (SELECT key FROM agentphone_ledger WHERE namespace = ? AND open = 0 AND at < ? LIMIT ${BATCH}) RETURNING 1`;

/** Whether the file has the tables; throws if they are of another version. @param {Driver} driver */
const hasTables = (driver) => {
  const names = driver.all(FIND_TABLES).map(({ name }) => name);
  if (names.length === 0) return false;
  const versions = names.length === 2 ? driver.all("SELECT version FROM agentphone_ledger_format") : [];
  const version = versions.length === 1 ? versions[0].version : undefined;
  if (Number(version) !== FORMAT) throw otherVersion(SUBJECT, FORMAT, version);
  return true;
};

/** Does `work` in one transaction; undone where it throws or returns false. @template T @param {Driver} driver @param {() => T} work @returns {T} */
const transaction = (driver, work) => {
  driver.exec("BEGIN IMMEDIATE");
  let result;
  try {
    result = work();
    driver.exec(result === false ? "ROLLBACK" : "COMMIT");
  } catch (error) {
    try {
      driver.exec("ROLLBACK");
    } catch {
      // SQLite has undone it already.
    }
    throw error;
  }
  return result;
};

/** @param {Driver} driver */
const prepare = (driver) => {
  driver.exec(`PRAGMA busy_timeout = ${BLOCKING}`);
  // Before anything that changes the file: one of another version stays untouched.
  const ready = hasTables(driver);
  // node-sqlite3-wasm has no shared memory, which WAL needs, and stays with its rollback journal: as durable, and slower.
  driver.all("PRAGMA journal_mode = WAL");
  driver.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
  if (!ready) transaction(driver, () => hasTables(driver) || driver.exec(TABLES));
};

/** @type {typeof import("./adapters.js").sqliteLedger} */
export const sqliteLedger = (pathOrDatabase, options = {}) => {
  const { namespace: given, busyTimeout = 5000 } = optionsOf(SUBJECT, options, ["namespace", "busyTimeout"]);
  const namespace = namespaceOf(given);
  if (typeof busyTimeout !== "number" || !(busyTimeout >= 0))
    refuse(SUBJECT, "option busyTimeout must be a number of milliseconds, 0 or more");
  if (pathOrDatabase === "") refuse(SUBJECT, "the path must not be empty");
  const isPath = typeof pathOrDatabase === "string";
  const passed = isPath ? undefined : driverOf(pathOrDatabase);

  /** Does `work`, and again while others hold the lock. @template T @param {() => T} work @returns {Promise<T>} */
  const patiently = async (work) => {
    const end = performance.now() + busyTimeout;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (/within a transaction/.test(/** @type {any} */ (error)?.message))
          throw misconfigured(`${SUBJECT}: the database is inside a transaction; pass one that nothing else uses`);
        const permanent = permanentWords(error);
        if (permanent !== undefined) throw misconfigured(`${SUBJECT}: ${permanent}`, causeOf(error));
        if (!isBusy(error)) throw unavailable(SUBJECT, error);
        if (performance.now() >= end)
          throw new LedgerError("LEDGER_UNAVAILABLE", `${SUBJECT}: locked by others for ${busyTimeout} ms`);
      }
      await pause(PAUSE * (0.5 + Math.random()));
    }
  };
  const connection = lazily(() =>
    patiently(() => {
      const driver = passed ?? opened(/** @type {string} */ (pathOrDatabase));
      try {
        prepare(driver);
      } catch (error) {
        if (isPath) driver.close();
        throw error;
      }
      return driver;
    }),
  );
  /** @template T @param {(driver: Driver) => T} work @returns {Promise<T>} */
  const use = async (work) => {
    const driver = await connection.get();
    return patiently(() => work(driver));
  };

  /** @type {import("./adapters.js").ClosableLedger} */
  const ledger = {
    read: async (keys) => {
      const wanted = keysOf(keys);
      return inOrder(wanted, await use((driver) => driver.all(READ, namespace, JSON.stringify(wanted))));
    },
    write: async (changes) => {
      const all = changesOf(changes);
      const keys = JSON.stringify(all.map(({ key }) => key));
      return use((driver) =>
        transaction(driver, () => {
          const stamps = new Map(driver.all(FIND_STAMPS, namespace, keys).map(({ key, stamp }) => [key, stamp]));
          if (all.some(({ key, was }) => (stamps.get(key) ?? null) !== was)) return false;
          for (const { key, entry } of all) {
            if (entry === null) driver.all(DELETE, namespace, key);
            else {
              const { stamp, open, at, value } = entry;
              driver.all(PUT, namespace, key, stamp, Number(open), at, JSON.stringify(value));
            }
          }
          return true;
        }),
      );
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      const rows = await use((driver) =>
        after === undefined
          ? driver.all(OPEN, namespace, limit)
          : driver.all(OPEN_AFTER, namespace, after.at, after.key, limit),
      );
      return rows.map(entryOf);
    },
    prune: async (age) => {
      const before = ageOf(age);
      for (let count = 0; ; ) {
        const { length } = await use((driver) =>
          transaction(driver, () => driver.all(PRUNE, namespace, namespace, before)),
        );
        count += length;
        if (length < BATCH) return count;
        await pause(0);
      }
    },
    close: async () => {
      if (!isPath) return;
      const driver = await connection.get();
      connection.forget();
      driver.close();
    },
  };
  return Object.freeze(ledger);
};
