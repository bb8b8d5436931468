// The runs of this tab, kept over a reload: what a run of the lab becomes when it is over.

import { signal } from "@preact/signals";
import { count, millis, money, number } from "../../ui/format.js";
import type { BurstReport } from "./burst.js";
import type { Choice } from "./choice.js";
import { judge, judgeBurst } from "./judge.js";
import type { OtherReport } from "./other.js";
import { type PastRun, readRuns, withOther, withRun, writeRuns } from "./past-runs.js";
import type { Report } from "./run.js";

const KEPT_AS = "agentphone-lab-runs";

/** The latest first. */
export const pastRuns = signal<readonly PastRun[]>(readRuns(sessionStorage.getItem(KEPT_AS)));

function keep(runs: readonly PastRun[]): void {
  pastRuns.value = runs;
  try {
    sessionStorage.setItem(KEPT_AS, writeRuns(runs));
  } catch {
    // The tab has no room left: they last until the page is loaded again.
    sessionStorage.removeItem(KEPT_AS);
  }
}

export const forgetRuns = (): void => keep([]);

/** Keeps what another program came to in a run. */
export function keepOther(id: string, { operation }: Choice, name: string, { happened, sent }: OtherReport): void {
  keep(withOther(pastRuns.peek(), id, { name, fact: operation.truth(happened), sent, twice: happened > 1 }));
}

let last = 0;

/** Keeps a run and returns its name. */
function note(choice: Choice, run: Omit<PastRun, "id" | "at" | "title" | "place" | "others">): string {
  last += 1;
  const id = `${Date.now().toString(36)}-${last}`;
  const title = `${choice.operation.id}: ${choice.fault.label}`;
  const facts = [...settingsOf(choice), ...run.facts];
  keep(withRun(pastRuns.peek(), { ...run, id, at: Date.now(), title, place: placeOf(choice), facts, others: [] }));
  return id;
}

/** Keeps the run of one call. */
export function keepRun(report: Report): string {
  const { choice, told, entries, sent, happened, received, spent } = report;
  const { tone, name } = judge(report);
  const result = told.ok ? "Success" : told.error.code;
  const { status, attempts, elapsed } = told.ok ? told : told.error;
  return note(choice, {
    result,
    fact: choice.operation.truth(happened),
    verdict: { tone, name },
    calls: [entries],
    facts: [
      ["Result", result],
      ["HTTP status", status === undefined ? "none" : String(status)],
      ["Outcome unknown", !told.ok && told.error.outcomeUnknown ? "yes" : "no"],
      ["Attempts", String(attempts)],
      ["Took", millis(elapsed)],
      ["Sent", count(sent, "request")],
      ["Received", count(received, "request")],
      ["Performed", count(happened, "time")],
      ["Cost", money(spent)],
      ["Verdict", name],
    ],
  });
}

/** Keeps the run of a crowd. */
export function keepBurst(report: BurstReport): string {
  const { choice, calls, succeeded, failed, sent, refused, elapsed, happened, received, spent } = report;
  const { tone, name } = judgeBurst(report);
  const result = `${number(succeeded)} of ${number(calls.length)} succeeded`;
  return note(choice, {
    result,
    fact: choice.operation.truth(happened),
    verdict: { tone, name },
    calls,
    facts: [
      ["Result", result],
      ["Failed", number(failed.length)],
      ["Took", millis(elapsed)],
      ["Sent", count(sent, "request")],
      ["Of them refused", number(refused)],
      ["Received", count(received, "request")],
      ["Performed", count(happened, "time")],
      ["Cost", money(spent)],
      ["Verdict", name],
    ],
  });
}

const settingsOf = ({ firstOnly, retries, timeout, abortAfter }: Choice): [string, string][] => [
  ["Affected requests", firstOnly ? "the first only" : "every one"],
  ["Retries", String(retries)],
  ["Timeout", timeout === undefined ? "the usual" : millis(timeout)],
  ...(abortAfter === undefined ? [] : [["Aborted after", millis(abortAfter)] satisfies [string, string]]),
];

function placeOf({ fault, operation, firstOnly, retries, timeout, abortAfter }: Choice): string {
  const params = new URLSearchParams({ fault: fault.id, operation: operation.id, retries: String(retries) });
  if (firstOnly) params.set("hits", "first");
  if (timeout !== undefined && timeout !== fault.timeout) params.set("timeout", String(timeout));
  if (abortAfter !== undefined) params.set("abort", String(abortAfter));
  return `/lab?${params}`;
}
