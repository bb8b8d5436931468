//! One-time codes. No text is sent, so the sandbox's code is always the same.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::json::json;
use crate::phone;
use crate::records::Code;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("verification.send", send), ("verification.check", check)];

/// The correct code, here and at sign-up.
pub(super) const RIGHT: &str = "123456";
const PRICE_CENTS: u8 = 2;

fn send(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let to = phone::recipient(ctx.input.text("phone_number").unwrap_or_default());
    let to = to.filter(|to| phone::is_e164(to));
    let to = to.ok_or_else(|| Failure::field("phone_number", "Must be in E.164 format"))?;
    if !ctx.shared.can_pay(PRICE_CENTS.into()) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    ctx.shared.charge(PRICE_CENTS.into());
    ctx.shared.ledger.codes_sent += 1;
    let code = code(ctx, to, None);
    ctx.created_id = Some(code.id.clone());
    let answer = json!({
        "id": code.id,
        "verification_id": code.id,
        "phone_number": code.to,
        "status": "pending",
        "expires_at": iso(code.expires_at()),
    });
    ctx.account.codes.insert(code);
    Ok(answer)
}

/// A wrong code is a normal response, not an error. After five wrong codes, or ten minutes, no code is
/// accepted.
fn check(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.text("verification_id").unwrap_or_default();
    let right = ctx.input.text("code") == Some(RIGHT);
    let now = ctx.now;
    let guess = |code: &mut Code| {
        let valid = code.used || guess(code, right, now);
        let status = match (valid, code.is_open(now)) {
            (true, _) => "approved",
            (false, true) => "pending",
            (false, false) => "expired",
        };
        json!({ "id": code.id, "verification_id": code.id, "status": status, "valid": valid && right })
    };
    ctx.account.codes.update(id, guess).ok_or_else(|| Failure::detail(404, "Verification not found"))
}

pub(super) fn code(ctx: &mut Ctx<'_>, to: String, agent_name: Option<String>) -> Code {
    let id = ctx.shared.ids.id("ver_", 20);
    Code { id, to, sent_at: ctx.now, misses: 0, used: false, agent_name }
}

/// Checks a guess. The correct code works once.
pub(super) fn guess(code: &mut Code, right: bool, now: u64) -> bool {
    let valid = right && code.is_open(now);
    code.used |= valid;
    code.misses = code.misses.saturating_add(u32::from(!right));
    valid
}
