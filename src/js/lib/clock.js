// @ts-check
// The one clock for spans of time: it never goes back, and what a timer has waited for has passed. A host's own clock
// does neither: it jumps when a fake one is put in or taken out, stands still where only the timers are fake, and
// leaps when a laptop wakes up. Whoever trusted it would wait for hours, or for ever. So only the steps between two
// readings of it count, and those that no timer could have waited for do not.

import { attempt } from "./fields.js";

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;
/** Milliseconds that a timer may ring too early. Where it is more, the host's clock stands still or is another one. */
const EARLY = 50;

/** The host's clock when it was last read, and the sum of its steps. */
let [read, time] = [Number.NaN, 1];
/** The latest time that a timer has rung for, a little too early. */
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

/** A timer has rung that was set for this time. @param {number} at */
export const reached = (at) => {
  // Added to the sum only where it is much: else each early timer would make the clock a little faster.
  if (at > now() + EARLY) time = at;
  else if (at > rung) rung = at;
};

/** Calls `ring` after `ms`, or after the longest time that there is. @param {number} ms @param {() => void} ring */
export const after = (ms, ring) => {
  const wait = Math.min(ms, LONGEST);
  const at = now() + wait;
  return setTimeout(() => {
    reached(at);
    ring();
  }, wait);
};
