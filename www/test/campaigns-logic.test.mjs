// @ts-check
// What the view of campaigns decides without a browser: groups, words, what can be done, and how long to wait.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { busiest, nextPause } from "../src/data/campaign-pace.js";
import {
  actionsOf,
  answerRate,
  campaignStateOf,
  commandsOf,
  durationOf,
  GROUPS,
  groupsOf,
  nameOf,
  pauseOf,
  percentOf,
  priceOf,
  reasonOf,
  roundPrice,
  spanOf,
  stateOf,
  statesOf,
  timeOfDay,
  versionOf,
} from "../src/views/campaigns/words.js";

/** @typedef {import("../src/views/campaigns/types.js").Counts} Counts */

/** @param {Partial<Counts>} [some] @returns {Counts} */
const counts = (some = {}) => ({
  waiting: 0,
  placing: 0,
  placed: 0,
  doubt: 0,
  answered: 0,
  voicemail: 0,
  busy: 0,
  "no-answer": 0,
  failed: 0,
  sent: 0,
  skipped: 0,
  ...some,
});
/** @param {object} some @returns {any} */
const campaign = (some) => ({ kind: "call", state: "running", working: true, counts: counts(), ...some });

describe("groups", () => {
  test("every state is in one group, so that the parts of the bar are all people", () => {
    const all = GROUPS.flatMap(({ states }) => states);
    assert.deepEqual([...all].sort(), Object.keys(counts()).sort());
    const some = counts({ answered: 3, busy: 1, "no-answer": 1, placing: 1, placed: 1 });
    assert.deepEqual(
      groupsOf(some).map(({ value, people }) => [value, people]),
      [
        ["answered", 3],
        ["not-reached", 2],
        ["progress", 2],
      ],
    );
  });

  test("an address with a filter that does not exist shows everybody", () => {
    assert.deepEqual(statesOf("not-reached"), ["busy", "no-answer"]);
    assert.deepEqual(statesOf("nonsense"), []);
    assert.deepEqual(statesOf(""), []);
  });

  test("every state has a word", () => {
    for (const state of Object.keys(counts())) assert.notEqual(stateOf(/** @type {any} */ (state))[0], state, state);
  });
});

describe("figures", () => {
  test("100 % only when everybody is done", () => {
    assert.equal(percentOf({ people: 1000, finished: 999 }), 99);
    assert.equal(percentOf({ people: 1000, finished: 1000 }), 100);
    assert.equal(percentOf({ people: 0, finished: 0 }), 0);
  });

  test("the answer rate leaves out who was not called, and there is none for texts", () => {
    const some = counts({ answered: 3, busy: 1, skipped: 50, waiting: 9, doubt: 4 });
    assert.equal(answerRate(campaign({ counts: some })), 75);
    assert.equal(answerRate(campaign({ counts: counts({ waiting: 5 }) })), undefined);
    assert.equal(answerRate(campaign({ kind: "text", counts: some })), undefined);
  });

  test("money and time as people say them", () => {
    assert.equal(priceOf({ least: 0.01, most: 1234.5 }), "$0.01 to $1,234.50");
    assert.equal(priceOf({ least: 0.04, most: 0.04 }), "$0.04");
    assert.equal(durationOf({ least: 40, most: 7200 }), "40 s to 2 h");
    assert.deepEqual([0.2, 119, 120, 7199, 7200, 172_799, 172_800].map(spanOf), [
      "1 s",
      "119 s",
      "2 min",
      "120 min",
      "2 h",
      "48 h",
      "2 days",
    ]);
    assert.deepEqual([0, 1260, 1439].map(timeOfDay), ["00:00", "21:00", "23:59"]);
  });

  test("another round costs its share of the plan", () => {
    const plan = /** @type {any} */ ({ people: 100, price: { least: 1, most: 50 } });
    assert.equal(roundPrice(plan, 10), "$5.00");
    assert.equal(roundPrice(null, 10), undefined);
    assert.equal(roundPrice({ ...plan, people: 0 }, 10), undefined);
  });
});

