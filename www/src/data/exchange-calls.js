// @ts-check
// Groups requests into calls: a client that sends a request again makes another attempt of the same call.

/**
 * As the control path of the log returns it (`sandbox/node/exchanges.mjs`).
 * @typedef {{
 *   id: number, seq: number, at: number, method: string, target: string, operation: string | null, fault: string | null,
 *   status: number | null, outcome: string, done: boolean, ms: number | null, requestId: string | null,
 *   idempotencyKey: string | null, account: string | null, print: string, sent: number, received: number,
 * }} Exchange
 */
/**
 * `joined`: why the attempts belong together: they have the same idempotency key, or the same request was sent again
 * after a failure.
 * @typedef {{ id: number, attempts: Exchange[], joined: "key" | "likeness" | null }} Call
 */

/** Milliseconds after a failure in which the same request counts as a retry; clients do not wait longer. */
const PATIENCE = 90_000;

/** Whether a client may retry it: it failed, but not because of the request. @param {Exchange} exchange */
export const isRetryable = ({ done, status, outcome }) =>
  done && (outcome !== "normal" || status === null || status === 408 || status === 429 || status >= 500);

/** Whether it failed. @param {Exchange} exchange */
export const isFailed = ({ done, status, outcome }) =>
  done && (status === null || status >= 400 || !["normal", "slow"].includes(outcome));

/** @param {Exchange} exchange */
const likeness = ({ method, target, account, print }) => JSON.stringify([method, target, account, print]);

/** @param {Exchange} exchange */
const endOf = ({ at, ms }) => at + (ms ?? 0);

/**
 * The calls, the newest first.
 * @param {readonly Exchange[]} exchanges The oldest first.
 * @returns {Call[]}
 */
export function callsOf(exchanges) {
  /** @type {Call[]} */
  const calls = [];
  /** @type {Map<string, Call>} */
  const byKey = new Map();
  /** @type {Map<string, Call>} */
  const byLikeness = new Map();
  for (const one of exchanges) {
    const key = one.idempotencyKey === null ? undefined : JSON.stringify([one.idempotencyKey, one.account]);
    const like = likeness(one);
    const before = (key === undefined ? undefined : byKey.get(key)) ?? repeated(byLikeness.get(like), one);
    if (before !== undefined) {
      before.attempts.push(one);
      before.joined = key === undefined ? "likeness" : "key";
      continue;
    }
    const call = /** @type {Call} */ ({ id: one.id, attempts: [one], joined: null });
    calls.push(call);
    if (key !== undefined) byKey.set(key, call);
    byLikeness.set(like, call);
  }
  return calls.reverse();
}

/** The call that a request repeats, if it does. @param {Call | undefined} call @param {Exchange} next */
function repeated(call, next) {
  const last = call?.attempts.at(-1);
  // Two keys are two calls, even with the same content.
  if (call === undefined || last === undefined || last.idempotencyKey !== next.idempotencyKey) return undefined;
  return isRetryable(last) && next.at >= endOf(last) - 5 && next.at - endOf(last) < PATIENCE ? call : undefined;
}

/** The attempt that determines the outcome. @param {Call} call @returns {Exchange} */
export const lastOf = ({ attempts }) => /** @type {Exchange} */ (attempts.at(-1));

/** Milliseconds from the first request to the end of the last. @param {Call} call */
export function tookOf({ attempts }) {
  const [first, last] = [attempts[0], attempts.at(-1)];
  return first === undefined || last === undefined || last.ms === null ? null : last.at + last.ms - first.at;
}

/**
 * Merges changes into the known exchanges: changed ones in their place, without those that the log has dropped.
 * @param {readonly Exchange[]} known
 * @param {readonly Exchange[]} changed
 * @param {number} first The oldest that the log still has.
 * @returns {Exchange[]}
 */
export function merged(known, changed, first) {
  const all = new Map(known.map((one) => [one.id, one]));
  for (const one of changed) all.set(one.id, one);
  return [...all.values()].filter(({ id }) => id >= first).sort((one, other) => one.id - other.id);
}

/** The filters of the list. @typedef {{ words: string, kind: string, method: string }} Wanted */

/** @param {Call} call @param {Wanted} wanted @param {string} name What its operation is called. */
export function fits(call, { words, kind, method }, name) {
  const last = lastOf(call);
  if (method !== "" && last.method !== method) return false;
  if (kind === "failed" && !isFailed(last)) return false;
  if (kind === "retried" && call.attempts.length < 2) return false;
  if (kind === "faults" && call.attempts.every(({ fault }) => fault === null)) return false;
  if (kind === "writes" && last.method === "GET") return false;
  const text = [name, last.target, last.status, last.requestId, last.idempotencyKey].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
