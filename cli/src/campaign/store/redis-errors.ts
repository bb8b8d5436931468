// Errors of a store in Redis: permanent ones, which end the work and say what to do, are distinguished from those that pass and are
// repeated. The server's own words stay out: it repeats what it was sent.

import { StoreError } from "./error.js";

/**
 * What waiting does not fix, by the words of the server, which are always English. Those of a command inside a script may be anywhere in
 * the message.
 */
const PERMANENT: readonly (readonly [RegExp, string])[] = [
  // First: the server repeats the arguments of such a command, which may contain any word.
  [
    /unknown (sub)?command/i,
    "Redis does not have a command that the store needs: use Redis 5 or later, with EVAL allowed",
  ],
  [/NODRAFT/, "the campaign is not a draft: people must be added before it is planned"],
  [/NOPERM/, "this user of Redis may not do what the store needs: allow it all keys and commands of the store"],
  [/NOAUTH|WRONGPASS|invalid password/, "Redis refused access: check user and password in the address"],
  [/WRONGTYPE/, "keys of the store contain data of another program: use another Redis, or another of its databases"],
  [/DB index is out of range/, "Redis does not have the database in the address: use a lower number after the last /"],
  [
    /\bMOVED \d|CROSSSLOT|not allowed in cluster mode/,
    "Redis is a cluster, where the keys of a store are on several servers: use a single server",
  ],
  [/error running script|user_script/i, "the data of the store in Redis is damaged: restore it from a backup"],
];

/** What passes, but takes someone's help. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\bOOM\b/, "Redis has no memory left: raise maxmemory, or free memory"],
  [/\bMISCONF\b/, "Redis cannot write to its disk: free space on it"],
  // As during a failover.
  [/\bREADONLY\b/, "Redis is a read-only replica: if it stays one, use the address of the primary server"],
  [/LOADING|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|Script killed/, "Redis cannot be used for now"],
];

const wordsFor = (list: readonly (readonly [RegExp, string])[], message: string): string | undefined =>
  list.find(([pattern]) => pattern.test(message))?.[1];

/** The error of a store for any error: only what passes may be repeated. */
export const failed = (error: unknown): unknown => {
  if (error instanceof StoreError) return error;
  const { message = "" } = error as Error;
  const passing = wordsFor(PASSING, message);
  const permanent = passing === undefined ? wordsFor(PERMANENT, message) : undefined;
  return permanent === undefined
    ? new StoreError("STORE_UNAVAILABLE", passing ?? "Redis cannot be used (no response)", error)
    : new StoreError("STORE_CONFIGURATION", permanent, error);
};
