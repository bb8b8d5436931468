// The ledger in PostgreSQL, on a server that is stopped, killed and started again.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { postgresLedger } from "agentphone-wasm/ledger";
import { refusesBadInput } from "./bad-input.mjs";
import { cases } from "./conformance.mjs";
import { beginTogether, runAll } from "./programs.mjs";
import { noPostgres, startPostgres } from "./servers.mjs";
import { isUnavailable, one, onServer, refusesVersion, survivesKill } from "./stores.mjs";

/** @import { Foreign } from "../support/foreign.js" */

describe("PostgreSQL", { skip: noPostgres, concurrency: false }, () => {
  const { server, opened } = onServer(startPostgres, "pg");
  let databases = 0;
  /** A new database. */
  const created = async () => {
    const name = `ledger_${(databases += 1)}`;
    await (await opened()).raw.query(`CREATE DATABASE ${name}`);
    return name;
  };

  for (const kind of ["pg", "pg-client"]) {
    describe(`through ${kind === "pg" ? "a pool" : "a single client"}`, () => {
      for (const { name, run } of cases)
        test(name, () => run(async (namespace) => (await opened({ kind, options: { namespace } })).ledger));
    });
  }

  test("bad input is refused", async () => refusesBadInput((await opened()).ledger));

  test("what is not a pool, and options that there are not, are refused", async () => {
    for (const pool of [undefined, null, {}, "postgres://", () => {}])
      assert.throws(() => postgresLedger(/** @type {Foreign} */ (pool)), { code: "INVALID_ARGUMENT" });
    const { raw } = await opened();
    for (const options of [
      { namespace: 7 },
      { namespace: "a\0" },
      { timeout: 0 },
      { durability: "none" },
      { schema: "x" },
    ])
      assert.throws(() => postgresLedger(raw, /** @type {Foreign} */ (options)), { code: "INVALID_ARGUMENT" });
  });

  test("two processes count together, and no turn is lost", async () => {
    const place = { kind: "pg", port: server().port, database: await created() };
    await runAll([1, 2].map(() => ({ task: "count", place, turns: 60 })));
    const { ledger } = await opened(place);
    const [counter] = await ledger.read(["counter"]);
    assert.equal(counter?.value, 120);
  });

  test("eight connections and four processes that begin at once create the tables once", async () => {
    const place = { kind: "pg", port: server().port, database: await created() };
    const all = await Promise.all(Array.from({ length: 8 }, () => opened({ ...place, kind: "pg-client" })));
    assert.deepEqual(
      await Promise.all(all.map(({ ledger }, at) => ledger.write([one(`${at}`)]))),
      Array.from({ length: 8 }, () => true),
    );
    const other = { ...place, database: await created() };
    assert.deepEqual(
      await beginTogether(other, 4),
      Array.from({ length: 4 }, () => "written true"),
    );
    for (const { database } of [place, other]) {
      const { raw } = await opened({ database });
      assert.deepEqual((await raw.query("SELECT version FROM agentphone_ledger_format")).rows, [{ version: 1 }]);
    }
  });

  test("a user who may not create tables is told so, and uses those that there are", async () => {
    const database = await created();
    const { raw, ledger } = await opened({ database });
    await raw.query("CREATE ROLE guest LOGIN");
    const { Pool } = (await import("./tools.mjs")).load("pg");
    const pool = new Pool({ host: "127.0.0.1", port: server().port, user: "guest", database });
    try {
      const guest = postgresLedger(pool);
      await assert.rejects(guest.read(["k"]), {
        code: "LEDGER_CONFIGURATION",
        retryable: false,
        message: /may not create tables/,
      });
      await ledger.read(["k"]);
      await assert.rejects(guest.read(["k"]), { code: "LEDGER_CONFIGURATION" });
      await raw.query("GRANT SELECT, INSERT, UPDATE, DELETE ON agentphone_ledger, agentphone_ledger_format TO guest");
      assert.equal(await guest.write([one("k")]), true);
    } finally {
      await pool.end();
    }
  });

  test("what waiting does not fix is not retryable: an unknown user or database, a table that was dropped", async () => {
    const { Pool } = (await import("./tools.mjs")).load("pg");
    const permanent = async (/** @type {Foreign} */ ledger, /** @type {RegExp} */ message) =>
      assert.rejects(ledger.read(["k"]), { code: "LEDGER_CONFIGURATION", retryable: false, message });
    for (const [own, message] of /** @type {const} */ ([
      [{ user: "stranger", database: "postgres" }, /refused the user/],
      [{ user: "postgres", database: "nowhere" }, /the database does not exist/],
    ])) {
      const pool = new Pool({ host: "127.0.0.1", port: server().port, ...own });
      try {
        await permanent(postgresLedger(pool), message);
      } finally {
        await pool.end();
      }
    }
    const database = await created();
    const { raw, ledger } = await opened({ database });
    await ledger.write([one("k")]);
    await raw.query("DROP TABLE agentphone_ledger");
    await ledger.read(["k"]).catch(() => {});
    await permanent(ledger, /agentphone_ledger is missing.*backup/);
  });

  test("a store of another version, or of none, is refused and left as it is", async () => {
    for (const [version, words] of /** @type {const} */ ([
      ["2", /version 2 of the format.*reads version 1/],
      ["", /an unknown version/],
    ])) {
      const database = await created();
      const { raw, ledger } = await opened({ database });
      await raw.query(
        "CREATE TABLE agentphone_ledger_format (version integer); CREATE TABLE agentphone_ledger (other text)",
      );
      if (version) await raw.query(`INSERT INTO agentphone_ledger_format VALUES (${version})`);
      await refusesVersion(ledger, words);
      const tables = await raw.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      assert.equal(tables.rows.length, 2);
      assert.equal((await raw.query("SELECT * FROM agentphone_ledger_format")).rows.length, version ? 1 : 0);
    }
  });

  test("a server that may lose what it has confirmed is refused, unless that is said to be meant", async () => {
    const database = await created();
    const { raw } = await opened({ database });
    await raw.query(`ALTER DATABASE ${database} SET synchronous_commit = off`);
    const { ledger } = await opened({ database });
    await assert.rejects(ledger.read(["k"]), {
      code: "LEDGER_CONFIGURATION",
      message: /synchronous_commit off.*relaxed/,
    });
    const { rows } = await raw.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    assert.deepEqual(rows, [], "nothing was created");
    const relaxed = await opened({ database, options: { durability: "relaxed" } });
    assert.deepEqual(await relaxed.ledger.read(["k"]), [undefined]);
  });

  test("in a database whose transactions are serializable, one of 30 writers wins too", async () => {
    const database = await created();
    await (await opened()).raw.query(`ALTER DATABASE ${database} SET default_transaction_isolation = 'serializable'`);
    const { ledger } = await opened({ database });
    const both = (/** @type {number} */ at) => [one("a", `${at}`), one("b", `${at}`)];
    const won = await Promise.all(
      Array.from({ length: 30 }, (_, at) => ledger.write(at % 2 ? both(at) : both(at).reverse())),
    );
    assert.equal(won.filter(Boolean).length, 1);
  });

  test("a statement that takes longer than the timeout is given up", async () => {
    const { raw, ledger } = await opened({ options: { timeout: 200, namespace: "slow" } });
    // What is prepared on first use takes a busy machine longer.
    const { ledger: patient } = await opened({ options: { namespace: "slow" } });
    await patient.write([one("k")]);
    const lock = await raw.connect();
    try {
      await lock.query("BEGIN; LOCK TABLE agentphone_ledger");
      await assert.rejects(ledger.read(["k"]), {
        code: "LEDGER_UNAVAILABLE",
        retryable: true,
        message: /no response within 200 ms/,
      });
    } finally {
      await lock.query("ROLLBACK");
      lock.release();
    }
    assert.equal((await patient.read(["k"]))[0]?.key, "k");
  });

  test("a connection that never answers the first question does not stop those after it", async () => {
    const { raw } = await opened();
    let asked = 0;
    const pool = {
      query: (/** @type {string} */ text, /** @type {unknown[]} */ values) =>
        (asked += 1) === 1 ? new Promise(() => {}) : raw.query(text, values),
    };
    const ledger = postgresLedger(pool, { namespace: "silent", timeout: 200 });
    await assert.rejects(ledger.read(["k"]), { code: "LEDGER_UNAVAILABLE", message: /no response within 200 ms/ });
    assert.deepEqual(await ledger.read(["k"]), [undefined]);
  });

  test("a write that was given up before it was sent is not sent later", async () => {
    const { raw } = await opened();
    /** @type {string[]} */
    const texts = [];
    const pool = {
      query: async (/** @type {string} */ text, /** @type {unknown[]} */ values) => {
        texts.push(text);
        if (texts.length === 1) await new Promise((resolve) => setTimeout(resolve, 100));
        return raw.query(text, values);
      },
    };
    const ledger = postgresLedger(pool, { namespace: "late", timeout: 30 });
    await assert.rejects(ledger.write([one("k")]), { code: "LEDGER_UNAVAILABLE" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(
      texts.filter((text) => /INSERT INTO agentphone_ledger /.test(text)),
      [],
    );
    assert.ok(texts.length >= 2, "the preparation went on");
  });

  test("without a server each method rejects, says why, and works again when it is back", async () => {
    const { ledger } = await opened({ options: { namespace: "stop" } });
    assert.equal(await ledger.write([one("secret-key")]), true);
    await server().stop();
    await isUnavailable(ledger, "postgresLedger");
    await server().start();
    assert.equal((await ledger.read(["secret-key"]))[0]?.key, "secret-key");
    assert.equal(await ledger.write([one("secret-two")]), true);
  });

  test("what was confirmed is there after the server was killed", () => survivesKill(server(), "pg", opened));
});
