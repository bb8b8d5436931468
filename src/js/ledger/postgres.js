// @ts-check
// A ledger in PostgreSQL. Each operation is one statement, so that it needs no connection of its own, and works through a
// pool, a proxy that shares connections between transactions, and a single client that others use too.

import { ageOf, changesOf, isStrict, keysOf, namespaceOf, optionsOf, pageOf, timeoutOf } from "./check.js";
import { causeOf, misconfigured, otherVersion, refuse } from "./errors.js";
import { entryOf, FORMAT, inOrder, lazily, pause, within } from "./store.js";

const SUBJECT = "postgresLedger";
/** Attempts of a statement that the server gave up in favour of another one. */
const ATTEMPTS = 20;
/** Entries that one statement prunes. */
const BATCH = 5000;

/** What the server needs, in one implicit transaction. The lock lets one process at a time create the tables. */
const TABLES = `
  SELECT pg_advisory_xact_lock(7310486235921);
  CREATE TABLE IF NOT EXISTS agentphone_ledger_format (version integer PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS agentphone_ledger (
    namespace text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, stamp text NOT NULL,
    open boolean NOT NULL, at double precision NOT NULL, value text NOT NULL,
    PRIMARY KEY (namespace, key)
  );
  CREATE INDEX IF NOT EXISTS agentphone_ledger_open ON agentphone_ledger (namespace, at, key) WHERE open;
  CREATE INDEX IF NOT EXISTS agentphone_ledger_settled ON agentphone_ledger (namespace, at) WHERE NOT open;
  INSERT INTO agentphone_ledger_format SELECT ${FORMAT} WHERE NOT EXISTS (SELECT FROM agentphone_ledger_format);
`;
const SETTINGS = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
  to_regclass('agentphone_ledger_format') IS NOT NULL AS has_format, to_regclass('agentphone_ledger') IS NOT NULL AS has_entries`;
const VERSION = "SELECT version FROM agentphone_ledger_format";

const READ = `SELECT key, stamp, open, at, value FROM agentphone_ledger
  WHERE namespace = $1::text AND key IN (SELECT json_array_elements_text($2::json))`;

/**
 * All changes or none. The rows that there are get locked in the order of their keys. Where a row has been added since the statement began, which it cannot
 * see, fewer rows are changed than it should be: dividing by zero undoes them all.
 */
const WRITE = `WITH change AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::json) AS c (key text, was text, stamp text, open boolean, at double precision, value text)
  ), held AS MATERIALIZED (
    SELECT key, stamp FROM agentphone_ledger WHERE namespace = $1::text AND key IN (SELECT key FROM change) ORDER BY key FOR UPDATE
  ), checked AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT FROM change c LEFT JOIN held h ON h.key = c.key WHERE h.stamp IS DISTINCT FROM c.was) AS fits
  ), added AS (
    INSERT INTO agentphone_ledger (namespace, key, stamp, open, at, value)
    SELECT $1::text, c.key, c.stamp, c.open, c.at, c.value FROM change c, checked WHERE fits AND c.was IS NULL AND c.stamp IS NOT NULL ORDER BY c.key
    ON CONFLICT DO NOTHING RETURNING 1
  ), changed AS (
    UPDATE agentphone_ledger l SET stamp = c.stamp, open = c.open, at = c.at, value = c.value FROM change c, checked
    WHERE fits AND l.namespace = $1::text AND l.key = c.key AND l.stamp = c.was AND c.stamp IS NOT NULL RETURNING 1
  ), removed AS (
    DELETE FROM agentphone_ledger l USING change c, checked
    WHERE fits AND l.namespace = $1::text AND l.key = c.key AND l.stamp = c.was AND c.stamp IS NULL RETURNING 1
  )
  SELECT CASE WHEN fits THEN 1 / (
    (SELECT count(*) FROM added) + (SELECT count(*) FROM changed) + (SELECT count(*) FROM removed)
    = (SELECT count(*) FROM change WHERE was IS NOT NULL OR stamp IS NOT NULL)
  )::int ELSE 0 END AS written FROM checked`;
const DIVISION_BY_ZERO = "22012";

const OPEN = `SELECT key, stamp, open, at, value FROM agentphone_ledger
  WHERE namespace = $1::text AND open ORDER BY at, key LIMIT $2::bigint`;
const OPEN_AFTER = `SELECT key, stamp, open, at, value FROM agentphone_ledger
  WHERE namespace = $1::text AND open AND (at, key) > ($3::double precision, $4::text) ORDER BY at, key LIMIT $2::bigint`;
const PRUNE = `WITH gone AS (
    DELETE FROM agentphone_ledger WHERE NOT open AND namespace = $1::text AND key IN (
      SELECT key FROM agentphone_ledger WHERE namespace = $1::text AND NOT open AND at < $2::double precision LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  ) SELECT count(*) AS count FROM gone`;

/** Two statements were in each other's way, and this one was undone: serialization failure, deadlock. */
const UNDONE = ["40001", "40P01"];
/** Permissions and schemas that are missing. */
const FORBIDDEN = ["42501", "3F000"];
/** What waiting does not fix, by SQLSTATE. A server that is read-only may be in a failover. @type {Record<string, string>} */
const PERMANENT = {
  28000: "the server refused the user: check it, and the server's pg_hba.conf",
  "28P01": "the server refused the password",
  "3D000": "the database does not exist",
};
for (const code of FORBIDDEN) PERMANENT[code] = "this user may not read and write the tables";

/** @param {any} error */
const codeOf = (error) => error?.code;

/** A single client of pg, in which a pool's counters are missing. @param {any} pool */
const isClient = (pool) => typeof pool.connect === "function" && pool.totalCount === undefined;

/** Asks a client one thing after another: pg will refuse what comes while it is busy. @param {import("./adapters.js").PostgresClient} client */
const inTurn = (client) => {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (/** @type {string} */ text, /** @type {unknown[] | undefined} */ values) => {
    const current = last.then(() => client.query(text, values));
    last = current.catch(() => {});
    return current;
  };
};

/** @type {typeof import("./adapters.js").postgresLedger} */
export const postgresLedger = (pool, options = {}) => {
  if (typeof pool?.query !== "function") refuse(SUBJECT, "the first argument must be a Pool or a Client of pg");
  const given = optionsOf(SUBJECT, options, ["namespace", "timeout", "durability"]);
  const namespace = namespaceOf(given.namespace);
  const timeout = timeoutOf(SUBJECT, given.timeout);
  const strict = isStrict(SUBJECT, given.durability);

  const ask = isClient(pool)
    ? inTurn(pool)
    : (/** @type {string} */ text, /** @type {unknown[] | undefined} */ values) => pool.query(text, values);
  /** @param {string} text @param {unknown[]} [values] @returns {Promise<any[]>} */
  const query = async (text, values) => (await ask(text, values)).rows;

  const version = async () => {
    const found = await query(VERSION);
    if (found.length !== 1 || found[0].version !== FORMAT) throw otherVersion(SUBJECT, FORMAT, found[0]?.version);
  };
  const tables = lazily(async () => {
    const [settings] = await query(SETTINGS);
    if (strict && (settings.fsync === "off" || settings.commit === "off"))
      throw misconfigured(
        `${SUBJECT}: the server has ${settings.fsync === "off" ? "fsync" : "synchronous_commit"} off and may lose what it has confirmed. Turn it on, or pass durability: "relaxed"`,
      );
    if (settings.has_format && !settings.has_entries)
      throw misconfigured(
        `${SUBJECT}: the table agentphone_ledger is missing, and with it what is known about keys. Restore it from a backup, or drop agentphone_ledger_format to begin with an empty ledger`,
      );
    if (settings.has_format) return version();
    if (settings.has_entries) throw otherVersion(SUBJECT, FORMAT, undefined);
    try {
      // Several statements, which the protocol allows only without values.
      await ask(TABLES, undefined);
    } catch (error) {
      if (!FORBIDDEN.includes(codeOf(error))) throw error;
      throw misconfigured(
        `${SUBJECT}: this user may not create tables. Have another one create them (docs/ledger.md), or grant CREATE on the schema`,
        causeOf(error),
      );
    }
    return version();
  });

  /** @param {string} text @param {unknown[]} values */
  const use = (text, values) =>
    within(
      SUBJECT,
      timeout,
      async (isLate) => {
        for (let attempt = 1; ; attempt += 1) {
          try {
            await tables.get();
            if (isLate()) return [];
            return await query(text, values);
          } catch (error) {
            const permanent = PERMANENT[codeOf(error)];
            if (permanent !== undefined) throw misconfigured(`${SUBJECT}: ${permanent}`, causeOf(error));
            // The tables may be gone: look again next time.
            if (codeOf(error) === "42P01") tables.forget();
            if (!UNDONE.includes(codeOf(error)) || attempt === ATTEMPTS) throw error;
          }
          await pause(Math.random() * Math.min(10 * attempt, 100));
        }
      },
      tables.forget,
    );

  /** @type {import("./ledger.js").Ledger} */
  const ledger = {
    read: async (keys) => {
      const wanted = keysOf(keys);
      return inOrder(wanted, await use(READ, [namespace, JSON.stringify(wanted)]));
    },
    write: async (changes) => {
      const rows = changesOf(changes).map(({ key, was, entry }) =>
        entry === null ? { key, was } : { was, ...entry, value: JSON.stringify(entry.value) },
      );
      try {
        const [done] = await use(WRITE, [namespace, JSON.stringify(rows)]);
        return Number(done.written) === 1;
      } catch (error) {
        if (codeOf(/** @type {any} */ (error)?.cause) === DIVISION_BY_ZERO) return false;
        throw error;
      }
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      const rows = await (after === undefined
        ? use(OPEN, [namespace, limit])
        : use(OPEN_AFTER, [namespace, limit, after.at, after.key]));
      return rows.map(entryOf);
    },
    prune: async (age) => {
      const before = ageOf(age);
      for (let count = 0; ; ) {
        const [gone] = await use(PRUNE, [namespace, before]);
        count += Number(gone.count);
        if (Number(gone.count) < BATCH) return count;
      }
    },
  };
  return Object.freeze(ledger);
};
