// A campaign on one machine: each person is called once, whatever happens on the way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { policy } from "agentphone-wasm/tools";
import { keyOf, pause, resume, retry, runWorker, start, statusOf, stop } from "agentphone-wasm-cli/campaign";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

const LIMIT = { timeout: 120_000 };

/** How often each person was called, apart from the call of a stranger. @param {Awaited<ReturnType<typeof worldOf>>} world @param {number} count @param {string} [id] */
const callsOf = (world, count, id = "c1") => {
  const keys = new Map(Array.from({ length: count }, (_, at) => [keyOf(id, numberAt(at), 0), 0]));
  for (const { idempotencyKey, foreign } of world.placed()) {
    if (foreign) continue;
    assert.ok(keys.has(idempotencyKey ?? ""), "a call without a person");
    keys.set(idempotencyKey ?? "", (keys.get(idempotencyKey ?? "") ?? 0) + 1);
  }
  return [...keys.values()];
};

test("everybody is called once, and never more at once than there are places", LIMIT, async () => {
  const world = await worldOf({ numbers: 2 });
  try {
    const { plan } = await world.plan({ people: peopleOf(60), perNumber: 3 });
    assert.equal(plan.people, 60);
    assert.equal(world.placed().length, 0);
    await start(world.store, "c1", world.clock.now());
    let most = 0;
    const watching = async () => {
      const { data } = await world.client.calls.list({ limit: 100 });
      most = Math.max(most, data.filter(({ endedAt }) => !endedAt).length);
    };
    const clock = {
      ...world.clock,
      sleep: async (/** @type {number} */ ms, /** @type {AbortSignal} */ signal) => (
        await watching(), world.clock.sleep(ms, signal)
      ),
    };
    const ended = await runWorker("c1", { ...world, clock });
    assert.equal(ended.state, "done");
    assert.deepEqual(new Set(callsOf(world, 60)), new Set([1]));
    assert.ok(most <= 6 && most > 3, `${most} at once`);
    const { counts } = await statusOf(world.store, ended, world.clock.now());
    assert.equal(counts.answered, 60);
  } finally {
    await world.close();
  }
});

test("two starts at once call nobody twice, and share the places", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(80) });
    const other = await world.join();
    await Promise.all([start(world.store, "c1"), start(other.store, "c1")]);
    const [one, two] = await Promise.all([runWorker("c1", world), runWorker("c1", other)]);
    assert.deepEqual([one.state, two.state], ["done", "done"]);
    assert.deepEqual(new Set(callsOf(world, 80)), new Set([1]));
  } finally {
    await world.close();
  }
});

