// @ts-check
// When it is looked again for what became of a lost response. Most come to light at once; calls have been seen to be
// placed 49 minutes late, so that it is looked now and then for as long as the page is open.

const SECOND = 1000;
const PAUSES = [1, 1, 3, 5, 10, 20, 40, 60].map((seconds) => seconds * SECOND);

/** Milliseconds from a look to the next one. @param {number} looks How often it was looked. @returns {number} */
export const pauseAfter = (looks) => PAUSES[Math.max(0, looks - 1)] ?? 60 * SECOND;
