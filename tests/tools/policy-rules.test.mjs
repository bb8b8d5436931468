// What a policy says: of recipients, counts, money and gaps, on a clock of the test's own. The hazards: a limit that
// does not hold, one that never opens again, and a misspelt one that is no limit at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidArgumentError } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
import { policy } from "agentphone-wasm/tools";
import { ADA, BOB, call, DAY, HOUR, MINUTE, NOON, ruled, words } from "./ruled.mjs";

/** @import { Foreign } from "../support/foreign.js" */

test("read-only wins over everything, and tools that are not allowed are refused", async () => {
  const { said, rules } = ruled({ readOnly: true, recipients: { allow: [ADA] } });
  assert.equal(await said(call()), "READ_ONLY");
  assert.equal(await said({ tool: "save_contact", kind: "change" }), "READ_ONLY");
  assert.equal(await said({ tool: "usage" }), "allow");
  assert.equal(rules.allows("place_call", "effect"), false);
  const some = ruled({ tools: ["place_call"] });
  assert.equal(await some.said({ tool: "send_text", ...words() }), "TOOL_NOT_ALLOWED");
  assert.equal(await some.said({ tool: "usage", kind: "read" }), "TOOL_NOT_ALLOWED");
  assert.equal(await some.said({ tool: "place_call", ...call() }), "allow");
});

test("only those who are allowed are reached, in any spelling, and who is denied never is", async () => {
  const { said } = ruled({ recipients: { allow: ["(415) 555-0100", "+1212*", "grp_1"], deny: ["+12125550199"] } });
  assert.deepEqual(
    [await said(call(ADA)), await said(call(BOB)), await said(words("grp_1"))],
    ["allow", "allow", "allow"],
  );
  assert.equal(await said(call("+12125550199")), "RECIPIENT_DENIED");
  assert.equal(await said(call("+14155550101")), "RECIPIENT_NOT_ALLOWED");
  assert.equal(await said(words("ada@example.com")), "RECIPIENT_NOT_ALLOWED");
});

test("who has opted out is not reached: by a list, by a function, and where the function says nothing or fails", async () => {
  assert.equal(await ruled({ optOuts: ["415-555-0100"] }).said(call()), "OPTED_OUT");
  /** @type {unknown[]} */
  const asked = [];
  const optOuts = async (/** @type {unknown[]} */ ...given) => {
    asked.push(given);
    return given[0] === ADA;
  };
  const { said } = ruled({ optOuts });
  assert.deepEqual([await said(words()), await said(call(BOB))], ["OPTED_OUT", "allow"]);
  assert.deepEqual(asked, [
    [ADA, "text"],
    [BOB, "call"],
  ]);
  assert.equal(await ruled({ optOuts: () => undefined }).said(call()), "OPTED_OUT");
  const broken = () => {
    throw new Error(`no ${ADA}`);
  };
  const { rules } = ruled({ optOuts: broken });
  const verdict = await rules.admit(/** @type {Foreign} */ (call()));
  assert.equal(verdict.decision === "refuse" && verdict.code, "POLICY_UNAVAILABLE");
  assert.ok(!JSON.stringify(verdict).includes(ADA));
});

test("limits of an hour and a day hold, say when there is room, and there is room then", async () => {
  const { rules, clock, said } = ruled({ calls: { hour: 2, day: 3 }, texts: { hour: 1 } });
  assert.deepEqual([await said(call()), await said(call(BOB)), await said(call())], ["allow", "allow", "COUNT_LIMIT"]);
  assert.deepEqual([await said(words()), await said(words())], ["allow", "COUNT_LIMIT"]);
  const { retryAt } = /** @type {Foreign} */ (await rules.check(/** @type {Foreign} */ (call())));
  const wait = Number(retryAt) - clock.now;
  assert.ok(wait >= HOUR && wait <= HOUR + 5 * MINUTE, `${wait}`);
  clock.now += HOUR - 1;
  assert.equal(await said(call()), "COUNT_LIMIT");
  clock.now = Number(retryAt);
  assert.equal(await said(call()), "allow");
  assert.equal(await said(call()), "COUNT_LIMIT", "that of the day");
  clock.now += HOUR + 5 * MINUTE;
  const later = /** @type {Foreign} */ (await rules.check(/** @type {Foreign} */ (call())));
  assert.equal(later.code, "COUNT_LIMIT");
  clock.now = Number(later.retryAt);
  assert.equal(await said(call()), "allow");
});

