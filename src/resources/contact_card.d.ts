// The contact card of a number: what people see who write with it (iMessage).

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** What people see when they write with a number (iMessage). */
export interface ContactCard {
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  /** Name shown instead of first and last name. */
  displayName?: string | null | undefined;
  /** True when a picture is set. Default: `false`. */
  hasAvatar?: boolean | undefined;
}

/** The whole card: a field left out is emptied. */
export interface ContactCardWrite {
  /** First name to show. */
  firstName?: string | null | undefined;
  /** Last name to show. */
  lastName?: string | null | undefined;
  /** Name shown instead of first and last name. */
  displayName?: string | null | undefined;
  /** Public address of the picture. */
  avatarUrl?: string | null | undefined;
}

/** The contact card of a number (iMessage). */
export interface ContactCardResource {
  /**
   * Reads the contact card of a number.
   *
   * Effect class: read. Free. Errors: `PhoneNumberNotFoundError`, `NotFoundError`, and those of every
   * request.
   */
  get(numberId: string, options?: RequestOptions): ApiPromise<ContactCard>;

  /**
   * Replaces the contact card of a number: a field left out is emptied.
   *
   * Effect class: idempotent. Free. Errors: `PhoneNumberNotFoundError`, `ValidationError`, and those of
   * every request.
   *
   * ```ts
   * await client.numbers.contactCard.set(number.id, { displayName: "Ada at the bakery" });
   * ```
   */
  set(numberId: string, body: ContactCardWrite, options?: RequestOptions): ApiPromise<ContactCard>;

  /**
   * Removes the contact card of a number.
   *
   * Effect class: idempotent. Free. Errors: `PhoneNumberNotFoundError`, `NotFoundError`, and those of
   * every request.
   */
  delete(numberId: string, options?: RequestOptions): ApiPromise<void>;
}
