// What a newcomer broke first: one intent in several spellings, a repetition beside a request in flight, references that prove nothing,
// functions of the caller that fail, and consent that is used elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryLedger } from "agentphone-wasm/ledger";
import { phone } from "agentphone-wasm/toolkit";
import { policy } from "agentphone-wasm/tools";
import * as library from "libphonenumber-js";
import { ADA, BOB, call, DAY, ruled, words } from "./ruled.mjs";
import { byName, clientOf, done, setting } from "./setting.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const MAIL = "ada@example.com";

test("the same text with a space more, another line end, another form of a letter or no pictures is not sent twice", async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  const machines = [client, clientOf(sandbox, { ledger })].map((one) => byName(one, { agentId }).send_text);
  const inputs = [
    { text: "Caf\u00e9 Grey:\nyour table is ready." },
    { text: "Caf\u00e9 Grey:\nyour table is ready.\n" },
    { text: " Caf\u00e9 Grey: \r\nyour  table\tis ready. " },
    { text: "Cafe\u0301 Grey:\nyour table is ready.\u200b" },
    { text: "Caf\u00e9 Grey:\nyour table is ready.", media_urls: [] },
  ];
  const all = await Promise.all(
    inputs.flatMap((input) => machines.map((send) => send?.execute({ to: ADA, ...input }))),
  );
  assert.deepEqual(all.map((result) => result?.status).sort(), [...Array(9).fill("already_done"), "done"]);
  assert.equal(done(sandbox, "messages.send"), 1);
  const keyed = await Promise.all(
    ["order 1", "order 1 "].map((key) => machines[0]?.execute({ to: ADA, text: "Hi", key })),
  );
  assert.deepEqual(keyed.map((result) => result?.status).sort(), ["already_done", "done"]);
  const empty = await machines[0]?.execute({ to: ADA, text: " \n" });
  assert.deepEqual([empty?.code, empty?.issues], ["INVALID_INPUT", ["text must not be empty"]]);
});

test("the beginning of a line in instructions stays as it is", async () => {
  const { client, agentId } = await setting();
  const instructions = "List:\n  - one\n    - two";
  await byName(client, { agentId }).update_agent?.execute({ instructions });
  assert.equal((await client.agents.get(agentId)).systemPrompt, instructions);
});

/** Refuses the next call, after a while. */
const refusal = {
  match: { operation: "calls.create" },
  status: 409,
  code: "CONFLICT",
  delayMs: 200,
  times: 1,
};

