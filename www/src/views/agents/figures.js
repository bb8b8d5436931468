// @ts-check
// An agent in figures, from its calls as far as they were read.

import { centsOf, RATES } from "../calls/turn-times.js";

/** @typedef {{ status: string, startedAt: string, durationSeconds?: number | null | undefined }} CallLike */
/** `rate`: null if no call has ended. `cents`: null if the price is unknown. @typedef {{ calls: number, ended: number, answered: number, rate: number | null, seconds: number, average: number | null, cents: number | null }} Figures */

/** The states of a call that goes on. */
export const LIVE = new Set(["queued", "ringing", "in-progress"]);

/**
 * @param {readonly CallLike[]} calls
 * @param {string} mode Who speaks for the agent, which sets the price.
 * @returns {Figures}
 */
export function figuresOf(calls, mode) {
  const ended = calls.filter(({ status }) => !LIVE.has(status));
  const answered = ended.filter(({ status }) => status === "completed");
  const seconds = answered.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0);
  const price = RATES[mode];
  return {
    calls: calls.length,
    ended: ended.length,
    answered: answered.length,
    rate: ended.length === 0 ? null : answered.length / ended.length,
    seconds,
    average: answered.length === 0 ? null : seconds / answered.length,
    cents:
      price === undefined ? null : answered.reduce((sum, call) => sum + centsOf(call.durationSeconds ?? 0, price), 0),
  };
}

/** The calls since a time; the list has the newest first. @template {CallLike} T @param {readonly T[]} calls @param {number} start */
export const since = (calls, start) => calls.filter(({ startedAt }) => Date.parse(startedAt) >= start);