test("two plans of one id: the second is refused", LIMIT, async () => {
  const world = await worldOf();
  try {
    const plans = await Promise.allSettled([
      world.plan({ people: peopleOf(20) }),
      world.plan({ people: peopleOf(20) }),
    ]);
    assert.deepEqual(plans.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal((await world.store.people("c1", { limit: 100 })).length, 20);
  } finally {
    await world.close();
  }
});

test("a third of the answers lost: whoever was called is found, and nobody is called again", LIMIT, async () => {
  const world = await worldOf();
  try {
    const faults = [{ cut: "before-headers" }, { cut: "mid-body" }, { status: 504, shape: "html", effect: true }];
    for (let at = 0; at < 90; at += 3)
      world.sandbox.faults.add(
        /** @type {any} */ ({
          ...faults[(at / 3) % 3],
          match: { operation: "calls.create", toNumber: numberAt(at) },
          times: 1,
        }),
      );
    await world.plan({ people: peopleOf(90) });
    await start(world.store, "c1");
    const ended = await runWorker("c1", world);
    assert.equal(ended.state, "done");
    assert.deepEqual(new Set(callsOf(world, 90)), new Set([1]));
    const { counts } = await statusOf(world.store, ended);
    assert.deepEqual([counts.answered, counts.doubt], [90, 0]);
  } finally {
    await world.close();
  }
});

test(
  "a call that nobody finds stays in doubt, keeps its place for so long as a call may last, and is never made again",
  LIMIT,
  async () => {
    const world = await worldOf({ numbers: 1 });
    try {
      world.sandbox.faults.add({
        match: { operation: "calls.create", toNumber: numberAt(0) },
        cut: "before-headers",
        unlisted: true,
        times: 1,
      });
      await world.plan({ people: peopleOf(4), perNumber: 1, longestCall: 300 });
      await start(world.store, "c1");
      const from = world.clock.now();
      const ended = await runWorker("c1", world);
      assert.equal(ended.state, "done");
      const doubtful = await world.store.people("c1", { states: ["doubt"], limit: 10 });
      assert.deepEqual(
        doubtful.map(({ recipient }) => recipient),
        [numberAt(0)],
      );
      assert.deepEqual(callsOf(world, 4), [1, 1, 1, 1]);
      const second = world.placed()[1]?.at ?? 0;
      assert.ok(second - from >= 300_000, `the place was given away after ${second - from} ms`);
      assert.equal(await retry(world.store, "c1", ["failed", "busy", "no-answer"]), 0);
    } finally {
      await world.close();
    }
  },
);

test("outcomes are told apart, and a retry calls once more only those whom it names", LIMIT, async () => {
  const world = await worldOf();
  try {
    const outcomes = /** @type {const} */ (["busy", "no-answer", "failed"]);
    for (const [at, outcome] of outcomes.entries()) world.sandbox.script({ toNumber: numberAt(at), outcome });
    await world.plan({ people: peopleOf(10) });
    await start(world.store, "c1");
    await runWorker("c1", world);
    const first = await statusOf(world.store, /** @type {any} */ (await world.store.get("c1")));
    assert.deepEqual(
      [first.counts.answered, first.counts.busy, first.counts["no-answer"], first.counts.failed],
      [7, 1, 1, 1],
    );
    assert.equal(await retry(world.store, "c1", ["busy", "no-answer"]), 2);
    await start(world.store, "c1");
    assert.equal((await runWorker("c1", world)).state, "done");
    const again = world.placed().filter(({ idempotencyKey }) => idempotencyKey?.endsWith("/1"));
    assert.deepEqual(
      again.map(({ idempotencyKey }) => idempotencyKey).sort(),
      [0, 1].map((at) => keyOf("c1", numberAt(at), 1)).sort(),
    );
    assert.equal(world.placed().length, 12);
    const [person] = await world.store.people("c1", { states: ["busy"], limit: 1 });
    assert.deepEqual([person?.round, person?.history.map(({ state }) => state)], [1, ["busy"]]);
  } finally {
    await world.close();
  }
});

/** Twelve people, two at once, and a worker that has called some of them. @param {Awaited<ReturnType<typeof worldOf>>} world */
const halfway = async (world) => {
  await world.plan({ people: peopleOf(12), perNumber: 2 });
  await start(world.store, "c1");
  const running = runWorker("c1", world);
  await world.clock.sleep(12_000);
  return { running };
};

test("pause and resume: nobody is called while it is paused, and all afterwards", LIMIT, async () => {
  const world = await worldOf({ numbers: 1 });
  try {
    const { running } = await halfway(world);
    await pause(world.store, "c1");
    const paused = await running;
    assert.deepEqual([paused.state, paused.reason], ["paused", "asked"]);
    const before = world.placed().length;
    assert.ok(before > 0 && before < 12, `${before} calls before the pause`);
    const { counts } = await statusOf(world.store, paused);
    assert.equal(counts.placed + counts.placing, 0, "calls that went on were seen to their end");
    await world.clock.sleep(600_000);
    assert.equal(world.placed().length, before);
    await resume(world.store, "c1");
    assert.equal((await runWorker("c1", world)).state, "done");
    assert.deepEqual(new Set(callsOf(world, 12)), new Set([1]));
  } finally {
    await world.close();
  }
});

test("stop: whoever waits is not called, and is told so", LIMIT, async () => {
  const world = await worldOf({ numbers: 1 });
  try {
    const { running } = await halfway(world);
    await stop(world.store, "c1");
    const { state } = await running;
    const { counts } = await statusOf(world.store, /** @type {any} */ (await world.store.get("c1")));
    assert.deepEqual([state, counts.waiting + counts.placing + counts.placed], ["stopped", 0]);
    assert.ok(counts.skipped > 0 && counts.answered === world.placed().length);
    await assert.rejects(start(world.store, "c1"), { code: "WRONG_STATE" });
  } finally {
    await world.close();
  }
});

/** What happens to everybody, and why the campaign pauses. @type {[string, object, string][]} */
const PAUSES = [
  ["a key that is revoked", { status: 401 }, "key-refused"],
  ["a balance that runs out", { status: 402, code: "INSUFFICIENT_BALANCE" }, "balance"],
  ["a number that is released", { status: 404, code: "PHONE_NUMBER_NOT_FOUND" }, "number-released"],
  ["a line that may not call", { status: 403 }, "not-allowed"],
  ["a day's quota that is used up", { status: 429, code: "OUTBOUND_LIMIT_REACHED" }, "daily-quota"],
];
for (const [name, fault, reason] of PAUSES)
  test(`${name} pauses the campaign, and after a resume everybody is called once`, LIMIT, async () => {
    const world = await worldOf();
    try {
      await world.plan({ people: peopleOf(30) });
      const rule = world.sandbox.faults.add(
        /** @type {any} */ ({ match: { operation: "calls.create", toNumber: numberAt(9) }, ...fault }),
      );
      await start(world.store, "c1");
      const paused = await runWorker("c1", world);
      assert.deepEqual([paused.state, paused.reason], ["paused", reason]);
      assert.ok(world.placed().length < 30);
      world.sandbox.faults.remove(rule);
      await resume(world.store, "c1");
      assert.equal((await runWorker("c1", world)).state, "done");
      assert.deepEqual(new Set(callsOf(world, 30)), new Set([1]));
    } finally {
      await world.close();
    }
  });

test("a rate limit met by one worker slows all", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(20) });
    world.sandbox.faults.add({
      match: { operation: "calls.create", toNumber: numberAt(7) },
      status: 429,
      code: "RATE_LIMITED",
      headers: { "retry-after": "120" },
      times: 1,
    });
    await start(world.store, "c1");
    const other = await world.join();
    await Promise.all([runWorker("c1", world), runWorker("c1", other)]);
    assert.deepEqual(new Set(callsOf(world, 20)), new Set([1]));
    const times = world
      .placed()
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(Math.max(...gaps) >= 119_000, `the longest gap was ${Math.max(...gaps)} ms`);
  } finally {
    await world.close();
  }
});

