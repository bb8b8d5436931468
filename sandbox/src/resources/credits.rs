//! The recording add-on: five dollars, charged at once, for a month from now.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::holding::MONTH_MS;
use crate::json::json;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("credits.recording.enable", enable)];

const PRICE_CENTS: u16 = 500;

/// Enabling it twice charges twice and adds two months, since the API has no idempotency keys.
fn enable(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    if !ctx.shared.can_pay(PRICE_CENTS.into()) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    ctx.shared.charge(PRICE_CENTS.into());
    let from = ctx.account.recording_until.max(ctx.now);
    ctx.account.recording_until = from.saturating_add(MONTH_MS);
    Ok(json!({
        "success": true,
        "recordingEnabled": true,
        "chargedCents": PRICE_CENTS,
        "renewsAt": iso(ctx.account.recording_until),
    }))
}
