// Errors of a store that waiting does not fix end the work at once, with words that say what to do; only what passes is repeated. The
// words are ours: those of a server are in its language, and may contain what was sent.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openStore, runWorker, start } from "agentphone-wasm-cli/campaign";
import { noPostgres, noRedis, startPostgres, startRedis } from "../../tests/ledger/servers.mjs";
import { load } from "../../tests/ledger/tools.mjs";
import { peopleOf, worldOf } from "./campaign-world.mjs";

const LIMIT = { timeout: 120_000 };
const settings = /** @type {any} */ ({ kind: "call", message: { numberIds: [] } });

/** @param {() => Promise<unknown>} work @param {string} code @param {RegExp} says @param {RegExp} [theirs] */
const fails = (work, code, says, theirs) =>
  assert.rejects(work, (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.retryable], [code, code === "STORE_UNAVAILABLE"], error.message);
    assert.match(error.message, says);
    assert.doesNotMatch(error.message, theirs ?? /relation|role|password authentication|operation against|script/i);
    return true;
  });

/** Opens a store that should be refused, and keeps no connection if it is not. @param {string} address */
const opened = async (address) => (await openStore(address)).close();

describe("PostgreSQL", { skip: noPostgres, ...LIMIT }, () => {
  /** @type {Awaited<ReturnType<typeof startPostgres>>} */
  let server;
  before(async () => void (server = await startPostgres()));
  after(() => server.remove());
  let count = 0;
  const as = (/** @type {string} */ user, /** @type {string} */ database) =>
    `postgres://${user}@127.0.0.1:${server.port}/${database}`;
  const sql = async (/** @type {string} */ text, database = "postgres") => {
    const client = new (load("pg").Client)({ connectionString: as("postgres", database) });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  /** A new database with a campaign, and its store. */
  const made = async () => {
    const database = `store_${(count += 1)}`;
    await sql(`CREATE DATABASE ${database}`);
    const store = await openStore(as("postgres", database));
    await store.create("c1", settings, Date.now());
    return { database, store };
  };

  test("a table that somebody has dropped ends the work, and is not repeated for ever", LIMIT, async () => {
    const { database, store } = await made();
    try {
      await sql("DROP TABLE agentphone_people", database);
      await fails(() => store.counts("c1"), "STORE_CONFIGURATION", /missing .*restore .*backup.*42P01/);
    } finally {
      await store.close();
    }
  });

  test("a worker whose table is gone ends with the reason", LIMIT, async () => {
    const database = `store_${(count += 1)}`;
    await sql(`CREATE DATABASE ${database}`);
    const world = await worldOf({ address: as("postgres", database) });
    try {
      await world.plan({ people: peopleOf(2) });
      await start(world.store, "c1");
      await sql("DROP TABLE agentphone_people", database);
      await fails(() => runWorker("c1", world), "STORE_CONFIGURATION", /42P01/);
      assert.equal(world.placed().length, 0);
    } finally {
      await world.close();
    }
  });

  test("a queue whose schema was dropped ends the worker, and another run creates it again", LIMIT, async () => {
    const database = `store_${(count += 1)}`;
    await sql(`CREATE DATABASE ${database}`);
    const world = await worldOf({ address: as("postgres", database) });
    try {
      await world.plan({ people: peopleOf(3) });
      await start(world.store, "c1");
      let isDropped = false;
      const clock = {
        ...world.clock,
        sleep: async (/** @type {number} */ ms, /** @type {AbortSignal} */ signal) => {
          if (!isDropped) await sql("DROP SCHEMA IF EXISTS agentphone_queue CASCADE", database);
          isDropped = true;
          return world.clock.sleep(ms, signal);
        },
      };
      await runWorker("c1", { ...world, clock }).catch((/** @type {any} */ error) => {
        assert.equal(error.code, "STORE_CONFIGURATION", error.message);
        assert.match(error.message, /queue .*run the command again/);
      });
      assert.ok(isDropped);
      assert.equal((await runWorker("c1", world)).state, "done");
      assert.equal(world.placed().length, 3);
    } finally {
      await world.close();
    }
  });

  test(
    "a user without rights, an unknown user or database, and a missing password are wrong usage",
    LIMIT,
    async () => {
      const { database, store } = await made();
      await store.close();
      await sql("CREATE ROLE guest LOGIN");
      await fails(() => opened(as("guest", database)), "STORE_CONFIGURATION", /grant it the tables.*42501/);
      await fails(() => opened(as("stranger", database)), "STORE_CONFIGURATION", /check user .*28000/);
      await fails(() => opened(as("postgres", "nowhere")), "STORE_CONFIGURATION", /does not exist.*3D000/);
    },
  );

  test(
    "a server that is read-only, as during a failover, is waited for, with what to do if it stays so",
    LIMIT,
    async () => {
      const { database, store } = await made();
      try {
        await sql(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
        const other = await openStore(as("postgres", database));
        try {
          const create = () => other.create("c2", settings, Date.now());
          await fails(create, "STORE_UNAVAILABLE", /read-only.*primary.*25006/);
        } finally {
          await other.close();
        }
      } finally {
        await store.close();
      }
    },
  );

  test("a server that is away may be repeated", LIMIT, async () => {
    const { store } = await made();
    await server.stop();
    try {
      await fails(() => store.get("c1"), "STORE_UNAVAILABLE", /PostgreSQL cannot be used/);
    } finally {
      await server.start();
    }
    assert.equal((await store.get("c1"))?.id, "c1");
    await store.close();
  });
});

describe("PostgreSQL with passwords", { skip: noPostgres, ...LIMIT }, () => {
  test("a wrong or missing password is wrong usage", LIMIT, async () => {
    const server = await startPostgres();
    try {
      const client = new (load("pg").Client)({
        connectionString: `postgres://postgres@127.0.0.1:${server.port}/postgres`,
      });
      await client.connect();
      await client.query("ALTER ROLE postgres PASSWORD 'right'");
      writeFileSync(join(server.folder, "data", "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
      await client.query("SELECT pg_reload_conf()");
      await client.end();
      await pause(500);
      const address = (/** @type {string} */ user) => `postgres://${user}@127.0.0.1:${server.port}/postgres`;
      await fails(() => opened(address("postgres:wrong")), "STORE_CONFIGURATION", /check user and password.*28P01/);
      await fails(() => opened(address("postgres")), "STORE_CONFIGURATION", /password .*missing or wrong/);
    } finally {
      await server.remove();
    }
  });
});

describe("Redis", { skip: noRedis, ...LIMIT }, () => {
  /** @type {Awaited<ReturnType<typeof startRedis>>} */
  let server;
  before(async () => void (server = await startRedis()));
  after(() => server.remove());
  const address = (database = 0) => `redis://127.0.0.1:${server.port}/${database}`;
  /** @param {(client: any) => Promise<unknown>} work */
  const ask = async (work, database = 0) => {
    const client = new (load("ioredis").Redis)(address(database));
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  };

  test("a database that Redis does not have is refused, and not replaced by database 0", LIMIT, async () => {
    await fails(() => opened(address(99)), "STORE_CONFIGURATION", /does not have the database/);
    await fails(() => opened(`${address()}x`), "STORE_CONFIGURATION", /not a valid address/);
    await fails(() => opened(`redis://127.0.0.1:${server.port}?db=x`), "STORE_CONFIGURATION", /is a number/);
    assert.equal(await ask((client) => client.dbsize()), 0);
  });

  test("keys of another program, and what the user may not do, end the work", LIMIT, async () => {
    const store = await openStore(address(1));
    try {
      await ask((client) => client.set("{agentphone-campaign:c1}:campaign", "theirs"), 1);
      await fails(() => store.get("c1"), "STORE_CONFIGURATION", /data of another program/);
      const take = () => store.create("c1", settings, Date.now());
      await fails(take, "STORE_CONFIGURATION", /data of another program/);
      await ask((client) => client.call("ACL", "SETUSER", "default", "-eval"), 1);
      await fails(take, "STORE_CONFIGURATION", /may not do what the store needs/);
    } finally {
      await ask((client) => client.call("ACL", "SETUSER", "default", "+eval"), 1);
      await store.close();
    }
  });

  test("a replica and full memory are waited for, with what to do", LIMIT, async () => {
    const store = await openStore(address(2));
    const write = () => store.slow("c1", Date.now());
    try {
      await store.create("c1", settings, Date.now());
      await ask((client) => client.config("SET", "maxmemory", "1"));
      await fails(write, "STORE_UNAVAILABLE", /no memory left/);
      await ask((client) => client.config("SET", "maxmemory", "0"));
      await ask((client) => client.replicaof("127.0.0.1", "1"));
      await fails(write, "STORE_UNAVAILABLE", /read-only replica.*primary/);
      await ask((client) => client.replicaof("NO", "ONE"));
      await write();
    } finally {
      await ask((client) => client.config("SET", "maxmemory", "0"));
      await store.close();
    }
  });
});
