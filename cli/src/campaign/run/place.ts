// Handles one person, from the claim to the result of the request. Two workers may run it for the same person: the key allows
// one request, and both get the same result.

import { keyOf } from "../core/key.js";
import { nextStep, type Step, stepOf } from "../core/next.js";
import { anotherNumber, lostNumber, openRounds } from "../core/numbers.js";
import { callOf, textOf } from "../core/request.js";
import { type Failed, settledAs, verdictOf } from "../core/verdict.js";
import type { Change } from "../store/store.js";
import type { Campaign, Person, Settings } from "../types.js";
import type { WorkerContext } from "./context.js";

const SECOND = 1_000;
const MINUTE = 60;

const failedOf = (error: unknown): Failed | undefined => {
  const { code, outcomeUnknown, retryable, status, retryAfter, settlement } = error as Partial<Failed>;
  return error instanceof Error && typeof code === "string"
    ? { code, outcomeUnknown: outcomeUnknown === true, retryable: retryable === true, status, retryAfter, settlement }
    : undefined;
};

/** The stored state of a person in doubt: the place is kept until the call has certainly ended. */
export const doubtful = (campaign: Campaign, sentAt: number, reason: string) => ({
  state: "doubt" as const,
  reason,
  placedAt: sentAt,
  dueAt: sentAt + campaign.settings.longestCall * SECOND,
});

/** The stored state of a person whose request the API has accepted. */
export const accepted = (campaign: Campaign, resultId: string, placedAt: number) => ({
  state: campaign.settings.kind === "call" ? ("placed" as const) : ("sent" as const),
  reason: null,
  resultId,
  placedAt,
  dueAt: 0,
});

const send = async (
  { client, policy }: WorkerContext,
  { settings }: Campaign,
  person: Person,
  options: object,
): Promise<string> => {
  const { id } =
    settings.kind === "call"
      ? await client.calls.create(callOf(settings, person, policy?.greeting), options)
      : await client.messages.send(textOf(settings, person), options);
  return id;
};

/** The change to store; undefined: none, because another worker takes the person when the lease ends. */
const outcomeOf = async (
  context: WorkerContext,
  campaign: Campaign,
  person: Person,
): Promise<Omit<Change, "seq" | "was" | "token"> | undefined> => {
  const { id, client, clock, store, policy, patience, note } = context;
  const { settings } = campaign;
  const key = keyOf(id, person.recipient, person.round);
  // The worker that claimed the person is gone: was its request sent? And was one sent from a number that the agent has lost since?
  const rounds = openRounds(person);
  for (const round of person.state === "placing" ? rounds : rounds.slice(0, -1)) {
    const settled = settledAs(await client.effects.get(keyOf(id, person.recipient, round)), "placing");
    if (settled.to === "placed") return accepted(campaign, settled.id, person.placedAt || clock.now());
    if (settled.to === "doubt") return doubtful(campaign, clock.now(), settled.reason);
  }
  if (campaign.state !== "running") return { state: "waiting", reason: null, dueAt: 0 };
  const { recipient, tries } = person;
  const elsewhere = (now: Settings) => ({
    state: "waiting" as const,
    reason: null,
    dueAt: 0,
    ...anotherNumber(now, person, person.seq),
  });
  if (lostNumber(settings, person)) return elsewhere(settings);
  const instead = (step: Step) =>
    step.do === "wait"
      ? { state: "waiting" as const, reason: step.reason, dueAt: step.until }
      : { state: "skipped" as const, reason: step.do === "skip" ? step.reason : null };
  const step = nextStep(settings, person, clock.now());
  if (step.do !== "send") return instead(step);
  // Counted right before sending, and released if it is proven that nothing was sent.
  const admitted = await policy?.admit({
    spends: settings.kind,
    to: recipient,
    ...(settings.kind === "call" && { minutes: settings.longestCall / MINUTE }),
    ledger: store.ledger,
  });
  const word = admitted === undefined ? step : stepOf(admitted, clock.now());
  if (word.do !== "send") return instead(word);
  const giveBack = async (): Promise<void> => {
    if (admitted?.decision === "allow") await admitted.release();
  };
  const sentAt = clock.now();
  // The lease is ending: another worker may take the person, and a `retry` may begin a new round.
  if (sentAt + patience >= person.dueAt) {
    await giveBack();
    return undefined;
  }
  try {
    // The sweep looks for lost responses, for all people at once.
    const options = { idempotencyKey: key, totalTimeout: patience, maxRetries: 0, settle: { within: 0 } };
    return accepted(campaign, await send(context, campaign, person, options), sentAt);
  } catch (error) {
    const failed = failedOf(error);
    if (failed === undefined) throw error;
    const verdict = verdictOf(failed, tries);
    if (verdict.to !== "doubt" && verdict.to !== "store") await giveBack();
    switch (verdict.to) {
      case "doubt":
        return doubtful(campaign, sentAt, failed.settlement?.state ?? verdict.reason);
      case "failed":
        return { state: "failed", reason: verdict.reason, tries: tries + 1 };
      case "store":
        // The worker retries with the same key until the lease ends.
        throw error;
      case "pause":
        if (verdict.reason === "number-released") {
          // Another worker may have found out while this request was under way: then the campaign continues with the other numbers.
          const { settings: current } = (await store.get(id)) ?? campaign;
          if (lostNumber(current, person)) return elsewhere(current);
          context.suspectNumbers();
        }
        if (await store.move(id, ["running"], "paused", verdict.reason, clock.now()))
          note({ note: "paused", reason: verdict.reason, code: verdict.code });
        return { state: "waiting", reason: verdict.code, dueAt: 0 };
      case "again": {
        const until = clock.now() + verdict.after;
        if (verdict.slow) {
          await context.slow(until);
          note({ note: "slowed", seconds: Math.ceil(verdict.after / SECOND) });
        }
        return { state: "waiting", reason: verdict.reason, dueAt: until, tries: tries + (verdict.counts ? 1 : 0) };
      }
    }
  }
};

/** Handles a claimed person, and returns the change to store. */
export const place = async (
  context: WorkerContext,
  campaign: Campaign,
  person: Person,
): Promise<Change | undefined> => {
  const change = await outcomeOf(context, campaign, person);
  return change && { seq: person.seq, was: "placing", token: person.token, ...change };
};
