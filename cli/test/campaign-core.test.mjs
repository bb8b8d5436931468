// What a campaign decides, without a store and without an API: rate, places, quiet hours, what an answer means, and prices.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import fc from "fast-check";
import { root } from "../../scripts/tools.mjs";

const folder = mkdtempSync(join(tmpdir(), "agentphone-campaign-core-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const names = ["key", "look-back", "next", "numbers", "plan", "quiet-hours", "rate", "reach", "template", "verdict"];
await build({
  entryPoints: names.map((name) => join(root, "cli", "src", "campaign", "core", `${name}.ts`)),
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
});
const load = (/** @type {string} */ name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
/** @type {typeof import("../src/campaign/core/rate.js")} */
const { takeRate, freePlaces, windowOf } = await load("rate");
/** @type {typeof import("../src/campaign/core/quiet-hours.js")} */
const { nextAllowed, minuteOfDay, quietHoursOf, isZone } = await load("quiet-hours");
/** @type {typeof import("../src/campaign/core/numbers.js")} */
const { withoutNumbers, lostNumber, anotherNumber, openRounds } = await load("numbers");
/** @type {typeof import("../src/campaign/core/look-back.js")} */
const { lookBack } = await load("look-back");
/** @type {typeof import("../src/campaign/core/next.js")} */
const { stepOf } = await load("next");
/** @type {typeof import("../src/campaign/core/verdict.js")} */
const { verdictOf, settledAs, MOST_TRIES } = await load("verdict");
/** @type {typeof import("../src/campaign/core/plan.js")} */
const { planOf, emptyTally } = await load("plan");
/** @type {typeof import("../src/campaign/core/key.js")} */
const { keyOf, ID } = await load("key");
/** @type {typeof import("../src/campaign/core/template.js")} */
const { filled, namesIn } = await load("template");
/** @type {typeof import("../src/campaign/core/reach.js")} */
const { isInUsOrCanada } = await load("reach");

const MINUTE = 60_000;

test("a limit that nothing fits under keeps people waiting, and only what forbids a person skips them", () => {
  const step = (/** @type {string} */ decision, /** @type {string} */ code, /** @type {Date | undefined} */ retryAt) =>
    stepOf({ decision, code, retryAt }, 1_000);
  for (const code of ["COUNT_LIMIT", "MONEY_LIMIT", "PERSON_LIMIT"]) {
    assert.deepEqual(step("refuse", code, undefined), { do: "wait", until: 1_000 + 60 * MINUTE, reason: code });
    assert.deepEqual(step("refuse", code, new Date(5_000)), { do: "wait", until: 5_000, reason: code });
  }
  assert.deepEqual(step("refuse", "RECIPIENT_DENIED", undefined), { do: "skip", reason: "policy" });
  assert.deepEqual(step("ask", "APPROVAL_REQUIRED", undefined), { do: "skip", reason: "policy" });
  assert.deepEqual(step("refuse", "OPTED_OUT", undefined), { do: "skip", reason: "opted-out" });
  assert.deepEqual(step("allow", "", undefined), { do: "send" });
});

test("the windows of a queue allow no more than the rate, and hardly less", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1_000_000, noNaN: true }), (perMinute) => {
      const { max, duration } = windowOf(perMinute);
      assert.ok(Number.isInteger(max) && Number.isInteger(duration) && max >= 1 && duration >= 1);
      const allowed = (max * MINUTE) / duration;
      assert.ok(allowed <= perMinute + 1e-6 && allowed >= perMinute * 0.99, `${allowed} of ${perMinute}`);
    }),
  );
});

test("however often and however many ask, no minute has more requests than the rate and a second's burst", () => {
  const asks = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 5_000 }), wanted: fc.integer({ min: 0, max: 50 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6_000 }), asks, (perMinute, all) => {
      let [now, rateAt] = [1_700_000_000_000, 0];
      /** @type {number[]} */
      const sent = [];
      for (const { gap, wanted } of all) {
        now += gap;
        const taken = takeRate(perMinute, rateAt, now, wanted);
        assert.ok(taken.count <= wanted && taken.nextAt >= now);
        ({ rateAt } = taken);
        sent.push(...Array.from({ length: taken.count }, () => now));
      }
      const most = perMinute + Math.max(1, Math.floor(perMinute / 60)) + 1;
      for (const from of sent) assert.ok(sent.filter((at) => at >= from && at < from + MINUTE).length <= most);
    }),
  );
});

