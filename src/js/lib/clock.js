// @ts-check
// The only clock for measuring durations. It never goes back, and after a timer it shows at least that timer's delay. A
// host's own clock guarantees neither: it jumps when a fake clock is installed or removed, stands still when only timers are
// faked, and leaps when a laptop wakes up. A wait based on it could last hours. So this clock adds up the differences between
// readings, and ignores those that no timer could have waited for.

import { attempt } from "./fields.js";

/** The longest delay that a timer supports. */
const LONGEST = 2 ** 31 - 1;
/** Milliseconds that a timer may fire too early. If it is more, the host's clock stands still or was replaced. */
const EARLY = 50;

/** The host's clock when it was last read, and the sum of the differences. */
let [read, time] = [Number.NaN, 1];
/** The latest time for which a timer has fired, slightly too early. */
let rung = 0;

/** Milliseconds since some moment. The host's clock is looked up each time: tests replace it. */
export const now = () => {
  const host = attempt(() => (globalThis.performance ?? Date).now());
  if (typeof host === "number" && Number.isFinite(host)) {
    const step = host - read;
    if (step > 0 && step <= LONGEST) time += step;
    read = host;
  }
  return Math.max(time, rung);
};

/** A timer that was set for this time has fired. @param {number} at */
export const reached = (at) => {
  // Added to the sum only if it is large: otherwise each early timer would make the clock slightly faster.
  if (at > now() + EARLY) time = at;
  else if (at > rung) rung = at;
};

/** Calls `ring` after `ms`, or after the longest possible delay. @param {number} ms @param {() => void} ring */
export const after = (ms, ring) => {
  const wait = Math.min(ms, LONGEST);
  const at = now() + wait;
  return setTimeout(() => {
    reached(at);
    ring();
  }, wait);
};