describe("what can be done", () => {
  test("only what the state allows", () => {
    const can = (/** @type {string} */ state, some = counts({ busy: 1 })) =>
      Object.entries(actionsOf(campaign({ state, counts: some })))
        .filter(([, yes]) => yes)
        .map(([name]) => name);
    assert.deepEqual(can("planned"), ["start", "stop"]);
    assert.deepEqual(can("running"), ["pause", "stop"]);
    assert.deepEqual(can("paused"), ["resume", "stop", "retry"]);
    assert.deepEqual(can("done"), ["retry"]);
    assert.deepEqual(can("stopped"), ["retry"]);
    assert.deepEqual(can("done", counts({ answered: 9, doubt: 3, skipped: 2 })), []);
  });

  test("a campaign that runs without a worker says so", () => {
    assert.equal(campaignStateOf(campaign({}))[0], "Running");
    assert.deepEqual(campaignStateOf(campaign({ working: false })), ["Running, no worker", "unsure"]);
    assert.equal(campaignStateOf(campaign({ state: "done", working: false }))[0], "Done");
  });

  test("commands can be pasted, with the options of the store", () => {
    const { start, worker, plan } = commandsOf("--store x.db");
    assert.equal(start("spring"), "agentphone campaign start spring --store x.db");
    assert.equal(worker("spring"), "agentphone campaign worker spring --wait --store x.db");
    assert.match(plan, /--store x\.db$/);
    assert.equal(commandsOf("").start("spring"), "agentphone campaign start spring");
  });
});

describe("words", () => {
  test("a name from whatever the list calls it", () => {
    assert.equal(nameOf({ Name: "Ada" }), "Ada");
    assert.equal(nameOf({ "Full name": "Ada L" }), "Ada L");
    assert.equal(nameOf({ first_name: "Ada", "LAST NAME": "L" }), "Ada L");
    assert.equal(nameOf({ first_name: "Ada" }), "Ada");
    assert.equal(nameOf({ company: "Engines" }), "");
  });

  test("reasons and pauses that are not known stay readable", () => {
    assert.equal(reasonOf("duplicate"), "On the list twice");
    assert.equal(reasonOf("dial_no-answer"), "Dial no answer");
    assert.equal(reasonOf("VALIDATION_ERROR"), "VALIDATION_ERROR");
    assert.equal(reasonOf(null), "");
    assert.match(pauseOf("balance")[0], /balance/);
    assert.match(pauseOf("something-new")[0], /something-new/);
  });

  test("a version changes with every person who changes", () => {
    const of = (/** @type {Partial<Counts>} */ some) => versionOf(campaign({ counts: counts(some) }));
    assert.notEqual(of({ placed: 1 }), of({ answered: 1 }));
    assert.equal(of({ placed: 1 }), of({ placed: 1 }));
  });
});

describe("how long to wait", () => {
  test("longer the longer nothing changes, up to a limit, and short again at the first change", () => {
    /** @type {number[]} */
    const pauses = [];
    for (let at = 0, pause = 0; at < 12; at += 1) pauses.push((pause = nextPause(pause, false, "running")));
    assert.equal(pauses[0], 1000);
    assert.ok(pauses.every((pause, at) => at === 0 || pause >= /** @type {number} */ (pauses[at - 1])));
    assert.equal(pauses.at(-1), 8000);
    assert.equal(nextPause(8000, true, "running"), 1000);
  });

  test("a campaign that is over is asked for less often than one that runs, and a new state is not waited for", () => {
    assert.ok(nextPause(0, true, "done") > nextPause(0, true, "running"));
    assert.equal(nextPause(60_000, false, "running"), 8000);
    assert.equal(nextPause(1000, false, "done"), 10_000);
    assert.ok(nextPause(0, true, "of a later version") > 0);
  });

  test("of several campaigns the one that runs decides", () => {
    assert.equal(busiest(["done", "paused", "running"]), "running");
    assert.equal(busiest(["done", "paused"]), "paused");
    assert.equal(busiest([]), "planned");
  });
});
