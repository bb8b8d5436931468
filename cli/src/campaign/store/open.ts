// Selects the store for an address, and refuses what cannot be one, before anything is created.

import { StoreError } from "./error.js";
import type { CampaignStore, OpenOptions } from "./store.js";

/** A scheme, also without its slashes, or a host with a port. One letter is a drive of Windows. */
const SCHEME = /^[a-z\d][a-z\d+.-]+:/i;
const SERVER = /^(postgres|postgresql|redis|rediss):\/\//;

/** What is wrong with an address, in words that follow its name, and what to write instead. */
export interface AddressProblem {
  readonly problem: string;
  readonly hint: string;
}

const KINDS = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE, redis://HOST:PORT, or the path of a SQLite file";

/** The problem of an address that no store can have. Its text stays out of it: it may contain a password. */
export const addressProblem = (address: unknown): AddressProblem | undefined => {
  if (typeof address !== "string" || address.trim() === "")
    return { problem: "is empty", hint: "an unset variable? Name the store of the campaigns" };
  if (address.includes("\0")) return { problem: "is not a valid address", hint: KINDS };
  if (SERVER.test(address)) {
    try {
      // PostgreSQL's own clients accept an address without a host, for a socket of this machine.
      const { protocol, pathname } = new URL(address.replace("@/", "@host/"), "postgres://host");
      // ioredis would take any other database of Redis for number 0.
      if (!protocol.startsWith("redis") || /^\/?\d*$/.test(pathname)) return undefined;
      return {
        problem: "is not a valid address",
        hint: "the database of a Redis is a number: redis://HOST:PORT/NUMBER",
      };
    } catch {
      return { problem: "is not a valid address", hint: KINDS };
    }
  }
  if (SCHEME.test(address)) return { problem: "is not an address of PostgreSQL or Redis, nor a path", hint: KINDS };
  // A single word is more often a mistake than a file, and would be created.
  if (!/[./\\]/.test(address))
    return { problem: "is a single word", hint: "write ./NAME or NAME.db if it is a SQLite file" };
  return undefined;
};

/** Opens `postgres://…`, `redis://…`, or the path of a SQLite file: a name with an extension or a folder. */
export const openStore = async (address: string, options: OpenOptions = {}): Promise<CampaignStore> => {
  const wrong = addressProblem(address);
  if (wrong !== undefined)
    throw new StoreError("STORE_CONFIGURATION", `the address of the store ${wrong.problem}: ${wrong.hint}`);
  if (!SERVER.test(address)) return (await import("./sqlite.js")).sqliteStore(address, options);
  return address.startsWith("postgres")
    ? (await import("./postgres.js")).postgresStore(address, options)
    : (await import("./redis.js")).redisStore(address, options);
};
