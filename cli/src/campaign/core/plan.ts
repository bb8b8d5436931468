// Calculates the price and duration of a campaign before anything is sent.

import type { Plan, Range, Settings, SkipReason } from "../types.js";

/** US dollars: prices of the API as of mid 2026. */
const PRICE = { hostedMinute: 0.22, webhookMinute: 0.13, leastCall: 0.01 } as const;
/** Minimum seconds of an unanswered call, including overhead: a place is not free again sooner. */
const SHORTEST_CALL = 5;

export interface Tally {
  people: number;
  skipped: Partial<Record<SkipReason, number>>;
  /** Texts: the exact total in dollars. */
  texts: number;
  quietNow: number;
}

export const emptyTally = (): Tally => ({ people: 0, skipped: {}, texts: 0, quietNow: 0 });

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const priceOf = ({ kind, hosted, longestCall }: Settings, { people, texts }: Tally): Range => {
  if (kind === "text") return { least: rounded(texts, 2), most: rounded(texts, 2) };
  const minute = hosted ? PRICE.hostedMinute : PRICE.webhookMinute;
  return { least: people > 0 ? PRICE.leastCall : 0, most: rounded((people * longestCall * minute) / 60, 2) };
};

/** @param newContacts New contacts that the numbers may text today, if that is limited. */
export const planOf = (settings: Settings, tally: Tally, newContacts?: number, notes: readonly string[] = []): Plan => {
  const { people } = tally;
  const { kind, perMinute, perNumber, longestCall, message } = settings;
  const byRate = people === 0 ? 0 : ((people - 1) * 60) / perMinute;
  const places = Math.max(1, message.numberIds.length * perNumber);
  const calls = (each: number): number => (kind === "call" ? Math.ceil(people / places) * each : 0);
  const days = newContacts !== undefined && people > newContacts;
  const dayLength = 86_400;
  const byContacts = days ? (Math.ceil(people / Math.max(1, newContacts)) - 1) * dayLength : 0;
  const least = Math.max(byRate, calls(SHORTEST_CALL), byContacts);
  return {
    people,
    skipped: tally.skipped,
    price: priceOf(settings, tally),
    duration: { least: Math.ceil(least), most: Math.ceil(Math.max(least, calls(longestCall))) },
    limitedBy: days ? "new-contacts" : calls(SHORTEST_CALL) > byRate ? "concurrency" : "rate",
    quietNow: tally.quietNow,
    notes,
  };
};
