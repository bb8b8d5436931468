//! Events, and how they become deliveries.

use super::attempt::{self, Purpose};
use super::delivery::{Delivery, State};
use super::{RETRIED, route};
use crate::account_scope::AccountScope;
use crate::json::json;
use crate::time::micros;
use serde_json::{Map, Value};

/// For events that are delivered once and not retried.
pub(crate) const ONCE: usize = 1;

/// An event for the user's server.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) channel: String,
    pub(crate) agent_id: Option<String>,
    /// The id of the delivery, the same for every attempt.
    pub(crate) delivery: String,
    pub(crate) message_id: Option<String>,
    pub(crate) data: Value,
    /// The conversation's metadata.
    pub(crate) state: Value,
    /// The whole history, oldest first; the webhook's setting says how much of it is sent.
    pub(crate) history: Vec<Value>,
    pub(crate) test: bool,
    /// Goes to the project's webhook even if the agent has its own.
    pub(crate) project_only: bool,
    /// Maximum number of attempts.
    pub(crate) tries: usize,
}

/// The event for a received text. `message` is the id of the text, `number` that of its line.
pub(crate) fn text_event(
    channel: &str,
    agent_id: Option<String>,
    message: &str,
    number: &str,
    data: Value,
) -> Event {
    Event {
        name: "agent.message",
        channel: channel.to_owned(),
        agent_id,
        delivery: format!("del_{message}_{number}"),
        message_id: Some(message.to_owned()),
        data,
        state: Value::Null,
        history: Vec::new(),
        test: false,
        project_only: false,
        tries: RETRIED,
    }
}

/// Starts the delivery of an event, if there is a webhook for it.
pub(crate) fn emit(scope: &mut AccountScope<'_>, event: Event) {
    send(scope, event, Purpose::Event);
}

/// Logs the delivery of an event and makes the first attempt. Returns the id of the outgoing request.
pub(super) fn send(scope: &mut AccountScope<'_>, event: Event, purpose: Purpose) -> Option<u64> {
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
    attempt::begin(scope, &id, purpose)
}
