// Campaigns on many machines: the queue hands people out, and whatever it does wrong, nobody is called twice and nobody is forgotten.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { keyOf, pause as pauseCampaign, resume, runWorker, start, statusOf } from "agentphone-wasm-cli/campaign";
import { createPostgresBackend, Queue } from "bullmq";
import { addressOf } from "../../tests/chaos/campaign-stores.mjs";
import { stores } from "../../tests/chaos/stores.mjs";
import { load } from "../../tests/ledger/tools.mjs";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

/** @typedef {Awaited<ReturnType<typeof worldOf>>} World */
/** @typedef {Extract<World["store"], { take: unknown }>} Queueing */

const LIMIT = { timeout: 180_000 };

/** The queue of a campaign, as anybody can reach it. @type {Record<string, (address: string, id: string) => { queue: Pick<import("bullmq").Queue, "addBulk" | "close" | "drain" | "getJobCounts" | "isPaused" | "pause">, end: () => void }>} */
const OPEN = {
  postgres: (address, id) => {
    const connection = { connectionString: address, schema: "agentphone_queue", max: 2 };
    return { queue: new Queue(id, { connection }, createPostgresBackend), end: () => {} };
  },
  redis: (address, id) => {
    const connection = new (load("ioredis").Redis)(address);
    const queue = new Queue("queue", { connection, prefix: `{agentphone-campaign:${id}}` });
    return { queue, end: () => connection.disconnect() };
  },
};

