// What one worker does periodically for all: checks which calls have ended, settles people in doubt, and ends the campaign.

import type { CallSummary } from "agentphone-wasm";
import { outcomeOf } from "agentphone-wasm/toolkit";
import { keyOf } from "../core/key.js";
import { isFinal, settledAs, stateOf } from "../core/verdict.js";
import type { Change } from "../store/store.js";
import type { Campaign, Person } from "../types.js";
import type { WorkerContext } from "./context.js";
import { accepted, doubtful } from "./place.js";
import { moveWaiting } from "./renumber.js";

/** People per read. */
const PAGE = 500;
/** Results are stored in groups of this size, so that a killed worker loses few of them. */
const GROUP = 10;
/** Up to this many calls are read one by one; more are read from the list. */
const FEW = 5;
/** Maximum concurrent requests. */
const BESIDE = 8;
/** Maximum pages of the list, of 100 calls each, per pass. */
const PAGES = 20;
const SECOND = 1_000;
/** Maximum difference between the clocks of the API and of this machine, in milliseconds. */
const SKEW = 120 * SECOND;
/** Time limit in milliseconds for settling the people in doubt. */
const SETTLING = 30 * SECOND;

/** Runs a task for each item, a few at a time. */
const eachOf = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: BESIDE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
};

/** Those of these calls that have ended according to the list, by id. */
const endedIn = async (
  { client }: WorkerContext,
  ids: ReadonlySet<string>,
  since: number,
): Promise<Map<string, CallSummary>> => {
  const ended = new Map<string, CallSummary>();
  let found = 0;
  let pages = 0;
  for await (const page of client.calls.list({ direction: "outbound", limit: 100 }).pages()) {
    for (const call of page.data) {
      if (!ids.has(call.id)) continue;
      found += 1;
      if (isFinal(call.status)) ended.set(call.id, call);
    }
    pages += 1;
    const oldest = Math.min(...page.data.map(({ startedAt }) => Date.parse(startedAt) || Number.POSITIVE_INFINITY));
    if (found >= ids.size || pages >= PAGES || oldest < since - SKEW) break;
  }
  return ended;
};

/** Checks which of these calls have ended, and stores their results. */
const watch = async (context: WorkerContext, campaign: Campaign, people: readonly Person[]): Promise<void> => {
  const { client, store, clock, id } = context;
  const ids = new Set(people.flatMap(({ resultId }) => resultId ?? []));
  const listed =
    people.length <= FEW ? undefined : await endedIn(context, ids, Math.min(...people.map(({ placedAt }) => placedAt)));
  let changes: Change[] = [];
  const write = async (): Promise<void> => {
    const group = changes;
    changes = [];
    await store.record(id, group, clock.now());
  };
  const look = async (person: Person): Promise<void> => {
    const { resultId, seq } = person;
    if (resultId === null) return;
    const shown = listed?.get(resultId);
    if (
      listed !== undefined &&
      shown === undefined &&
      clock.now() < person.placedAt + campaign.settings.longestCall * SECOND
    )
      return;
    let call = shown;
    // The transcript shows whether voicemail answered, and lists do not contain it.
    if (shown === undefined || shown.status === "completed")
      call = await client.calls.get(resultId).catch((error: { code?: string }) => {
        if (error.code === "NOT_FOUND") return undefined;
        throw error;
      });
    const base = { seq, was: "placed" as const, token: "" };
    if (call === undefined) {
      // Accepted but never listed. When the call has certainly ended, its place is free, and a person has to check it.
      if (clock.now() >= person.placedAt + campaign.settings.longestCall * SECOND)
        changes.push({ ...base, ...doubtful(campaign, person.placedAt, "not-shown") });
      return;
    }
    if (!isFinal(call.status)) return;
    const { outcome, reason } = outcomeOf(call);
    const state = stateOf(outcome);
    if (state !== undefined)
      changes.push({
        ...base,
        state,
        reason: state === "answered" ? null : reason,
        seconds: call.durationSeconds ?? null,
      });
    if (changes.length >= GROUP) await write();
  };
  try {
    await eachOf(people, look);
  } finally {
    await write();
  }
};

