// Sign-up of a new account, by an agent for a person. Needs no key.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Who signs up. */
export interface SignUpRequest {
  /** Email address of the person who will own the account. */
  human_email: string;
  /** Name of the first agent. */
  agent_name?: string | null | undefined;
}

/** The sign-up as begun. */
export interface SignUpResponse {
  /** Id to pass to `signUp.verify`. */
  verification_id: string;
  /** Email address of the person who will own the account. */
  human_email?: string | undefined;
  /** When the code lapses, ISO 8601. */
  expires_at?: string | undefined;
  /** A sentence for people. */
  message?: string | undefined;
}

/** The code from the email. */
export interface SignUpVerifyRequest {
  /** Id from the response of `signUp.create`. */
  verification_id: string;
  /** Six digits from the email. */
  otp_code: string;
  /** Where you heard of the service. */
  source?: string | null | undefined;
}

/** The account and its key. */
export interface SignUpVerifyResponse {
  /** The new account. */
  account_id?: string | undefined;
  /** Id of the first agent. */
  agent_id?: string | undefined;
  /** Id of the first number. */
  number_id?: string | undefined;
  /** The first number, E.164. */
  phone_number?: string | undefined;
  /** The key of the new account. It is shown only here. */
  api_key: string;
}

/** Sign-up of a new account. */
export interface SignUpResource {
  /**
   * Begins a sign-up: a code of six digits goes to the person's email.
   *
   * Effect class: effect. **Sends an email**; a repeat sends another code. Free, and sent without the
   * key. Errors: `ConflictError` (the account exists), `ValidationError`, and those of every request but
   * `AuthenticationError`.
   *
   * ```ts
   * const stranger = new AgentPhone({ apiKey: null });
   * const { verification_id } = await stranger.signUp.create({ human_email: "grace@example.com" });
   * console.log(verification_id.length);
   * ```
   */
  create(body: SignUpRequest, options?: RequestOptions): ApiPromise<SignUpResponse>;

  /**
   * Finishes a sign-up with the code from the email. The key is only in this response.
   *
   * Effect class: effect (the code works once). Free, and sent without the key. Errors:
   * `ValidationError` (the code is wrong or has lapsed), `NotFoundError`, and those of every request but
   * `AuthenticationError`.
   */
  verify(body: SignUpVerifyRequest, options?: RequestOptions): ApiPromise<SignUpVerifyResponse>;
}
