// A policy on several machines, and approvals. The hazards: a limit that two machines exceed together, a count that a lost answer of the
// store brings back, a consent that is used twice, for something else, or that a model gives to itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLedger } from "agentphone-wasm/ledger";
import { policy } from "agentphone-wasm/tools";
import { digestOf } from "../../src/js/policy/store.js";
import { PHONE } from "../support/client.mjs";
import { byName, clientOf, done, setting } from "./setting.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const SECRET = "a secret of sixteen characters";
const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `+1415555${1000 + at}`);

test("two machines with one ledger place as many calls as are allowed, and not one more", {
  timeout: 60_000,
}, async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  const rules = () => policy({ calls: { hour: 10 } });
  const machines = [
    byName(client, { agentId, policy: rules() }),
    byName(clientOf(sandbox, { ledger }), { agentId, policy: rules() }),
  ];
  const results = await Promise.all(numbers(40).map((to, at) => machines[at % 2].place_call.execute({ to })));
  const count = (/** @type {string} */ status) => results.filter((result) => result.status === status).length;
  assert.deepEqual([count("done"), count("refused"), done(sandbox, "calls.create")], [10, 30, 10]);
  for (const result of results.filter(({ status }) => status === "refused")) {
    assert.equal(result.code, "COUNT_LIMIT");
    assert.ok(Number(result.retryAfterSeconds) >= 3600);
    assert.equal(result.doNotRepeat, false);
  }
});

test("a store whose answers are lost lets through no more than is allowed", { timeout: 60_000 }, async () => {
  const memory = memoryLedger();
  let turn = 0;
  const write = async (/** @type {Foreign} */ changes) => {
    const written = await memory.write(changes);
    turn += 1;
    if (turn % 3 === 0) throw new Error("the answer was lost");
    return written;
  };
  const rules = policy({ ledger: { ...memory, write }, texts: { day: 20 } });
  /** @type {Foreign[]} */
  const verdicts = await Promise.all(numbers(60).map((to) => rules.admit({ spends: "text", to })));
  const allowed = verdicts.filter(({ decision }) => decision === "allow");
  assert.ok(allowed.length > 0 && allowed.length <= 20, `${allowed.length}`);
  await Promise.all(allowed.map(({ release }) => release()));
  const [total] = await memory.read([`policy:${digestOf("")}:total`]);
  /** @type {number[][]} */
  const slots = /** @type {Foreign} */ (total)?.value.slots ?? [];
  const left = slots.reduce((sum, [, , texts = 0]) => sum + texts, 0);
  assert.ok(left >= 0);
});

test("what is given back is given back once, also where the answer of the store was lost and others were busy", async () => {
  const memory = memoryLedger();
  const other = policy({ ledger: memory, texts: { day: 4 } });
  let isLost = false;
  const write = async (/** @type {Foreign} */ changes) => {
    const written = await memory.write(changes);
    if (!isLost) return written;
    isLost = false;
    await other.admit({ spends: "text", to: "+14155550103" });
    throw new Error("the answer was lost");
  };
  const rules = policy({ ledger: { ...memory, write }, texts: { day: 4 } });
  const first = await rules.admit({ spends: "text", to: "+14155550101" });
  await rules.admit({ spends: "text", to: "+14155550102" });
  assert.ok(first.decision === "allow");
  isLost = true;
  await first.release();
  // Two are counted: the second and that of the other machine.
  const more = await Promise.all(numbers(4).map((to) => other.admit({ spends: "text", to })));
  assert.equal(more.filter(({ decision }) => decision === "allow").length, 2);
});

