//! The contact card of a number: what people see who write with it (iMessage).

use crate::core::operation::{AnswerShape, Input, Method, Operation};
use wasm_bindgen::prelude::*;

pub(super) const ROWS: &[Operation] = &[
    Operation::read("numbers.contactCard.get", "/v1/numbers/{number_id}/contact-card"),
    Operation::idempotent(
        "numbers.contactCard.set",
        Method::Put,
        "/v1/numbers/{number_id}/contact-card",
        Input::Body,
    ),
    Operation::idempotent(
        "numbers.contactCard.delete",
        Method::Delete,
        "/v1/numbers/{number_id}/contact-card",
        Input::None,
    )
    .answers(AnswerShape::Empty),
];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What people see when they write with a number (iMessage). */
export interface ContactCard {
  /** First name. */
  firstName?: string | null;
  /** Last name. */
  lastName?: string | null;
  /** Name shown instead of first and last name. */
  displayName?: string | null;
  /** True when a picture is set. Default: `false`. */
  hasAvatar?: boolean;
}

/** The whole card: a field left out is emptied. */
export interface ContactCardWrite {
  /** First name. */
  firstName?: string | null;
  /** Last name. */
  lastName?: string | null;
  /** Name shown instead of first and last name. */
  displayName?: string | null;
  /** Public address of the picture. */
  avatarUrl?: string | null;
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

export interface NumbersResource {
  /** The contact card of a number (iMessage). */
  readonly contactCard: ContactCardResource;
}
"#;
