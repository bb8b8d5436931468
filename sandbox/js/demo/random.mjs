// @ts-check
// Seeded randomness for the demo: mulberry32, which is small and gives the same numbers everywhere.

/** @param {number} seed */
export function createDice(seed) {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  /** @param {number} low @param {number} high */
  const between = (low, high) => Math.floor(low + unit() * (high - low));
  return {
    unit,
    /** An integer from `low` up to but excluding `high`. */
    between,
    /** @param {number} share */
    chance: (share) => unit() < share,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => /** @type {T} */ (list[between(0, list.length)]),
    /**
     * Picks from a list in proportion to each entry's weight.
     * @template {{ weight: number }} T @param {readonly T[]} list @returns {T}
     */
    weighed(list) {
      let left = unit() * list.reduce((sum, { weight }) => sum + weight, 0);
      return /** @type {T} */ (list.find(({ weight }) => (left -= weight) < 0) ?? list.at(-1));
    },
  };
}

/** @typedef {ReturnType<typeof createDice>} Dice */