for (const name of /** @type {const} */ (["postgres", "redis"])) {
  const { title, missing, start: begin } = /** @type {typeof stores.redis} */ (stores[name]);
  /** @param {(world: World, store: Queueing, open: () => ReturnType<typeof OPEN.redis>) => Promise<void>} work @param {Parameters<typeof worldOf>[0]} [options] */
  const inWorld = async (work, options) => {
    const server = await begin();
    const address = addressOf(server);
    const world = await worldOf({ address, ...options });
    try {
      await work(world, /** @type {Queueing} */ (world.store), () => /** @type {any} */ (OPEN)[name](address, "c1"));
    } finally {
      await world.close();
      await server.remove();
    }
  };
  const calls = (/** @type {World} */ world, /** @type {number} */ count) =>
    peopleOf(count).map(
      (_, at) => world.placed().filter(({ idempotencyKey }) => idempotencyKey === keyOf("c1", numberAt(at), 0)).length,
    );
  const once = (/** @type {World} */ world, /** @type {number} */ count) =>
    assert.deepEqual(calls(world, count), Array(count).fill(1));

  describe(title, { skip: missing, timeout: 900_000 }, () => {
    test(
      "a job that is delivered twice finds nobody to take, and a place is free only when the call has ended",
      LIMIT,
      () =>
        inWorld(
          async (world, store) => {
            await world.plan({ people: peopleOf(4), perNumber: 2 });
            await start(store, "c1");
            const now = world.clock.now();
            const places = { numberIds: (await store.get("c1"))?.settings.message.numberIds ?? [], perNumber: 2 };
            const { waiting } = await store.due("c1", { now, until: now, limit: 10, places });
            assert.deepEqual(
              waiting.map(({ seq }) => seq),
              [1, 2],
            );
            let tokens = 0;
            const take = (/** @type {number} */ seq) =>
              store.take("c1", {
                seq,
                numberId: waiting[0]?.numberId ?? "",
                places: 2,
                token: `t${(tokens += 1)}`,
                now,
                lease: 60_000,
              });
            const twice = await Promise.all([take(1), take(1)]);
            const [won] = twice.filter((each) => each !== undefined && "person" in each);
            assert.equal(twice.filter((each) => each !== undefined && "dueAt" in each).length, 1);
            const rest = await Promise.all([take(2), take(3), take(4)]);
            assert.equal(rest.filter((each) => each !== undefined && "person" in each).length, 1);
            const token = won && "person" in won ? won.person.token : "";
            const placed = { seq: 1, was: "placing", token, state: "placed", reason: null, resultId: "call_1" };
            await store.record("c1", [/** @type {any} */ ({ ...placed, placedAt: now })], now);
            const [free] = [2, 3, 4].filter((_, at) => rest[at] === undefined);
            assert.equal(await take(free ?? 0), undefined);
            assert.equal(await take(1), undefined);
            const ended = { seq: 1, was: "placed", token: "", state: "answered", reason: null };
            await store.record("c1", [/** @type {any} */ (ended)], now);
            assert.ok("person" in ((await take(free ?? 0)) ?? {}));
          },
          { numbers: 1 },
        ),
    );

    test("jobs that are lost in the middle are added again, and everybody is called once", LIMIT, () =>
      inWorld(async (world, store, open) => {
        await world.plan({ people: peopleOf(60) });
        await start(store, "c1");
        const running = runWorker("c1", world);
        const { queue, end } = open();
        for (let wiped = 0; wiped < 3; ) {
          await pause(20);
          if (world.placed().length <= wiped * 15) continue;
          await queue.drain(true);
          wiped += 1;
        }
        assert.equal((await running).state, "done");
        await queue.close();
        end();
        once(world, 60);
      }),
    );

    test("a rate limit met by one worker slows all", LIMIT, (t) =>
      inWorld(async (world, store) => {
        await world.plan({ people: peopleOf(20) });
        world.sandbox.faults.add({
          match: { operation: "calls.create", toNumber: numberAt(7) },
          status: 429,
          code: "RATE_LIMITED",
          headers: { "retry-after": "3" },
          times: 1,
        });
        await start(store, "c1");
        // The queue runs by the real clock and the world by its own, which passes three seconds within milliseconds: so right
        // after it was slowed.
        let longest = 0;
        const { rateLimit } = Queue.prototype;
        t.mock.method(
          Queue.prototype,
          "rateLimit",
          /** @this {import("bullmq").Queue} @param {number} milliseconds */ async function (milliseconds) {
            await rateLimit.call(this, milliseconds);
            longest = Math.max(longest, await this.getRateLimitTtl());
          },
        );
        const other = await world.join();
        await Promise.all([runWorker("c1", world), runWorker("c1", other)]);
        assert.ok(longest > 1_000, `at most ${longest} ms`);
        once(world, 20);
      }),
    );

    test("a pause stops the queue, and after a resume everybody is called once", LIMIT, () =>
      inWorld(async (world, store, open) => {
        await world.plan({ people: peopleOf(30), perMinute: 300 });
        await start(store, "c1");
        const running = runWorker("c1", world);
        while (world.placed().length < 5) await pause(20);
        await pauseCampaign(store, "c1");
        const { queue, end } = open();
        assert.equal(await queue.isPaused(), true);
        assert.equal((await running).state, "paused");
        const before = world.placed().length;
        assert.ok(before < 30);
        await resume(store, "c1");
        assert.equal(await queue.isPaused(), false);
        // Somebody has paused the queue only: the state in the store counts.
        await queue.pause();
        assert.equal((await runWorker("c1", world)).state, "done");
        await queue.close();
        end();
        once(world, 30);
      }),
    );

    test("the queue stays small, and people in their night are not in it", LIMIT, () =>
      inWorld(
        async (world, store, open) => {
          const people = peopleOf(1_300).map((person, at) => ({
            ...person,
            timezone: at < 650 ? "Asia/Tokyo" : "America/New_York",
          }));
          const agentId = world.agentId;
          await world.plan({ people, kind: "text", agentId, body: "Hello", quietHours: undefined, perMinute: 60_000 });
          await start(store, "c1");
          const { queue, end } = open();
          let most = 0;
          const controller = new AbortController();
          const clock = {
            ...world.clock,
            sleep: (/** @type {number} */ ms, /** @type {AbortSignal} */ signal) =>
              pause(Math.min(ms, 50), undefined, { signal }).catch(() => {}),
          };
          const running = runWorker("c1", { ...world, clock, signal: controller.signal });
          for (let sent = 0; sent < 650; ) {
            await pause(20);
            const { waiting = 0, delayed = 0, active = 0 } = await queue.getJobCounts("waiting", "delayed", "active");
            most = Math.max(most, waiting + delayed + active);
            sent = (await store.counts("c1")).sent;
          }
          controller.abort();
          await running;
          await queue.close();
          end();
          assert.ok(most > 100 && most <= 520, `${most} jobs`);
          const status = await statusOf(store, /** @type {any} */ (await store.get("c1")));
          assert.deepEqual([status.counts.sent, status.counts.waiting], [650, 650]);
          const [tokyo] = await store.people("c1", { states: ["waiting"], limit: 1 });
          assert.equal(tokyo?.reason, "quiet-hours");
        },
        { sandbox: { start: new Date("2026-03-02T17:00:00Z") } },
      ),
    );
  });
}
