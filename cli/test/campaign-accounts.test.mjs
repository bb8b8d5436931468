// A campaign belongs to one account: the ledger keeps the keys of different addresses and sub-accounts apart, so that a worker with
// another one knows nothing of what was sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, runWorker, start, statusOf } from "agentphone-wasm-cli/campaign";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

const LIMIT = { timeout: 120_000 };

const countsOf = async (/** @type {Awaited<ReturnType<typeof worldOf>>} */ world) =>
  (await statusOf(world.store, /** @type {any} */ (await world.store.get("c1")))).counts;

/** The call of one person happens, is lost, and is in no list: they are in doubt for good. @param {Awaited<ReturnType<typeof worldOf>>} world */
const losesOne = ({ sandbox }) =>
  sandbox.faults.add({
    match: { operation: "calls.create", toNumber: numberAt(1) },
    cut: "before-headers",
    unlisted: true,
    times: 1,
  });

test("a worker with another address or sub-account does not continue a campaign", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(3) });
    losesOne(world);
    await start(world.store, "c1");
    const controller = new AbortController();
    const running = runWorker("c1", { ...world, signal: controller.signal });
    while ((await countsOf(world)).doubt === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    await running;
    for (const options of [{ baseUrl: "https://proxy.example" }, { subAccount: "sub_2" }]) {
      const other = await world.join(options);
      await assert.rejects(runWorker("c1", other), {
        code: "WRONG_ACCOUNT",
        message:
          /planned with https:\/\/api\.agentphone\.ai, and this client uses .*(proxy\.example|sub-account sub_2)/,
      });
    }
    // The same address, written in another way and with another key.
    const same = await world.join({ baseUrl: "https://api.agentphone.ai/", apiKey: "sk_test_another" });
    await runWorker("c1", same);
    assert.equal(
      world.placed().filter(({ idempotencyKey }) => idempotencyKey === keyOf("c1", numberAt(1), 0)).length,
      1,
    );
    assert.equal((await countsOf(world)).doubt, 1);
  } finally {
    await world.close();
  }
});

test("somebody in doubt whose entry in the ledger is gone stays in doubt", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(2) });
    losesOne(world);
    await start(world.store, "c1");
    // What a ledger that was deleted says.
    const lost = { ...world.client.effects, get: async () => undefined };
    const client = new Proxy(world.client, { get: (of, name) => (name === "effects" ? lost : Reflect.get(of, name)) });
    assert.equal((await runWorker("c1", { ...world, client })).state, "done");
    const [person] = await world.store.people("c1", { states: ["doubt"], limit: 2 });
    assert.deepEqual([person?.recipient, person?.reason], [numberAt(1), "entry-lost"]);
    assert.equal(
      world.placed().filter(({ idempotencyKey }) => idempotencyKey === keyOf("c1", numberAt(1), 0)).length,
      1,
    );
  } finally {
    await world.close();
  }
});

test("a key that is refused after the last request pauses the campaign", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(3) });
    await start(world.store, "c1");
    let refusing = false;
    world.sandbox.faults.add({ match: { operation: "calls.list" }, status: 401 });
    world.sandbox.faults.add({ match: { operation: "calls.get" }, status: 401 });
    const paused = await runWorker("c1", { ...world, note: ({ note }) => void (refusing ||= note === "paused") });
    assert.deepEqual([paused.state, paused.reason, refusing], ["paused", "key-refused", true]);
    assert.equal(world.placed().length, 3);
  } finally {
    await world.close();
  }
});

test("a ledger that cannot be used ends the worker with its own message, before anything is sent", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(2) });
    await start(world.store, "c1");
    const broken = {
      ...world.store.ledger,
      read: async () => {
        const message = "redisLedger: the server does not keep what it has said yes to: set appendfsync always";
        throw Object.assign(new Error(message), { code: "LEDGER_CONFIGURATION", retryable: false });
      },
    };
    await assert.rejects(runWorker("c1", await world.join({ ledger: broken })), {
      code: "STORE_CONFIGURATION",
      message: /appendfsync always/,
    });
    assert.equal(world.placed().length, 0);
  } finally {
    await world.close();
  }
});
