//! The webhooks of individual agents. Events of an agent with its own webhook do not go to the
//! project's.

use super::ctx::{Ctx, RawRow, Row, no_agent};
use super::listing::window;
use super::webhooks::{none, read, render, run_test};
use crate::errors::Failure;
use crate::http::Response;
use crate::json::json;
use crate::webhooks::Delivery;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("agents.webhook.get", get),
    ("agents.webhook.set", set),
    ("agents.webhook.delete", delete),
    ("agents.webhook.deliveries.list", deliveries),
];

pub(crate) const RAW_ROWS: &[RawRow] = &[("agents.webhook.test", test)];

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = agent(ctx)?;
    let webhook = ctx.account.agent_webhooks.get(&id).filter(|w| !ctx.hides(&w.id));
    Ok(webhook.map_or(Value::Null, render))
}

fn set(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = agent(ctx)?;
    let webhook = read(ctx)?;
    let answer = render(&webhook);
    ctx.created_id = Some(webhook.id.clone());
    ctx.account.agent_webhooks.insert(id, webhook);
    Ok(answer)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = agent(ctx)?;
    ctx.account.agent_webhooks.remove(&id).ok_or_else(none)?;
    Ok(json!({ "success": true }))
}

/// Responds with a bare array, as documented.
fn deliveries(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = agent(ctx)?;
    let since = ctx
        .input
        .query_count("hours")
        .map_or(0, |hours| ctx.now.saturating_sub(3_600_000_u64.saturating_mul(hours as u64)));
    let (limit, _) = window(ctx.input);
    let all = ctx.account.deliveries.by_key(Delivery::BY_ROUTE, &id);
    let newest = all.newest(0).take_while(|d| d.created_at >= since).take(limit);
    Ok(newest.map(Delivery::render).collect())
}

fn test(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    let id = agent(ctx)?;
    if ctx.account.agent_webhooks.get(&id).is_none() {
        return Err(none());
    }
    run_test(ctx, Some(id), true)
}

fn agent(ctx: &Ctx<'_>) -> Result<String, Failure> {
    let id = ctx.input.path("agent_id");
    ctx.account.agents.get(id).map(|agent| agent.id.clone()).ok_or_else(no_agent)
}
