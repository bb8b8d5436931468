// @ts-check
// A ledger in Redis or Valkey: one script does everything, so that it is atomic. The name of the namespace is the hash tag
// of all its keys, so that a cluster keeps them in one slot.

import { ageOf, changesOf, isStrict, keysOf, namespaceOf, optionsOf, pageOf, timeoutOf } from "./check.js";
import { causeOf, LedgerError, misconfigured, otherVersion, unavailable } from "./errors.js";
import { assertDurable, clientOf } from "./redis-client.js";
import { SCRIPT } from "./redis-script.js";
import { entryOf, FORMAT, lazily, within } from "./store.js";

const SUBJECT = "redisLedger";
/** Entries that one run of the script prunes: Redis does nothing else meanwhile. */
const BATCH = 1000;

/** What waiting does not fix. A replica may be in a failover. Unknown commands first: the server repeats their arguments. @type {[RegExp, string][]} */
const PERMANENT = [
  [/unknown command/i, "the server does not have EVAL"],
  [/NOPERM/, "this user may not read and write the keys, or use EVAL"],
  [/NOAUTH|WRONGPASS/, "the server refused the user or the password"],
  [/WRONGTYPE/, "keys of the ledger hold data of another program: use another namespace or database"],
];

/** Rejects with what is wrong. @param {any} error @returns {never} */
const refused = (error) => {
  const permanent = PERMANENT.find(([words]) => words.test(error?.message));
  if (error instanceof LedgerError || permanent === undefined) throw error;
  throw misconfigured(`${SUBJECT}: ${permanent[1]}`, causeOf(error));
};

/** @param {string} key @param {string} text */
const parsed = (key, text) => {
  const [stamp, open, at, value] = text.split("\0");
  return entryOf({ key, stamp, open, at, value });
};

/** @type {typeof import("./adapters.js").redisLedger} */
export const redisLedger = (client, options = {}) => {
  const { evaluate, settings } = clientOf(client);
  const given = optionsOf(SUBJECT, options, ["namespace", "timeout", "durability"]);
  const timeout = timeoutOf(SUBJECT, given.timeout);
  const strict = isStrict(SUBJECT, given.durability);
  const keys = ["format", "entries", "open", "settled"].map(
    (name) => `{agentphone-ledger:${namespaceOf(given.namespace)}}:${name}`,
  );
  const checked = lazily(async () => {
    if (strict) await assertDurable({ evaluate, settings });
  });

  /** @param {string[]} args @returns {Promise<any[]>} */
  const use = (...args) =>
    within(
      SUBJECT,
      timeout,
      async (isLate) => {
        await checked.get().catch(refused);
        if (isLate()) return [];
        const [status, ...reply] = await evaluate(SCRIPT, keys, args).catch(refused);
        if (status === "version") throw otherVersion(SUBJECT, FORMAT, reply[0]);
        if (status !== "ok") throw unavailable(SUBJECT, new Error("the script did not return what it should"));
        return reply;
      },
      checked.forget,
    );

  /** @type {import("./ledger.js").Ledger} */
  const ledger = {
    read: async (wanted) => {
      const all = keysOf(wanted);
      const reply = all.length > 0 ? await use("read", ...all) : [];
      // What the script has no entry for is null, and libraries differ in what they make of nulls at the end.
      return all.map((key, at) => (typeof reply[at] === "string" ? parsed(key, reply[at]) : undefined));
    },
    write: async (changes) => {
      const args = changesOf(changes).flatMap(({ key, was, entry }) =>
        entry === null
          ? [key, was ?? "", "", "", "", ""]
          : [key, was ?? "", entry.stamp, entry.open ? "1" : "0", `${entry.at}`, JSON.stringify(entry.value)],
      );
      const [written] = await use("write", ...args);
      return Number(written) === 1;
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      const reply = await use("open", `${limit}`, ...(after === undefined ? [] : [`${after.at}`, after.key]));
      return reply.flatMap((key, at) => (at % 2 === 0 ? [parsed(key, reply[at + 1])] : []));
    },
    prune: async (age) => {
      const before = ageOf(age);
      for (let count = 0; ; ) {
        const [gone] = await use("prune", `${before}`, `${BATCH}`);
        count += Number(gone);
        if (Number(gone) < BATCH) return count;
      }
    },
  };
  return Object.freeze(ledger);
};
