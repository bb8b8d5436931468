// One-time codes, by which people prove that a phone is theirs.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Whom to send a code. */
export interface VerifySendRequest {
  /** Where to send the code, E.164. */
  phone_number: string;
}

/** A code to check. */
export interface VerifyCheckRequest {
  /** Id from the response of `verification.send`. */
  verification_id: string;
  /** What the person typed. */
  code: string;
}

/** One-time codes. */
export interface VerificationResource {
  /**
   * Sends a one-time code to a phone. The response contains the id that `verification.check` needs; under
   * which name is not documented, nor are its other fields.
   *
   * Effect class: effect. **Sends a text**; a repeat sends another code. Errors:
   * `InsufficientBalanceError`, `ValidationError`, and those of every request.
   *
   * ```ts
   * const response = await client.verification.send({ phone_number: "+14155550100" });
   * console.log(JSON.stringify(response));
   * ```
   */
  send(body: VerifySendRequest, options?: RequestOptions): ApiPromise<unknown>;

  /**
   * Checks a one-time code. The fields of the response are not documented.
   *
   * Effect class: effect (a wrong code may use up a try). Free. Errors: `ValidationError`,
   * `NotFoundError`, and those of every request.
   */
  check(body: VerifyCheckRequest, options?: RequestOptions): ApiPromise<unknown>;
}
