// An agent loses one of the numbers of a campaign: after the pause the campaign continues with the others. No person is called
// twice and none is forgotten, whatever is interrupted on the way.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keyOf, resume, retry, runWorker, start, writeReport } from "agentphone-wasm-cli/campaign";
import { addressOf } from "../../tests/chaos/campaign-stores.mjs";
import { stores } from "../../tests/chaos/stores.mjs";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

/** @typedef {Awaited<ReturnType<typeof worldOf>>} World */

const LIMIT = { timeout: 120_000 };
const COUNT = 40;

/** All calls of the account. @param {World} world */
const callsOf = async (world) => {
  const calls = [];
  for await (const page of world.client.calls.list({ limit: 100 }).pages()) calls.push(...page.data);
  return calls;
};

/** @param {World} world @param {number} [count] */
const assertOnce = async (world, count = COUNT) => {
  const called = (await callsOf(world)).map(({ toNumber }) => toNumber).sort();
  assert.deepEqual(
    called,
    peopleOf(count)
      .map(({ phone }) => phone)
      .sort(),
  );
  assert.equal(world.placed().length, count);
};

/** The numbers of the campaign, the first of which will be released. @param {World} world */
const numbersOf = async (world) => {
  const { numberIds = [], releasedNumberIds = [] } = (await world.store.get("c1"))?.settings.message ?? {};
  return { left: numberIds, gone: releasedNumberIds, first: numberIds[0] ?? "" };
};

/** How many requests for a call found no number. @param {World} world */
const refused = ({ sandbox }) =>
  sandbox.requests().filter(({ operation, status }) => operation === "calls.create" && status === 404).length;

/** Runs until a call from a number that was released in the middle has paused the campaign. @param {World} world @param {string} number */
const pausedBy = async (world, number) => {
  await start(world.store, "c1");
  const running = runWorker("c1", world);
  while (world.placed().length < COUNT / 4) await world.clock.sleep(200);
  await world.client.numbers.release(number);
  const paused = await running;
  assert.deepEqual([paused.state, paused.reason], ["paused", "number-released"]);
  assert.ok(world.placed().length < COUNT);
};

/** A worker that is killed when it does this: the work is done, as far as `work` says, and nothing after it. @param {World} world @param {Partial<World["store"]>} own */
const killedWith = (world, own) =>
  assert.rejects(runWorker("c1", { ...world, store: /** @type {any} */ ({ ...world.store, ...own }) }), /killed/);

