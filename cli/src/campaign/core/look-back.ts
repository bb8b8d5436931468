// How far back a pass over the people in doubt looks. A list of the API is read back to the oldest of them, so that looking for
// all in every pass would cost more the longer somebody is in doubt.

/** How far back in milliseconds every pass looks, at least: longer than a request takes to become doubtful. */
const RECENT = 120_000;

/**
 * How far back in milliseconds pass `pass` (from 1) looks: every second one twice as far as the others, every fourth one four
 * times, and so on. Somebody in doubt for twice as long is looked for half as often.
 */
export const lookBack = (pass: number): number => RECENT * (pass & -pass);
