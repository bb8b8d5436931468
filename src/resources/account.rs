//! The owner of the key.

use crate::core::operation::{AnswerShape, Operation};
use wasm_bindgen::prelude::*;

pub(super) const ROWS: &[Operation] = &[Operation::read("account.me", "/auth/me").answers(AnswerShape::Json)];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The owner of the key. */
export interface AccountResource {
  /**
   * Tells who owns the token. Seen in the official MCP server alone, for session tokens; whether it
   * takes keys is not known. No source tells the fields of the answer.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const me = await client.account.me();
   * console.log(JSON.stringify(me));
   * ```
   */
  me(options?: RequestOptions): ApiPromise<unknown>;
}

export interface AgentPhone {
  /** The owner of the key. */
  readonly account: AccountResource;
}
"#;
