// Every store behaves like every other: a whole campaign with its rounds on SQLite, PostgreSQL and Redis, and a store that another
// version has written stays untouched.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openStore, retry, runWorker, start, statusOf, stop } from "agentphone-wasm-cli/campaign";
import { addressOf } from "../../tests/chaos/campaign-stores.mjs";
import { stores } from "../../tests/chaos/stores.mjs";
import { load } from "../../tests/ledger/tools.mjs";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

const LIMIT = { timeout: 180_000 };

/** Writes another version into a store. @type {Record<string, (address: string) => Promise<void>>} */
const otherVersion = {
  sqlite: async (address) => {
    const database = new (load("better-sqlite3"))(address);
    database.exec("UPDATE agentphone_campaign_format SET version = 2");
    database.close();
  },
  postgres: async (address) => {
    const client = new (load("pg").Client)({ connectionString: address });
    await client.connect();
    await client.query("UPDATE agentphone_campaign_format SET version = 2");
    await client.end();
  },
  redis: async (address) => {
    const client = new (load("ioredis").Redis)(address);
    await client.set("agentphone-campaign-format", "2");
    client.disconnect();
  },
};

for (const [name, { title, missing, start: begin }] of Object.entries(stores))
  describe(title, { skip: missing, ...LIMIT }, () => {
    test(
      "another number is given once, to somebody who waits in the round before, and no number is left out",
      LIMIT,
      async () => {
        const server = await begin();
        const world = await worldOf({ address: addressOf(server) });
        const { store } = world;
        try {
          await world.plan({ people: peopleOf(9) });
          const now = world.clock.now();
          const [one = "", two = "", three = ""] = (await store.get("c1"))?.settings.message.numberIds ?? [];
          const waitingFor = async (/** @type {string[]} */ ...numbers) =>
            (await store.waitingFor("c1", numbers, 10)).map(({ seq }) => seq);
          const before = await waitingFor(one);
          assert.equal(before.length, 3);
          assert.equal((await waitingFor(one, two)).length, 6);
          assert.equal((await store.waitingFor("c1", [one, two], 4)).length, 4);

          // Two workers remove different numbers, one of them twice; the last one stays.
          await Promise.all([store.dropNumbers("c1", [one]), store.dropNumbers("c1", [two])]);
          assert.equal(await store.dropNumbers("c1", [one]), false);
          assert.equal(await store.dropNumbers("c1", [three]), false);
          assert.equal(await store.dropNumbers("c1", []), false);
          const { message } = /** @type {any} */ (await store.get("c1")).settings;
          assert.deepEqual([message.numberIds, [...message.releasedNumberIds].sort()], [[three], [one, two].sort()]);

          const [seq = 0, other = 0] = before;
          const waits = /** @type {const} */ ({ was: "waiting", token: "", state: "waiting", reason: null });
          const moved = { seq, ...waits, numberId: three, round: 1 };
          assert.deepEqual(await store.record("c1", [moved, { ...moved, seq: other, round: 2 }], now), [true, false]);
          // A worker that had read the person before must not change the number of a round that may have been sent.
          assert.deepEqual(await store.record("c1", [{ ...moved, numberId: two }], now), [false]);
          assert.deepEqual(await store.record("c1", [{ ...moved, was: "placing", round: 2 }], now), [false]);
          assert.deepEqual(await waitingFor(one), before.slice(1));
          assert.ok((await waitingFor(three)).includes(seq));
          const person = (await store.people("c1", { limit: 10 })).find((each) => each.seq === seq);
          assert.deepEqual(
            [person?.numberId, person?.round, person?.state, person?.history],
            [three, 1, "waiting", []],
          );
          // Handed out under the new number.
          await start(store, "c1");
          const places = { numberIds: [three], perNumber: 10 };
          const found =
            store.claim === undefined
              ? (await store.due("c1", { now, until: now, limit: 10, places })).waiting
              : (await store.claim("c1", { token: "t", now, limit: 10, lease: 1_000 })).people;
          assert.ok(found.length > 0 && found.every(({ numberId }) => numberId === three));
          assert.ok(found.some((each) => each.seq === seq));

          await store.remove("c1");
          await world.plan({ people: peopleOf(5) });
          assert.deepEqual(await waitingFor(one), [seq]);
        } finally {
          await world.close();
          await server.remove();
        }
      },
    );

    test("rounds, a stop, two plans of one id, and another version", LIMIT, async () => {
      const server = await begin();
      const address = addressOf(server);
      const world = await worldOf({ address });
      try {
        const plans = await Promise.allSettled([
          world.plan({ people: peopleOf(12) }),
          world.plan({ people: peopleOf(12) }),
        ]);
        assert.deepEqual(plans.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
        const outcomes = /** @type {const} */ (["busy", "no-answer", "failed"]);
        for (const [at, outcome] of outcomes.entries()) world.sandbox.script({ toNumber: numberAt(at), outcome });
        const other = await world.join();
        await start(world.store, "c1");
        await Promise.all([runWorker("c1", world), runWorker("c1", other)]);
        const countsOf = async (/** @type {string} */ id) =>
          (await statusOf(world.store, /** @type {any} */ (await world.store.get(id)))).counts;
        const first = await countsOf("c1");
        assert.deepEqual([first.answered, first.busy, first["no-answer"], first.failed], [9, 1, 1, 1]);
        assert.equal(await retry(world.store, "c1", ["busy", "no-answer"]), 2);
        await start(world.store, "c1");
        assert.equal((await runWorker("c1", other)).state, "done");
        assert.equal(world.placed().length, 14);
        const [busy] = await world.store.people("c1", { states: ["busy"], limit: 5 });
        assert.deepEqual([busy?.round, busy?.history.map(({ state }) => state)], [1, ["busy"]]);
        const pages = [];
        for (let after = 0; after < 12; after += 5)
          pages.push(...(await world.store.people("c1", { after, limit: 5 })));
        assert.deepEqual(
          pages.map(({ seq }) => seq),
          Array.from({ length: 12 }, (_, at) => at + 1),
        );

        await world.plan({ id: "c2", people: peopleOf(4), perMinute: 0.1 });
        await start(world.store, "c2");
        const running = runWorker("c2", world);
        while (world.placed().length < 15) await world.clock.sleep(1_000);
        await stop(world.store, "c2");
        assert.equal((await running).state, "stopped");
        const stopped = await countsOf("c2");
        assert.deepEqual([stopped.skipped, stopped.waiting, world.placed().length], [3, 0, 15]);
        assert.deepEqual((await world.store.list()).map(({ id }) => id).sort(), ["c1", "c2"]);
        await world.store.remove("c2", "draft");
        assert.equal((await world.store.get("c2"))?.state, "stopped");
        await world.store.remove("c2");
        assert.equal(await world.store.get("c2"), undefined);

        await otherVersion[name]?.(address);
        await assert.rejects(openStore(address), { name: "StoreError", code: "STORE_VERSION" });
      } finally {
        await world.close();
        await server.remove();
      }
    });
  });
