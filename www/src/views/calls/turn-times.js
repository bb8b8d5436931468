// @ts-check
// When each turn of a call is heard in its recording, who spoke how long, and how long the other side waited for the agent,
// as far as the recording shows.

/** @typedef {{ role: string, content: string, createdAt?: string | null | undefined }} Turn */
/**
 * `voice`: for each part of `part` seconds, whether a voice is heard.
 * @typedef {{ voice: readonly boolean[], part: number }} Voice
 */

/** Length of a part, in seconds. */
const PART = 0.02;
/** Anything quieter than this fraction of the loudest part is silence, because a line is never completely silent. */
const QUIET = 0.06;

/** @param {string | null | undefined} at */
const millis = (at) => (at === null || at === undefined ? Number.NaN : Date.parse(at));

/**
 * Seconds from the beginning of the recording to each turn. A turn without a time begins with the one before it.
 * @param {readonly Turn[]} turns
 * @param {number} began When the recording began, in milliseconds.
 */
export function startsOf(turns, began) {
  let last = 0;
  return turns.map(({ createdAt }) => {
    const at = (millis(createdAt) - began) / 1000;
    last = Math.max(last, Number.isNaN(at) ? last : at);
    return last;
  });
}

/** The turn that is heard at a time; -1 before the first. @param {readonly number[]} starts @param {number} at */
export function turnAt(starts, at) {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    // With a tolerance: seeking to a turn may land a rounding error before it.
    if ((starts[middle] ?? 0) <= at + 0.01) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The parts in which a voice is heard. @param {ArrayLike<number>} samples @param {number} rate Samples per second. @returns {Voice} */
export function voiceOf(samples, rate) {
  const size = Math.max(1, Math.round(rate * PART));
  const loud = Array.from({ length: Math.ceil(samples.length / size) }, (_, at) => {
    let most = 0;
    const end = Math.min(samples.length, (at + 1) * size);
    for (let n = at * size; n < end; n += 1) most = Math.max(most, Math.abs(samples[n] ?? 0));
    return most;
  });
  const loudest = loud.reduce((most, one) => Math.max(most, one), 0);
  return { voice: loud.map((one) => loudest > 0 && one > loudest * QUIET), part: size / rate };
}

/** @param {string} role */
const isAgent = (role) => role === "agent";

/**
 * Seconds in which each side is heard, and in which neither is.
 * @param {readonly Turn[]} turns @param {readonly number[]} starts @param {Voice} voice
 */
export function sharesOf(turns, starts, { voice, part }) {
  const shares = { agent: 0, other: 0, silence: 0 };
  let turn = -1;
  voice.forEach((heard, index) => {
    // Its middle, so that a part shared by two turns belongs to the one that has more of it.
    while (turn + 1 < starts.length && (starts[turn + 1] ?? 0) <= (index + 0.5) * part) turn += 1;
    const role = turns[turn]?.role;
    shares[!heard || role === undefined ? "silence" : isAgent(role) ? "agent" : "other"] += part;
  });
  return shares;
}

/**
 * Seconds of silence before each turn of the agent that follows the other side; null for any other turn, and if one of the
 * two is not heard.
 * @param {readonly Turn[]} turns @param {readonly number[]} starts @param {Voice} voice
 * @returns {(number | null)[]}
 */
export function latenciesOf(turns, starts, { voice, part }) {
  return turns.map(({ role }, index) => {
    const before = turns[index - 1];
    if (!isAgent(role) || before === undefined || isAgent(before.role)) return null;
    const [from, here, to] = [starts[index - 1] ?? 0, starts[index] ?? 0, starts[index + 1] ?? voice.length * part];
    let last = Math.floor(here / part) - 1;
    while (last >= Math.floor(from / part) && !voice[last]) last -= 1;
    let first = Math.floor(here / part);
    while (first < Math.ceil(to / part) && !voice[first]) first += 1;
    if (last < Math.floor(from / part) || first >= Math.ceil(to / part)) return null;
    return Math.max(0, (first - last - 1) * part);
  });
}

/** The median of the known values. @param {readonly (number | null)[]} values */
export function medianOf(values) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null)).sort((one, other) => one - other);
  return known.length === 0 ? undefined : known[Math.floor((known.length - 1) / 2)];
}

/** Cents per minute, by the mode of the agent. @type {Readonly<Record<string, number>>} */
export const RATES = { hosted: 22, webhook: 13 };

/** Cents for a call, billed by the second and rounded up. @param {number} seconds @param {number} rate Cents a minute. */
export const centsOf = (seconds, rate) => Math.ceil((Math.ceil(seconds) * rate) / 60 - 1e-9);

/**
 * Which turns have these words.
 * @param {readonly Turn[]} turns @param {string} words
 * @returns {number[]}
 */
export function turnsWith(turns, words) {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return [];
  return turns.flatMap(({ content }, index) => (content.toLowerCase().includes(wanted) ? [index] : []));
}

/**
 * Splits a text at the words; every second part is one of them.
 * @param {string} text @param {string} words
 * @returns {string[]}
 */
export function partsWith(text, words) {
  const wanted = words.trim();
  if (wanted === "") return [text];
  return text.split(new RegExp(`(${wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "gi"));
}

/** Seconds between the marks of a time axis with at most this many marks. @param {number} length @param {number} most */
export function stepOf(length, most) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800];
  return steps.find((step) => length / step <= most) ?? 3600;
}
