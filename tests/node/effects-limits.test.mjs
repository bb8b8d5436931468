// What limits `client.effects` and `client.settle`: their own signal and `totalTimeout`, and no other call's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
import { createSandbox } from "agentphone-wasm/sandbox";
import { failureOf, KEY, PHONE } from "../support/client.mjs";

/** @import { ClientOptions } from "agentphone-wasm" */

const LIMIT = { timeout: 60_000 };
const never = () => new Promise(() => {});

/** @typedef {ReturnType<typeof createSandbox>["fetch"]} Fetch */

/** A sandbox with an agent that has a number, and a client of it. @param {(send: Fetch) => Fetch} [through] @param {Partial<ClientOptions>} [options] */
const stage = async (through = (send) => send, options = {}) => {
  const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: through(sandbox.fetch), logLevel: "off", ...options });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  return { sandbox, client, agentId };
};

test("what became of a call that its signal has aborted can be found out", LIMIT, async () => {
  const { sandbox, client, agentId } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
  const controller = new AbortController();
  const placed = failureOf(client.calls.create({ agentId, toNumber: PHONE }, { signal: controller.signal }));
  while (sandbox.ledger().callsPlaced === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  const error = await placed;
  assert.deepEqual([error.code, error.outcomeUnknown], ["ABORTED", true]);
  const { state } = await client.settle(error);
  assert.equal(state, "placed");
  assert.equal((await failureOf(client.settle(error, { signal: controller.signal }))).code, "ABORTED");
});

test("a ledger that never answers keeps nothing of client.effects waiting for ever", LIMIT, async () => {
  const ledger = { ...memoryLedger(), read: never, open: never };
  const { client } = await stage(undefined, { ledger });
  /** @type {(options: object) => Promise<unknown>[]} */
  const uses = (options) => [
    client.effects.get("order-42", options),
    client.effects.settle(options),
    client.effects.pending(options).next(),
    client.effects.resolve("order-42", { happened: false }, options),
  ];
  for (const { code } of await Promise.all(uses({ totalTimeout: 50 }).map(failureOf)))
    assert.equal(code, "LEDGER_UNAVAILABLE");
  const controller = new AbortController();
  const aborted = uses({ signal: controller.signal }).map(failureOf);
  controller.abort("enough");
  for (const { code, cause } of await Promise.all(aborted)) assert.deepEqual([code, cause], ["ABORTED", "enough"]);
});

test("totalTimeout is of a whole pass, not of each list that it reads", LIMIT, async () => {
  let hangs = false;
  let asked = 0;
  const { sandbox, client, agentId } = await stage((send) => (...given) => {
    if (!hangs) return send(...given);
    asked += 1;
    return /** @type {Promise<Response>} */ (never());
  });
  const lost = { idempotencyKey: "order-42", settle: /** @type {const} */ (false) };
  sandbox.faults.add({ cut: "before-headers", times: 3, match: { method: "POST" } });
  await failureOf(client.calls.create({ agentId, toNumber: PHONE }, lost));
  await failureOf(client.agents.create({ name: "Second" }, { ...lost, idempotencyKey: "agent" }));
  await failureOf(client.subAccounts.create({ name: "Third" }, { ...lost, idempotencyKey: "sub-account" }));
  hangs = true;
  assert.deepEqual(await client.effects.settle({ totalTimeout: 50 }), { settled: 0, pending: 3 });
  assert.equal(asked, 1);
});

test("a pass that its signal ends does not pass for a whole one", LIMIT, async () => {
  const { sandbox, client, agentId } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", times: 1 });
  const place = client.calls.create({ agentId, toNumber: PHONE }, { idempotencyKey: "order-42", settle: false });
  await failureOf(place);
  const controller = new AbortController();
  const hooks = { onRequest: () => controller.abort() };
  const other = client.calls.create(
    { agentId, toNumber: "+14155550101" },
    { idempotencyKey: "order-43", settle: false },
  );
  await other;
  const error = await failureOf(client.effects.settle({ signal: controller.signal, hooks }));
  assert.equal(error.code, "ABORTED");
});

test("an error of client.effects reaches the hook of its own options", LIMIT, async () => {
  const ledger = { ...memoryLedger(), read: () => Promise.reject(new Error("disk full")) };
  const { client } = await stage(undefined, { ledger });
  /** @type {unknown[]} */
  const seen = [];
  const error = await failureOf(
    client.effects.get("order-42", { hooks: { onError: (failed) => void seen.push(failed) } }),
  );
  assert.deepEqual(seen, [error]);
});
