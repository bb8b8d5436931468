// `outcomeOf`: how a call ended. The code is `src/js/toolkit/outcome.js`.

import type { TranscriptStreamEvent } from "../resources/call_transcript.js";
import type { Call, CallSummary } from "../resources/calls.js";
import type { CallEndedData, CallEndedEvent } from "../webhooks/webhooks.js";

/** How a call ended, and why. */
export interface CallOutcome {
  /** `pending`: it has not ended, as far as the data shows. */
  outcome: "answered" | "voicemail" | "busy" | "no-answer" | "failed" | "pending";
  /**
   * The API's reason for the end (`user_hangup`), otherwise the status (`completed`), otherwise `unknown`. `greeting`: the API does
   * not report a machine, but the first words of the other side sound like one.
   */
  reason: string;
}

/**
 * How a call ended: by its status, by the reason for its end, or, if neither says, by the first words of the other side. The
 * API has no status for voicemail, so `voicemail` is a guess, based on English greetings. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const busy = await client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
 * const { outcome, reason } = outcomeOf(await client.calls.wait(busy.id));
 * console.log(outcome, reason); // busy busy
 * ```
 */
export function outcomeOf(
  call: Call | CallSummary | CallEndedEvent | CallEndedData | TranscriptStreamEvent,
): CallOutcome;
