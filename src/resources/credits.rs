//! Add-ons that are paid for by the month.

use crate::core::operation::{AnswerShape, Input, Method, Operation};
use wasm_bindgen::prelude::*;

pub(super) const ROWS: &[Operation] =
    &[Operation::effect("credits.recording.enable", Method::Post, "/credits/recording/enable", Input::None)
        .answers(AnswerShape::Json)];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Add-ons. */
export interface CreditsResource {
  /** The recording add-on. */
  readonly recording: CreditsRecordingResource;
}

export interface AgentPhone {
  /** Add-ons. */
  readonly credits: CreditsResource;
}

/** The recording add-on. */
export interface CreditsRecordingResource {
  /**
   * Turns the recording of calls on, for the whole account. How to turn it off is not published, nor the
   * fields of the answer.
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
"#;
