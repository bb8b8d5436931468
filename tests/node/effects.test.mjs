// Idempotency keys against the sandbox: what becomes of a call whose answer was lost, of a second use of its key, and of
// what is in doubt. The rules themselves are tested natively (`src/core/effects`).

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { failureOf, KEY, PHONE, TEXT } from "../support/client.mjs";

/** @import { ClientOptions, RequestOptions } from "agentphone-wasm" */

const LIMIT = { timeout: 60_000 };

/** A sandbox with an agent that has a number, and a client of it. @param {Partial<ClientOptions>} [options] */
const stage = async (options = {}) => {
  const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off", ...options });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  const { id: numberId = "" } = await client.numbers.buy({ agentId });
  const placed = () => sandbox.ledger().callsPlaced;
  const place = (/** @type {RequestOptions} */ more) => client.calls.create({ agentId, toNumber: PHONE }, more);
  return { sandbox, client, agentId, numberId, placed, place };
};

const CUT = /** @type {const} */ ({ cut: "before-headers", times: 1 });

test("a key is used once however often it is used", LIMIT, async () => {
  const { placed, place } = await stage();
  const first = await place({ idempotencyKey: "order-42" }).withResponse();
  assert.deepEqual([first.replayed, first.settled, first.attempts], [false, undefined, 1]);
  const second = await place({ idempotencyKey: "order-42" }).withResponse();
  assert.equal(second.data.id, first.data.id);
  assert.equal(second.data.toNumber, PHONE);
  assert.equal(second.replayed, true);
  assert.equal(second.settled?.how, "answered");
  assert.equal(placed(), 1);
  await place({ idempotencyKey: "order-43" });
  assert.equal(placed(), 2);
});

test("a hundred uses of one key at once place one call", LIMIT, async () => {
  const { placed, place } = await stage();
  const all = await Promise.all(Array.from({ length: 100 }, () => place({ idempotencyKey: "order-42" })));
  assert.equal(new Set(all.map((call) => call.id)).size, 1);
  assert.equal(placed(), 1);
});

test("a call whose answer was lost is found", LIMIT, async () => {
  const { sandbox, client, placed, place } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
  const { data, settled, replayed } = await place({ idempotencyKey: "order-42" }).withResponse();
  assert.equal(placed(), 1);
  assert.deepEqual([replayed, settled?.state, settled?.how, settled?.id], [false, "placed", "likely", data.id]);
  assert.equal((await client.calls.get(data.id)).toNumber, PHONE);
  const again = await place({ idempotencyKey: "order-42" });
  assert.equal(again.id, data.id);
  assert.equal(placed(), 1);
});

test(
  "on a lane of one's own what is found is certain, and what is only likely is not taken where that is asked",
  LIMIT,
  async () => {
    const { sandbox, place } = await stage();
    sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT, times: 2 });
    const settle = { exclusive: true, accept: /** @type {const} */ ("certain"), within: 1_000 };
    const { settled } = await place({ idempotencyKey: "order-42", settle }).withResponse();
    assert.equal(settled?.how, "certain");
    const error = await failureOf(place({ idempotencyKey: "order-43", settle: { accept: "certain", within: 0 } }));
    assert.deepEqual([error.code, error.outcomeUnknown], ["CONNECTION_ERROR", true]);
  },
);

test("a call that was never placed is not called placed, and its key stays in doubt", LIMIT, async () => {
  const { sandbox, client, placed, place } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-effect", times: 1 });
  const error = await failureOf(place({ idempotencyKey: "order-42", settle: { within: 50 } }));
  assert.deepEqual([error.outcomeUnknown, error.settlement?.state], [true, "absent_so_far"]);
  const second = await failureOf(place({ idempotencyKey: "order-42", settle: { within: 0 } }));
  assert.deepEqual([second.code, second.outcomeUnknown, second.attempts], ["OUTCOME_UNKNOWN", true, 0]);
  const other = await failureOf(place({ idempotencyKey: "order-43", settle: { within: 0 } }));
  assert.deepEqual([other.code, other.outcomeUnknown], ["LANE_IN_DOUBT", false]);
  assert.equal(placed(), 0);
  const pending = [];
  for await (const intent of client.effects.pending()) pending.push(intent);
  assert.deepEqual(
    pending.map(({ key, operation, state }) => [key, operation, state]),
    [["order-42", "calls.create", "absent_so_far"]],
  );
  const resolved = await client.effects.resolve("order-42", { happened: false });
  assert.equal(resolved.state, "not_placed");
  await place({ idempotencyKey: "order-42" });
  await place({ idempotencyKey: "order-43" });
  assert.equal(placed(), 2);
});

