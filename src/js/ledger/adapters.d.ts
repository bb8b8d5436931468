// `agentphone-wasm/ledger`: ledgers in memory, IndexedDB, SQLite, PostgreSQL and Redis. The code is in the files beside this one.

import type { Ledger } from "./ledger.js";

/** Codes of `LedgerError`. */
export type LedgerErrorCode = "INVALID_ARGUMENT" | "LEDGER_CONFIGURATION" | "LEDGER_VERSION" | "LEDGER_UNAVAILABLE";

/** A failure of a ledger. It contains no key and no value. */
export class LedgerError extends Error {
  protected constructor();
  /**
   * `LEDGER_UNAVAILABLE`: the store cannot be reached, does not respond, or is locked; a write may or may not have been made.
   * `LEDGER_CONFIGURATION`: a driver, a permission, a setting, a database or a table is missing, or the store is damaged; the message says which.
   * `LEDGER_VERSION`: another release of this package wrote the store; nothing was changed.
   * `INVALID_ARGUMENT`: the caller's mistake; the store was not asked.
   */
  readonly code: LedgerErrorCode;
  /** Whether trying again later can help: true for `LEDGER_UNAVAILABLE`. */
  readonly retryable: boolean;
  /** What the driver reported, without what it was asked. */
  readonly cause?: Error | undefined;
}

/** What all ledgers over a store accept. */
export interface LedgerOptions {
  /** Ledgers with different namespaces share a store without seeing each other: one per account, for example. Up to 128 characters. Default: `""`. */
  namespace?: string | undefined;
}

/** What ledgers over a server accept. */
export interface RemoteLedgerOptions extends LedgerOptions {
  /** Milliseconds that the server has for each read or write. Default: 10 000. */
  timeout?: number | undefined;
  /**
   * `"strict"`: the server's settings are checked on first use, and it is refused if it may lose what it has confirmed.
   * `"relaxed"`: the settings are not checked. The server may then lose keys silently, and a lost key can place a second call.
   * Default: `"strict"`.
   */
  durability?: "strict" | "relaxed" | undefined;
}

/** A ledger with a connection of its own. */
export interface ClosableLedger extends Ledger {
  /** Closes the connection, if the ledger opened it. The next use opens it again. */
  close(): Promise<void>;
}

/**
 * A ledger in the memory of this process, which is what a client has by default. It forgets everything when the process ends.
 *
 * @param options `retention`: milliseconds that settled entries are kept, measured from the newest entry; `Infinity` keeps them
 * until `prune`. At least a day. Default: 86 400 000, one day.
 *
 * @example
 * import { memoryLedger } from "agentphone-wasm/ledger";
 *
 * const ledger = memoryLedger();
 * const entry = { stamp: "1", open: true, at: Date.now(), value: { state: "sending" } };
 * console.log(await ledger.write([{ key: "order-42", was: null, entry }])); // true
 * console.log(await ledger.write([{ key: "order-42", was: null, entry }])); // false: there is an entry now
 * console.log(await ledger.open({ limit: 10 }));
 */
export function memoryLedger(options?: { readonly retention?: number | undefined }): Ledger;

/**
 * A ledger in the page's IndexedDB: it survives a reload, and tabs of one origin share it. The browser may delete it when the disk
 * is full, unless `navigator.storage.persist()` was granted, and the user may delete it at any time.
 *
 * @param name The database, which must be the ledger's own.
 *
 * @example
 * import { indexedDbLedger } from "agentphone-wasm/ledger";
 *
 * const ledger = indexedDbLedger("agentphone-effects", { namespace: "account-7" });
 */
export function indexedDbLedger(name: string, options?: LedgerOptions): ClosableLedger;

/** A database of `node:sqlite`, `bun:sqlite`, better-sqlite3 or node-sqlite3-wasm. */
export interface SqliteDatabase {
  /** Runs statements without values. */
  exec(sql: string): unknown;
  /** Compiles a statement. */
  prepare(sql: string): unknown;
}

/**
 * A ledger in a SQLite file, which several processes of one machine may share. The file must not be on a network file system.
 *
 * A path is opened with `node:sqlite` (Node 22.13 or later, Deno) or `bun:sqlite`. Older versions of Node have no SQLite: pass a database of
 * better-sqlite3 or node-sqlite3-wasm. A database that is passed should be used by nothing else, because the
 * ledger sets its journal mode to WAL, `synchronous` to FULL and the busy timeout to 100 ms.
 *
 * @param pathOrDatabase The path of the file, which is created if it does not exist, or an open database.
 * @param options `busyTimeout`: milliseconds to wait for other processes that write. Default: 5 000.
 *
 * @example
 * import { sqliteLedger } from "agentphone-wasm/ledger";
 *
 * const ledger = sqliteLedger("effects.db");
 */
export function sqliteLedger(
  pathOrDatabase: string | SqliteDatabase,
  options?: LedgerOptions & { busyTimeout?: number | undefined },
): ClosableLedger;

/** What a statement returns. */
export interface PostgresResult {
  /** An object per row, by column. */
  rows: unknown[];
}

/** A `Pool` or a connected `Client` of `pg`, or anything that queries like them. */
export interface PostgresClient {
  /** Runs a statement whose values are `$1`, `$2` and so on; resolves with its rows. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
}

/**
 * A ledger in PostgreSQL 12 or later: tables `agentphone_ledger` and `agentphone_ledger_format` in the first schema of the search path,
 * created on first use. With `durability: "strict"` a server with `synchronous_commit` or `fsync` off is refused.
 *
 * @param pool Add a listener to its event `error`: without one, a pool whose server restarts ends the process.
 *
 * @example
 * import { postgresLedger } from "agentphone-wasm/ledger";
 * import type { PostgresClient } from "agentphone-wasm/ledger";
 *
 * const ledgerOf = (pool: PostgresClient) => postgresLedger(pool, { namespace: "account-7" });
 */
export function postgresLedger(pool: PostgresClient, options?: RemoteLedgerOptions): Ledger;

/** A connected client of node-redis (`redis`) or ioredis. */
export interface RedisClient {
  /** `EVAL`: runs a script on the server. */
  // Any: the two libraries declare it differently, each with overloads.
  eval(...args: any[]): unknown;
}

/**
 * A ledger in Redis 5 or later, or Valkey. All keys of a namespace share a hash slot. With `durability: "strict"` the server must have
 * `appendonly yes` and `appendfsync always`, and must not evict keys without an expiry; where `CONFIG GET` is not allowed, the ledger cannot
 * check that and refuses the server. A failover to a replica may lose the last writes regardless of the settings.
 *
 * @example
 * import { redisLedger } from "agentphone-wasm/ledger";
 * import type { RedisClient } from "agentphone-wasm/ledger";
 *
 * const ledgerOf = (client: RedisClient) => redisLedger(client, { namespace: "account-7" });
 */
export function redisLedger(client: RedisClient, options?: RemoteLedgerOptions): Ledger;
