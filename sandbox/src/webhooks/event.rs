//! Events: their content, and their way to a delivery.

use super::delivery::{Delivery, State};
use super::flight::{self, Purpose};
use super::{RETRIED, route};
use crate::json::json;
use crate::stage::Stage;
use crate::time::micros;
use serde_json::{Map, Value};

/// For events that are delivered once and never again.
pub(crate) const ONCE: usize = 1;

/// An event for the user's server.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) channel: String,
    pub(crate) agent_id: Option<String>,
    /// The id of the delivery, the same on every try.
    pub(crate) delivery: String,
    pub(crate) message_id: Option<String>,
    pub(crate) data: Value,
    /// The metadata of the conversation.
    pub(crate) state: Value,
    /// All of it, the oldest first; the webhook says how much of it is sent.
    pub(crate) history: Vec<Value>,
    pub(crate) test: bool,
    /// Goes to the project's webhook even if the agent has one.
    pub(crate) project_only: bool,
    /// How often it is tried at most.
    pub(crate) tries: usize,
}

/// The event of a text that was received. `message` is the id of the text, `number` that of its line.
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

/// Starts the delivery of an event, if a webhook is set for it.
pub(crate) fn emit(stage: &mut Stage<'_>, event: Event) {
    send(stage, event, Purpose::Event);
}

/// Logs the delivery of an event and makes its first try. Gives the id of the outgoing request.
pub(super) fn send(stage: &mut Stage<'_>, event: Event, purpose: Purpose) -> Option<u64> {
    let agent = event.agent_id.as_deref().filter(|_| !event.project_only);
    let (webhook, own) = route(stage.account, agent)?;
    let skip = event.history.len().saturating_sub(webhook.context_limit);
    let mut body = Map::new();
    body.insert("event".into(), event.name.into());
    body.insert("channel".into(), event.channel.as_str().into());
    body.insert("timestamp".into(), micros(stage.now).into());
    body.insert("agentId".into(), json!(event.agent_id));
    body.insert("data".into(), event.data);
    body.insert("conversationState".into(), event.state);
    body.insert("recentHistory".into(), event.history.into_iter().skip(skip).collect());
    if event.test {
        body.insert("test".into(), true.into());
    }
    let delivery = Delivery {
        id: event.delivery,
        // An event that the project's webhook gets must not turn to an agent's that is set later.
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
        created_at: stage.now,
    };
    let id = delivery.id.clone();
    stage.shared.room.add(delivery.body.len());
    stage.account.deliveries.insert(delivery);
    // It is a log: what is oldest makes room.
    let most = usize::try_from(stage.shared.config.max_objects).unwrap_or(usize::MAX);
    if stage.account.deliveries.len() > most.max(1) {
        let oldest = stage.account.deliveries.oldest().next().map(|oldest| oldest.id.clone());
        oldest.and_then(|oldest| stage.account.deliveries.remove(&oldest));
    }
    flight::attempt(stage, &id, purpose)
}
