// @ts-check
// How long to wait before a campaign is read again: shortly while its people change, longer the longer nothing does.

/** Milliseconds, by state: the first pause, and the longest. @type {Record<string, readonly [number, number]>} */
const PAUSES = {
  running: [1000, 8000],
  planned: [3000, 15_000],
  paused: [3000, 15_000],
  stopped: [5000, 60_000],
  done: [10_000, 60_000],
};
const FACTOR = 1.6;

/**
 * The pause before the next reading.
 * @param {number} before The pause before this reading; 0 for the first.
 * @param {boolean} isChanged Whether something is different from the reading before.
 * @param {string} state The state of the campaign; of several, that of the one that changes most.
 */
export function nextPause(before, isChanged, state) {
  const [first, longest] = PAUSES[state] ?? [3000, 15_000];
  return isChanged || before === 0 ? first : Math.min(longest, Math.max(first, Math.round(before * FACTOR)));
}

/** The state of several campaigns that asks for the shortest pause. @param {readonly string[]} states */
export const busiest = (states) => Object.keys(PAUSES).find((state) => states.includes(state)) ?? "planned";
