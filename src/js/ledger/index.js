// @ts-check
// The entry `agentphone-wasm/ledger`. Each ledger is a module of its own, so that a bundle contains only what is imported.

export { LedgerError } from "./errors.js";
export { indexedDbLedger } from "./indexed-db.js";
export { memoryLedger } from "./memory.js";
export { postgresLedger } from "./postgres.js";
export { redisLedger } from "./redis.js";
export { sqliteLedger } from "./sqlite.js";
