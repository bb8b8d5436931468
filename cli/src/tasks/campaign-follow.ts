// Takes over what has become known about people in doubt, in a campaign that no worker runs any more. A worker does the same while
// a campaign is running.

import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { AgentPhone } from "agentphone-wasm";
import { checkAccount } from "../campaign/account.js";
import { campaignOf } from "../campaign/control.js";
import { realClock } from "../campaign/run/clock.js";
import type { WorkerContext } from "../campaign/run/context.js";
import { sweep } from "../campaign/run/sweep.js";
import { type Status, statusOf } from "../campaign/status.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign, Counts } from "../campaign/types.js";
import type { Context } from "../settings.js";
import { statusLine } from "./campaign-show.js";
import { commandLine, type Given } from "./campaign-store.js";

/** Milliseconds between two passes while calls are in progress, and time limit of one request. */
const EVERY = 3_000;
const PATIENCE = 30_000;

/**
 * Whether calls in progress can be followed by a worker although the campaign is not running. Not with a key that is refused, and
 * not when it is done: then nobody is in progress, except after a person's decision.
 */
export const isFollowable = ({ state, reason }: Campaign, { placing, placed }: Counts): boolean =>
  (state === "paused" || state === "stopped") && placing + placed > 0 && reason !== "key-refused";

/** Whether a campaign that is over has people whose result may have become known. */
export const hasLoose = ({ state }: Campaign, { placed, doubt }: Counts): boolean =>
  (state === "done" || state === "stopped") && placed + doubt > 0;

/**
 * Stores what the ledger and the API know about people in doubt, and follows their calls: to their end, or for so many passes.
 * Whoever was certainly not called waits for the next `start`; after a stop they are skipped.
 */
export const takeOver = async (
  { signal }: Context,
  store: CampaignStore,
  client: AgentPhone,
  id: string,
  passes = Number.POSITIVE_INFINITY,
): Promise<void> => {
  checkAccount(await campaignOf(store, id), client);
  const worker: WorkerContext = {
    id,
    store,
    client,
    clock: realClock,
    policy: undefined,
    worker: randomUUID(),
    patience: PATIENCE,
    note: () => {},
    slow: (until) => store.slow(id, until),
    suspectNumbers: () => {},
  };
  for (let pass = 1; ; pass += 1) {
    await sweep(worker, await campaignOf(store, id), Number.POSITIVE_INFINITY);
    const { placed } = await store.counts(id);
    // The second pass reads the calls that the first one has found.
    if (signal.aborted || pass >= passes || (placed === 0 && pass > 1)) break;
    if (pass > 1) await wait(EVERY, undefined, { signal }).catch(() => {});
  }
  const now = Date.now();
  const { state } = await campaignOf(store, id);
  const { waiting } = await store.counts(id);
  if (state === "stopped") await store.abandon(id, now);
  else if (state === "done" && waiting > 0) await store.move(id, ["done"], "planned", null, now);
};

/** What to type next, if anything. */
const nextWords = ({ id, state, counts, working }: Status): readonly [what: string, command: string] | undefined => {
  const { placing, placed, waiting } = counts;
  if (state === "paused") return ["To continue", `campaign resume ${id}`];
  if (state === "running") return working ? undefined : ["To continue", `campaign start ${id}`];
  // A worker that was killed a moment ago still looks active.
  const doubtful = working ? " if no worker is running any more" : "";
  if (placing + placed > 0)
    return [`Calls are in progress. To follow them to their end${doubtful}`, `campaign worker ${id}`];
  return state === "planned" && waiting > 0 ? [`To reach the ${waiting} who wait`, `campaign start ${id}`] : undefined;
};

/** Tells what can be done next: about the campaign, and about people in doubt. */
export const tellNext = ({ settings, printer }: Context, given: Given, status: Status): void => {
  const { id, counts } = status;
  const line = (words: string): string => commandLine({ settings }, given, words);
  const next = nextWords(status);
  if (next !== undefined) printer.note(`${next[0]}: ${line(next[1])}`, { note: "next", id, command: line(next[1]) });
  if (counts.doubt > 0)
    printer.note(`${counts.doubt} in doubt. To see who, and to decide: ${line("effects pending")}`, {
      note: "doubt",
      id,
      doubt: counts.doubt,
      command: line("effects pending"),
    });
};

/** After a decision: lets the campaign take it over, unless its workers do so, and tells how it stands. */
export const settleCampaign = async (
  context: Context,
  given: Given,
  store: CampaignStore,
  client: AgentPhone,
  id: string,
): Promise<void> => {
  const { state } = (await store.get(id)) ?? {};
  if (state === undefined || state === "draft") return;
  if (state !== "running") await takeOver(context, store, client, id, 2);
  const status = await statusOf(store, await campaignOf(store, id));
  context.printer.note(`${id}: ${statusLine(status)}`, { note: "campaign", ...status });
  tellNext(context, given, status);
};
