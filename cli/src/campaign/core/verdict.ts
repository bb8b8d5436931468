// What a response means for a person and for the campaign. Pure functions, without requests or writes.

import type { PersonState } from "../types.js";

/** The fields used of the client's errors. */
export interface Failed {
  readonly code: string;
  readonly outcomeUnknown: boolean;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  readonly settlement?: { readonly state: string } | undefined;
}

export type Verdict =
  /** Outcome unknown. */
  | { readonly to: "doubt"; readonly reason: string }
  /** Nothing happened; retry after this many milliseconds. `slow`: the whole campaign waits, not only this person. */
  | {
      readonly to: "again";
      readonly reason: string;
      readonly after: number;
      readonly slow: boolean;
      readonly counts: boolean;
    }
  /** Nothing happened, and no retry will help. */
  | { readonly to: "failed"; readonly reason: string }
  /** Nothing happened, and every person would fail like this: the campaign pauses, the person waits. */
  | { readonly to: "pause"; readonly reason: PauseReason; readonly code: string }
  /** The store is unavailable: nothing is known to have happened, and nothing can be written. */
  | { readonly to: "store"; readonly code: string };

export type PauseReason =
  | "key-refused"
  | "balance"
  | "not-allowed"
  | "number-released"
  | "daily-quota"
  | "configuration"
  | "asked";

/** Codes that affect every person until somebody fixes the cause. */
const PAUSES: Readonly<Record<string, PauseReason>> = {
  UNAUTHORIZED: "key-refused",
  CONFIGURATION_ERROR: "configuration",
  INSUFFICIENT_BALANCE: "balance",
  PAYMENT_REQUIRED: "balance",
  FORBIDDEN: "not-allowed",
  WHATSAPP_NOT_ENABLED: "not-allowed",
  INBOUND_ONLY: "not-allowed",
  NOT_FOUND: "number-released",
  PHONE_NUMBER_NOT_FOUND: "number-released",
  OUTBOUND_LIMIT_REACHED: "daily-quota",
  NEW_CONVERSATION_LIMIT_REACHED: "daily-quota",
};

/** Codes that affect only this person, and that waiting does not fix. */
const REFUSALS = [
  "VALIDATION_ERROR",
  "UNPROCESSABLE_ENTITY",
  "HTTP_400",
  "INVALID_ARGUMENT",
  "CONVERSATION_STREAK_LIMIT",
  "CONVERSATION_AWAITING_REPLY",
  "CONVERSATION_INACTIVE",
  "IDEMPOTENCY_KEY_REUSED",
];

const RATE_LIMITS = ["RATE_LIMIT_EXCEEDED", "RATE_LIMITED", "HTTP_429"];

const SECOND = 1_000;
/** How long the campaign waits after a rate limit without a `Retry-After`. */
const UNSAID = 15 * SECOND;
/** The number is on a call although its place was free, so another program uses it. */
const OCCUPIED = 15 * SECOND;
/** The recipient is in doubt under another key. */
const LANE = 60 * SECOND;
const LONGEST_BACKOFF = 300 * SECOND;
/** Failed requests of a round before the person counts as failed. */
export const MOST_TRIES = 8;

const backoff = (tries: number): number => Math.min(LONGEST_BACKOFF, 2 ** tries * SECOND);

/** @param tries Earlier failed requests of this round. */
export const verdictOf = (failed: Failed, tries: number): Verdict => {
  const { code, outcomeUnknown, retryAfter, status } = failed;
  if (outcomeUnknown || code === "OUTCOME_UNKNOWN" || code === "DELIVERY_UNCONFIRMED")
    return { to: "doubt", reason: code };
  if (code === "LEDGER_UNAVAILABLE") return { to: "store", code };
  const again = (after: number, { slow = false, counts = true } = {}): Verdict =>
    counts && tries + 1 >= MOST_TRIES
      ? { to: "failed", reason: code }
      : { to: "again", reason: code, after, slow, counts };
  if (code === "LANE_IN_DOUBT") return again(LANE, { counts: false });
  if (RATE_LIMITS.includes(code))
    return again(retryAfter === undefined ? UNSAID : retryAfter * SECOND, { slow: true, counts: false });
  const pause = PAUSES[code];
  if (pause !== undefined) return { to: "pause", reason: pause, code };
  if (status === 401 || status === 403)
    return { to: "pause", reason: status === 401 ? "key-refused" : "not-allowed", code };
  if (REFUSALS.includes(code)) return { to: "failed", reason: code };
  if (code === "CONFLICT") return again(OCCUPIED, { counts: false });
  // Interrupted before it was sent: the same person is next.
  if (code === "ABORTED") return { to: "again", reason: code, after: 0, slow: false, counts: false };
  // The network, a server or a carrier: nothing happened, and a retry may succeed.
  return again(backoff(tries), { slow: code === "CONNECTION_ERROR" || code === "TIMEOUT" });
};

/** The result of the toolkit's `outcomeOf` as a state; undefined: the call is in progress. */
export const stateOf = (outcome: string): PersonState | undefined =>
  outcome === "answered" ||
  outcome === "voicemail" ||
  outcome === "busy" ||
  outcome === "no-answer" ||
  outcome === "failed"
    ? outcome
    : undefined;

/** A status that proves that a call has ended. */
export const isFinal = (status: string | undefined): boolean =>
  status === "completed" || status === "failed" || status === "busy" || status === "no-answer";

/**
 * The next step for a person whose request may have been sent, from the ledger's entry. `was`: somebody who is in doubt had an entry,
 * so that one that is missing has been lost, and proves nothing.
 */
export const settledAs = (
  intent: { readonly state: string; readonly id?: string | undefined } | undefined,
  was: "placing" | "doubt",
):
  | { readonly to: "placed"; readonly id: string }
  | { readonly to: "waiting" }
  | { readonly to: "doubt"; readonly reason: string } => {
  if (intent === undefined && was === "doubt") return { to: "doubt", reason: "entry-lost" };
  // The entry is written before the request, so without one nothing was sent.
  if (intent === undefined || intent.state === "refused" || intent.state === "not_placed") return { to: "waiting" };
  if (intent.state === "placed" && intent.id !== undefined) return { to: "placed", id: intent.id };
  return { to: "doubt", reason: intent.state };
};
