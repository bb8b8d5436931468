//! The project's webhook, its delivery log and its test. `agent_webhooks` shares the code for its own
//! routes.

use super::ctx::{Ctx, RawRow, Row};
use super::listing::window;
use crate::delivering;
use crate::errors::Failure;
use crate::http::Response;
use crate::json::json;
use crate::time::{iso, micros};
use crate::webhooks::{self, Delivery, Event, Webhook};
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("webhooks.get", get),
    ("webhooks.set", set),
    ("webhooks.delete", delete),
    ("webhooks.deliveries.list", deliveries),
    ("webhooks.deliveries.stats", stats),
    ("webhooks.deliveries.allTime", all_time),
];

pub(crate) const RAW_ROWS: &[RawRow] = &[("webhooks.test", test)];

const HOUR_MS: u64 = 3_600_000;

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let webhook = ctx.account.webhook.as_ref().filter(|w| !ctx.hides(&w.id));
    Ok(webhook.map_or(Value::Null, render))
}

/// Every call creates a new webhook with a new secret, as documented: signatures made with the old
/// secret can no longer be verified.
fn set(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let webhook = read(ctx)?;
    let answer = render(&webhook);
    ctx.created_id = Some(webhook.id.clone());
    ctx.account.webhook = Some(webhook);
    Ok(answer)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    ctx.account.webhook.take().ok_or_else(none)?;
    Ok(json!({ "success": true }))
}

fn deliveries(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (limit, offset) = window(ctx.input);
    let all = ctx.account.deliveries.by_key(Delivery::BY_ROUTE, "");
    let total = match ctx.input.query_count("hours") {
        None => all.len(),
        Some(hours) => {
            let since = ctx.now.saturating_sub(HOUR_MS.saturating_mul(hours as u64));
            all.len() - all.earlier(|d| d.created_at < since)
        }
    };
    let left = limit.min(total.saturating_sub(offset));
    let items: Vec<Value> = all.newest(offset).take(left).map(Delivery::render).collect();
    let more = offset.saturating_add(items.len()) < total;
    // The documented examples disagree on the list's name.
    let data = items.clone();
    Ok(
        json!({ "items": items, "data": data, "hasMore": more, "total": total, "offset": offset, "limit": limit }),
    )
}

fn stats(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let hours = ctx.input.query_count("hours").unwrap_or(24) as u64;
    let since = ctx.now.saturating_sub(HOUR_MS.saturating_mul(hours));
    let all = ctx.account.deliveries.by_key(Delivery::BY_ROUTE, "");
    Ok(webhooks::stats(all.newest(0).take_while(|d| d.created_at >= since)))
}

fn all_time(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    Ok(webhooks::all_time(ctx.account.deliveries.by_key(Delivery::BY_ROUTE, "").newest(0)))
}

fn test(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    if ctx.account.webhook.is_none() {
        return Err(none());
    }
    let agent = ctx.input.query_text("agentId").map(str::to_owned);
    run_test(ctx, agent, false)
}

/// Delivers a synthetic event. The head of the response is sent at once; its body follows when the
/// user's server has responded.
pub(super) fn run_test(ctx: &mut Ctx<'_>, agent_id: Option<String>, own: bool) -> Result<Response, Failure> {
    let field = |name: &str| ctx.input.text(name).map(str::to_owned);
    let channel = field("channel").unwrap_or_else(|| "sms".into());
    let number = agent_id.as_deref().and_then(|id| ctx.account.numbers_of(id).next());
    let to = field("to").or_else(|| number.map(|n| n.phone.clone()));
    let number_id = number.map(|n| n.id.clone());
    let id = ctx.shared.id();
    let data = json!({
        "messageId": id,
        "conversationId": null,
        "numberId": number_id,
        "from": field("from").unwrap_or_else(|| "+14155550100".into()),
        "to": to.unwrap_or_else(|| "+14155550150".into()),
        "contact": null,
        "message": field("message").unwrap_or_else(|| "This is a test of your webhook.".into()),
        "mediaUrl": null,
        "mediaUrls": [],
        "direction": "inbound",
        "receivedAt": micros(ctx.now),
    });
    let event = Event {
        tries: webhooks::ONCE,
        test: true,
        // Tests the webhook that was asked for, whatever the agent has.
        project_only: !own,
        ..webhooks::text_event(&channel, agent_id, &id, "test", data)
    };
    let stream = ctx.shared.outbox.open();
    delivering::test(&mut ctx.scope(), event, stream);
    let mut response = Response::new(200, "application/json", "");
    response.stream = Some(stream);
    Ok(response)
}

/// Builds a webhook from the request body.
pub(super) fn read(ctx: &mut Ctx<'_>) -> Result<Webhook, Failure> {
    let url = ctx.input.text("url").unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let sound = ["http", "https"].contains(&scheme) && !host.is_empty() && url.is_ascii();
    if !sound || url.bytes().any(|b| b.is_ascii_whitespace() || b.is_ascii_control()) {
        return Err(Failure::field("url", "Must be an http or https address"));
    }
    let number = |name: &str| ctx.input.body.get(name).and_then(Value::as_u64);
    Ok(Webhook {
        url: url.to_owned(),
        context_limit: number("contextLimit").and_then(|n| n.try_into().ok()).unwrap_or(10),
        timeout: number("timeout").unwrap_or(30),
        created_at: ctx.now,
        id: ctx.shared.id(),
        secret: ctx.shared.ids.id("whsec_", 40),
    })
}

pub(super) fn render(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "secret": webhook.secret,
        "status": "active",
        "contextLimit": webhook.context_limit,
        "timeout": webhook.timeout,
        "createdAt": iso(webhook.created_at),
    })
}

pub(super) fn none() -> Failure {
    Failure::detail(404, "No webhook configured")
}
