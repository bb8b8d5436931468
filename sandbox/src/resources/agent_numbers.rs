//! Attaches numbers to agents. A number belongs to at most one agent.

use super::agents::brief;
use super::ctx::{Ctx, Row, no_agent, no_number};
use crate::errors::Failure;
use crate::json::json;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("agents.numbers.attach", attach), ("agents.numbers.detach", detach)];

fn attach(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent_id = ctx.account.agents.get(ctx.input.path("agent_id")).ok_or_else(no_agent)?.id.clone();
    let id = ctx.input.text("numberId").unwrap_or_default();
    let number = ctx.account.held_number(id).ok_or_else(no_number)?;
    // Attaching to the same agent again succeeds, so that a retry after a lost response is harmless.
    if number.agent_id.as_ref().is_some_and(|holder| *holder != agent_id) {
        return Err(Failure::detail(409, "Phone number is attached to another agent"));
    }
    let answer = json!({ "agentId": agent_id, "number": brief(number) });
    ctx.account.numbers.update(id, |n| n.agent_id = Some(agent_id));
    Ok(answer)
}

fn detach(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agents.get(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    let id = ctx.input.path("number_id");
    let number = ctx.account.held_number(id).ok_or_else(no_number)?;
    if number.agent_id.as_ref() != Some(&agent.id) {
        return Err(Failure::detail(404, "Phone number is not attached to this agent"));
    }
    ctx.account.numbers.update(id, |n| n.agent_id = None);
    Ok(json!({ "success": true }))
}
