//! Counters over what the account did. Webhooks count nothing here: the sandbox delivers none yet.

use super::numbers::LIMIT;
use super::{Ctx, Row};
use crate::errors::Failure;
use crate::state::Account;
use crate::time::{day, day_start, iso, month, month_start};
use serde_json::{Value, json};
use std::ops::Range;

pub(crate) const ROWS: &[Row] = &[
    ("usage.get", get),
    ("usage.daily", daily),
    ("usage.monthly", monthly),
    ("usage.byNumber", by_number),
    ("usage.byAgent", by_agent),
];

const DAY_MS: u64 = 86_400_000;

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (account, now) = (&*ctx.account, ctx.now);
    let used = account.held_numbers().count();
    let since = |days: u64| now.saturating_sub(days * DAY_MS)..u64::MAX;
    Ok(json!({
        "plan": {
            "name": "payg",
            "limits": { "numbers": LIMIT },
        },
        "numbers": { "used": used, "limit": LIMIT, "remaining": LIMIT.saturating_sub(used) },
        "stats": {
            "totalMessages": texts(account, 0..u64::MAX),
            "messagesLast24h": texts(account, since(1)),
            "messagesLast7d": texts(account, since(7)),
            "messagesLast30d": texts(account, since(30)),
            "totalCalls": calls(account, 0..u64::MAX),
            "callsLast24h": calls(account, since(1)),
            "callsLast7d": calls(account, since(7)),
            "callsLast30d": calls(account, since(30)),
            "totalWebhookDeliveries": 0,
            "successfulWebhookDeliveries": 0,
            "failedWebhookDeliveries": 0,
        },
        "periodStart": iso(month_start(now, 0)),
        "periodEnd": iso(month_start(now, -1)),
        "reportGeneratedAt": iso(now),
    }))
}

/// One row a day, the oldest first, today last.
fn daily(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let days = ctx.input.query_count("days").unwrap_or(30);
    let rows = back(days).map(|n| {
        let start = day_start(ctx.now, n);
        row(ctx.account, "date", day(start), start..day_start(ctx.now, n - 1))
    });
    Ok(json!({ "data": rows.collect::<Vec<_>>(), "days": days }))
}

/// One row a month, the oldest first, this month last.
fn monthly(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let months = ctx.input.query_count("months").unwrap_or(6);
    let rows = back(months).map(|n| {
        let start = month_start(ctx.now, n);
        row(ctx.account, "month", month(start), start..month_start(ctx.now, n - 1))
    });
    Ok(json!({ "data": rows.collect::<Vec<_>>(), "months": months }))
}

fn by_number(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let account = &*ctx.account;
    let data: Vec<Value> = account
        .held_numbers()
        .map(|number| {
            let agent = number.agent_id.as_deref().and_then(|id| account.agent(id));
            json!({
                "numberId": number.id,
                "phoneNumber": number.phone,
                "country": number.country,
                "status": "active",
                "agentId": number.agent_id,
                "agentName": agent.map(|a| a.name()),
                "messages": account.messages.iter().filter(|m| m.number_id == number.id).count(),
                "calls": account.calls.iter().filter(|c| c.number_id == number.id).count(),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// A row for each agent, and one without a name for what deleted or absent agents did.
fn by_agent(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (account, now) = (&*ctx.account, ctx.now);
    let period = ctx.input.query_text("period").unwrap_or_default();
    let days = match period {
        "week" => 7,
        "month" => 30,
        _ => 365,
    };
    let start = now.saturating_sub(days * DAY_MS);
    let row = |id: Option<&str>, name: &str| {
        let is_it = |of: Option<&str>| match id {
            Some(id) => of == Some(id),
            None => of.is_none_or(|of| account.agent(of).is_none()),
        };
        let own = account.calls.iter().filter(|c| c.placed_at >= start && is_it(Some(&c.agent_id)));
        let texts = account.messages.iter().filter(|m| m.sent_at >= start && is_it(m.agent_id.as_deref()));
        json!({
            "agentId": id,
            "agentName": name,
            "messages": texts.count(),
            "calls": own.clone().count(),
            "totalSeconds": own.map(|c| c.seconds(now)).sum::<u64>(),
            "isOrphan": id.is_none(),
        })
    };
    let mut data: Vec<Value> = account.agents.iter().map(|a| row(Some(&a.id), a.name())).collect();
    let orphan = row(None, "No agent");
    if ["messages", "calls"].iter().any(|k| orphan.get(k).and_then(Value::as_u64) > Some(0)) {
        data.push(orphan);
    }
    Ok(json!({ "data": data, "period": period, "periodStart": iso(start), "periodEnd": iso(now) }))
}

fn back(count: usize) -> impl Iterator<Item = i64> {
    (0..i64::try_from(count).unwrap_or(0)).rev()
}

fn row(account: &Account, key: &str, label: String, span: Range<u64>) -> Value {
    json!({
        key: label,
        "messages": texts(account, span.clone()),
        "calls": calls(account, span),
        "webhooks": 0,
    })
}

fn texts(account: &Account, span: Range<u64>) -> usize {
    account.messages.iter().filter(|m| span.contains(&m.sent_at)).count()
}

fn calls(account: &Account, span: Range<u64>) -> usize {
    account.calls.iter().filter(|c| span.contains(&c.placed_at)).count()
}