test("the caller's explicit choice sends again what was not found, once more and not without end", LIMIT, async () => {
  const { sandbox, placed, place, client } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-effect", times: 1 });
  await place({ idempotencyKey: "order-42", settle: { within: 0, absent: "again" } });
  assert.equal(placed(), 1);
  assert.equal((await client.effects.get("order-42"))?.sends, 2);
});

test("the same key with other content is a mistake that names the field and shows nothing", LIMIT, async () => {
  const { client, agentId, place } = await stage();
  await place({ idempotencyKey: "order-42" });
  const other = client.calls.create({ agentId, toNumber: "+14155550111" }, { idempotencyKey: "order-42" });
  const error = await failureOf(other);
  assert.equal(error.code, "IDEMPOTENCY_KEY_REUSED");
  assert.match(error.message, /body\.toNumber/);
  assert.doesNotMatch(JSON.stringify(error) + error.message, /0111|0100|order-42/);
  const text = client.messages.send(
    { agent_id: agentId, to_number: PHONE, body: TEXT },
    { idempotencyKey: "order-42" },
  );
  assert.equal((await failureOf(text)).code, "IDEMPOTENCY_KEY_REUSED");
});

test("a key that is none is refused before anything is sent", LIMIT, async () => {
  const { placed, place } = await stage();
  for (const key of ["", "   ", "x".repeat(256), 42, {}, "a\0b"]) {
    const error = await failureOf(place({ idempotencyKey: /** @type {string} */ (key) }));
    assert.equal(error.code, "INVALID_ARGUMENT", JSON.stringify(key));
  }
  assert.equal(placed(), 0);
  await place({ idempotencyKey: "x".repeat(255) });
  await place({ idempotencyKey: "Grüße 😀" });
  assert.equal(placed(), 2);
});

test("a refused call leaves its key free", LIMIT, async () => {
  const { sandbox, placed, place } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, status: 402, code: "INSUFFICIENT_BALANCE", times: 1 });
  assert.equal((await failureOf(place({ idempotencyKey: "order-42" }))).code, "INSUFFICIENT_BALANCE");
  await place({ idempotencyKey: "order-42" });
  assert.equal(placed(), 1);
});

test(
  "a text, a number, an agent, a sub-account, a trunk and a webhook whose answer was lost are found",
  LIMIT,
  async () => {
    const { sandbox, client, agentId, numberId } = await stage();
    const lose = (/** @type {string} */ operation) => sandbox.faults.add({ match: { operation }, ...CUT });
    const key = (/** @type {string} */ idempotencyKey) => ({ idempotencyKey });
    lose("messages.send");
    const text = await client.messages.send({ agent_id: agentId, to_number: PHONE, body: TEXT }, key("text"));
    assert.ok(text.id && text.to_number === PHONE && text.from_number);
    lose("numbers.buy");
    const bought = await client.numbers.buy({ agentId }, key("number")).withResponse();
    assert.equal(bought.settled?.how, "certain");
    assert.match(bought.data.externalId ?? "", /^ap_[\da-f]{32}$/);
    lose("agents.create");
    const agent = await client.agents.create({ name: "Night desk" }, key("agent"));
    assert.equal((await client.agents.get(agent.id)).name, "Night desk");
    lose("subAccounts.create");
    assert.ok((await client.subAccounts.create({ name: "North" }, key("account"))).id);
    lose("sipTrunks.create");
    assert.ok((await client.sipTrunks.create({ name: "Office" }, key("trunk"))).id);
    lose("webhooks.set");
    const webhook = await client.webhooks.set({ url: "https://example.com/hook" }, key("webhook"));
    assert.ok(webhook.secret);
    lose("agents.webhook.set");
    const own = await client.agents.webhook.set(agentId, { url: "https://example.com/own" }, key("own"));
    assert.equal(own.url, "https://example.com/own");
    assert.equal(sandbox.ledger().textsSent, 1);
    assert.equal((await client.numbers.list().toArray()).filter(({ id }) => id !== numberId).length, 1);
  },
);

