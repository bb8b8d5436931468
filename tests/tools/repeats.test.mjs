// A model calls again: after an error, after a reload, in two calls at once. The hazards: a phone that rings twice, a text that is sent
// twice, a number that is bought twice; and a second call that somebody does want, and does not get.

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLedger } from "agentphone-wasm/ledger";
import { PHONE, sleep } from "../support/client.mjs";
import { byName, clientOf, done, REQUEST, setting } from "./setting.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const HOUR = 3_600_000;

test("the same call again is not placed again, and says which one was", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place } = byName(client);
  const first = await place.execute({ agent_id: agentId, to: PHONE, greeting: "Hello" });
  assert.deepEqual([first.status, first.doNotRepeat, first.next], ["done", true, "watch_call"]);
  // Another spelling of the number, and another order of the fields.
  const second = await place.execute({ greeting: "Hello", to: "(415) 555-0100", agent_id: agentId });
  assert.equal(second.status, "already_done");
  assert.equal(second.result?.call_id, first.result?.call_id);
  assert.match(second.message, /^This was done \d+ s ago: \w+\. It was not done again\. .*again: true/);
  assert.ok(second.message.includes(String(first.result?.call_id)));
  assert.equal(typeof second.result?.placed_seconds_ago, "number");
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("fifty calls at the same time from two machines are one call", async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  const machines = [byName(client), byName(clientOf(sandbox, { ledger }))];
  const input = { agent_id: agentId, to: PHONE };
  const results = await Promise.all(Array.from({ length: 50 }, (_, at) => machines[at % 2].place_call.execute(input)));
  assert.equal(done(sandbox, "calls.create"), 1);
  assert.equal(results.filter(({ status }) => status === "done").length, 1);
  assert.equal(new Set(results.map(({ result }) => result?.call_id)).size, 1);
});

test("other content, another person and another tool are other actions", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place, send_text: send } = byName(client, { agentId });
  for (const input of [{ to: PHONE }, { to: PHONE, greeting: "Hi" }, { to: "+14155550101" }])
    assert.equal((await place.execute(input)).status, "done");
  for (const text of ["one", "two"]) assert.equal((await send.execute({ to: PHONE, text })).status, "done");
  assert.deepEqual([done(sandbox, "calls.create"), done(sandbox, "messages.send")], [3, 2]);
});

test("again: true does it once more, and a framework that replays that very call does not", async () => {
  const { sandbox, client, agentId } = await setting();
  const { send_text: send } = byName(client, { agentId });
  const input = { to: PHONE, text: "Are you there?" };
  // Where nothing was done before, it is no second time.
  const [first, twin] = await Promise.all([send.execute({ ...input, again: true }), send.execute(input)]);
  assert.deepEqual([first.status, twin.status].sort(), ["already_done", "done"]);
  assert.equal(done(sandbox, "messages.send"), 1);
  // Times have whole milliseconds.
  await sleep(5);
  const second = await send.execute({ ...input, again: true }, { callId: "tool_2" });
  assert.equal(second.status, "done");
  const replay = await send.execute({ ...input, again: true }, { callId: "tool_2" });
  assert.deepEqual([replay.status, replay.result?.message_id], ["already_done", second.result?.message_id]);
  assert.equal((await send.execute(input)).result?.message_id, second.result?.message_id);
  assert.equal(done(sandbox, "messages.send"), 2);
  await sleep(5);
  await send.execute({ ...input, again: true }, { callId: "tool_3" });
  assert.equal(done(sandbox, "messages.send"), 3);
});

test("again: true at the same time from two machines is one more", async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  const machines = [byName(client, { agentId }), byName(clientOf(sandbox, { ledger }), { agentId })];
  await machines[0].place_call.execute({ to: PHONE });
  await sleep(5);
  await Promise.all(machines.map(({ place_call: place }) => place.execute({ to: PHONE, again: true })));
  assert.equal(done(sandbox, "calls.create"), 2);
});