test("people are not called in their night, but in the next morning of their own zone", LIMIT, async () => {
  // Afternoon in New York, and ten minutes before eight in the morning in Tokyo.
  const world = await worldOf({ sandbox: { start: new Date("2026-03-02T22:50:00Z") } });
  try {
    const people = [
      { phone: numberAt(0), timezone: "America/New_York" },
      { phone: numberAt(1), timezone: "Asia/Tokyo" },
    ];
    const { plan } = await world.plan({ people, quietHours: undefined });
    assert.equal(plan.quietNow, 1);
    await start(world.store, "c1");
    await runWorker("c1", world);
    const at = (/** @type {number} */ which) =>
      world.placed().find(({ idempotencyKey }) => idempotencyKey === keyOf("c1", numberAt(which), 0))?.at ?? 0;
    assert.ok(at(0) < Date.parse("2026-03-02T22:51:00Z"));
    assert.ok(at(1) >= Date.parse("2026-03-02T23:00:00Z") && at(1) < Date.parse("2026-03-02T23:01:00Z"));
  } finally {
    await world.close();
  }
});

test("nobody who is opted out, abroad, or there twice is called", LIMIT, async () => {
  const world = await worldOf();
  try {
    const people = [numberAt(0), numberAt(0), numberAt(1), "+12425550100", numberAt(2)].map((phone) => ({ phone }));
    const { plan } = await world.plan({ people, optedOut: new Set([numberAt(1)]) });
    assert.deepEqual([plan.people, plan.skipped], [2, { duplicate: 1, "opted-out": 1, "outside-us-ca": 1 }]);
    await start(world.store, "c1");
    await runWorker("c1", world);
    assert.equal(world.placed().length, 2);
  } finally {
    await world.close();
  }
});

test("texts are sent once, none to whom the policy refuses, and no more than its day allows", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ kind: "text", body: "Hello {{name}}!", people: peopleOf(25) });
    await start(world.store, "c1");
    const rules = policy({ recipients: { deny: [numberAt(3)] }, texts: { day: 20 }, ledger: world.store.ledger });
    const running = runWorker("c1", { ...world, policy: rules });
    await world.clock.sleep(30_000);
    const { counts } = await statusOf(world.store, /** @type {any} */ (await world.store.get("c1")));
    assert.deepEqual([counts.sent, counts.skipped, counts.waiting], [20, 1, 4]);
    assert.equal(world.sandbox.ledger().textsSent, 20);
    const { data } = await world.client.conversations.list({ limit: 100 });
    assert.equal(data.length, 20);
    await stop(world.store, "c1");
    await running;
  } finally {
    await world.close();
  }
});

test("of the same people in two campaigns each is called by both", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(3) });
    await world.plan({ id: "c2", people: peopleOf(3) });
    for (const id of ["c1", "c2"]) {
      await start(world.store, id);
      await runWorker(id, world);
    }
    assert.equal(world.placed().length, 6);
  } finally {
    await world.close();
  }
});
