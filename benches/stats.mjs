// The statistics of all benchmarks. Medians are printed with the range of the middle half, never means: on
// a shared machine one slow round moves a mean, and a hidden range makes noise look like a result.

/** The value at a fraction of the sorted values, interpolated between its neighbours. @param {number[]} values @param {number} fraction */
const quantile = (values, fraction) => {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low + (high - low) * (at - Math.floor(at));
};

/** @typedef {ReturnType<typeof summary>} Summary */

/** What is kept of a figure: its median, the quartiles, the extremes. */
export const summary = (/** @type {number[]} */ values) => ({
  median: quantile(values, 0.5),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  least: quantile(values, 0),
  greatest: quantile(values, 1),
  rounds: values.length,
});

/**
 * Runs every subject once a round, each round beginning with another one, so that a slow minute of the
 * machine falls on all of them alike. Gives the samples by subject, in the order of the rounds.
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
