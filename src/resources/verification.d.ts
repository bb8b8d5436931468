// One-time codes, by which people prove that a phone is theirs.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Whom to send a code. */
export interface VerifySendRequest {
  /** Where to send the code, E.164. */
  phone_number: string;
}

/** A code to check. */
export interface VerifyCheckRequest {
  /** Id from the answer to `verification.send`. */
  verification_id: string;
  /** What the person typed. */
  code: string;
}

/** One-time codes. */
export interface VerificationResource {
  /**
   * Sends a one-time code to a phone. The answer holds the id that `verification.check` takes; under
   * which name is not published, and no source tells its other fields.
   *
   * Effect class: effect. **Sends a text**; a repeat sends another code. Errors:
   * `InsufficientBalanceError`, `ValidationError`, and those of every request.
   *
   * ```ts
   * const answer = await client.verification.send({ phone_number: "+14155550100" });
   * console.log(JSON.stringify(answer));
   * ```
   */
  send(body: VerifySendRequest, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Checks a one-time code. No source tells the fields of the answer.
   *
   * Effect class: effect (a wrong code may use up a try). Free. Errors: `ValidationError`,
   * `NotFoundError`, and those of every request.
   */
  check(body: VerifyCheckRequest, options?: RequestOptions): ApiPromise<unknown>;
}
