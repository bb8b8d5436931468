//! Where a phone is, for phones that share it.

use crate::core::operation::{Input, Method, Operation};
use wasm_bindgen::prelude::*;

pub(super) const ROWS: &[Operation] = &[
    Operation::read("location.get", "/v1/location/{phone_number}"),
    Operation::idempotent("location.refresh", Method::Post, "/v1/location/refresh", Input::None),
];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Where a phone was last located. */
export interface Location {
  /** E.164. */
  phoneNumber: string;
  /** Degrees north. */
  latitude?: number | null;
  /** Degrees east. */
  longitude?: number | null;
  /** Whether it was located. */
  status: string;
  /** Unix time; unit not stated. */
  lastUpdated: number;
}

/** What became of the request. */
export interface LocationRefresh {
  /** True when it was done. */
  success: boolean;
  /** Seconds after which to read again. Default: `20`. */
  pollAfterSeconds?: number;
}

/** Where phones are. */
export interface LocationResource {
  /**
   * Tells where a phone was last located. `phoneNumber` is its number, E.164.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const { pollAfterSeconds } = await client.location.refresh();
   * const { latitude, longitude } = await client.location.get("+14155550100");
   * console.log(latitude, longitude, pollAfterSeconds);
   * ```
   */
  get(phoneNumber: string, options?: RequestOptions): ApiPromise<Location>;

  /**
   * Asks the phones for their locations; read them with `location.get` after `pollAfterSeconds`.
   *
   * Effect class: idempotent. Free. Errors: those of every request.
   */
  refresh(options?: RequestOptions): ApiPromise<LocationRefresh>;
}

export interface AgentPhone {
  /** Where phones are. */
  readonly location: LocationResource;
}
"#;
