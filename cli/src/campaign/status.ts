// The progress of a campaign: counts, rate and estimated end.

import type { CampaignStore } from "./store/store.js";
import type { Campaign, Counts } from "./types.js";

const MINUTE = 60_000;
/** Milliseconds without activity after which no worker is considered active. */
const SILENCE = 15_000;

export interface Status {
  readonly id: string;
  readonly state: Campaign["state"];
  readonly reason: string | null;
  readonly people: number;
  /** People with a final result, including skipped ones. */
  readonly finished: number;
  readonly counts: Counts;
  /** Requests in the last minute. */
  readonly perMinute: number;
  /** Estimated time, at the current rate, when no person is waiting; null if it cannot be estimated. ISO 8601. */
  readonly endsAt: string | null;
  /** Whether a worker is active. */
  readonly working: boolean;
}

export const statusOf = async (store: CampaignStore, campaign: Campaign, now = Date.now()): Promise<Status> => {
  const { id, state, reason, workerAt } = campaign;
  const [counts, perMinute] = [await store.counts(id), await store.placedSince(id, now - MINUTE)];
  const people = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { waiting, placing, placed, doubt } = counts;
  const left = waiting + placing;
  const endsAt =
    state === "running" && perMinute > 0 ? new Date(now + (left / perMinute) * MINUTE).toISOString() : null;
  return {
    id,
    state,
    reason,
    people,
    finished: people - left - placed - doubt,
    counts,
    perMinute,
    endsAt,
    // After a stop or in a pause, a worker still follows the calls in progress.
    working: (state === "running" || placing + placed > 0) && now - workerAt < SILENCE,
  };
};
