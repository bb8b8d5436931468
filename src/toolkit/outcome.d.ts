// `outcomeOf`: how a call ended. The code is `src/js/toolkit/outcome.js`.

import type { TranscriptStreamEvent } from "../resources/call_transcript.js";
import type { Call, CallSummary } from "../resources/calls.js";
import type { CallEndedData, CallEndedEvent } from "../webhooks/webhooks.js";

/** How a call ended, and why. */
export interface CallOutcome {
  /** `pending`: it has not ended, as far as the data tells. */
  outcome: "answered" | "voicemail" | "busy" | "no-answer" | "failed" | "pending";
  /**
   * The API's reason of the end (`user_hangup`), else the status (`completed`), else `unknown`. `greeting`: the API does
   * not say that a machine answered, and the first words of the other side are those of one.
   */
  reason: string;
}

/**
 * How a call ended: by its status, the reason of its end, and where both are silent by what the other side said first. The
 * API has no status for a voicemail, so that this one is a guess, made from English greetings. Errors: `InvalidArgumentError`.
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