test("whoever waits until nextAt gets a request then", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 1, max: 300 }), (perMinute, count) => {
      let [now, rateAt] = [1_700_000_000_000, 0];
      for (let left = count; left > 0; left -= 1) {
        const { nextAt } = takeRate(perMinute, rateAt, now, 0);
        now = Math.ceil(nextAt);
        const taken = takeRate(perMinute, rateAt, now, 1);
        assert.equal(taken.count, 1);
        ({ rateAt } = taken);
      }
    }),
  );
});

test("a number never gets more calls than its places, and the idlest number comes first", () => {
  const numbers = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 });
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(7), { maxLength: 8 }),
      (ids, perNumber, counts) => {
        const busy = new Map(ids.map((id, at) => [id, counts[at] ?? 0]));
        const places = freePlaces(ids, perNumber, busy);
        for (const id of ids)
          assert.equal(places.filter((each) => each === id).length, Math.max(0, perNumber - (busy.get(id) ?? 0)));
        const ranks = new Map(busy);
        let least = -1;
        for (const id of places) {
          const rank = ranks.get(id) ?? 0;
          assert.ok(rank >= least);
          least = rank;
          ranks.set(id, rank + 1);
        }
      },
    ),
  );
});

const ZONES = [
  "America/New_York",
  "America/Phoenix",
  "America/St_Johns",
  "Asia/Kolkata",
  "Europe/London",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "UTC",
];
const quiet = (/** @type {{ from: number, until: number }} */ { from, until }, /** @type {number} */ minute) =>
  from <= until ? minute >= from && minute < until : minute >= from || minute < until;

test("the next allowed time is never quiet, never in the past, and never later than it must be, also when clocks change", () => {
  const hours = fc.record({ from: fc.nat(1439), until: fc.nat(1439) }).filter(({ from, until }) => from !== until);
  // Two years, with every change of the clocks in them.
  const times = fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2027-01-01") });
  fc.assert(
    fc.property(times, fc.constantFrom(...ZONES), hours, (at, zone, each) => {
      const next = nextAllowed(at, zone, each);
      assert.ok(next >= at);
      assert.ok(!quiet(each, minuteOfDay(next, zone)), "it is quiet then");
      for (let back = MINUTE; back <= 120 * MINUTE && next - back > at; back += MINUTE)
        assert.ok(quiet(each, minuteOfDay(next - back, zone)), `allowed ${back / MINUTE} minutes before`);
      assert.ok(next - at <= 26 * 60 * MINUTE);
    }),
    { numRuns: 400 },
  );
});

test("quiet hours over the spring change: half past two does not exist, and is not waited for a day", () => {
  const each = { from: 60, until: 150 };
  const next = nextAllowed(Date.parse("2026-03-08T06:30:00Z"), "America/New_York", each);
  assert.equal(new Date(next).toISOString(), "2026-03-08T07:00:00.000Z");
});

test("quiet hours as people write them", () => {
  assert.deepEqual(quietHoursOf("21:00-08:30"), { from: 1260, until: 510 });
  for (const wrong of ["", "21-8", "25:00-08:00", "21:60-08:00", "9pm-8am", "24:30-01:00"])
    assert.equal(quietHoursOf(wrong), undefined, wrong);
  assert.deepEqual(
    [isZone("America/Denver"), isZone("Mars/Olympus"), isZone("+05:00"), isZone("")],
    [true, false, false, false],
  );
});

test("a zone as people abbreviate it is refused: runtimes take AST for Alaska, not for Puerto Rico", () => {
  for (const wrong of ["EST", "est", "MST", "CST", "PST", "AST", "BST", "IST", "CET"]) assert.ok(!isZone(wrong), wrong);
  for (const right of ["UTC", "GMT", "EST5EDT", "America/Puerto_Rico", "US/Eastern"]) assert.ok(isZone(right), right);
});

const failed = (/** @type {object} */ fields) => ({
  code: "INTERNAL_SERVER_ERROR",
  outcomeUnknown: false,
  retryable: false,
  ...fields,
});

