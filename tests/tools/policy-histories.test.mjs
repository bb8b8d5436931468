// The counters of a policy in many short histories: several machines, one store, some answers lost, a clock that moves and jumps. The
// hazards: a limit that is exceeded in some order of events, a place that is never given back, a limit that never opens again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { policy } from "agentphone-wasm/tools";
import { digestOf } from "../../src/js/policy/store.js";
import { worldOf } from "./histories.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @typedef {ReturnType<typeof worldOf>} World */
/** An effect that was allowed. @typedef {{ spends: "call" | "text" | "number", to: string | undefined, at: number, mills: number }} Effect */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 15, 16);
const HISTORIES = 120;
const FIELDS = /** @type {const} */ ({ call: "calls", text: "texts", number: "numbers" });
const PRICES = { minute: 0.07, text: 0.03, number: 1.1 };
const MILLS = { call: 140, text: 30, number: 1100 };
const PEOPLE = ["+14155550100", "+12125550101", "+13035550102", "ada@example.com"];

/** Limits, some of which are absent. @param {World} world */
const rulesOf = ({ below, random }) => {
  const some = (/** @type {number} */ most) => (random() < 0.5 ? undefined : below(most));
  return {
    calls: { hour: some(5), day: some(9), person: some(4) },
    texts: { hour: some(5), day: some(9), person: some(4) },
    numbers: { hour: some(2), day: some(3) },
    money: {
      action: random() < 0.9 ? undefined : 0.5,
      hour: random() < 0.5 ? undefined : 0.4,
      day: random() < 0.5 ? undefined : 2.3,
    },
    minGap: random() < 0.5 ? 0 : below(3 * DAY),
    prices: PRICES,
    maxMinutes: 2,
  };
};

/** @param {Effect[]} effects @param {(effect: Effect) => number} weight @param {number} span @param {number | undefined} most @param {string} what */
const within = (effects, weight, span, most, what) => {
  if (most === undefined) return;
  const counted = effects.filter((effect) => weight(effect) > 0);
  for (const { at } of counted) {
    const sum = counted
      .filter((other) => other.at <= at && other.at > at - span)
      .reduce((total, one) => total + weight(one), 0);
    assert.ok(sum <= most, `${what}: ${sum} of ${most}`);
  }
};

/** No limit was exceeded, at no time. `slack`: by how much clocks may differ. @param {Foreign} rules @param {Effect[]} effects @param {number} slack */
const heldTo = (rules, effects, slack) => {
  for (const [kind, field] of Object.entries(FIELDS)) {
    const one = (/** @type {Effect} */ { spends }) => Number(spends === kind);
    within(effects, one, HOUR - slack, rules[field].hour, `${field} an hour`);
    within(effects, one, DAY - slack, rules[field].day, `${field} a day`);
    for (const person of PEOPLE) {
      const theirs = effects.filter(({ to, spends }) => to === person && spends === kind).sort((a, b) => a.at - b.at);
      within(theirs, one, DAY - slack, rules[field].person, `${field} to one person`);
      if (kind === "call")
        for (const [at, { at: time }] of theirs.entries())
          assert.ok(
            at === 0 || time - Number(theirs[at - 1]?.at) >= rules.minGap - slack,
            `a gap of ${time - Number(theirs[at - 1]?.at)} in place of ${rules.minGap}`,
          );
    }
  }
  const { action, hour, day } = rules.money;
  const price = (/** @type {Effect} */ { mills }) => mills;
  within(effects, price, 1, action && 1000 * action, "money for one action");
  within(effects, price, HOUR - slack, hour && 1000 * hour, "money an hour");
  within(effects, price, DAY - slack, day && 1000 * day, "money a day");
};

/** What the store has counted in all, and the times of each person. @param {World} world */
const stored = async ({ ledger }) => {
  const start = `policy:${digestOf("")}:`;
  const found = await ledger.read([`${start}total`, ...PEOPLE.map((person) => `${start}p:${digestOf(person)}`)]);
  const [total, ...people] = found.map((entry) => /** @type {Foreign} */ (entry)?.value);
  /** @type {number[][]} */
  const slots = total?.slots ?? [];
  return {
    counts: [1, 2, 3, 4].map((at) => slots.reduce((sum, slot) => sum + Number(slot[at]), 0)),
    times: people.map((person) => [...(person?.calls ?? []), ...(person?.texts ?? [])]),
  };
};

/** What should have been counted in all. @param {Effect[]} effects */
const counted = (effects) => ({
  counts: [
    ...Object.keys(FIELDS).map((kind) => effects.filter(({ spends }) => spends === kind).length),
    effects.reduce((sum, { mills }) => sum + mills, 0),
  ],
  times: PEOPLE.map((person) =>
    ["call", "text"].flatMap((kind) =>
      effects
        .filter(({ to, spends }) => to === person && spends === kind)
        .map(({ at }) => at)
        .sort((one, other) => one - other),
    ),
  ),
});

