// @ts-check
// The time that the engine is given. The engine does not know about acceleration, because an accelerated clock
// maps real time: at speed 60 an hour's call takes a minute.

/** The end of the year 2100: no call lasts that long, and a mistyped advance must not leave the range of dates. */
export const LAST = Date.UTC(2101, 0) - 1;

/** The longest delay that a timer supports. */
const LONGEST = 2_147_483_647;

/**
 * @typedef {object} Clock
 * @property {() => number} now Milliseconds since 1970, as the engine sees it.
 * @property {number} speed How many times as fast as real time.
 * @property {(at: number) => number} wait Real milliseconds until then; Infinity if only
 * `advance` can reach it.
 * @property {(at: number) => void} reach Moves the clock forward to this time if it is later.
 * @property {(ms: number) => void} [advance] Only on a manual clock.
 */

/** How many milliseconds the system clock may be ahead before this one follows it. */
const LAG = 1000;

/**
 * Runs with real time, `speed` times as fast. At speed 1 it also follows the system clock: our count stops while a
 * computer sleeps, and webhooks with yesterday's timestamps are rejected.
 * @param {number} [speed]
 * @param {number} [start] Its first instant. Default: now.
 * @returns {Clock}
 */
export function runningClock(speed = 1, start) {
  const follows = speed === 1 && start === undefined;
  let first = start ?? Date.now();
  // Not Date.now() alone: setting back the system clock must not stop the sandbox.
  const began = performance.now();
  const now = () => {
    const time = first + Math.floor((performance.now() - began) * speed);
    const ahead = follows ? Date.now() - time : 0;
    if (ahead <= LAG) return time;
    first += ahead;
    return time + ahead;
  };
  return {
    now,
    speed,
    wait: (at) => Math.min(LONGEST, Math.max(0, Math.ceil((at - now()) / speed))),
    reach: (at) => void (first += Math.max(0, at - now())),
  };
}

/**
 * Stands still until it is advanced.
 * @param {number} [start] Its first instant. Default: now.
 * @returns {Clock & { advance(ms: number): void }}
 */
export function manualClock(start = Date.now()) {
  let time = start;
  return {
    now: () => time,
    speed: 1,
    wait: (at) => (at <= time ? 0 : Infinity),
    reach: (at) => void (time = Math.max(time, at)),
    advance: (ms) => void (time += ms),
  };
}