test("what was refused and what was done before is not counted; what is unknown is", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place } = byName(client, { agentId, policy: policy({ calls: { hour: 2 } }) });
  sandbox.faults.add({ match: { operation: "calls.create" }, status: 409, code: "CONFLICT", times: 3 });
  for (let left = 3; left > 0; left -= 1) assert.equal((await place.execute({ to: PHONE })).code, "CONFLICT");
  assert.equal((await place.execute({ to: PHONE })).status, "done");
  for (let left = 3; left > 0; left -= 1) assert.equal((await place.execute({ to: PHONE })).status, "already_done");
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-effect", times: 1 });
  assert.equal((await place.execute({ to: "+14155550101" })).status, "unknown");
  assert.equal((await place.execute({ to: "+14155550102" })).code, "COUNT_LIMIT");
  // What is done or in doubt may be asked for all the same.
  assert.equal((await place.execute({ to: PHONE })).status, "already_done");
  assert.equal((await place.execute({ to: "+14155550101" })).status, "unknown");
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("a policy is obeyed by the tools: what may not be used is not there, and the disclosure is spoken", async () => {
  const { sandbox, client, agentId } = await setting();
  const reading = byName(client, { policy: policy({ readOnly: true }) });
  assert.ok(Object.values(reading).every(({ kind }) => kind === "read") && "usage" in reading);
  const rules = policy({ disclosure: "This is an automated call.", recipients: { deny: ["+14155550199"] } });
  /** @type {Foreign[]} */
  const bodies = [];
  const fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    if (init.body) bodies.push(JSON.parse(String(init.body)));
    return sandbox.fetch(url, init);
  };
  const { place_call: place, send_text: send } = byName(clientOf(sandbox, { fetch }), { agentId, policy: rules });
  await place.execute({ to: PHONE, greeting: "Hi!" });
  assert.equal(bodies[0].initialGreeting, "This is an automated call. Hi!");
  const denied = await send.execute({ to: "415-555-0199", text: "Hi" });
  assert.deepEqual([denied.status, denied.code, denied.doNotRepeat], ["refused", "RECIPIENT_DENIED", true]);
});

test("before money is spent a person is asked, and their consent is for exactly this, once", async () => {
  const { sandbox, client, agentId } = await setting();
  let past = 0;
  const rules = policy({ approval: { when: "spend", secret: SECRET }, now: () => Date.now() + past });
  const tools = byName(client, { agentId, policy: rules });
  const { send_text: send, save_contact: save } = tools;
  assert.equal((await save.execute({ phone_number: PHONE, name: "Ada" })).status, "done", "it costs nothing");
  const input = { to: PHONE, text: "Hello" };
  const asked = await send.execute(input);
  assert.deepEqual(
    [asked.status, asked.code, done(sandbox, "messages.send")],
    ["needs_approval", "APPROVAL_REQUIRED", 0],
  );
  const { request = "", input: shown, costAtMost } = asked.approval ?? {};
  assert.deepEqual([shown, costAtMost], [{ ...input, agent_id: agentId }, 0.02]);
  // The question is not the answer, and nobody else can make one.
  for (const approval of [request, request.replace(/^ask/, "yes"), "yes.a.b.c.d", "", "x".repeat(1e5)])
    assert.notEqual((await send.execute(input, { approval })).status, "done");
  await assert.rejects(
    rules.approve(request.replace(/.$/, (last) => (last === "A" ? "B" : "A"))),
    /not one of this policy/,
  );
  await assert.rejects(policy({ approval: "spend" }).approve(request), /not one of this policy/);
  const approval = await send.approve(request);
  for (const other of [
    { ...input, text: "Bye" },
    { ...input, to: "+14155550101" },
  ]) {
    const { status, code } = await send.execute(other, { approval });
    assert.deepEqual([status, code], ["refused", "APPROVAL_INVALID"]);
  }
  assert.equal(done(sandbox, "messages.send"), 0);
  const sent = await send.execute(input, { approval });
  assert.equal(sent.status, "done");
  assert.equal((await send.execute(input)).status, "already_done", "nobody is asked again");
  assert.equal(await send.approvalFor(input), undefined);
  const again = await send.execute({ ...input, again: true }, { approval });
  assert.deepEqual([again.status, again.code], ["refused", "APPROVAL_INVALID"], "used");
  const second = await send.execute({ ...input, text: "Later" });
  const late = await send.approve(second.approval?.request ?? "");
  past = 600_001;
  assert.equal((await send.execute({ ...input, text: "Later" }, { approval: late })).code, "APPROVAL_INVALID");
  assert.equal(done(sandbox, "messages.send"), 1);
});