test("what is not yet an hour old counts, wherever in its five minutes it was done", async () => {
  const { clock, said } = ruled({ calls: { hour: 1 } }, NOON + 4 * MINUTE);
  assert.equal(await said(call()), "allow");
  clock.now += HOUR - 1;
  assert.equal(await said(call(BOB)), "COUNT_LIMIT");
  clock.now = NOON + HOUR + 5 * MINUTE;
  assert.equal(await said(call(BOB)), "allow");
});

test("one person is called so often a day and no sooner than the gap, and others are none of it", async () => {
  const { rules, clock, said } = ruled({ calls: { person: 2 }, texts: { person: 1 }, minGap: HOUR });
  assert.equal(await said(call()), "allow");
  assert.deepEqual([await said(call()), await said(call(BOB)), await said(words())], ["TOO_SOON", "allow", "allow"]);
  clock.now += HOUR - 1;
  const soon = /** @type {Foreign} */ (await rules.check(/** @type {Foreign} */ (call())));
  assert.deepEqual([soon.code, Number(soon.retryAt) - clock.now], ["TOO_SOON", 1]);
  clock.now += 1;
  assert.equal(await said(call()), "allow");
  clock.now += 2 * HOUR;
  assert.equal(await said(call()), "PERSON_LIMIT");
  assert.equal(await said(words()), "PERSON_LIMIT");
  clock.now = NOON + DAY;
  assert.equal(await said(call()), "allow");
});

test("somebody is one person in each spelling, also for a limit of a hundred", async () => {
  const { said } = ruled({ recipients: { deny: [BOB] }, calls: { person: 100 } });
  assert.equal(await said(call("212-555-0101")), "RECIPIENT_DENIED");
  const spellings = [ADA, "(415) 555-0100", "1 415 555 0100", "tel:+1-415-555-0100"];
  for (let at = 0; at < 100; at += 1) assert.equal(await said(call(spellings[at % 4])), "allow");
  for (const to of spellings) assert.equal(await said(call(to)), "PERSON_LIMIT");
});

test("a gap that is longer than a day is kept", async () => {
  const { clock, said } = ruled({ minGap: 7 * DAY });
  assert.equal(await said(call()), "allow");
  clock.now += 6 * DAY;
  assert.equal(await said(call()), "TOO_SOON");
  clock.now += DAY;
  assert.equal(await said(call()), "allow");
});

test("a gap is kept where policies with other gaps count together", async () => {
  const ledger = memoryLedger({ retention: 40 * DAY });
  const [strict, loose] = [ruled({ ledger, minGap: 7 * DAY, calls: { person: 9 } }), ruled({ ledger })];
  assert.equal(await strict.said(call()), "allow");
  loose.clock.now += 2 * DAY;
  assert.equal(await loose.said(call()), "allow");
  const again = /** @type {Foreign} */ (await loose.rules.admit(/** @type {Foreign} */ (call())));
  await again.release();
  strict.clock.now += 6 * DAY;
  const { code, retryAt } = /** @type {Foreign} */ (await strict.rules.check(/** @type {Foreign} */ (call())));
  assert.deepEqual([code, Number(retryAt)], ["TOO_SOON", NOON + 9 * DAY]);
});

test("sums of money are exact: seven cents ten times are seventy", async () => {
  const { said } = ruled({ money: { day: 0.7 }, prices: { text: 0.07 } });
  for (let left = 10; left > 0; left -= 1) assert.equal(await said(words()), "allow");
  assert.equal(await said(words()), "MONEY_LIMIT");
  const { rules } = ruled({ approval: "spend", prices: { minute: 0.07 }, maxMinutes: 1 });
  const asked = /** @type {Foreign} */ (await rules.admit(/** @type {Foreign} */ (call())));
  assert.equal(asked.cost, 0.07);
});

test("money is counted before it is spent: a call as long as it may last", async () => {
  const { said, clock } = ruled({ money: { action: 3, day: 5 }, maxMinutes: 10 });
  assert.equal(await said(call()), "allow", "$2.20");
  assert.equal(await said(call(ADA, { minutes: 20 })), "MONEY_LIMIT", "$4.40 are more than one action may cost");
  assert.equal(await said(call(BOB)), "allow");
  assert.equal(await said(call()), "MONEY_LIMIT", "$6.60 would be more than five");
  for (let left = 30; left > 0; left -= 1) assert.equal(await said(words()), "allow", "$0.02");
  assert.equal(await said(words()), "MONEY_LIMIT");
  clock.now += DAY + 5 * MINUTE;
  assert.equal(await said({ spends: "number", kind: "effect" }), "allow");
  assert.equal(await said({ spends: "number", kind: "effect" }), "MONEY_LIMIT");
  const cheap = ruled({ money: { day: 1 }, prices: { minute: 0.1 }, maxMinutes: 5 });
  assert.deepEqual(
    [await cheap.said(call()), await cheap.said(call()), await cheap.said(call())],
    ["allow", "allow", "MONEY_LIMIT"],
  );
});

