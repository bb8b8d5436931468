// A use of a key that has lost its answer, while another use sends again by the caller's word.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { KEY, PHONE, sleep } from "../support/client.mjs";

test("a use that lost its answer gets the call that another use has placed", { timeout: 60_000 }, async () => {
  const sandbox = createSandbox({ limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off" });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-effect", times: 1 });
  const place = (/** @type {import("agentphone-wasm").SettleOptions} */ settle) =>
    client.calls.create({ agentId, toNumber: PHONE }, { idempotencyKey: "order-42", settle });
  const first = place({ within: 20_000 });
  await sleep(100);
  const second = await place({ within: 0, absent: "again" });
  assert.equal((await first).id, second.id);
  assert.equal(sandbox.ledger().callsPlaced, 1);
});
