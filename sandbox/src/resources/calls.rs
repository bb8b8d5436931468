//! Calls: placed, watched, ended. Their life is in `call`, as a function of the time.

use super::{Ctx, Row, no_agent, no_number, page};
use crate::account::Account;
use crate::agenda::Task;
use crate::call::{Call, rate};
use crate::errors::Failure;
use crate::phone;
use crate::records::Number;
use serde_json::Value;

pub(crate) const ROWS: &[Row] =
    &[("calls.list", list), ("calls.create", create), ("calls.get", get), ("calls.end", end)];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (config, now) = (&ctx.shared.config, ctx.now);
    let status = ctx.input.query_text("status");
    let direction = ctx.input.query_text("direction");
    let kind = ctx.input.query_text("type");
    let search = ctx.input.query_text("search");
    let fits = |call: &&Call| {
        status.is_none_or(|s| call.status(config, now) == s)
            && direction.is_none_or(|d| d == "outbound")
            && kind.is_none_or(|k| k == "pstn")
            && search.is_none_or(|part| call.from.contains(part) || call.to.contains(part))
    };
    let render = |call: &Call| call.summary(config, now);
    if status.or(direction).or(kind).or(search).is_none() {
        return Ok(page(ctx.input, &ctx.account.calls, render));
    }
    Ok(page(ctx.input, ctx.account.calls.newest(0).filter(fits).collect::<Vec<_>>(), render))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let input = ctx.input;
    let agent = ctx.account.agents.get(input.text("agentId").unwrap_or_default()).ok_or_else(no_agent)?;
    let to = input.text("toNumber").unwrap_or_default();
    if let Some(reason) = phone::refuse_call(to) {
        return Err(Failure::field("toNumber", reason));
    }
    let number = caller(ctx.account, &agent.id, input.text("fromNumberId"))?;
    let prompted = input.text("systemPrompt").is_some();
    let hosted = agent.is_hosted() || prompted;
    let variables = input.body.get("variables").and_then(Value::as_object);
    if !hosted && variables.is_some_and(|v| !v.is_empty()) {
        return Err(Failure::field("variables", "Variables need a system prompt or a hosted agent"));
    }
    if !ctx.shared.can_pay(1) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let greeting = input.text("initialGreeting").or_else(|| agent.text("beginMessage").filter(|_| hosted));
    let mut greeting = greeting.map(str::to_owned);
    for (name, value) in variables.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        greeting = greeting.map(|g| g.replace(&format!("{{{{{name}}}}}"), value));
    }
    let denoising = agent.text("denoisingMode") == Some("noise-and-background-speech-cancellation");
    let (connects_at, runs_out_at) = Call::schedule(&ctx.shared.config, ctx.now);
    let call = Call {
        id: ctx.shared.id(),
        agent_id: agent.id.clone(),
        agent_name: agent.name.clone(),
        number_id: number.id.clone(),
        from: number.phone.clone(),
        to: to.to_owned(),
        placed_at: ctx.now,
        connects_at,
        runs_out_at,
        hung_up_at: None,
        greeting,
        rate: rate(hosted, denoising),
        billed: false,
    };
    ctx.shared.ledger.calls_placed += 1;
    let answer = call.whole(&ctx.shared.config, ctx.now);
    let task = Task::EndCall { account: ctx.scope.to_owned(), call: call.id.clone() };
    ctx.shared.agenda.at(call.ends_at(), task);
    ctx.account.calls.insert(call);
    Ok(answer)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("call_id");
    let call = ctx.account.calls.get(id).ok_or_else(no_call)?;
    Ok(call.whole(&ctx.shared.config, ctx.now))
}

/// The answer shows the call as it was when the stop was accepted; the next read shows it ended, as
/// the contract says. Ending an ended call changes nothing.
fn end(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("call_id");
    let call = ctx.account.calls.get(id).ok_or_else(no_call)?;
    let answer = call.whole(&ctx.shared.config, ctx.now);
    if ctx.now < call.ends_at() {
        let task = Task::EndCall { account: ctx.scope.to_owned(), call: call.id.clone() };
        ctx.account.calls.update(id, |call| call.hung_up_at = Some(ctx.now));
        ctx.shared.agenda.at(ctx.now, task);
    }
    Ok(answer)
}

/// The number to call from: the one asked for, or the agent's first.
fn caller<'a>(account: &'a Account, agent: &'a str, asked: Option<&str>) -> Result<&'a Number, Failure> {
    let mut own = account.numbers_of(agent);
    match asked {
        None => own.next().ok_or_else(|| Failure::field("agentId", "The agent has no phone number")),
        Some(id) => own.find(|n| n.id == id).ok_or_else(|| {
            if account.held_number(id).is_some() {
                Failure::field("fromNumberId", "The number does not belong to the agent")
            } else {
                no_number()
            }
        }),
    }
}

fn no_call() -> Failure {
    Failure::detail(404, "Call not found")
}
