// 120 calls, 90 of whose answers are lost after the call was placed: what the client finds out by itself, and what it is told when
// somebody else calls the same people meanwhile. The sandbox knows whose call is whose.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { KEY } from "../support/client.mjs";

/** @import { SettleOptions } from "agentphone-wasm" */
/** @import { FaultRule } from "agentphone-wasm/sandbox" */

const [CALLS, LOST] = [120, 90];
const LIMIT = { timeout: 90_000 };
const numberOf = (/** @type {number} */ at) => `+1415555${1000 + at}`;
const keyOf = (/** @type {number} */ at) => `reminder-${at}`;

/** Places the calls at once; of every one: its number, what came of it, and the id of its own call. @param {FaultRule[]} faults In turn, for those that are lost @param {SettleOptions} settle @param {number} [timeout] */
const place = async (faults, settle, timeout = 30_000) => {
  const sandbox = await serveSandbox({ limits: false, balanceCents: 1e8 });
  try {
    const client = new AgentPhone({ apiKey: KEY, baseUrl: sandbox.url, logLevel: "off", timeout, settle });
    const { id: agentId } = await client.agents.create({ name: "Reminders" });
    await client.numbers.buy({ agentId });
    for (let at = 0; at < LOST; at += 1) {
      const match = { operation: "calls.create", toNumber: numberOf(at) };
      sandbox.faults.add({ .../** @type {FaultRule} */ (faults[at % faults.length]), match, times: 1 });
    }
    const outcomes = await Promise.allSettled(
      Array.from({ length: CALLS }, (_, at) =>
        client.calls.create({ agentId, toNumber: numberOf(at) }, { idempotencyKey: keyOf(at) }).withResponse(),
      ),
    );
    const effects = sandbox.effects().filter(({ operation }) => operation === "calls.create");
    const own = effects.filter(({ foreign }) => !foreign);
    assert.equal(new Set(own.map(({ idempotencyKey }) => idempotencyKey)).size, own.length, "one call for each key");
    const calls = outcomes.map((outcome, at) => {
      const call = own.find(({ idempotencyKey }) => idempotencyKey === keyOf(at));
      if (outcome.status === "rejected")
        return { at, id: undefined, how: undefined, error: outcome.reason, own: call?.id };
      const { data, settled, elapsed } = outcome.value;
      return { at, id: data.id, how: settled?.how, elapsed, own: call?.id };
    });
    return { calls, own, others: effects.length - own.length };
  } finally {
    await sandbox.close();
  }
};

test(
  "of 90 calls whose answers were lost at least 89 are found within 30 s, and none is taken for another",
  LIMIT,
  async () => {
    const faults = /** @type {FaultRule[]} */ ([
      { cut: "before-headers" },
      { cut: "mid-body" },
      { stall: "headers" },
      { status: 500, effect: true },
      { status: 504, shape: "html", effect: true },
      { cut: "before-headers", unlisted: { forMs: 1_500, from: "lists" } },
    ]);
    const { calls, own } = await place(faults, { within: 30_000 }, 2_000);
    assert.equal(own.length, CALLS);
    const settled = calls.filter(({ how }) => how !== undefined);
    assert.ok(settled.length >= LOST - 1, `${settled.length} of ${LOST}`);
    assert.ok(settled.every(({ elapsed = 0 }) => elapsed <= 35_000));
    assert.deepEqual(
      calls.filter(({ id, own }) => id !== undefined && id !== own),
      [],
    );
  },
);

/** Somebody else calls the same person: before ours is found, or in its place, or before it is placed late. @type {FaultRule[]} */
const FOREIGN = [
  { cut: "before-headers", foreign: { afterMs: 300 } },
  { cut: "before-effect", foreign: { afterMs: 300 } },
  { cut: "before-headers", foreign: { afterMs: 300 }, late: { afterMs: 1_200 } },
];

test("somebody else's call to the same person is never certain to be ours", LIMIT, async () => {
  const { calls, others } = await place(FOREIGN, { within: 3_000 });
  assert.equal(others, LOST);
  const settled = calls.filter(({ how }) => how !== undefined);
  assert.ok(settled.length > 0);
  assert.deepEqual(
    settled.filter(({ how, id, own }) => how === "certain" && id !== own),
    [],
  );
  // What was answered is answered, whoever calls.
  for (const { id, own } of calls.slice(LOST)) assert.equal(id, own);
});

test("somebody else's call is never taken for ours where only what is certain counts", LIMIT, async () => {
  const { calls, others } = await place(FOREIGN, { within: 3_000, accept: "certain" });
  assert.equal(others, LOST);
  assert.deepEqual(
    calls.filter(({ id, own }) => id !== undefined && id !== own),
    [],
  );
  const left = calls.filter(({ error }) => error !== undefined);
  assert.equal(left.length, LOST);
  assert.ok(left.every(({ error }) => error.outcomeUnknown && error.settlement.state !== "placed"));
});
