// What is known beside a call that was not found: that the account's usage counts more calls than its list has. And the one
// operation whose witness is its own refusal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { failureOf, KEY, PHONE } from "../support/client.mjs";

/** @import { FaultRule } from "agentphone-wasm/sandbox" */

/** A call that is in doubt, after this fault. @param {FaultRule} fault @param {FaultRule} [other] */
const lost = async (fault, other) => {
  const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off", maxRetries: 0 });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  const call = { agentId, toNumber: PHONE };
  await client.calls.create(call);
  sandbox.faults.add({ match: { operation: "calls.create" }, times: 1, ...fault });
  if (other) sandbox.faults.add(other);
  const place = () => client.calls.create(call, { idempotencyKey: "order-42", settle: { within: 0, snapshot: true } });
  return { sandbox, client, place, error: await failureOf(place()) };
};

test("a call that was billed and is not listed is counted, which settles nothing", async () => {
  const { sandbox, client, place, error } = await lost({ cut: "before-headers", unlisted: true });
  assert.equal(sandbox.ledger().callsPlaced, 2);
  assert.deepEqual(error.settlement?.evidence, { counted: 2, listed: 1 });
  assert.deepEqual([error.outcomeUnknown, error.settlement?.state], [true, "absent_so_far"]);
  const again = await failureOf(place());
  assert.deepEqual([again.code, again.settlement?.evidence], ["OUTCOME_UNKNOWN", { counted: 2, listed: 1 }]);
  assert.equal((await client.effects.get("order-42"))?.evidence, undefined);
  assert.equal(sandbox.ledger().callsPlaced, 2);
});

test("equal numbers do not make a lost call one that was not placed", async () => {
  const { error } = await lost({ cut: "before-effect" });
  assert.deepEqual(error.settlement?.evidence, { counted: 1, listed: 1 });
  assert.deepEqual([error.outcomeUnknown, error.settlement?.state], [true, "absent_so_far"]);
});

test("usage that cannot be read, or does not say, is no evidence and no other error", async () => {
  for (const answer of /** @type {FaultRule[]} */ ([{ status: 403 }, { garbage: "array" }])) {
    const { error } = await lost({ cut: "before-effect" }, { match: { operation: "usage.get" }, ...answer });
    assert.deepEqual([error.code, error.settlement?.state], ["CONNECTION_ERROR", "absent_so_far"]);
    assert.equal(error.settlement?.evidence, undefined);
  }
});

test("a contact whose answer was lost is there once, and its own 409 says so", async () => {
  const sandbox = createSandbox({ limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off" });
  sandbox.faults.add({ match: { operation: "contacts.create" }, cut: "before-headers", times: 1 });
  const error = await failureOf(client.contacts.create({ phoneNumber: PHONE, name: "Ada" }));
  assert.deepEqual([error.status, error.attempts, error.outcomeUnknown], [409, 2, false]);
  const { data } = await client.contacts.list({ search: PHONE });
  assert.deepEqual(
    data.map(({ name }) => name),
    ["Ada"],
  );
});
