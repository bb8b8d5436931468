//! Feedback: accepted, but not stored.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::json::json;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("feedback.create", create)];

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    if ctx.input.text("note").is_none() {
        return Err(Failure::field("note", "Say something"));
    }
    let id = ctx.shared.id();
    Ok(json!({ "id": id, "success": true, "createdAt": iso(ctx.now) }))
}
