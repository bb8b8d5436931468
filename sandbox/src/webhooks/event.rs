//! Events for the user's server.

use super::delivery::RETRIED;
use serde_json::Value;

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
