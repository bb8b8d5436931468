// Statistics for all benchmarks. They report medians with the interquartile range, never means: on a shared
// machine one slow round shifts a mean, and hiding the spread makes noise look like a result.

/** The quantile at a fraction, interpolated between neighbours. @param {number[]} values @param {number} fraction */
const quantile = (values, fraction) => {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low + (high - low) * (at - Math.floor(at));
};

/** @typedef {ReturnType<typeof summary>} Summary */

/** The summary of a figure: median, quartiles and extremes. */
export const summary = (/** @type {number[]} */ values) => ({
  median: quantile(values, 0.5),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  least: quantile(values, 0),
  greatest: quantile(values, 1),
  rounds: values.length,
});

/**
 * Runs every subject once per round, each round starting with a different one, so that a slow phase of the machine
 * affects all of them alike. Returns the samples by subject, in the order of the rounds.
 * @template {string} Subject @template Sample
 * @param {readonly Subject[]} subjects @param {number} rounds @param {(subject: Subject) => Sample | Promise<Sample>} sample
 */
export const interleaved = async (subjects, rounds, sample) => {
  const samples = /** @type {Record<Subject, Sample[]>} */ (
    Object.fromEntries(subjects.map((subject) => /** @type {[Subject, Sample[]]} */ ([subject, []])))
  );
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length];
      samples[subject].push(await sample(subject));
    }
  }
  return samples;
};