test("nothing that may have happened is ever sent again or given up", () => {
  const codes = [
    "TIMEOUT",
    "CONNECTION_ERROR",
    "UNAUTHORIZED",
    "RATE_LIMITED",
    "CONFLICT",
    "VALIDATION_ERROR",
    "NOT_FOUND",
    "CODE_OF_TOMORROW",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...codes),
      fc.nat(20),
      fc.option(fc.constantFrom(401, 403, 429, 500), { nil: undefined }),
      (code, tries, status) => {
        assert.equal(verdictOf(failed({ code, outcomeUnknown: true, status }), tries).to, "doubt");
      },
    ),
  );
  for (const code of ["OUTCOME_UNKNOWN", "DELIVERY_UNCONFIRMED"])
    assert.equal(verdictOf(failed({ code }), 0).to, "doubt");
});

/** @type {[object, object][]} */
const VERDICTS = [
  [
    { code: "UNAUTHORIZED", status: 401 },
    { to: "pause", reason: "key-refused" },
  ],
  [
    { code: "SOMETHING_NEW", status: 401 },
    { to: "pause", reason: "key-refused" },
  ],
  [
    { code: "PAYMENT_REQUIRED", status: 402 },
    { to: "pause", reason: "balance" },
  ],
  [
    { code: "PHONE_NUMBER_NOT_FOUND", status: 404 },
    { to: "pause", reason: "number-released" },
  ],
  [
    { code: "NEW_CONVERSATION_LIMIT_REACHED", status: 429 },
    { to: "pause", reason: "daily-quota" },
  ],
  [
    { code: "RATE_LIMITED", status: 429, retryAfter: 7 },
    { to: "again", after: 7_000, slow: true, counts: false },
  ],
  [
    { code: "CONFLICT", status: 409 },
    { to: "again", slow: false, counts: false },
  ],
  [{ code: "LANE_IN_DOUBT" }, { to: "again", slow: false, counts: false }],
  [{ code: "CONVERSATION_AWAITING_REPLY", status: 429 }, { to: "failed" }],
  [{ code: "VALIDATION_ERROR", status: 400 }, { to: "failed" }],
  [
    { code: "CARRIER_ERROR", status: 502 },
    { to: "again", slow: false, counts: true },
  ],
  [{ code: "CONNECTION_ERROR" }, { to: "again", slow: true }],
  [{ code: "LEDGER_UNAVAILABLE" }, { to: "store" }],
];
for (const [error, verdict] of VERDICTS)
  test(`${JSON.stringify(error)} means ${JSON.stringify(verdict)}`, () => {
    const found = /** @type {Record<string, unknown>} */ (verdictOf(/** @type {any} */ (failed(error)), 0));
    assert.deepEqual(Object.fromEntries(Object.keys(verdict).map((name) => [name, found[name]])), verdict);
  });

test("a person whose requests always come to nothing has failed in the end, and a rate limit does not count for that", () => {
  assert.equal(verdictOf(failed({ code: "CARRIER_ERROR" }), MOST_TRIES - 1).to, "failed");
  assert.equal(verdictOf(failed({ code: "RATE_LIMITED" }), 10_000).to, "again");
});

test("of what the ledger knows only a refusal frees a person, and what it has never seen", () => {
  assert.deepEqual(settledAs(undefined, "placing"), { to: "waiting" });
  // Somebody in doubt had an entry: one that is gone is no proof.
  assert.deepEqual(settledAs(undefined, "doubt"), { to: "doubt", reason: "entry-lost" });
  assert.deepEqual(settledAs({ state: "refused" }, "doubt"), { to: "waiting" });
  assert.deepEqual(settledAs({ state: "placed", id: "call_1" }, "doubt"), { to: "placed", id: "call_1" });
  for (const state of ["sending", "unknown", "absent_so_far", "ambiguous", "state of tomorrow"])
    assert.equal(settledAs({ state }, "doubt").to, "doubt", state);
});

/** @type {import("../src/campaign/types.js").Settings} */
const SETTINGS = {
  kind: "call",
  message: { agentId: "a", numberIds: ["n1", "n2"] },
  hosted: true,
  perMinute: 60,
  perNumber: 1,
  longestCall: 600,
  quietHours: null,
  zone: "UTC",
};

test("the plan's price and time are those of the limits", () => {
  const tally = { ...emptyTally(), people: 100 };
  assert.deepEqual(planOf(SETTINGS, tally), {
    people: 100,
    skipped: {},
    price: { least: 0.01, most: 220 },
    duration: { least: 250, most: 30_000 },
    limitedBy: "concurrency",
    quietNow: 0,
    notes: [],
  });
  const texts = planOf({ ...SETTINGS, kind: "text" }, { ...tally, texts: 4 });
  assert.deepEqual(
    [texts.price, texts.duration, texts.limitedBy],
    [{ least: 4, most: 4 }, { least: 99, most: 99 }, "rate"],
  );
  const days = planOf({ ...SETTINGS, kind: "text" }, tally, 50);
  assert.deepEqual([days.duration.least, days.limitedBy], [86_400, "new-contacts"]);
});