/** A ledger whose next `name` waits until `open` is called. @param {import("agentphone-wasm/ledger").Ledger} ledger @param {"read" | "write"} name */
const held = (ledger, name) => {
  let open = () => {};
  /** @type {Promise<void> | undefined} */
  let gate = new Promise((resolve) => (open = () => resolve()));
  const waiting = async (/** @type {Foreign} */ given) => {
    await gate;
    gate = undefined;
    return /** @type {Foreign} */ (ledger)[name](given);
  };
  return { ledger: { ...ledger, [name]: waiting }, open };
};

for (const [late, ahead] of /** @type {const} */ ([
  ["read", 0],
  ["write", 60_000],
]))
  test(`again: true on a machine whose ${late} is late means the same second time, though its clock is ${ahead} ms ahead`, async () => {
    const memory = memoryLedger();
    const { sandbox, client, agentId } = await setting({ ledger: memory });
    const near = byName(client, { agentId }).place_call;
    await near.execute({ to: PHONE });
    await sleep(5);
    const { ledger, open } = held(memory, late);
    const far = byName(clientOf(sandbox, { ledger: memory }), { agentId, ledger, now: () => Date.now() + ahead });
    const slow = far.place_call.execute({ to: PHONE, again: true });
    await sleep(5);
    const second = await near.execute({ to: PHONE, again: true });
    assert.equal(second.status, "done");
    open();
    const { status, result } = await slow;
    assert.deepEqual([status, result?.call_id], ["already_done", second.result?.call_id]);
    assert.equal(done(sandbox, "calls.create"), 2);
  });

test("after the window the same content is a new action, also for two machines at once", async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  let past = 0;
  const options = { agentId, window: HOUR, now: () => Date.now() + past };
  const machines = [byName(client, options), byName(clientOf(sandbox, { ledger }), options)];
  const input = { to: PHONE };
  await machines[0].place_call.execute(input);
  past = HOUR - 1000;
  assert.equal((await machines[0].place_call.execute(input)).status, "already_done");
  past = HOUR + 1000;
  const both = await Promise.all(machines.map(({ place_call: place }) => place.execute(input)));
  assert.deepEqual(both.map(({ status }) => status).sort(), ["already_done", "done"]);
  assert.equal(done(sandbox, "calls.create"), 2);
});

test("a key of the model's own is one action, whatever the window, and other content under it is refused", async () => {
  const { sandbox, client, agentId } = await setting();
  let past = 0;
  const { place_call: place } = byName(client, { agentId, window: 1000, now: () => Date.now() + past });
  const input = { to: PHONE, key: "order 42" };
  assert.equal((await place.execute(input)).status, "done");
  past = HOUR;
  assert.equal((await place.execute(input)).status, "already_done");
  const other = await place.execute({ ...input, greeting: "Hi" });
  assert.deepEqual([other.status, other.code, other.doNotRepeat], ["refused", "IDEMPOTENCY_KEY_REUSED", true]);
  const elsewhere = byName(client, { agentId, namespace: "another conversation" }).place_call;
  assert.equal((await elsewhere.execute(input)).status, "done");
  assert.equal(done(sandbox, "calls.create"), 2);
});

