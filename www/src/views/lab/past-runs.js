// @ts-check
// Earlier runs of the lab: what is kept of them, within bounds, and what differs between two. They hold counts, codes and
// times, but no number and no text.

/** @typedef {import("./recorder.js").Entry} Entry */
/** What another program came to. @typedef {{ name: string, fact: string, sent: number, twice: boolean }} PastOther */
/**
 * `place`: where its choice is in the address. `facts`: terms and values to compare. `calls`: what the client did, one list
 * per call; empty if it was too long to keep.
 * @typedef {{
 *   id: string, at: number, title: string, place: string, result: string, fact: string,
 *   verdict: { tone: "good" | "unsure" | "bad", name: string }, facts: readonly (readonly [string, string])[],
 *   calls: readonly (readonly Entry[])[], others: readonly PastOther[],
 * }} PastRun
 */
/** @typedef {{ term: string, one: string, other: string, same: boolean }} Difference */

/** Runs that are kept. */
export const MOST = 30;
/** Characters of JSON: of what one run did, and of all runs. */
const LONGEST = 12_000;
const ROOM = 200_000;

/** The list with a run added in front. @param {readonly PastRun[]} runs @param {PastRun} run @returns {readonly PastRun[]} */
export function withRun(runs, run) {
  const kept = JSON.stringify(run.calls).length > LONGEST ? { ...run, calls: [] } : run;
  return [kept, ...runs].slice(0, MOST);
}

/** The list with what another program came to in one of its runs. @param {readonly PastRun[]} runs @param {string} id @param {PastOther} other @returns {readonly PastRun[]} */
export const withOther = (runs, id, other) =>
  runs.map((run) =>
    run.id === id ? { ...run, others: [...run.others.filter(({ name }) => name !== other.name), other] } : run,
  );

/** As JSON that fits: the oldest runs are left out first. @param {readonly PastRun[]} runs */
export function writeRuns(runs) {
  const texts = [];
  let length = 2;
  for (const run of runs) {
    const text = JSON.stringify(run);
    length += text.length + 1;
    if (length > ROOM) break;
    texts.push(text);
  }
  return `[${texts.join()}]`;
}

/** What was kept; nothing of it if it was not written by this version. @param {string | null} text @returns {readonly PastRun[]} */
export function readRuns(text) {
  if (text === null) return [];
  try {
    const runs = JSON.parse(text);
    return Array.isArray(runs) && runs.every(isRun) ? runs : [];
  } catch {
    return [];
  }
}

/** @param {unknown} value @returns {value is PastRun} */
function isRun(value) {
  if (typeof value !== "object" || value === null) return false;
  const { id, at, title, place, result, fact, verdict, facts, calls, others } = /** @type {Record<string, any>} */ (
    value
  );
  return (
    [id, title, place, result, fact, verdict?.tone, verdict?.name].every((one) => typeof one === "string") &&
    typeof at === "number" &&
    [facts, calls, others].every(Array.isArray)
  );
}

/** The terms of both, in the order of the first, with their values; "–" where a run has no such term. @param {PastRun} one @param {PastRun} other @returns {Difference[]} */
export function differences(one, other) {
  const [first, second] = [new Map(one.facts), new Map(other.facts)];
  return [...new Set([...first.keys(), ...second.keys()])].map((term) => {
    const [left, right] = [first.get(term) ?? "–", second.get(term) ?? "–"];
    return { term, one: left, other: right, same: left === right };
  });
}

/** Which two are compared after another one is chosen or put away: the two that were chosen last. @param {readonly string[]} chosen @param {string} id @returns {readonly string[]} */
export const choosing = (chosen, id) =>
  chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