test("one consent, two machines at once: it is used once", async () => {
  const ledger = memoryLedger();
  const make = () => policy({ ledger, approval: { when: "spend", secret: SECRET } });
  const [one, other] = [make(), make()];
  const action = /** @type {const} */ ({ spends: "call", to: PHONE, content: { greeting: "Hi" } });
  const asked = await one.admit(action);
  assert.ok(asked.decision === "ask");
  const approval = await other.approve(asked.request);
  const verdicts = await Promise.all([one, other, one, other].map((rules) => rules.admit({ ...action, approval })));
  assert.deepEqual(verdicts.map(({ decision }) => decision).sort(), ["allow", "refuse", "refuse", "refuse"]);
});

test("whoever runs a tool may ask while it waits: yes, no, and no answer", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place, usage } = byName(client, { agentId, policy: policy({ approval: "every" }) });
  /** @type {Foreign[]} */
  const questions = [];
  const answering = (/** @type {Foreign} */ answer) => ({
    approve: (/** @type {Foreign} */ question) => {
      questions.push(question);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const input = { to: PHONE, greeting: "Hi" };
  assert.equal((await place.execute(input, answering(undefined))).status, "needs_approval");
  assert.equal((await place.execute(input, answering("yes"))).status, "needs_approval", "only true is a yes");
  assert.equal((await place.execute(input, answering(new Error("no")))).status, "needs_approval");
  const refused = await place.execute(input, answering(false));
  assert.deepEqual([refused.status, refused.code, refused.doNotRepeat], ["refused", "NOT_APPROVED", true]);
  assert.equal(done(sandbox, "calls.create"), 0);
  assert.equal((await place.execute(input, answering(Promise.resolve(true)))).status, "done");
  assert.equal(questions.length, 5);
  assert.deepEqual(
    [questions[0].tool, questions[0].input.to, questions[0].reason],
    ["place_call", PHONE, "a person must agree to it first"],
  );
  assert.equal((await usage.execute({}, answering(false))).status, "done", "nobody is asked for reading");
});

test("nobody is asked for what would be refused, and a preview counts nothing", async () => {
  const rules = policy({ approval: "spend", calls: { hour: 1 }, ledger: memoryLedger() });
  const action = /** @type {const} */ ({ spends: "call", to: PHONE });
  for (let left = 3; left > 0; left -= 1) assert.equal((await rules.check(action)).decision, "ask");
  const asked = await rules.admit(action);
  assert.ok(asked.decision === "ask");
  assert.equal((await rules.admit({ ...action, approval: await rules.approve(asked.request) })).decision, "allow");
  const full = await rules.admit({ ...action, to: "+14155550101" });
  assert.equal(full.decision === "refuse" && full.code, "COUNT_LIMIT");
});

test("where the store fails the policy says no", async () => {
  const broken = async () => {
    throw new Error(`no ${PHONE}`);
  };
  const memory = memoryLedger();
  for (const ledger of [
    { ...memory, read: broken },
    { ...memory, write: broken },
  ]) {
    const verdict = await policy({ ledger, calls: { day: 1 } }).admit({ spends: "call", to: PHONE });
    assert.equal(verdict.decision === "refuse" && verdict.code, "POLICY_UNAVAILABLE");
    assert.ok(!JSON.stringify(verdict).includes(PHONE));
    // Of a store that is away for a moment a model must not conclude that it may never call.
    const { sandbox, client, agentId } = await setting();
    const { place_call: place } = byName(client, { agentId, policy: policy({ ledger, calls: { day: 1 } }) });
    const { status, code, doNotRepeat, retryAfterSeconds } = await place.execute({ to: PHONE });
    assert.deepEqual([status, code, doNotRepeat, retryAfterSeconds], ["refused", "POLICY_UNAVAILABLE", false, 5]);
    assert.equal(done(sandbox, "calls.create"), 0);
  }
});
