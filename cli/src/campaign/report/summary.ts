// The totals of a report, collected person by person.

import { noCounts } from "../store/store.js";
import type { Person, PersonState } from "../types.js";

export interface Summary {
  readonly counts: Record<PersonState, number>;
  /** The number of people per reason, by state. */
  readonly reasons: Map<string, number>;
  /** The number of answered calls by length, in classes of `CLASS` seconds. */
  readonly lengths: Map<number, number>;
  seconds: number;
  /** Requests in each minute since 1970, and how many of them were answered. */
  readonly minutes: Map<number, { placed: number; reached: number }>;
  /** People who were called in more than one round. */
  again: number;
}

export const CLASS = 30;
const MINUTE = 60_000;

export const emptySummary = (): Summary => ({
  counts: noCounts(),
  reasons: new Map(),
  lengths: new Map(),
  seconds: 0,
  minutes: new Map(),
  again: 0,
});

/** The round as a reader counts them, from 0: another number begins a round of the key, but not another call. */
export const roundOf = ({ history }: Pick<Person, "history">): number => history.length;

export const summarize = (summary: Summary, person: Person): void => {
  const { state, reason, seconds, placedAt } = person;
  const { counts, reasons, lengths, minutes } = summary;
  counts[state] += 1;
  if (roundOf(person) > 0) summary.again += 1;
  if (reason !== null && state !== "waiting") {
    const key = `${state}: ${reason}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  if (seconds !== null && state === "answered") {
    const at = Math.floor(seconds / CLASS);
    lengths.set(at, (lengths.get(at) ?? 0) + 1);
    summary.seconds += seconds;
  }
  if (placedAt > 0) {
    const at = Math.floor(placedAt / MINUTE);
    const minute = minutes.get(at) ?? { placed: 0, reached: 0 };
    minute.placed += 1;
    if (state === "answered" || state === "sent") minute.reached += 1;
    minutes.set(at, minute);
  }
};

/** Bars of a chart: at most `most`, each covering the same time span. */
export const barsOf = (
  minutes: ReadonlyMap<number, { readonly placed: number; readonly reached: number }>,
  most: number,
): { readonly from: number; readonly minutes: number; readonly placed: number; readonly reached: number }[] => {
  if (minutes.size === 0) return [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const at of minutes.keys()) [first, last] = [Math.min(first, at), Math.max(last, at)];
  const span = Math.ceil((last - first + 1) / most);
  const bars = Array.from({ length: Math.ceil((last - first + 1) / span) }, (_, at) => ({
    from: (first + at * span) * MINUTE,
    minutes: span,
    placed: 0,
    reached: 0,
  }));
  for (const [at, { placed, reached }] of minutes) {
    const bar = bars[Math.floor((at - first) / span)];
    if (bar === undefined) continue;
    bar.placed += placed;
    bar.reached += reached;
  }
  return bars;
};
