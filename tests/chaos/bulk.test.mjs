// Looking for a thousand calls in doubt: what it costs in requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { KEY } from "../support/client.mjs";

const LIMIT = { timeout: 120_000 };
const PAGE = 100;
const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => at);

/** A sandbox in which so many calls are in doubt, and after them others were made. @param {number} lost @param {number} others */
const doubtful = async (lost, others) => {
  const sandbox = createSandbox({ limits: false, balanceCents: 1e9 });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off" });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  const fault = sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers" });
  const numberOf = (/** @type {number} */ at) => `+1415555${1000 + at}`;
  const all = range(lost).map((at) =>
    client.calls.create({ agentId, toNumber: numberOf(at) }, { idempotencyKey: `order-${at}`, settle: false }),
  );
  assert.ok((await Promise.allSettled(all)).every(({ status }) => status === "rejected"));
  sandbox.faults.remove(fault);
  await Promise.all(range(others).map(() => client.calls.create({ agentId, toNumber: "+14155559999" })));
  return { sandbox, client, numberOf };
};

test("a thousand calls in doubt are found with the pages of the list and ten requests", LIMIT, async () => {
  const { sandbox, client, numberOf } = await doubtful(1_000, 0);
  let requests = 0;
  const settled = await client.effects.settle({ hooks: { onRequest: () => void (requests += 1) } });
  assert.deepEqual(settled, { settled: 1_000, pending: 0 });
  assert.ok(requests <= 1_000 / PAGE + 10, `${requests} requests`);
  assert.equal(sandbox.ledger().callsPlaced, 1_000);
  const id = (await client.effects.get("order-517"))?.id ?? "";
  assert.equal((await client.calls.get(id)).toNumber, numberOf(517));
});

test("a call in doubt is found behind a thousand newer ones", LIMIT, async () => {
  const { client } = await doubtful(1, 1_050);
  let requests = 0;
  const settled = await client.effects.settle({ hooks: { onRequest: () => void (requests += 1) } });
  assert.deepEqual(settled, { settled: 1, pending: 0 });
  assert.equal(requests, 11);
});

test("a list that was not read to its end is never taken for absence", LIMIT, async () => {
  const sandbox = createSandbox({ limits: false });
  const stranger = { agentId: "agt_other", toNumber: "+14155559999", direction: "outbound", status: "completed" };
  let pages = 0;
  /** @type {typeof fetch} */
  const endless = async (url, init) => {
    if (init?.method !== "GET" || !String(url).includes("/v1/calls")) return sandbox.fetch(url, init);
    pages += 1;
    const startedAt = new Date().toISOString();
    const data = range(PAGE).map((at) => ({ ...stranger, id: `call_${pages}_${at}`, startedAt }));
    return Response.json({ data, hasMore: true, total: 1e6 });
  };
  const client = new AgentPhone({ apiKey: KEY, fetch: /** @type {any} */ (endless), logLevel: "off" });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", times: 1 });
  const options = { idempotencyKey: "order-42", settle: /** @type {const} */ ({ within: 0, absent: "again" }) };
  const call = client.calls.create({ agentId, toNumber: "+14155550100" }, options);
  await assert.rejects(call, { outcomeUnknown: true, attempts: 1 });
  assert.equal(sandbox.ledger().callsPlaced, 1);
  assert.ok(pages > 1);
});
