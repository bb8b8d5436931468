// @ts-check
// Several people texted or called at once: who they are, what it costs, and what became of it.

/** A person by number, with a name if one is known. @typedef {{ phone: string, name?: string | undefined }} Person */
/**
 * What became of one: `waits` for its turn, `now`: being sent, `done`, `refused`: nothing happened, `doubt`: it may have
 * happened, `skipped`: nothing was sent. `place`: where what was made is. `key`: names what is in doubt.
 * @typedef {{ state: "waits" | "now" | "done" | "refused" | "doubt" | "skipped", why?: string, place?: string | undefined, key?: string }} Result
 */

/** People at once. What takes longer should survive a page that is closed, as a campaign does. */
export const MOST = 100;

/** Codes that say the same to everybody who comes after. */
const FOR_ALL = new Set(["UNAUTHORIZED", "FORBIDDEN", "INSUFFICIENT_BALANCE", "OUTBOUND_LIMIT_REACHED", "ABORTED"]);

/** Whether a refusal would also meet everybody else. @param {string} code */
export const endsAll = (code) => FOR_ALL.has(code);

/** Everybody who has a phone, each once, in order. @param {readonly { phone: string | null | undefined, name?: string | undefined }[]} all @returns {Person[]} */
export function peopleIn(all) {
  /** @type {Map<string, Person>} */
  const found = new Map();
  for (const { phone, name } of all) {
    if (!/^\+\d{8,15}$/.test(phone ?? "")) continue;
    const number = /** @type {string} */ (phone);
    if (found.get(number)?.name === undefined) found.set(number, { phone: number, ...(name ? { name } : {}) });
  }
  return [...found.values()];
}

/** Those who have not got it, and for whom it may be tried: not those in doubt. @param {readonly Person[]} people @param {ReadonlyMap<string, Result>} results */
export const leftOf = (people, results) =>
  people.filter(({ phone }) => !["done", "doubt"].includes(results.get(phone)?.state ?? ""));

/** How many are in each state, the best first; states without anybody are left out. @param {Iterable<Result>} results @param {string} done As in `3 sent`. */
export function tally(results, done) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { state } of results) counts[state] = (counts[state] ?? 0) + 1;
  const words = { done, refused: "failed", doubt: "without a response", skipped: "not tried" };
  return Object.entries(words)
    .flatMap(([state, word]) => (counts[state] === undefined ? [] : [`${counts[state]} ${word}`]))
    .join(", ");
}
