// Add-ons that are paid for by the month.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Add-ons. */
export interface CreditsResource {
  /** The recording add-on. */
  readonly recording: CreditsRecordingResource;
}

/** The recording add-on. */
export interface CreditsRecordingResource {
  /**
   * Turns the recording of calls on, for the whole account. How to turn it off is not documented, nor
   * are the fields of the response.
   *
   * Effect class: effect. **Costs $5 at once and each month**; a repeat may be charged again. Errors:
   * `InsufficientBalanceError`, and those of every request.
   *
   * ```ts
   * await client.credits.recording.enable();
   * ```
   */
  enable(options?: RequestOptions): ApiPromise<unknown>;
}