test("what is released no longer counts, once, and what is not released does", async () => {
  const { rules, said } = ruled({ calls: { hour: 2, person: 2 }, minGap: 1 });
  const admitted = /** @type {Foreign} */ (await rules.admit(/** @type {Foreign} */ (call())));
  assert.equal(await said(call()), "TOO_SOON");
  await Promise.all([admitted.release(), admitted.release()]);
  await admitted.release();
  assert.deepEqual(
    [await said(call()), await said(call(BOB)), await said(call(BOB))],
    ["allow", "allow", "COUNT_LIMIT"],
  );
  // Its own time is forgotten, and not a later one.
  const { rules: other, said: say, clock } = ruled({ calls: { person: 2 } });
  const first = /** @type {Foreign} */ (await other.admit(/** @type {Foreign} */ (call())));
  clock.now += HOUR;
  assert.equal(await say(call()), "allow");
  await first.release();
  clock.now += HOUR;
  assert.equal(await say(call()), "allow");
  const full = /** @type {Foreign} */ (await other.check(/** @type {Foreign} */ (call())));
  assert.deepEqual([full.code, Number(full.retryAt)], ["PERSON_LIMIT", NOON + HOUR + DAY]);
});

test("the disclosure stands before the greeting, once", () => {
  const { rules } = ruled({ disclosure: " This is an automated call. " });
  assert.equal(rules.greeting("Hi!"), "This is an automated call. Hi!");
  assert.equal(rules.greeting("Hi! This is an automated call."), "Hi! This is an automated call.");
  assert.equal(rules.greeting(), "This is an automated call.");
  assert.equal(policy({}).greeting("Hi!"), "Hi!");
});

test("a misspelt limit, a wrong one and an action that says nothing are refused", async () => {
  /** @type {[Foreign, RegExp][]} */
  const cases = [
    [{ call: {} }, /there is no option call/],
    [{ calls: { days: 1 } }, /policy: calls: there is no option days; there are hour, day, person/],
    [{ calls: { day: -1 } }, /calls\.day must be a number of calls, from 0/],
    [{ calls: { day: "5" } }, /calls\.day must be/],
    [{ texts: { day: 1.5 } }, /texts\.day must be a whole number/],
    [{ money: { month: 1 } }, /no option month/],
    [{ calls: { person: 201 } }, /calls\.person must be a number of calls, from 0 to 200/],
    [{ recipients: { allow: ["Bob"] } }, /recipients\.allow must contain phone numbers/],
    [{ recipients: { allow: "+1415*" } }, /recipients\.allow must be an array/],
    [{ optOuts: 5 }, /optOuts must be an array, not a number/],
    [{ quietHours: { from: "9pm", to: "08:00" } }, /quietHours\.from and \.to must be two times/],
    [{ quietHours: { from: "08:00", to: "08:00" } }, /two times/],
    [{ quietHours: { from: "21:00", to: "08:00", unknown: "yes" } }, /unknown must be "refuse"/],
    [{ approval: "always" }, /approval must be "never", "spend" or "every"/],
    [{ approval: { when: "spend", secret: "short" } }, /secret must be a string of at least 16/],
    [{ disclosure: " " }, /disclosure must be a sentence/],
    [{ readOnly: 1 }, /readOnly must be a boolean, not a number/],
    [{ ledger: {} }, /ledger must be a ledger/],
    [null, /the options must be an object, not null/],
  ];
  for (const [options, message] of cases)
    assert.throws(
      () => policy(options),
      (error) => error instanceof InvalidArgumentError && message.test(error.message),
      String(message),
    );
  const { rules } = ruled({});
  for (const action of [
    { spends: "call" },
    { spends: "fax", to: ADA },
    { kind: "write" },
    { to: 5 },
    { ...call(), to: "Bob" },
    null,
  ])
    await assert.rejects(rules.admit(/** @type {Foreign} */ (action)), InvalidArgumentError);
  await assert.rejects(policy({}).admit({ spends: "call", to: ADA }), /counts in a ledger/);
});