/** Updates people in doubt from the ledger. */
const update = async (
  { client, store, clock, id }: WorkerContext,
  campaign: Campaign,
  people: readonly Person[],
): Promise<void> => {
  const changes: Change[] = [];
  for (const { seq, recipient, round, placedAt, reason, resultId } of people) {
    // The API has accepted it, but only a person can find out the result.
    if (resultId !== null) continue;
    const settled = settledAs(await client.effects.get(keyOf(id, recipient, round)), "doubt");
    const base = { seq, was: "doubt" as const, token: "" };
    if (settled.to === "placed") changes.push({ ...base, ...accepted(campaign, settled.id, placedAt) });
    else if (settled.to === "waiting") changes.push({ ...base, state: "waiting", reason: null, dueAt: 0 });
    else if (settled.reason !== reason) changes.push({ ...base, state: "doubt", reason: settled.reason });
  }
  await store.record(id, changes, clock.now());
};

const pagesOf = async function* (context: WorkerContext, state: "placed" | "doubt"): AsyncGenerator<Person[]> {
  for (let after = 0; ; ) {
    const people = await context.store.people(context.id, { states: [state], after, limit: PAGE });
    if (people.length === 0) return;
    yield people;
    after = people.at(-1)?.seq ?? after;
  }
};

/** Looks for the people in doubt whose request was sent at this time or later, and updates all from the ledger. */
const settle = async (context: WorkerContext, campaign: Campaign, sentAfter: number): Promise<void> => {
  let looked = false;
  for await (const people of pagesOf(context, "doubt")) {
    if (!looked) await context.client.effects.settle({ sentAfter, totalTimeout: SETTLING });
    looked = true;
    await update(context, campaign, people);
  }
};

/** Does what needs the API. Its errors are reported, and the next pass follows soon; a refused key pauses the campaign. */
const patiently = async (context: WorkerContext, work: () => Promise<void>): Promise<void> => {
  const { id, store, clock, note, slow } = context;
  try {
    await work();
  } catch (error) {
    const { code, retryAfter } = error as { code?: string; retryAfter?: number };
    if (typeof code !== "string" || code.startsWith("STORE_")) throw error;
    if (code === "UNAUTHORIZED" && (await store.move(id, ["running"], "paused", "key-refused", clock.now())))
      note({ note: "paused", reason: "key-refused", code });
    else note({ note: "poll-failed", code });
    if (retryAfter !== undefined) await slow(clock.now() + retryAfter * SECOND);
  }
};

/** Runs one pass, which looks for the people in doubt whose request is at most `back` milliseconds old. */
export const sweep = async (context: WorkerContext, campaign: Campaign, back: number): Promise<void> => {
  const { store, clock, id } = context;
  // Not by counting: in a large campaign that would take longer than the rest of the pass.
  const isOpen = async (): Promise<boolean> =>
    (await store.people(id, { states: ["waiting", "placing", "placed"], limit: 1 })).length > 0;
  // In every pass, because a worker may return people of a lost number whom it had taken before.
  if (campaign.state === "running") await moveWaiting(context, campaign);
  await patiently(context, async () => {
    for await (const people of pagesOf(context, "placed")) await watch(context, campaign, people);
    await settle(context, campaign, Math.max(0, clock.now() - back));
  });
  if (await isOpen()) return;
  // People in doubt whose call has certainly ended: they are listed, and the campaign does not wait for them.
  for await (const people of pagesOf(context, "doubt")) if (people.some(({ dueAt }) => dueAt > clock.now())) return;
  await patiently(context, () => settle(context, campaign, 0));
  if (await isOpen()) return;
  await store.move(id, ["running"], "done", null, clock.now());
};
