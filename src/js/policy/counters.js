// @ts-check
// What has been done, as the ledger keeps it. The totals are counts per five minutes, so that an entry stays small however much is
// done; per person the times are kept. Pure functions: they take times and return new values.

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The longest gap between two calls. */
export const MONTH = 31 * DAY;
const SLOT = 5 * MINUTE;
/** How many times are kept per person, the latest ones: no limit per person may be greater. */
export const MOST_TIMES = 200;

/** What is counted: `mills` are thousandths of a dollar. @typedef {{ calls: number, texts: number, numbers: number, mills: number }} Amount */
/** Counts of five minutes. @typedef {[slot: number, calls: number, texts: number, numbers: number, mills: number]} Slot */
/** @typedef {{ slots: Slot[] }} Total */
/** @typedef {{ calls: number[], texts: number[] }} Person */

/** @param {any} value As the ledger has it; undefined if absent @returns {Total} */
export const totalOf = (value) => ({ slots: value?.slots ?? [] });
/** @param {any} value @returns {Person} */
export const personOf = (value) => ({ calls: value?.calls ?? [], texts: value?.texts ?? [] });

/** What was done since `after`. A slot counts as a whole, so that nothing is missed. @param {Total} total @param {number} after @returns {Amount} */
export const since = ({ slots }, after) => {
  const sum = { calls: 0, texts: 0, numbers: 0, mills: 0 };
  for (const [slot, calls, texts, numbers, mills] of slots) {
    if ((slot + 1) * SLOT <= after) continue;
    sum.calls += calls;
    sum.texts += texts;
    sum.numbers += numbers;
    sum.mills += mills;
  }
  return sum;
};

/**
 * When there is room for one more, at the earliest: when enough earlier actions are older than `span`. Undefined if there never is.
 * @param {Total} total @param {number} span @param {number} now @param {(amount: Amount) => boolean} fits
 */
export const roomAt = (total, span, now, fits) => {
  for (const [slot] of total.slots) {
    const time = (slot + 1) * SLOT + span;
    if (time > now && fits(since(total, time - span))) return time;
  }
  return undefined;
};

/** The total plus an amount (which may be negative), without entries older than a day. @param {Total} total @param {number} at When it was done @param {number} now @param {Amount} amount @returns {Total} */
export const added = ({ slots }, at, now, { calls, texts, numbers, mills }) => {
  const mine = Math.floor(at / SLOT);
  const young = slots.filter(([slot]) => (slot + 1) * SLOT > now - DAY);
  const found = young.find(([slot]) => slot === mine) ?? [mine, 0, 0, 0, 0];
  const changed = /** @type {Slot} */ ([
    mine,
    ...[calls, texts, numbers, mills].map((count, index) => Math.max(0, Number(found[index + 1]) + count)),
  ]);
  const others = young.filter(([slot]) => slot !== mine);
  return { slots: [...others, changed].sort(([one], [other]) => one - other) };
};

/** The times of a person plus one. They are kept for the longest gap that any policy may have, because policies with other gaps count here too. @param {number[]} times @param {number} at @param {number} now */
export const timesWith = (times, at, now) =>
  [...times.filter((time) => time > now - MONTH), at].sort((one, other) => one - other).slice(-MOST_TIMES);

/** The times of a person without one. @param {number[]} times @param {number} at */
export const timesWithout = (times, at) => {
  const index = times.lastIndexOf(at);
  return times.filter((_, place) => place !== index);
};
