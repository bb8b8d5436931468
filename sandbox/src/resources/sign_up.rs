//! Sign-up by an agent, without a key. No email is sent: the code is that of [`super::verification`].
//! The new account is separate from all others; the wallet is the sandbox's.

use super::ctx::{Ctx, Row};
use super::verification::{RIGHT, code, guess};
use crate::account::Account;
use crate::errors::Failure;
use crate::holding::MONTH_MS;
use crate::json::json;
use crate::phone;
use crate::records::{Agent, Code, Number};
use crate::state::Holder;
use crate::time::iso;
use serde_json::{Map, Value};

pub(crate) const ROWS: &[Row] = &[("signUp.create", create), ("signUp.verify", verify)];

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let email = ctx.input.text("human_email").and_then(phone::recipient).filter(|e| e.contains('@'));
    let email = email.ok_or_else(|| Failure::field("human_email", "Must be an email address"))?;
    if ctx.shared.sign_ups.by_key(Code::USED, &email).len() > 0 {
        return Err(Failure::detail(409, "An account with this email already exists"));
    }
    let agent_name = ctx.input.text("agent_name").map(str::to_owned);
    let code = code(ctx, email, agent_name);
    let answer = json!({
        "verification_id": code.id,
        "human_email": code.to,
        "expires_at": iso(code.expires_at()),
        "message": format!("The sandbox sends no mail. The code is {RIGHT}."),
    });
    ctx.shared.sign_ups.insert(code);
    Ok(answer)
}

fn verify(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.text("verification_id").unwrap_or_default();
    let (right, now) = (ctx.input.text("otp_code") == Some(RIGHT), ctx.now);
    let known = ctx.shared.sign_ups.get(id).ok_or_else(|| Failure::detail(404, "Verification not found"))?;
    if ctx.shared.sign_ups.by_key(Code::USED, &known.to).len() > 0 {
        return Err(Failure::detail(409, "An account with this email already exists"));
    }
    let guessed = ctx.shared.sign_ups.update(id, |code| guess(code, right, now).then(|| code.clone()));
    let wrong = || Failure::field("otp_code", "The code is wrong or has expired");
    let code = guessed.flatten().ok_or_else(wrong)?;

    let held = |phone: &str| ctx.shared.held.get(phone).is_some();
    let phone = phone::on_sale("US", None, held).next();
    let phone = phone.ok_or_else(|| Failure::code("CARRIER_ERROR").saying("No number is available"))?;
    let (account_id, key) = (ctx.shared.id(), ctx.shared.ids.id("sk_sandbox_", 32));
    let agent = Agent {
        id: ctx.shared.id(),
        name: code.agent_name.unwrap_or_else(|| "My agent".to_owned()),
        fields: Map::new(),
        created_at: now,
    };
    let mut number = Number::bought(ctx.shared.id(), phone, now, now.saturating_add(MONTH_MS));
    number.agent_id = Some(agent.id.clone());
    let answer = json!({
        "account_id": account_id,
        "agent_id": agent.id,
        "number_id": number.id,
        "phone_number": number.phone,
        "api_key": key,
    });
    let holder = Holder { account: account_id.clone(), number: number.id.clone() };
    ctx.shared.hold(&number, holder);
    ctx.shared.keys.insert(key, account_id.clone());
    let mut account = Account { email: Some(code.to), ..Account::default() };
    account.agents.insert(agent);
    account.numbers.insert(number);
    ctx.others.insert(account_id, Box::new(account));
    Ok(answer)
}
