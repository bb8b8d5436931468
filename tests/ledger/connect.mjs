// Ledgers with their own connections, in the test's process and in the programs that it starts.

import { memoryLedger, postgresLedger, redisLedger, sqliteLedger } from "agentphone-wasm/ledger";
import { load } from "./tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @typedef {{ kind: string, port?: number, path?: string, database?: string, options?: Foreign }} Place */
/** @typedef {import("agentphone-wasm/ledger").Ledger} Ledger */
/** @typedef {{ ledger: Ledger, raw: Foreign, end: () => Promise<void> }} Connection */

const HOST = "127.0.0.1";
const ignore = () => {};

/** @type {Record<string, (place: Place) => Promise<Connection>>} */
const KINDS = {
  memory: async ({ options }) => ({ ledger: memoryLedger(options), raw: undefined, end: async () => {} }),
  pg: async ({ port, database = "postgres", options }) => {
    const { Pool } = load("pg");
    const pool = new Pool({ host: HOST, port, user: "postgres", database, max: 10 });
    pool.on("error", ignore);
    return { ledger: postgresLedger(pool, options), raw: pool, end: () => pool.end() };
  },
  "pg-client": async ({ port, database = "postgres", options }) => {
    const { Client } = load("pg");
    const client = new Client({ host: HOST, port, user: "postgres", database });
    client.on("error", ignore);
    await client.connect();
    return { ledger: postgresLedger(client, options), raw: client, end: () => client.end() };
  },
  ...Object.fromEntries(
    ["redis", "redis-4"].map((name) => [
      name,
      async ({ port, options }) => {
        const client = load(name).createClient({ url: `redis://${HOST}:${port}` });
        client.on("error", ignore);
        await client.connect();
        return { ledger: redisLedger(client, options), raw: client, end: async () => void (await client.disconnect()) };
      },
    ]),
  ),
  ...Object.fromEntries(
    ["ioredis", "ioredis-5"].map((name) => [
      name,
      async ({ port, options }) => {
        const { Redis } = load(name);
        const client = new Redis({ host: HOST, port });
        client.on("error", ignore);
        return { ledger: redisLedger(client, options), raw: client, end: async () => client.disconnect() };
      },
    ]),
  ),
  "sqlite-path": async ({ path = "", options }) => {
    const ledger = sqliteLedger(path, options);
    return { ledger, raw: undefined, end: () => ledger.close() };
  },
  "better-sqlite3": async ({ path, options }) => {
    const database = load("better-sqlite3")(path);
    return { ledger: sqliteLedger(database, options), raw: database, end: async () => database.close() };
  },
  "node-sqlite3-wasm": async ({ path, options }) => {
    const { Database } = load("node-sqlite3-wasm");
    const database = new Database(path);
    return { ledger: sqliteLedger(database, options), raw: database, end: async () => database.close() };
  },
  "node:sqlite": async ({ path, options }) => {
    const { DatabaseSync } = /** @type {Foreign} */ (process).getBuiltinModule("node:sqlite");
    const database = new DatabaseSync(path);
    return { ledger: sqliteLedger(database, options), raw: database, end: async () => database.close() };
  },
  "bun:sqlite": async ({ path, options }) => {
    const { Database } = /** @type {Foreign} */ (process).getBuiltinModule("bun:sqlite");
    const database = new Database(path);
    return { ledger: sqliteLedger(database, options), raw: database, end: async () => database.close() };
  },
};

/** Opens a ledger with a connection of its own. @param {Place} place */
export const connect = (place) => /** @type {(place: Place) => Promise<Connection>} */ (KINDS[place.kind])(place);
