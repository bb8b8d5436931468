//! Events become deliveries, and deliveries outgoing requests.

use crate::account::Account;
use crate::account_scope::AccountScope;
use crate::json::json;
use crate::time::micros;
use crate::webhooks::{Attempt, Delivery, Event, Purpose, State, Webhook, signature};
use serde_json::{Map, Value};

/// The webhook for an agent's events, and whether it is the agent's own.
fn route<'a>(account: &'a Account, agent: Option<&str>) -> Option<(&'a Webhook, bool)> {
    let own = agent.and_then(|id| account.agent_webhooks.get(id));
    own.map(|w| (w, true)).or_else(|| account.webhook.as_ref().map(|w| (w, false)))
}

/// Whether there is a webhook for an agent's events.
pub(crate) fn reaches(account: &Account, agent: Option<&str>) -> bool {
    route(account, agent).is_some()
}

/// Starts the delivery of an event, if there is a webhook for it.
pub(crate) fn emit(scope: &mut AccountScope<'_>, event: Event) {
    send(scope, event, Purpose::Event);
}

/// Asks the agent's webhook what to say in a call. Returns the id of the outgoing request.
pub(crate) fn ask(scope: &mut AccountScope<'_>, event: Event, call: &str) -> Option<u64> {
    send(scope, event, Purpose::Turn { call: call.to_owned() })
}

/// Delivers a synthetic event; its outcome is sent to the stream.
pub(crate) fn test(scope: &mut AccountScope<'_>, event: Event, stream: u64) {
    send(scope, event, Purpose::Test { stream });
}

/// Logs the delivery of an event and makes the first attempt. Returns the id of the outgoing request.
fn send(scope: &mut AccountScope<'_>, event: Event, purpose: Purpose) -> Option<u64> {
    let agent = event.agent_id.as_deref().filter(|_| !event.project_only);
    let (webhook, own) = route(scope.account, agent)?;
    let skip = event.history.len().saturating_sub(webhook.context_limit);
    let mut body = Map::new();
    body.insert("event".into(), event.name.into());
    body.insert("channel".into(), event.channel.as_str().into());
    body.insert("timestamp".into(), micros(scope.now).into());
    body.insert("agentId".into(), json!(event.agent_id));
    body.insert("data".into(), event.data);
    body.insert("conversationState".into(), event.state);
    body.insert("recentHistory".into(), event.history.into_iter().skip(skip).collect());
    if event.test {
        body.insert("test".into(), true.into());
    }
    let delivery = Delivery {
        id: event.delivery,
        // A delivery to the project's webhook must not move to an agent's webhook that is set later.
        agent_id: event.agent_id.filter(|_| own),
        message_id: event.message_id,
        event: event.name.to_owned(),
        channel: event.channel,
        body: Value::Object(body).to_string(),
        state: State::Pending,
        tries: event.tries,
        attempts: 0,
        http_status: None,
        error: None,
        answer: None,
        tried_at: None,
        decided_at: None,
        retry_at: None,
        created_at: scope.now,
    };
    let id = delivery.id.clone();
    scope.shared.capacity.add(delivery.body.len());
    scope.account.deliveries.insert(delivery);
    // It is a log: the oldest entry is dropped.
    let most = usize::try_from(scope.shared.config.max_objects).unwrap_or(usize::MAX);
    if scope.account.deliveries.len() > most.max(1) {
        let oldest = scope.account.deliveries.oldest().next().map(|oldest| oldest.id.clone());
        oldest.and_then(|oldest| scope.account.deliveries.remove(&oldest));
    }
    begin(scope, &id, purpose)
}

/// Makes the next attempt of a delivery.
pub(super) fn begin(scope: &mut AccountScope<'_>, id: &str, purpose: Purpose) -> Option<u64> {
    let AccountScope { account, account_name, shared, now } = scope;
    let delivery = account.deliveries.get(id)?;
    let own = delivery.agent_id.as_deref();
    let webhook = own.map_or(account.webhook.as_ref(), |agent| account.agent_webhooks.get(agent));
    let Some(webhook) = webhook else {
        account.deliveries.update(id, |d| {
            d.state = State::Failed;
            d.error = Some("The webhook was removed".into());
            d.retry_at = None;
            d.body = String::new();
        });
        return None;
    };
    let headers = headers(webhook, id, &delivery.event, &delivery.body, *now);
    let timeout_ms = webhook.timeout.saturating_mul(1000);
    let body = delivery.body.clone().into_bytes();
    let out = shared.outbox.send(webhook.url.clone(), headers, body, timeout_ms);
    let attempt = Attempt {
        account: (*account_name).to_owned(),
        delivery: id.to_owned(),
        purpose,
        status: None,
        lines: false,
        buffer: Vec::new(),
        answer: Vec::new(),
        timeout: webhook.timeout,
    };
    shared.flights.insert(out, attempt);
    account.deliveries.update(id, |d| {
        d.attempts += 1;
        d.tried_at = Some(*now);
        d.decided_at = None;
        d.retry_at = None;
    });
    Some(out)
}

fn headers(webhook: &Webhook, id: &str, event: &str, body: &str, now: u64) -> Vec<(String, String)> {
    let timestamp = (now / 1000).to_string();
    let signature = signature(&webhook.secret, &timestamp, body.as_bytes());
    [
        ("content-type", "application/json"),
        ("user-agent", "AgentPhone-Webhooks/1.0 (sandbox)"),
        ("x-webhook-signature", &signature),
        ("x-webhook-timestamp", &timestamp),
        ("x-webhook-id", id),
        ("x-webhook-event", event),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// Makes an attempt that is due. One that was resent meanwhile has a later time.
pub(crate) fn retry(scope: &mut AccountScope<'_>, id: &str) {
    let due = |d: &Delivery| d.state == State::Pending && d.retry_at.is_some_and(|at| at <= scope.now);
    if scope.account.deliveries.get(id).is_some_and(due) {
        begin(scope, id, Purpose::Event);
    }
}
