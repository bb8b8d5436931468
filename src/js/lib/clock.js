// @ts-check
// The one clock for spans of time: it never goes back, and what a timer has waited for has passed. A host's own clock
// does neither: it jumps when a fake one is put in or taken out, stands still where only the timers are fake, and
// leaps when a laptop wakes up. Whoever trusted it would wait for hours, or for ever.

import { attempt } from "./fields.js";

/** The host's clock when it was last read, and what is to be added to it since it went back. */
let [read, lost] = [0, 0];
/** The latest time that a timer has rung for. */
let rung = 0;

/** Milliseconds since some moment. The host's clock is looked up each time: tests replace it. */
export const now = () => {
  const host = attempt(() => (globalThis.performance ?? Date).now());
  if (typeof host === "number" && Number.isFinite(host)) {
    if (host < read) lost += read - host;
    read = host;
  }
  return Math.max(read + lost, rung);
};

/** A timer has rung that was set for this time. @param {number} at */
export const reached = (at) => {
  if (at > rung) rung = at;
};

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/** Calls `ring` after `ms`, or after the longest time that there is. @param {number} ms @param {() => void} ring */
export const after = (ms, ring) => {
  const wait = Math.min(ms, LONGEST);
  const at = now() + wait;
  return setTimeout(() => {
    reached(at);
    ring();
  }, wait);
};
