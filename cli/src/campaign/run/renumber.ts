// What a worker does about numbers that the agent has lost, for example because they were released: the campaign continues with the
// others, which get the people who are still waiting. First the settings are changed, so that no call begins from a lost number,
// and then the people, a group at a time. Whatever is interrupted is continued by the next pass of any worker's sweep.

import { anotherNumber } from "../core/numbers.js";
import type { Change } from "../store/store.js";
import type { Campaign, Person } from "../types.js";
import type { WorkerContext } from "./context.js";

/** People per write, and maximum number of writes per pass: calls in progress must not wait for a long list. */
const GROUP = 500;
const GROUPS = 20;

/**
 * Compares the numbers of a campaign with those of its agent, and removes the ones that the agent has lost from the settings.
 * Resolves to whether any is missing; another worker may have removed it first. If none is left, or the agent cannot be read, the
 * next call shows why.
 */
export const dropLost = async (
  { client, store, id, patience, note }: WorkerContext,
  { settings: { kind, message } }: Campaign,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const { agentId, numberIds } = message;
  if (kind !== "call" || numberIds.length < 2) return false;
  let own: ReadonlySet<string>;
  try {
    const agent = await client.agents.get(agentId, { totalTimeout: patience, ...(signal && { signal }) });
    own = new Set(agent.numbers?.map((number) => number.id));
  } catch (error) {
    const { code } = error as { code?: string };
    if (typeof code !== "string") throw error;
    if (code !== "ABORTED") note({ note: "poll-failed", code });
    return false;
  }
  const lost = numberIds.filter((each) => !own.has(each));
  if (lost.length > 0) await store.dropNumbers(id, lost);
  return lost.length > 0;
};

/** The same person, who waits for another number. Nothing was sent, because the person is waiting. */
const moved = (campaign: Campaign, person: Person, at: number, now: number): Change => ({
  seq: person.seq,
  was: "waiting",
  token: "",
  state: "waiting",
  // The reason of a failed request does not hold for another number; that of a wait does.
  reason: person.dueAt > now ? person.reason : null,
  ...anotherNumber(campaign.settings, person, at),
});

/** Divides people who wait for lost numbers among the others. Two workers may do it at once: the round allows one change. */
export const moveWaiting = async (context: WorkerContext, campaign: Campaign): Promise<void> => {
  const { store, clock, id, note } = context;
  const { numberIds, releasedNumberIds = [] } = campaign.settings.message;
  if (releasedNumberIds.length === 0) return;
  let people = 0;
  try {
    for (let group = 0; group < GROUPS; group += 1) {
      const waiting = await store.waitingFor(id, releasedNumberIds, GROUP);
      if (waiting.length === 0) return;
      const now = clock.now();
      const changes = waiting.map((person, at) => moved(campaign, person, at, now));
      people += (await store.record(id, changes, now)).filter(Boolean).length;
    }
  } finally {
    if (people > 0) note({ note: "renumbered", people, numbers: numberIds.length });
  }
};
