//! The identity behind the key.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::json::json;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("account.me", me)];

fn me(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = if ctx.account_name.is_empty() { "sandbox" } else { ctx.account_name };
    let email = ctx.account.email.as_deref().unwrap_or("sandbox@example.com");
    Ok(json!({ "user": { "id": id, "email": email, "name": "Sandbox" } }))
}