test("a repetition beside a request in flight that is refused is counted", async () => {
  const { sandbox, client, agentId } = await setting();
  const { place_call: place } = byName(client, { agentId, policy: policy({ calls: { hour: 1 } }) });
  sandbox.faults.add(refusal);
  await Promise.all([place.execute({ to: ADA }), sleep(50).then(() => place.execute({ to: ADA }))]);
  await place.execute({ to: ADA, greeting: "Hi" });
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("a repetition beside a request in flight that is refused does not use its consent", async () => {
  const { sandbox, client, agentId } = await setting();
  const rules = policy({ approval: "spend" });
  const { place_call: place } = byName(client, { agentId, policy: rules });
  const asked = await place.execute({ to: ADA });
  const approval = await rules.approve(asked.approval?.request ?? "");
  sandbox.faults.add(refusal);
  const both = [place.execute({ to: ADA }, { approval }), sleep(50).then(() => place.execute({ to: ADA }))];
  assert.deepEqual(
    (await Promise.all(both)).map(({ status }) => status),
    ["refused", "needs_approval"],
  );
  assert.equal(done(sandbox, "calls.create"), 0);
});

test("the same call at one moment is not refused for the limit that it has used up itself", async () => {
  const ledger = memoryLedger();
  const { sandbox, client, agentId } = await setting({ ledger });
  // The second has looked for the first before there was one, and is slow to ask its list.
  const [quick, slow] = [0, 200].map((ms) => {
    const rules = policy({ calls: { hour: 1 }, optOuts: async () => sleep(ms, false) });
    return byName(clientOf(sandbox, { ledger }), { agentId, policy: rules }).place_call;
  });
  const late = slow?.execute({ to: ADA });
  await sleep(50);
  assert.equal((await quick?.execute({ to: ADA }))?.status, "done");
  assert.equal((await late)?.status, "already_done");
  assert.equal(done(sandbox, "calls.create"), 1);
  assert.equal((await client.calls.list()).data.length, 1);
});

test("a request whose process has died is waited for no longer than one request may take", async () => {
  const { sandbox, client, agentId } = await setting();
  const request = { totalTimeout: 300 };
  const { place_call: place } = byName(client, { agentId, policy: policy({}), request });
  const effects = { get: async () => ({ state: "sending", sentAt: new Date() }) };
  const double = new Proxy(client, { get: (of, name) => (name === "effects" ? effects : Reflect.get(of, name)) });
  assert.equal((await place.execute({ to: ADA })).status, "done");
  const { place_call: beside } = byName(double, { agentId, policy: policy({}), request, ledger: memoryLedger() });
  const input = { to: ADA, key: "dead" };
  const began = performance.now();
  const { status, code } = await beside.execute(input);
  assert.deepEqual([status, code], ["unknown", "TIMEOUT"]);
  assert.ok(performance.now() - began < 3000);
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("a reference that the ledger does not know proves nothing: the call may ring", async () => {
  const { client, agentId } = await setting();
  const { find_call: find } = byName(client, { agentId });
  for (const reference of ["tools:of another process", "call_1"]) {
    const { status, result, message } = await find.execute({ reference });
    assert.deepEqual([status, result?.was_placed], ["done", "unknown"]);
    assert.match(message, /do not place it again/);
  }
});

test("what the caller's functions throw refuses the action, and is no exception for a framework to repeat", async () => {
  const { sandbox, client, agentId } = await setting();
  for (const options of [
    { optOuts: () => phone.e164("no number") !== ADA },
    { quietHours: { from: "21:00", to: "09:00", zone: () => phone.e164("no number") } },
  ]) {
    const { place_call: place } = byName(client, { agentId, policy: policy(options) });
    assert.equal((await place.execute({ to: ADA })).code, "POLICY_UNAVAILABLE");
    assert.equal(await place.approvalFor({ to: ADA }), undefined);
  }
  const broken = () => Promise.reject(new Error("down"));
  const own = { ...policy({}), admit: broken, check: broken };
  const { place_call: place } = byName(client, { agentId, policy: own });
  assert.equal((await place.execute({ to: ADA })).code, "POLICY_UNAVAILABLE");
  assert.equal(await place.approvalFor({ to: ADA }), undefined);
  assert.equal(done(sandbox, "calls.create"), 0);
});

test("the number of a service behind another country's prefix is refused, not thrown", async () => {
  const { client, agentId } = await setting();
  const options = { agentId, policy: policy({ calls: { day: 1 } }), country: "DE", phoneLibrary: library };
  const { place_call: place } = byName(client, options);
  for (const to of ["001 800 911 1234", "001 415 911 1234"])
    assert.equal((await place.execute({ to })).code, "INVALID_INPUT");
});

test("an email in capital letters is the same person for lists, counts and tools", async () => {
  const others = ["Ada@Example.COM", "ADA@EXAMPLE.COM"];
  for (const to of others) {
    assert.equal(await ruled({ recipients: { deny: [MAIL] } }).said(words(to)), "RECIPIENT_DENIED");
    assert.equal(await ruled({ recipients: { allow: [to] } }).said(words(MAIL)), "allow");
    assert.equal(await ruled({ optOuts: [MAIL] }).said(words(to)), "OPTED_OUT");
    assert.equal(await ruled({ optOuts: (/** @type {string} */ who) => who === MAIL }).said(words(to)), "OPTED_OUT");
  }
  const { said } = ruled({ texts: { person: 1 } });
  assert.deepEqual([await said(words(MAIL)), await said(words(others[0]))], ["allow", "PERSON_LIMIT"]);
  for (const to of [`<${MAIL}>`, `mailto:${MAIL}`, `\u200b${MAIL}`])
    assert.throws(() => phone.e164(to), { code: "INVALID_ARGUMENT" });
});

test("a pattern that would never fit is refused when the policy is made", () => {
  for (const one of ["*@example.com", "ada@example.*", "*", "+*", "1415*", "+1 415*"])
    for (const recipients of [{ deny: [one] }, { allow: [one] }])
      assert.throws(() => policy({ recipients }), { code: "INVALID_ARGUMENT" }, one);
});

test("a limit that no time lifts says no time", async () => {
  for (const options of [
    { calls: { hour: 0 } },
    { calls: { person: 0 } },
    { money: { hour: 1 } },
    { money: { day: 0 } },
  ]) {
    const verdict = /** @type {Foreign} */ (await ruled(options).rules.check(/** @type {Foreign} */ (call(BOB))));
    assert.deepEqual([verdict.decision, verdict.retryAt], ["refuse", undefined], JSON.stringify(options));
  }
});

test("one consent is not used a second time under another policy, nor after ledgers have forgotten it", async () => {
  const [ledger, secret] = [memoryLedger(), "0123456789abcdef"];
  const named = (/** @type {string} */ name) => policy({ name, ledger, approval: { when: "spend", secret } });
  const [one, other] = [named("one"), named("other")];
  const action = /** @type {Foreign} */ (words());
  const { request } = /** @type {Foreign} */ (await one.admit(action));
  const approval = await one.approve(request);
  const second = /** @type {Foreign} */ (await other.admit({ ...action, approval }));
  assert.equal(second.code, "APPROVAL_INVALID");
  assert.equal((await one.admit({ ...action, approval })).decision, "allow");
  assert.throws(() => policy({ approval: { when: "spend", expires: DAY + 1 } }), { code: "INVALID_ARGUMENT" });
});

test("a zone that is none, beside one that is, is not known", async () => {
  const quietHours = {
    from: "21:00",
    to: "09:00",
    zone: () => ["America/New_York", /** @type {Foreign} */ (undefined)],
  };
  assert.equal(await ruled({ quietHours }).said(call()), "ZONE_UNKNOWN");
});

test("a ledger that this runtime cannot have is not called a passing fault", async () => {
  const { client, agentId } = await setting();
  const read = () => Promise.reject(Object.assign(new Error("no SQLite"), { code: "LEDGER_CONFIGURATION" }));
  const { place_call: place } = byName(client, { agentId, ledger: { ...memoryLedger(), read } });
  const { code, doNotRepeat } = await place.execute({ to: ADA });
  assert.deepEqual([code, doNotRepeat], ["LEDGER_CONFIGURATION", true]);
});