/**
 * One history: rounds of concurrent actions, between which the clock moves. Half of what is allowed turns out not to have happened.
 * @param {World} world @param {{ lost: number, jump: number, moves: number }} hazards `jump`: how far the clock may be wrong; `moves`: how far it moves within a round
 */
const history = async (world, { lost, jump, moves }) => {
  const { below, oneOf, random } = world;
  const rules = rulesOf(world);
  const time = { now: START };
  const machines = Array.from({ length: 1 + below(3) }, () => {
    const clock = { error: 0 };
    const now = () => time.now + clock.error;
    return { clock, rules: policy({ ...rules, ledger: world.machine(lost), now }) };
  });
  /** @type {Effect[]} */
  const effects = [];
  const act = async () => {
    const spends = oneOf(/** @type {const} */ (["call", "call", "text", "number"]));
    const to = spends === "number" ? undefined : oneOf(PEOPLE.slice(0, spends === "text" ? 4 : 3));
    const verdict = await oneOf(machines).rules.admit({ spends, to });
    if (verdict.decision !== "allow") {
      assert.match(/** @type {Foreign} */ (verdict).code, lost > 0 ? /LIMIT|TOO_SOON|UNAVAILABLE/ : /LIMIT|TOO_SOON/);
      return;
    }
    if (random() < 0.5) await Promise.all([verdict.release(), verdict.release()]);
    else effects.push({ spends, to, at: time.now, mills: MILLS[spends] });
  };
  for (let round = 0; round < 4; round += 1) {
    await world.run(Array.from({ length: 1 + below(8) }, act), () => (time.now += below(moves + 1)));
    const [have, should] = [await stored(world), counted(effects)];
    // Where no answer is lost and no clock is wrong, nothing but the effects is counted; where answers are lost, nothing less.
    const isWhole = jump === 0 && moves === 0 && time.now < START + DAY;
    if (isWhole && lost === 0) assert.deepEqual(have, should);
    else if (isWhole) assert.ok(have.counts.every((count, at) => count >= Number(should.counts[at])));
    for (const { clock } of machines) clock.error = below(2 * jump + 1) - jump;
    time.now += oneOf([0, 1, 4 * MINUTE, HOUR - 1, HOUR, 7 * HOUR, DAY]);
  }
  return { rules, effects };
};

/** @param {string} name @param {{ lost: number, jump: number, moves: number }} hazards */
const property = (name, hazards) =>
  test(`no limit is exceeded, ${name}`, { timeout: 110_000 }, async () => {
    let allowed = 0;
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const world = worldOf(seed);
      try {
        const { rules, effects } = await world.mocked(() => history(world, hazards));
        heldTo(rules, effects, 2 * hazards.jump + 1000 * hazards.moves);
        allowed += effects.length;
      } catch (error) {
        throw new Error(`history ${seed}: ${/** @type {Error} */ (error).message}`, { cause: error });
      }
    }
    assert.ok(allowed > 2 * HISTORIES, `${allowed} were allowed: the histories test something`);
  });

property("and each place is given back", { lost: 0, jump: 0, moves: 0 });
property("though the clock moves while the store is asked", { lost: 0, jump: 0, moves: 50 });
property("though requests and answers of the store are lost", { lost: 0.1, jump: 0, moves: 0 });
property("though the clocks are wrong by up to ten minutes, and jump", { lost: 0, jump: 10 * MINUTE, moves: 0 });
property("though all of this happens", { lost: 0.1, jump: 20 * MINUTE, moves: 50 });

test("what is refused until a time is allowed at that time, and not before", { timeout: 60_000 }, async () => {
  let waited = 0;
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const world = worldOf(seed);
    const rules = { ...rulesOf(world), money: {} };
    let now = START;
    const { admit, check } = policy({ ...rules, ledger: world.ledger, now: () => now });
    const action = { spends: /** @type {const} */ ("call"), to: PEOPLE[0] };
    for (let left = 12; left > 0; left -= 1) {
      now += world.oneOf([1, MINUTE, 10 * MINUTE, 2 * HOUR]);
      const verdict = await admit(action);
      if (verdict.decision !== "refuse" || [rules.calls.hour, rules.calls.day, rules.calls.person].includes(0))
        continue;
      // Each refusal is by one limit; when the last of them has opened, it is allowed.
      let last = /** @type {Foreign} */ (verdict);
      for (let turns = 0; last.decision === "refuse"; turns += 1) {
        assert.ok(turns < 4 && Number(last.retryAt) > now, `history ${seed}: ${last.code}`);
        now = Number(last.retryAt) - 1;
        assert.equal((await check(action)).decision, "refuse", `history ${seed}: a millisecond before`);
        now += 1;
        last = await check(action);
      }
      waited += 1;
    }
  }
  assert.ok(waited > HISTORIES / 2, `${waited} refusals`);
});