test("a lost answer is no error: it is unknown, the repetition finds the call, and nothing rings twice", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place, find_call: find } = byName(client, { agentId });
  sandbox.faults.add({
    match: { operation: "calls.create" },
    cut: "before-headers",
    unlisted: { forMs: 400 },
    times: 1,
  });
  const lost = await place.execute({ to: PHONE });
  assert.deepEqual([lost.status, lost.doNotRepeat, lost.next], ["unknown", true, "find_call"]);
  const asked = await find.execute({ reference: lost.reference });
  assert.deepEqual([asked.status, asked.result?.was_placed, asked.next], ["done", "unknown", "find_call"]);
  // Neither the same call, nor once more, nor under another name.
  for (const more of [{}, { again: true }, { key: "other" }, { greeting: "Hi" }]) {
    const { status, doNotRepeat } = await place.execute({ to: PHONE, ...more });
    assert.ok(status === "unknown" || status === "refused", status);
    assert.equal(doNotRepeat, true);
  }
  await sleep(500);
  const found = await find.execute({ reference: lost.reference });
  assert.equal(found.result?.was_placed, "yes");
  assert.equal((await place.execute({ to: PHONE })).status, "already_done");
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("what is in doubt stays the same action when the window is over", async () => {
  const { sandbox, client, agentId } = await setting();
  let past = 0;
  const { send_text: send } = byName(client, { agentId, window: 1000, now: () => Date.now() + past });
  sandbox.faults.add({ match: { operation: "messages.send" }, cut: "before-headers", unlisted: true, times: 1 });
  const input = { to: PHONE, text: "Hello" };
  assert.equal((await send.execute(input)).status, "unknown");
  past = 24 * HOUR;
  const later = await send.execute(input);
  assert.deepEqual([later.status, later.next], ["unknown", "read_thread"]);
  assert.equal(done(sandbox, "messages.send"), 1);
});

test("what the API refused may be done when the reason is gone", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place } = byName(client, { agentId });
  sandbox.faults.add({ match: { operation: "calls.create" }, status: 409, code: "CONFLICT", times: 1 });
  const refused = await place.execute({ to: PHONE });
  assert.deepEqual([refused.status, refused.code, done(sandbox, "calls.create")], ["refused", "CONFLICT", 0]);
  assert.equal((await place.execute({ to: PHONE })).status, "done");
});

test("sub-accounts with one ledger do not take each other's actions for their own", async () => {
  const ledger = memoryLedger();
  const { sandbox, client } = await setting({ ledger });
  const { id } = await client.subAccounts.create({ name: "Branch" });
  assert.ok(id);
  const branch = client.withSubAccount(id);
  for (const one of [client, branch]) {
    const { create_agent: create } = byName(one);
    assert.equal((await create.execute({ name: "Ada" })).status, "done");
    assert.equal((await create.execute({ name: "Ada" })).status, "already_done");
    await sleep(5);
    assert.equal((await create.execute({ name: "Ada", again: true })).status, "done");
    assert.equal((await create.execute({ name: "Ada" })).status, "already_done");
  }
  assert.equal(done(sandbox, "agents.create"), 5);
});

test("where the ledger does not work nothing is sent", async () => {
  const broken = async () => {
    throw new Error(`no ${PHONE} in here`);
  };
  const memory = memoryLedger();
  for (const ledger of [
    { ...memory, read: broken },
    { ...memory, write: broken },
  ]) {
    const { sandbox, client, agentId } = await setting();
    const { place_call: place } = byName(client, { agentId, ledger });
    const result = await place.execute({ to: PHONE });
    assert.deepEqual([result.status, result.code, done(sandbox, "calls.create")], ["refused", "LEDGER_UNAVAILABLE", 0]);
    assert.ok(!JSON.stringify(result).includes(PHONE));
  }
});

test("keys in the ledger show neither number nor text nor the model's words", async () => {
  /** @type {string[]} */
  const keys = [];
  const memory = memoryLedger();
  const ledger = {
    ...memory,
    write: async (/** @type {Parameters<typeof memory.write>[0]} */ changes) => {
      keys.push(JSON.stringify(changes));
      return memory.write(changes);
    },
  };
  const { client, agentId } = await setting({ ledger });
  const { send_text: send } = byName(client, { agentId, request: REQUEST });
  await send.execute({ to: PHONE, text: "the plan is secret" });
  await send.execute({ to: PHONE, text: "the plan is secret", key: "the plan" });
  assert.ok(keys.length >= 4);
  for (const written of keys) assert.doesNotMatch(written, /4155550100|the plan/);
});
