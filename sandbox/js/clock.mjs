// @ts-check
// The time that the engine is told. An accelerated clock is a mapping of real time, so that the
// engine knows nothing of it: a call of an hour at speed 60 takes a minute.

/** The end of the year 2100: no call is so long, and beyond it a slip of the keyboard leaves what dates can hold. */
export const LAST = Date.UTC(2101, 0) - 1;

/** The longest wait that a timer can hold. */
const LONGEST = 2_147_483_647;

/**
 * @typedef {object} Clock
 * @property {() => number} now Milliseconds since 1970, as the engine sees it.
 * @property {number} speed How many times as fast as real time.
 * @property {(at: number) => number} wait Real milliseconds until then; Infinity when only
 *   `advance` can bring it about.
 * @property {(at: number) => void} reach Goes on from there, where that is later.
 * @property {(ms: number) => void} [advance] Only a manual clock has it.
 */

/** Milliseconds that the machine's clock may be ahead of ours before we follow it. */
const LAG = 1000;

/**
 * Runs with real time, `speed` times as fast. At the machine's own pace it also follows the machine's
 * clock: a computer that slept has stopped our count, and webhooks of yesterday's time are refused.
 * @param {number} [speed]
 * @param {number} [start] Its first instant. Default: now.
 * @returns {Clock}
 */
export function runningClock(speed = 1, start) {
  const follows = speed === 1 && start === undefined;
  let first = start ?? Date.now();
  // Not Date.now() alone: a clock of the machine that is set back must not stop the sandbox.
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
