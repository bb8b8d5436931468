// What the fuzz targets share: choices that a seed decides, and the loop that tries inputs until its time is up.
//
// A target is a file of this folder that exports `name` and `run({ seed, seconds, random })`, which gives `{ cases }` and
// throws at the first fault. One that also exports `check(input)` has a corpus, `corpus/<name>.json`: inputs that once
// found something, or that chance would seldom find.

/** A generator of numbers from 0 up to 1 (mulberry32): small, even enough for tests, and the same everywhere. @param {number} seed */
export const seeded = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Choices by `random`, a function that returns numbers from 0 up to 1. @param {() => number} random */
export const choices = (random) => {
  const below = (/** @type {number} */ n) => Math.floor(random() * n);
  const pick = /** @type {<T>(list: ArrayLike<T>) => T} */ ((list) => list[below(list.length)]);
  const chance = (/** @type {number} */ probability) => random() < probability;
  const times = /** @type {<T>(most: number, make: () => T) => T[]} */ (
    (most, make) => Array.from({ length: below(most + 1) }, make)
  );
  /** Characters that parsers and terminals trip over, and plain ones. */
  const character = () =>
    pick([
      () => String.fromCharCode(32 + below(95)),
      () =>
        pick([
          "\0",
          "\t",
          "\n",
          "\r",
          "\u001b",
          "\u007f",
          "\u0085",
          "\u00a0",
          "\u200b",
          "\u202e",
          "\u2028",
          "\ufeff",
          "\ufffd",
          "é",
          "漢",
          "👋",
          "\ud83d",
          "\udc4b",
        ]),
      () => pick(["{", "}", "[", "]", '"', "\\", ":", ",", "<", ">", "&", "%", "=", ";", "0", "1", "-", "."]),
    ])();
  const text = (most = 20) => times(most, character).join("");
  /** A value that JSON can hold. @returns {unknown} */
  const json = (depth = 3) =>
    pick([
      () => null,
      () => chance(0.5),
      () => pick([0, -0, 1, -1, 1.5, 1e21, 2 ** 53, Number.MAX_VALUE, below(1000)]),
      () => text(),
      () => (depth > 0 ? times(4, () => json(depth - 1)) : []),
      () =>
        depth > 0
          ? Object.fromEntries(
              times(4, () => [
                chance(0.2) ? pick(["__proto__", "constructor", "toString", "length", ""]) : text(6),
                json(depth - 1),
              ]),
            )
          : {},
    ])();
  /** Bytes with a few of them changed, taken out, doubled or put in. */
  const mutated = (/** @type {Iterable<number>} */ bytes) => {
    const out = [...bytes];
    for (let left = 1 + below(4); left > 0; left -= 1) {
      const at = below(out.length + 1);
      pick([
        () => (at < out.length ? (out[at] ^= 1 << below(8)) : out.push(below(256))),
        () => out.splice(at, 1 + below(4)),
        () => out.splice(at, 0, below(256)),
        () => out.splice(at, 0, ...out.slice(at, at + below(8))),
      ])();
    }
    return Uint8Array.from(out);
  };
  return { below, pick, chance, times, character, text, json, mutated };
};

/** @typedef {ReturnType<typeof choices>} Choices */

/** What a value looks like in a report. */
const shown = (/** @type {unknown} */ value) => {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
};

/**
 * Checks made-up inputs until `seconds` have passed; the first that fails ends it, with all that is needed to see it again.
 * @param {{ seed: number, seconds: number, random: () => number }} given
 * @template Input
 * @param {(choose: Choices) => Input} make an input that JSON can hold
 * @param {(input: Input) => unknown} check throws where the input finds a fault; may be asynchronous
 */
export const search = async ({ seed, seconds, random }, make, check) => {
  const choose = choices(random);
  const end = performance.now() + seconds * 1000;
  let cases = 0;
  do {
    const input = make(choose);
    try {
      await check(input);
    } catch (fault) {
      throw new Error(
        `seed ${seed}, case ${cases}: ${fault instanceof Error ? fault.message : fault}\ninput: ${shown(input)}`,
        { cause: fault },
      );
    }
    cases += 1;
    // Checks that never leave the thread would keep timers from running.
    if (cases % 64 === 0) await new Promise(setImmediate);
  } while (performance.now() < end);
  return { cases };
};
