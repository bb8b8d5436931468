//! Usage counters of the account.

use super::ctx::{Ctx, Row};
use crate::account::Account;
use crate::calls::Call;
use crate::errors::Failure;
use crate::holding::MOST_NUMBERS;
use crate::json::json;
use crate::records::{Channel, Message, Number};
use crate::rules::DAY_MS;
use crate::store::ByKey;
use crate::time::{day, day_start, iso, month, month_start};
use crate::webhooks::{Delivery, State};
use serde_json::Value;
use std::ops::Range;

pub(crate) const ROWS: &[Row] = &[
    ("usage.get", get),
    ("usage.daily", daily),
    ("usage.monthly", monthly),
    ("usage.byNumber", by_number),
    ("usage.byAgent", by_agent),
];

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (account, now) = (&*ctx.account, ctx.now);
    let used = account.held_numbers().len();
    let since = |days: u64| now.saturating_sub(days * DAY_MS)..u64::MAX;
    let in_state = |state: State| account.deliveries.by_key(Delivery::BY_STATE, state.name()).len();
    Ok(json!({
        "numbers": { "used": used, "limit": MOST_NUMBERS, "remaining": MOST_NUMBERS.saturating_sub(used) },
        "stats": {
            "totalMessages": texts(account, 0..u64::MAX),
            "messagesLast24h": texts(account, since(1)),
            "messagesLast7d": texts(account, since(7)),
            "messagesLast30d": texts(account, since(30)),
            "totalCalls": calls(account, 0..u64::MAX),
            "callsLast24h": calls(account, since(1)),
            "callsLast7d": calls(account, since(7)),
            "callsLast30d": calls(account, since(30)),
            "totalWebhookDeliveries": account.deliveries.len(),
            "successfulWebhookDeliveries": in_state(State::Success),
            "failedWebhookDeliveries": in_state(State::Failed),
            "smsSegmentsLast30d": segments(account, since(30).start),
        },
        "periodStart": iso(month_start(now, 0)),
        "periodEnd": iso(month_start(now, -1)),
        "reportGeneratedAt": iso(now),
    }))
}

/// One row per day, oldest first, today last.
fn daily(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let days = ctx.input.query_count("days").unwrap_or(30);
    let rows = back(days).map(|n| {
        let start = day_start(ctx.now, n);
        row(ctx.account, "date", day(start), start..day_start(ctx.now, n - 1))
    });
    Ok(json!({ "data": rows.collect::<Vec<_>>(), "days": days }))
}

/// One row per month, oldest first, this month last.
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
    let row = |number: &Number| {
        let agent = number.agent_id.as_deref().and_then(|id| account.agents.get(id));
        json!({
            "numberId": number.id,
            "phoneNumber": number.phone,
            "country": number.country,
            "status": "active",
            "agentId": number.agent_id,
            "agentName": agent.map(|a| a.name.as_str()),
            "messages": account.messages.by_key(Message::OF_NUMBER, &number.id).len(),
            "calls": account.calls.by_key(Call::OF_NUMBER, &number.id).len(),
        })
    };
    Ok(json!({ "data": account.held_numbers().oldest().map(row).collect::<Vec<_>>() }))
}

/// One row per agent, and one without a name for usage without an agent or by deleted agents.
fn by_agent(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (account, now) = (&*ctx.account, ctx.now);
    let period = ctx.input.query_text("period").unwrap_or_default();
    let days = match period {
        "week" => 7,
        "month" => 30,
        _ => 365,
    };
    let start = now.saturating_sub(days * DAY_MS);
    let calls_since = |calls: ByKey<'_, Call>| calls.len() - calls.earlier(|c| c.placed_at < start);
    let texts_since = |texts: ByKey<'_, Message>| texts.len() - texts.earlier(|m| m.at < start);
    let seconds = |calls: &mut dyn Iterator<Item = &Call>| calls.map(|c| c.seconds(now)).sum::<u64>();
    let mut data = Vec::new();
    let (mut own_texts, mut own_calls, mut own_seconds) = (0, 0, 0);
    for agent in account.agents.oldest() {
        let texts = texts_since(account.messages.by_key(Message::OF_AGENT, &agent.id));
        let calls = calls_since(account.calls.by_key(Call::OF_AGENT, &agent.id));
        let talked = seconds(&mut account.calls.by_key(Call::OF_AGENT, &agent.id).newest(0).take(calls));
        own_texts += texts;
        own_calls += calls;
        own_seconds += talked;
        data.push(agent_row(Some(&agent.id), &agent.name, [texts as u64, calls as u64, talked]));
    }
    let texts = texts(account, start..u64::MAX).saturating_sub(own_texts);
    let calls = calls(account, start..u64::MAX);
    if texts > 0 || calls > own_calls {
        let talked = seconds(&mut account.calls.newest(0).take(calls)).saturating_sub(own_seconds);
        data.push(agent_row(
            None,
            "No agent",
            [texts as u64, calls.saturating_sub(own_calls) as u64, talked],
        ));
    }
    Ok(json!({ "data": data, "period": period, "periodStart": iso(start), "periodEnd": iso(now) }))
}

fn agent_row(id: Option<&str>, name: &str, [texts, calls, seconds]: [u64; 3]) -> Value {
    json!({
        "agentId": id,
        "agentName": name,
        "messages": texts,
        "calls": calls,
        "totalSeconds": seconds,
        "isOrphan": id.is_none(),
    })
}

fn back(count: usize) -> impl Iterator<Item = i64> {
    (0..i64::try_from(count).unwrap_or(0)).rev()
}

fn row(account: &Account, key: &str, label: String, span: Range<u64>) -> Value {
    json!({
        key: label,
        "messages": texts(account, span.clone()),
        "calls": calls(account, span.clone()),
        "webhooks": deliveries(account, span),
    })
}

pub(super) fn texts(account: &Account, span: Range<u64>) -> usize {
    let before = |at: u64| account.messages.earlier(|m| m.at < at);
    before(span.end) - before(span.start)
}

pub(super) fn calls(account: &Account, span: Range<u64>) -> usize {
    let before = |at: u64| account.calls.earlier(|c| c.placed_at < at);
    before(span.end) - before(span.start)
}

/// Number of SMS segments since an instant: 160 characters each, or 70 if any character is not ASCII.
fn segments(account: &Account, since: u64) -> usize {
    let recent = account.messages.newest(0).take_while(|m| m.at >= since);
    let sms = recent.filter(|m| m.channel == Channel::Sms);
    sms.map(|m| m.body.chars().count().div_ceil(if m.body.is_ascii() { 160 } else { 70 }).max(1)).sum()
}

fn deliveries(account: &Account, span: Range<u64>) -> usize {
    let before = |at: u64| account.deliveries.earlier(|d| d.created_at < at);
    before(span.end) - before(span.start)
}