test("a key is the same for the same person and round, another for any other, and shows no number", () => {
  const key = keyOf("spring", "+14155550100", 0);
  assert.equal(key, keyOf("spring", "+14155550100", 0));
  assert.match(key, /^campaign\/spring\/[\w-]{22}\/0$/);
  const others = [
    keyOf("spring", "+14155550100", 1),
    keyOf("spring", "+14155550101", 0),
    keyOf("summer", "+14155550100", 0),
  ];
  assert.equal(new Set([key, ...others]).size, 4);
  for (const wrong of ["", "a b", "a/b", "a:b", "-a", "ü", "x".repeat(65)]) assert.ok(!ID.test(wrong), wrong);
});

test("texts are filled from the person's own columns only", () => {
  assert.equal(
    filled("Hi {{ name }}, {{unknown}} {{toString}}", { name: "{{x}}" }),
    "Hi {{x}}, {{unknown}} {{toString}}",
  );
  assert.deepEqual(namesIn("{{a}} {{ b c }} {{a}} {}"), ["a", "b c"]);
});

test("other countries under +1 are not reached", () => {
  for (const number of ["+14155550100", "+16135550100", "+17875550100"]) assert.ok(isInUsOrCanada(number), number);
  for (const number of ["+12425550100", "+18765550100", "+442079460000"]) assert.ok(!isInUsOrCanada(number), number);
});

test("a lost number is never used again, the last one stays, and every key since the last result is known", () => {
  const settingsOf = (/** @type {string[]} */ ...numberIds) =>
    /** @type {import("../src/campaign/types.js").Settings} */ (
      /** @type {unknown} */ ({ kind: "call", message: { agentId: "a", numberIds } })
    );
  const left = withoutNumbers(settingsOf("1", "2", "3"), ["2", "9"]);
  assert.deepEqual(left?.message, { agentId: "a", numberIds: ["1", "3"], releasedNumberIds: ["2"] });
  const last = left && withoutNumbers(left, ["1"]);
  assert.deepEqual(last?.message, { agentId: "a", numberIds: ["3"], releasedNumberIds: ["2", "1"] });
  assert.equal(last && withoutNumbers(last, ["3"]), undefined);
  assert.equal(withoutNumbers(settingsOf("1", "2"), ["1", "2"]), undefined);
  assert.equal(withoutNumbers(settingsOf("1", "2"), ["9"]), undefined);
  assert.equal(left && lostNumber(left, { numberId: "2" }), true);
  for (const numberId of ["1", "9", null]) assert.equal(left && lostNumber(left, { numberId }), false);
  const given = [0, 1, 2].map((at) => left && anotherNumber(left, { round: 4 }, at));
  assert.deepEqual(
    given.map((each) => [each?.numberId, each?.round]),
    [
      ["1", 5],
      ["3", 5],
      ["1", 5],
    ],
  );
  const past = (/** @type {number} */ round) =>
    /** @type {const} */ ({ round, state: "busy", reason: null, resultId: null, at: 0 });
  assert.deepEqual(openRounds({ round: 0, history: [] }), [0]);
  assert.deepEqual(openRounds({ round: 2, history: [] }), [0, 1, 2]);
  assert.deepEqual(openRounds({ round: 2, history: [past(1)] }), [2]);
  assert.deepEqual(openRounds({ round: 5, history: [past(0), past(3)] }), [4, 5]);
});

test("people in doubt are looked for the more rarely the longer they are in doubt, and always again", () => {
  const passes = Array.from({ length: 1_024 }, (_, at) => lookBack(at + 1) / 120_000);
  assert.deepEqual(passes.slice(0, 8), [1, 2, 1, 4, 1, 2, 1, 8]);
  // What 1 024 passes read, in units of the shortest: all back to the oldest each time would be 1 024 times 512.
  assert.ok(passes.reduce((all, one) => all + Math.min(one, 512), 0) < 1_024 * 6.5);
  for (const age of [1, 2, 16, 512]) {
    const gaps = passes.flatMap((reach, at) => (reach >= age ? [at] : []));
    assert.equal(gaps.length, 1_024 / age, `age ${age}`);
  }
});
