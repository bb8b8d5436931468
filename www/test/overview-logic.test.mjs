// @ts-check
// The figures of the overview where they can go wrong: days of 23 hours, a period that is compared with one that is over,
// calls that go on, renewals of numbers.

process.env.TZ = "Europe/Berlin";

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  between,
  byDay,
  callFigures,
  changeOf,
  midnight,
  NUMBER_PRICE,
  numberCents,
  periodOf,
} from "../src/views/overview/period.js";
import { previousOf, seriesOf, spanText } from "../src/views/overview/previous.js";

const HOUR = 3_600_000;
const at = (/** @type {string} */ text) => new Date(text).getTime();

test("a period is compared with as much of the one before as has passed of it", () => {
  const now = at("2026-11-20T15:30:00+01:00");
  assert.deepEqual(periodOf(1, now), {
    start: at("2026-11-20T00:00:00+01:00"),
    before: { start: at("2026-11-19T00:00:00+01:00"), end: at("2026-11-19T15:30:00+01:00") },
  });
  assert.deepEqual(periodOf(7, now), {
    start: at("2026-11-14T00:00:00+01:00"),
    before: { start: at("2026-11-07T00:00:00+01:00"), end: at("2026-11-13T15:30:00+01:00") },
  });
});

test("days begin at the user's midnight, also around the change of the clock", () => {
  const now = at("2026-10-26T12:00:00+01:00");
  assert.equal(midnight(now, 0), at("2026-10-26T00:00:00+01:00"));
  // The day before has 25 hours.
  assert.equal(midnight(now, 0) - midnight(now, 1), 25 * HOUR);
  const days = byDay([at("2026-10-25T00:10:00+02:00"), at("2026-10-25T23:50:00+01:00"), now], 2, now);
  assert.deepEqual(
    days.map(({ count }) => count),
    [2, 1],
  );
});

test("what was before the first day is on no day", () => {
  const now = at("2026-11-20T15:30:00+01:00");
  assert.deepEqual(
    byDay([at("2026-11-18T23:59:00+01:00")], 2, now).map(({ count }) => count),
    [0, 0],
  );
});

test("a span contains its beginning and not its end", () => {
  const all = [{ at: 1 }, { at: 2 }, { at: 3 }];
  assert.deepEqual(between(all, 1, 3), [{ at: 1 }, { at: 2 }]);
  assert.deepEqual(between(all, 2), [{ at: 2 }, { at: 3 }]);
});

/** @param {string} status @param {number | null} durationSeconds @param {string | null} agentId */
const call = (status, durationSeconds = null, agentId = "agent_1") => ({
  status,
  durationSeconds,
  agentId,
  startedAt: "2026-11-20T15:30:00Z",
});

test("a call that goes on has neither been answered nor missed, and costs nothing yet", () => {
  const figures = callFigures(
    [call("completed", 60), call("in-progress", 500), call("queued"), call("no-answer"), call("busy"), call("busy")],
    () => "hosted",
  );
  assert.deepEqual(figures, {
    calls: 6,
    ended: 4,
    answered: 1,
    rate: 0.25,
    seconds: 60,
    average: 60,
    cents: 22,
    reasons: [
      ["busy", 2],
      ["no-answer", 1],
    ],
  });
});

test("without a call there is no rate and no average, rather than a zero", () => {
  const { rate, average, cents } = callFigures([], () => undefined);
  assert.deepEqual([rate, average, cents], [null, null, 0]);
});

test("each call is charged by who speaks for its agent; an unknown agent's at the dearer price", () => {
  const cents = (/** @type {string | undefined} */ mode) => callFigures([call("completed", 60)], () => mode).cents;
  assert.equal(cents("webhook"), 13);
  assert.equal(cents("hosted"), 22);
  assert.equal(cents(undefined), 22);
});

test("there is no change against nothing", () => {
  assert.equal(changeOf(5, 0), null);
  assert.equal(changeOf(3, 4), -0.25);
});

test("a number is paid when it is bought and every 30 days after, and never before", () => {
  const bought = at("2026-09-01T10:00:00Z");
  const number = { purchasedAt: new Date(bought).toISOString(), createdAt: "2020-01-01T00:00:00Z" };
  const day = 24 * HOUR;
  const paid = (/** @type {number} */ from, /** @type {number} */ to) =>
    numberCents([number], bought + from * day, bought + to * day) / NUMBER_PRICE;
  assert.equal(paid(-10, -1), 0);
  assert.equal(paid(-10, 1), 1);
  assert.equal(paid(1, 29), 0);
  assert.equal(paid(1, 31), 1);
  assert.equal(paid(-1, 91), 4);
  assert.equal(numberCents([{ createdAt: "no time" }], 0, bought), 0);
});

/** @param {number} day @param {number} [calls] @param {number} [texts] */
const row = (day, calls = 0, texts = 0) => ({ name: `November ${day}, 2026`, label: `Nov ${day}`, calls, texts });

test("each day is compared with the one as many days earlier, not with another", () => {
  const all = [row(1, 5), row(2, 0, 7), row(3, 9), row(4, 1)];
  assert.deepEqual(previousOf(2, all), [row(1, 5), row(2, 0, 7)]);
});

test("an account younger than both periods is compared only where it has days", () => {
  const all = [row(2, 4), row(3, 9), row(4, 1)];
  assert.deepEqual(previousOf(2, all), [undefined, row(2, 4)]);
  assert.deepEqual(seriesOf(all.slice(1), previousOf(2, all)), [
    [0, 1],
    [null, 4],
    [null, 0],
    [9, 1],
    [0, 0],
  ]);
  assert.equal(spanText(previousOf(2, all) ?? []), "Nov 2");
});

test("a previous period in which nothing happened is not drawn as a line of zeros", () => {
  assert.equal(previousOf(2, [row(1), row(2), row(3, 9), row(4, 1)]), undefined);
  assert.equal(previousOf(2, [row(3, 9), row(4, 1)]), undefined);
  assert.equal(previousOf(2, [row(4, 1)]), undefined);
  assert.deepEqual(seriesOf([row(3, 9), row(4, 1)], undefined), [
    [0, 1],
    [9, 1],
    [0, 0],
  ]);
});

test("the legend names the dates of the previous period", () => {
  assert.equal(spanText([row(1, 5), row(2), row(3)]), "Nov 1 – Nov 3");
  assert.equal(spanText([undefined, undefined]), "");
});
