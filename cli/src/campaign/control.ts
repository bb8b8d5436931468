// Controls a campaign: start, pause, resume, stop, and retry.

import { CampaignError } from "./error.js";
import type { CampaignStore } from "./store/store.js";
import { type Campaign, type CampaignState, RETRYABLE, type Retryable } from "./types.js";

export const campaignOf = async (store: CampaignStore, id: string): Promise<Campaign> => {
  const campaign = await store.get(id);
  if (campaign === undefined || campaign.state === "draft")
    throw new CampaignError("NO_CAMPAIGN", "this store has no campaign with this id");
  return campaign;
};

/** What can be done in each state, for the message after a wrong command. */
const ADVICE: Readonly<Record<CampaignState, string>> = {
  draft: "its people are still being read",
  planned: "`start` begins it",
  running: "`pause` or `stop` it first",
  paused: "`resume` continues it",
  stopped: "it is over; `retry` plans another round",
  done: "it is over; `retry` plans another round",
};

/** The error for an action that the state does not allow. */
export const wrongState = (state: CampaignState): CampaignError =>
  new CampaignError("WRONG_STATE", `the campaign is ${state}: ${ADVICE[state]}`);

const move = async (
  store: CampaignStore,
  id: string,
  from: readonly CampaignState[],
  to: CampaignState,
  reason: string | null,
  now: number,
): Promise<Campaign> => {
  const campaign = await campaignOf(store, id);
  if (campaign.state === to) return campaign;
  if (!(await store.move(id, from, to, reason, now))) {
    const { state } = await campaignOf(store, id);
    if (state !== to) throw wrongState(state);
  }
  return campaignOf(store, id);
};

/** Lets workers start. A running campaign is not affected. */
export const start = (store: CampaignStore, id: string, now = Date.now()): Promise<Campaign> =>
  move(store, id, ["planned"], "running", null, now);
export const pause = (store: CampaignStore, id: string, now = Date.now()): Promise<Campaign> =>
  move(store, id, ["running"], "paused", "asked", now);
/** Whether a campaign has run before and another round is planned: `resume` begins it as well as `start`. */
export const isAnotherRound = ({ state, startedAt }: Campaign): boolean => state === "planned" && startedAt !== null;

/** Continues a paused campaign, regardless of the reason for the pause, or begins another round that is planned. */
export const resume = async (store: CampaignStore, id: string, now = Date.now()): Promise<Campaign> => {
  const again = isAnotherRound(await campaignOf(store, id));
  return move(store, id, again ? ["paused", "planned"] : ["paused"], "running", null, now);
};
/** Ends a campaign: people still waiting are not called. Calls in progress are followed to their end. */
export const stop = async (store: CampaignStore, id: string, now = Date.now()): Promise<Campaign> => {
  const stopped = await move(store, id, ["planned", "running", "paused"], "stopped", "asked", now);
  await store.abandon(id, now);
  return stopped;
};

/** Begins another round for people with these results: each may be called once more. Resolves to their number. */
export const retry = async (
  store: CampaignStore,
  id: string,
  only: readonly Retryable[],
  now = Date.now(),
): Promise<number> => {
  const { state } = await campaignOf(store, id);
  if (only.length === 0 || only.some((each) => !RETRYABLE.includes(each)))
    throw new CampaignError("INVALID_CAMPAIGN", `only must be one or more of ${RETRYABLE.join(", ")}`);
  if (state !== "done" && state !== "paused" && state !== "stopped") throw wrongState(state);
  const count = await store.retry(id, only, now);
  if (count > 0) await store.move(id, ["done", "stopped"], "planned", null, now);
  return count;
};