for (const { title, missing, start: begin } of Object.values(stores))
  describe(title, { skip: missing, timeout: 600_000 }, () => {
    /** @param {(world: World) => Promise<void>} work @param {number} numbers */
    const inWorld = async (work, numbers) => {
      const server = await begin();
      const world = await worldOf({ address: addressOf(server), numbers });
      try {
        await work(world);
      } finally {
        await world.close();
        await server.remove();
      }
    };

    test("a number is released in the middle: after a resume everybody is called once, from the others", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(COUNT), perMinute: 600 });
        const { first } = await numbersOf(world);
        await pausedBy(world, first);
        const before = new Set((await callsOf(world)).map(({ id }) => id));
        await resume(world.store, "c1");
        let moved = 0;
        /** @type {import("agentphone-wasm-cli/campaign").WorkerOptions["note"]} */
        const note = (event) => {
          assert.ok(event.note === "renumbered" && event.numbers === 2, JSON.stringify(event));
          moved += event.people;
        };
        const ended = await runWorker("c1", { ...world, note });
        assert.equal(ended.state, "done");
        await assertOnce(world);
        const after = (await callsOf(world)).filter(({ id }) => !before.has(id));
        const { left, gone } = await numbersOf(world);
        assert.deepEqual([left.length, gone], [2, [first]]);
        assert.deepEqual(new Set(after.map(({ phoneNumberId }) => phoneNumberId)), new Set(left));
        const people = (await world.store.people("c1", { limit: COUNT })).filter(({ round }) => round > 0);
        // Those whom the worker had already taken are moved one by one.
        assert.ok(moved > 2 && moved <= people.length, `${moved} of ${people.length}`);
        // Another number is not another round for a reader.
        let csv = "";
        await writeReport(world.store, ended, "csv", undefined, async (text) => void (csv += text));
        assert.equal(csv.match(/,answered,,0,/g)?.length, COUNT);
        // Divided among both.
        assert.equal(new Set(people.map(({ numberId }) => numberId)).size, 2);
      }, 3),
    );

    test("two workers see the resume and move the people at once: everybody is called once", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(COUNT), perMinute: 600 });
        const { first } = await numbersOf(world);
        await start(world.store, "c1");
        const other = await world.join();
        const running = [runWorker("c1", world), runWorker("c1", other)];
        while (world.placed().length < COUNT / 4) await world.clock.sleep(200);
        await world.client.numbers.release(first);
        let pauses = 0;
        const look = async () => /** @type {any} */ (await world.store.get("c1")).state;
        for (let state = await look(); state !== "done"; state = await look()) {
          if (state === "paused") {
            // Requests that were under way may pause it once more.
            pauses += 1;
            assert.ok(pauses < 5, `${pauses} pauses`);
            await resume(world.store, "c1");
            running.push(runWorker("c1", world));
          }
          await world.clock.sleep(500);
        }
        await Promise.all(running);
        assert.ok(pauses > 0);
        await assertOnce(world);
      }, 2),
    );

    test("a worker is killed after it has removed the number, and one in the middle of the people", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(COUNT), perMinute: 600 });
        const { first } = await numbersOf(world);
        await pausedBy(world, first);
        await resume(world.store, "c1");
        const waiting = (await world.store.waitingFor("c1", [first], COUNT)).length;
        assert.ok(waiting > 4);
        await killedWith(world, {
          dropNumbers: async (...given) => {
            await world.store.dropNumbers(...given);
            throw new Error("killed");
          },
        });
        assert.deepEqual((await numbersOf(world)).gone, [first]);
        const people = await world.store.people("c1", { limit: COUNT });
        assert.ok(people.every(({ round }) => round === 0));
        await killedWith(world, {
          record: async (id, changes, now) => {
            if (!changes.some(({ numberId }) => numberId !== undefined)) return world.store.record(id, changes, now);
            await world.store.record(id, changes.slice(0, 3), now);
            throw new Error("killed");
          },
        });
        const rest = (await world.store.waitingFor("c1", [first], COUNT)).length;
        assert.ok(rest > 0 && rest < waiting, `${rest} of ${waiting}`);
        assert.equal((await runWorker("c1", world)).state, "done");
        await assertOnce(world);
      }, 2),
    );

    test("people of a lost number whom a dead worker held, and those of another round, get another number", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(6) });
        const { first, left } = await numbersOf(world);
        const mine = (await world.store.waitingFor("c1", [first], 6)).map(({ seq }) => seq);
        assert.equal(mine.length, 3);
        // The first of them does not answer.
        world.sandbox.script({ toNumber: numberAt((mine[0] ?? 0) - 1), outcome: "busy" });
        await start(world.store, "c1");
        const now = world.clock.now();
        const lease = { token: "dead", now, lease: 1_000 };
        const [, second] = mine;
        if (world.store.claim === undefined)
          await world.store.take("c1", { seq: second ?? 0, numberId: first, places: 5, ...lease });
        else {
          // A claim takes whom it wants: the others are returned.
          const { people } = await world.store.claim("c1", { limit: 6, ...lease });
          const back = people.filter(({ seq }) => seq !== second);
          const base = /** @type {const} */ ({
            was: "placing",
            token: "dead",
            state: "waiting",
            reason: null,
            dueAt: 0,
          });
          await world.store.record(
            "c1",
            back.map(({ seq }) => ({ seq, ...base })),
            now,
          );
        }
        assert.equal((await world.store.people("c1", { states: ["placing"], limit: 6 }))[0]?.seq, second);
        await world.client.numbers.release(first);
        await world.store.dropNumbers("c1", [first]);
        assert.equal((await runWorker("c1", world)).state, "done");
        await assertOnce(world, 6);
        assert.equal(refused(world), 0);
        assert.equal(await retry(world.store, "c1", ["busy"]), 1);
        await start(world.store, "c1");
        assert.equal((await runWorker("c1", world)).state, "done");
        assert.equal(world.placed().length, 7);
        for (const { phoneNumberId } of await callsOf(world)) assert.equal(phoneNumberId, left[1]);
        const [busy] = await world.store.people("c1", { states: ["busy"], limit: 6 });
        assert.deepEqual([busy?.round, busy?.history.length], [2, 1]);
      }, 2),
    );

    test(
      "a request that is under way while another worker removes its number does not pause the campaign again",
      LIMIT,
      () =>
        inWorld(async (world) => {
          await world.plan({ people: peopleOf(6) });
          const { first } = await numbersOf(world);
          let isLost = false;
          // Asked right before a request.
          const admit = async () => {
            if (!isLost) {
              isLost = true;
              await world.client.numbers.release(first);
              await world.store.dropNumbers("c1", [first]);
            }
            return { decision: "allow", release: async () => {} };
          };
          await start(world.store, "c1");
          const policy = /** @type {any} */ ({ admit, greeting: (/** @type {string} */ text) => text });
          assert.equal((await runWorker("c1", { ...world, policy })).state, "done");
          assert.ok(refused(world) > 0);
          await assertOnce(world, 6);
        }, 2),
    );

    test("a call that was sent before the number changed is found, and not made again", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(2) });
        const { first, left } = await numbersOf(world);
        const [person] = await world.store.waitingFor("c1", [first], 1);
        const { seq = 0, recipient = "" } = person ?? {};
        const call = await world.client.calls.create(
          { agentId: world.agentId, toNumber: recipient, fromNumberId: first },
          { idempotencyKey: keyOf("c1", recipient, 0) },
        );
        const waits = /** @type {const} */ ({ was: "waiting", token: "", state: "waiting", reason: null });
        const change = { seq, ...waits, numberId: left[1] ?? "", round: 1 };
        assert.deepEqual(await world.store.record("c1", [change], world.clock.now()), [true]);
        await start(world.store, "c1");
        assert.equal((await runWorker("c1", world)).state, "done");
        await assertOnce(world, 2);
        const found = (await world.store.people("c1", { limit: 2 })).find((each) => each.seq === seq);
        assert.deepEqual([found?.resultId, found?.state], [call.id, "answered"]);
      }, 2),
    );

    test("without a number that remains, or with all of them, nothing is moved", LIMIT, () =>
      inWorld(async (world) => {
        await world.plan({ people: peopleOf(6) });
        const { left } = await numbersOf(world);
        for (const number of left) await world.client.numbers.release(number);
        for (let time = 0; time < 2; time += 1) {
          await (time === 0 ? start : resume)(world.store, "c1");
          const { state, reason } = await runWorker("c1", world);
          assert.deepEqual([state, reason], ["paused", "number-released"]);
        }
        const people = await world.store.people("c1", { states: ["waiting"], limit: 6 });
        assert.deepEqual(
          people.map(({ round }) => round),
          Array(6).fill(0),
        );
        assert.deepEqual(await numbersOf(world), { left, gone: [], first: left[0] });
        assert.equal(world.placed().length, 0);
      }, 2),
    );
  });
