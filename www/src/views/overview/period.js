// @ts-check
// What happened in a period and in the one before it, from calls, texts and numbers as far as they were read.

import { figuresOf, LIVE } from "../agents/figures.js";
import { centsOf, RATES } from "../calls/turn-times.js";

/** @typedef {{ status: string, startedAt: string, durationSeconds?: number | null | undefined, agentId?: string | null | undefined }} CallLike */
/** Milliseconds. `before`: as much of the period before as has passed of this one. @typedef {{ start: number, before: { start: number, end: number } }} Period */
/** `rate`, `average`: null without a call to tell. @typedef {{ calls: number, ended: number, answered: number, rate: number | null, seconds: number, average: number | null, cents: number, reasons: [string, number][] }} CallFigures */

/** By the calendar of the user: a day may have 23 or 25 hours. @param {number} now @param {number} ago Days. */
export function midnight(now, ago) {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - ago).getTime();
}

/**
 * The last days, today included, and the same number of days before them up to the same time of day.
 * @param {number} days @param {number} now
 * @returns {Period}
 */
export function periodOf(days, now) {
  const past = now - midnight(now, 0);
  return {
    start: midnight(now, days - 1),
    before: { start: midnight(now, 2 * days - 1), end: midnight(now, days) + past },
  };
}

/** @template {{ at: number }} T @param {readonly T[]} all @param {number} start @param {number} [end] */
export const between = (all, start, end = Number.POSITIVE_INFINITY) => all.filter(({ at }) => at >= start && at < end);

/**
 * @param {readonly CallLike[]} calls
 * @param {(agentId: string) => string | undefined} modeOf Who speaks for an agent, which sets the price.
 * @returns {CallFigures}
 */
export function callFigures(calls, modeOf) {
  /** @type {Map<string, number>} */
  const reasons = new Map();
  let cents = 0;
  for (const { status, durationSeconds, agentId } of calls) {
    const price = RATES[(agentId && modeOf(agentId)) || "hosted"];
    if (status === "completed" && price !== undefined) cents += centsOf(durationSeconds ?? 0, price);
    else if (status !== "completed" && !LIVE.has(status)) reasons.set(status, (reasons.get(status) ?? 0) + 1);
  }
  // The price depends on the agent of each call.
  return { ...figuresOf(calls, ""), cents, reasons: [...reasons].sort(([, one], [, other]) => other - one) };
}

/** How much more there is than before, as a share; null where there was nothing. @param {number} now @param {number} before */
export const changeOf = (now, before) => (before === 0 ? null : (now - before) / before);

const RENEWAL = 30 * 86_400_000;
/** Cents for a number, when it is bought and for each 30 days after. */
export const NUMBER_PRICE = 300;

/**
 * Cents for numbers in a span: what was bought in it, and what was renewed.
 * @param {readonly { purchasedAt?: string | null | undefined, createdAt: string }[]} numbers @param {number} start @param {number} end
 */
export function numberCents(numbers, start, end) {
  let times = 0;
  for (const { purchasedAt, createdAt } of numbers) {
    const bought = Date.parse(purchasedAt ?? createdAt);
    if (Number.isNaN(bought) || bought >= end) continue;
    const first = Math.max(0, Math.ceil((start - bought) / RENEWAL));
    times += Math.max(0, Math.ceil((end - bought) / RENEWAL) - first);
  }
  return times * NUMBER_PRICE;
}

/**
 * How many fall on each of the last days, the oldest first.
 * @param {readonly number[]} times Milliseconds. @param {number} days @param {number} now
 */
export function byDay(times, days, now) {
  const starts = Array.from({ length: days }, (_, index) => midnight(now, days - 1 - index));
  const counts = starts.map(() => 0);
  for (const time of times) {
    const index = starts.filter((start) => time >= start).length - 1;
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  return starts.map((start, index) => ({ start, count: counts[index] ?? 0 }));
}
