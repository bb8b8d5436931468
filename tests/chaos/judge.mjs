// Judges a run of chaos by what really happened, which the sandbox knows, whatever anybody was told.

/** @import { Intent } from "agentphone-wasm" */
/** @import { Effect } from "agentphone-wasm/sandbox" */
/** @import { Job } from "./plan.mjs" */
/** @import { Use } from "./run.mjs" */

/** Of all keys, how many must be settled without a person. */
const SHARE = 0.99;

/**
 * @param {{ jobs: Job[], uses: Use[], placed: Effect[], known: Map<string, Intent>, pending: Intent[], breaches: string[], isOurs: boolean }} run
 */
export const judged = ({ jobs, uses, placed, known, pending, breaches: told, isOurs }) => {
  const breaches = [...told];
  /** @type {Map<string, (string | null)[]>} */
  const calls = new Map(jobs.map(({ key }) => [key, []]));
  for (const { id, idempotencyKey } of placed) {
    const own = calls.get(idempotencyKey ?? "");
    if (own) own.push(id);
    else breaches.push("a call that belongs to no key");
  }
  const inDoubt = new Set(pending.map(({ key }) => key));
  const result = { keys: jobs.length, calls: placed.length, duplicates: 0, settled: 0, pending: 0, never: 0, wrong: 0 };
  /** The key that an id was given to. @type {Map<string, string>} */
  const owners = new Map();
  for (const { key } of jobs) {
    const own = calls.get(key) ?? [];
    const answers = new Set(
      uses.filter(({ job }) => job.key === key).flatMap(({ reports }) => reports.flatMap(({ id }) => id ?? [])),
    );
    const intent = known.get(key);
    if (own.length > 1) {
      result.duplicates += own.length - 1;
      breaches.push(`${key}: ${own.length} calls`);
    }
    if (answers.size > 1) breaches.push(`${key}: ${answers.size} different results`);
    const ids = new Set(intent?.id === undefined ? answers : [...answers, intent.id]);
    for (const id of ids) {
      if (!own.includes(id)) {
        result.wrong += 1;
        breaches.push(`${key}: an id of a call that is not its own`);
      }
      const owner = owners.get(id) ?? key;
      if (owner !== key) breaches.push(`${key}: the id that ${owner} has`);
      owners.set(id, key);
    }
    if (isOurs ? intent?.state === "placed" : answers.size > 0) result.settled += 1;
    else if (inDoubt.has(key)) result.pending += 1;
    // What never left needs nobody: its key is free.
    else if (own.length === 0 && (intent === undefined || intent.state === "refused")) result.never += 1;
    else breaches.push(`${key}: ${intent?.state ?? "unknown to the ledger"}, and not in pending()`);
  }
  if (result.settled < SHARE * jobs.length) breaches.push(`${result.settled} of ${jobs.length} keys are settled`);
  return { result, breaches };
};
