// Campaigns and their ledger in one PostgreSQL database, for many machines.

import { setTimeout as pause } from "node:timers/promises";
import { postgresLedger } from "agentphone-wasm/ledger";
import type pg from "pg";
import { postgresBroker } from "../queue/postgres.js";
import { withQueue } from "../queue/with-queue.js";
import { failed, queueFailed } from "./postgres-errors.js";
import { dueWith, type Query, recordWith, takeWith } from "./postgres-people.js";
import { type Database, type Row, type Step, sqlStore } from "./sql.js";
import type { OpenOptions, QueueingStore } from "./store.js";

/** Errors that rolled this transaction back because of a concurrent one: serialization failure, deadlock. */
const UNDONE = ["40001", "40P01"];
const ATTEMPTS = 20;
/** Time limits in milliseconds for a connection and for a statement. */
const TIMEOUT = 10_000;
/** Advisory lock: only one process at a time creates the tables. */
const LOCK = 7310486235922;

/** Repeats what PostgreSQL has undone because of a concurrent transaction. */
const repeatedly = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!UNDONE.includes((error as { code?: string }).code ?? "") || attempt === ATTEMPTS) throw failed(error);
    }
    await pause(Math.random() * Math.min(10 * attempt, 100));
  }
};

/** Several statements without values are one transaction. */
const queryOf =
  (pool: pg.Pool): Query =>
  (text, values) =>
    repeatedly(async () => {
      const results = (await pool.query(text, values && [...values])) as pg.QueryResult | pg.QueryResult[];
      return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
    });

const databaseOf = (pool: pg.Pool): Database => {
  const once = async <T>(step: () => Step<T>): Promise<T> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      const steps = step();
      let next = steps.next();
      while (!next.done) {
        const [sql, values] = next.value;
        const { rows } = await client.query<Row>(sql, [...values]);
        next = steps.next(rows);
      }
      await client.query("COMMIT");
      return next.value;
    } catch (error) {
      await client.query("ROLLBACK").catch((cause: Error) => void (broken = cause));
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return {
    lock: " FOR UPDATE",
    run: (step) => repeatedly(() => once(step)),
    script: async (sql) => {
      try {
        // One implicit transaction: the lock covers all of it.
        await pool.query(`SELECT pg_advisory_xact_lock(${LOCK}); ${sql}`);
      } catch (error) {
        throw failed(error);
      }
    },
    close: () => pool.end(),
  };
};

export const postgresStore = async (url: string, options: OpenOptions = {}): Promise<QueueingStore> => {
  const { default: library } = await import("pg");
  const pool = new library.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: TIMEOUT,
    query_timeout: TIMEOUT,
    application_name: "agentphone campaign",
  });
  pool.on("error", () => {});
  // A connection may emit several errors, even after its release; without a listener, an error event ends the process.
  pool.on("connect", (client) => void client.on("error", () => {}));
  try {
    const data = await sqlStore(databaseOf(pool), postgresLedger(pool), options);
    const query = queryOf(pool);
    const people = { take: takeWith(query, library.escapeLiteral), due: dueWith(query), record: recordWith(query) };
    return withQueue({ ...data, ...people }, postgresBroker(url, queueFailed));
  } catch (error) {
    await pool.end();
    throw error;
  }
};