test("what cannot be found out stays unknown and says so", LIMIT, async () => {
  const { sandbox, client } = await stage();
  sandbox.faults.add({ match: { operation: "feedback.create" }, ...CUT });
  const give = () => client.feedback.create({ category: "bug", note: "it rang" }, { idempotencyKey: "feedback" });
  const error = await failureOf(give());
  assert.deepEqual([error.outcomeUnknown, error.settlement?.state], [true, "unknown"]);
  assert.equal((await failureOf(give())).code, "OUTCOME_UNKNOWN");
});

test("a list that cannot be read is never taken for absence", LIMIT, async () => {
  const { sandbox, place, placed, client } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
  const broken = sandbox.faults.add({ match: { operation: "calls.list" }, status: 500 });
  const error = await failureOf(
    place({ idempotencyKey: "order-42", maxRetries: 0, settle: { within: 0, absent: "again" } }),
  );
  assert.deepEqual([error.outcomeUnknown, error.settlement?.state], [true, "unknown"]);
  assert.equal(placed(), 1);
  sandbox.faults.remove(broken);
  assert.deepEqual(await client.effects.settle(), { settled: 1, pending: 0 });
  assert.equal((await client.effects.get("order-42"))?.state, "placed");
});

test("the signal ends the search, and the intent stays in doubt", LIMIT, async () => {
  const { sandbox, place, client } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-effect", times: 1 });
  const controller = new AbortController();
  const call = place({ idempotencyKey: "order-42", signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 300);
  const error = await failureOf(call);
  assert.equal(error.outcomeUnknown, true);
  assert.ok(error.elapsed < 5_000);
  assert.equal((await client.effects.get("order-42"))?.state, "unknown");
});

test("looking for many lost calls reads each list once", LIMIT, async () => {
  const { sandbox, client, agentId } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers" });
  const numbers = Array.from({ length: 250 }, (_, at) => `+1415555${1_000 + at}`);
  for (const toNumber of numbers) {
    const options = { idempotencyKey: `order-${toNumber}`, settle: /** @type {const} */ (false) };
    await failureOf(client.calls.create({ agentId, toNumber }, options));
  }
  let requests = 0;
  const counted = await client.effects.settle({ hooks: { onRequest: () => void (requests += 1) } });
  assert.deepEqual(counted, { settled: 250, pending: 0 });
  assert.equal(requests, 3);
  const id = (await client.effects.get(`order-${numbers[7]}`))?.id ?? "";
  assert.equal((await client.calls.get(id)).toNumber, numbers[7]);
});

test("a pass over what was sent since a time leaves older intents alone", LIMIT, async () => {
  const { sandbox, client, agentId } = await stage();
  const place = (/** @type {number} */ at, /** @type {import("agentphone-wasm").RequestOptions} */ options) =>
    client.calls.create({ agentId, toNumber: `+1415555${1_000 + at}` }, options);
  const lose = async (/** @type {number} */ at) => {
    const rule = sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
    await failureOf(place(at, { idempotencyKey: `order-${at}`, settle: false }));
    sandbox.faults.remove(rule);
  };
  await lose(0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const sentAfter = new Date();
  await lose(1);
  let requests = 0;
  const hooks = { onRequest: () => void (requests += 1) };
  const inFuture = Date.now() + 60_000;
  assert.deepEqual(await client.effects.settle({ sentAfter: inFuture, hooks }), { settled: 0, pending: 2 });
  assert.equal(requests, 0);
  assert.deepEqual(await client.effects.settle({ sentAfter, hooks }), { settled: 1, pending: 1 });
  assert.equal((await client.effects.get("order-0"))?.state, "unknown");
  assert.deepEqual(await client.effects.settle({ sentAfter: undefined }), { settled: 1, pending: 0 });
  for (const wrong of ["yesterday", Number.NaN, -1, new Date(Number.NaN), {}, null])
    assert.throws(() => client.effects.settle({ sentAfter: /** @type {any} */ (wrong) }), {
      code: "INVALID_ARGUMENT",
      message: /sentAfter must be a Date or a number of milliseconds since 1970/,
    });
});

test("a webhook is a witness", LIMIT, async () => {
  const { sandbox, client, agentId, place } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
  await failureOf(place({ idempotencyKey: "order-42", settle: false }));
  const [call] = (await client.calls.list()).data;
  const event = /** @type {any} */ ({
    event: "agent.call_ended",
    agentId,
    data: { callId: call?.id, from: call?.fromNumber, to: PHONE, direction: "outbound", startedAt: call?.startedAt },
  });
  assert.equal(await client.effects.observe(event), 1);
  assert.equal((await client.effects.get("order-42"))?.id, call?.id);
  assert.equal(await client.effects.observe(event), 0);
});

test("a lost call without a key is found as well", LIMIT, async () => {
  const { sandbox, client, agentId, placed } = await stage();
  sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
  const error = await failureOf(client.calls.create({ agentId, toNumber: PHONE }));
  const { state, id = "", operation } = await client.settle(error);
  assert.deepEqual([state, operation], ["placed", "calls.create"]);
  assert.equal((await client.calls.get(id)).toNumber, PHONE);
  assert.equal(placed(), 1);
  assert.throws(() => client.settle(new Error("another one")), { code: "INVALID_ARGUMENT" });
});

test(
  "a ledger that fails before the request has nothing sent, and after it costs the caller nothing",
  LIMIT,
  async () => {
    const { memoryLedger } = await import("agentphone-wasm/ledger");
    const inner = memoryLedger();
    let writes = 0;
    let broken = (/** @type {number} */ _) => true;
    const ledger = {
      ...inner,
      write: async (/** @type {Parameters<typeof inner.write>[0]} */ changes) => {
        if (broken(++writes)) throw new Error("disk full");
        return inner.write(changes);
      },
    };
    const { placed, place } = await stage({ ledger });
    const error = await failureOf(place({ idempotencyKey: "order-42" }));
    assert.deepEqual([error.code, error.retryable, error.outcomeUnknown], ["LEDGER_UNAVAILABLE", true, false]);
    assert.equal(placed(), 0);
    writes = 0;
    broken = (write) => write > 1;
    assert.ok((await place({ idempotencyKey: "order-42" })).id);
    assert.equal(placed(), 1);
  },
);

test("the key travels as a header from servers, and is in no error and no log", LIMIT, async () => {
  /** @type {(string | null)[]} */
  const seen = [];
  const sandbox = createSandbox();
  const fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    seen.push(new Headers(init.headers).get("idempotency-key"));
    return sandbox.fetch(url, init);
  };
  const client = new AgentPhone({ apiKey: KEY, fetch, logLevel: "off" });
  await client.agents.create({ name: "Desk" }, { idempotencyKey: "Grüße 1" });
  await client.agents.create({ name: "Desk" }, { idempotencyKey: "plain key" });
  await client.agents.list();
  assert.deepEqual(seen, ["Gr%C3%BC%C3%9Fe%201", "plain key", null]);
});

test("a list that begins with the oldest is read to its end", LIMIT, async () => {
  const sandbox = createSandbox({
    balanceCents: 1_000_000,
    limits: false,
    clock: "manual",
    start: new Date(Date.now() - 3_600_000),
  });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off" });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  for (let at = 0; at < 120; at += 1) {
    await sandbox.clock.advance(1_000);
    await client.calls.create({ agentId, toNumber: `+1415555${1_000 + at}` });
  }
  await sandbox.clock.advance(3_600_000 - 120_000);
  sandbox.faults.add({ match: { operation: "calls.list" }, order: "oldest" });
  sandbox.faults.add({ match: { operation: "calls.create" }, ...CUT });
  const settle = /** @type {const} */ ({ within: 0, absent: "again" });
  const lost = { agentId, toNumber: PHONE };
  const { settled } = await client.calls
    .create(lost, { idempotencyKey: "order-42", settle, maxRetries: 0 })
    .withResponse();
  assert.equal(settled?.sends, 1);
  assert.equal(sandbox.ledger().callsPlaced, 121);
});
