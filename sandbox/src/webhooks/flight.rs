//! One attempt of a delivery, from the outgoing request to its outcome.

use super::delivery::State;
use super::event::{Event, send};
use super::sign::signature;
use super::{TRIES_AT, Webhook};
use crate::agenda::Task;
use crate::calls::{self, Heard};
use crate::host::SendResult;
use crate::json::json;
use crate::stage::Stage;
use crate::store::kept;
use serde_json::Value;

/// The longest response that is read.
const LONGEST: usize = 256 * 1024;
/// How much of a response the log keeps, in characters.
const LOGGED: usize = 2000;

/// What a try is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    Event,
    /// The user requested it, and waits for its outcome on a stream.
    Test {
        stream: u64,
    },
    /// The next words of an agent.
    Turn {
        call: String,
    },
}

kept!(kinds Purpose { Event {}, Test { stream }, Turn { call } });

/// A request that is out.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    pub(crate) account: String,
    delivery: String,
    purpose: Purpose,
    status: Option<u16>,
    /// The response consists of lines that are obeyed one by one.
    lines: bool,
    /// What was received and is not yet obeyed.
    buffer: Vec<u8>,
    /// The beginning of the response, for the log.
    answer: Vec<u8>,
    timeout: u64,
}

kept!(Flight { account, delivery, purpose, status, lines, buffer, answer, timeout });

/// Asks the agent's webhook what it says in a call. Gives the id of the outgoing request.
pub(crate) fn ask(stage: &mut Stage<'_>, event: Event, call: &str) -> Option<u64> {
    send(stage, event, Purpose::Turn { call: call.to_owned() })
}

/// Delivers a synthetic event; its outcome is sent to the stream.
pub(crate) fn test(stage: &mut Stage<'_>, event: Event, stream: u64) {
    send(stage, event, Purpose::Test { stream });
}

/// Makes the next try of a delivery.
pub(super) fn attempt(stage: &mut Stage<'_>, id: &str, purpose: Purpose) -> Option<u64> {
    let Stage { account, scope, shared, now } = stage;
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
    let flight = Flight {
        account: (*scope).to_owned(),
        delivery: id.to_owned(),
        purpose,
        status: None,
        lines: false,
        buffer: Vec::new(),
        answer: Vec::new(),
        timeout: webhook.timeout,
    };
    shared.flights.insert(out, flight);
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

/// An attempt that is due again.
pub(crate) fn retry(stage: &mut Stage<'_>, id: &str) {
    if stage.account.deliveries.get(id).is_some_and(|d| d.state == State::Pending && d.retry_at.is_some()) {
        attempt(stage, id, Purpose::Event);
    }
}

/// What the host reports of an outgoing request.
pub(crate) fn news(stage: &mut Stage<'_>, id: u64, result: SendResult) {
    let Some(flight) = stage.shared.flights.get_mut(&id) else { return };
    match result {
        SendResult::Head { status, headers } => {
            flight.status = Some(status);
            let is_lines = |(name, value): &(String, String)| {
                let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                name.eq_ignore_ascii_case("content-type")
                    && ["application/x-ndjson", "application/ndjson"].contains(&essence.as_str())
            };
            flight.lines = (200..300).contains(&status)
                && matches!(flight.purpose, Purpose::Turn { .. })
                && headers.iter().any(is_lines);
        }
        SendResult::Body(bytes) => {
            let room = LOGGED.saturating_sub(flight.answer.len());
            flight.answer.extend(bytes.iter().take(room));
            if flight.buffer.len().saturating_add(bytes.len()) > LONGEST {
                return conclude(stage, id, Some("The response is too long".into()));
            }
            flight.buffer.extend(bytes);
            if flight.lines {
                obey_lines(stage, id);
            }
        }
        SendResult::End => conclude(stage, id, None),
        SendResult::Failed(reason) => conclude(stage, id, Some(reason)),
    }
}

/// The time of a try is over.
pub(crate) fn expire(stage: &mut Stage<'_>, id: u64) {
    if let Some(flight) = stage.shared.flights.get(&id) {
        let words = format!("No complete response within {} s", flight.timeout);
        conclude(stage, id, Some(words));
    }
}

/// An attempt is no longer waited for.
pub(crate) fn abandon(stage: &mut Stage<'_>, id: u64, why: &str) {
    let Some(flight) = stage.shared.flights.remove(&id) else { return };
    stage.shared.outbox.abort(id);
    log(stage, &flight, Some(why.to_owned()));
}

/// Obeys the complete lines so far.
fn obey_lines(stage: &mut Stage<'_>, id: u64) {
    loop {
        let Some(flight) = stage.shared.flights.get_mut(&id) else { return };
        let Some(end) = flight.buffer.iter().position(|b| *b == b'\n') else { return };
        let rest = flight.buffer.split_off(end + 1);
        let line = std::mem::replace(&mut flight.buffer, rest);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Purpose::Turn { call } = flight.purpose.clone() else { return };
        // What an answer does to a call must find no request of that call out: it may end it.
        let flight = stage.shared.flights.remove(&id);
        let heard = obey(stage, &call, &line);
        match (heard, flight) {
            (Heard::More, Some(flight)) => {
                stage.shared.flights.insert(id, flight);
            }
            (Heard::Enough, Some(flight)) => {
                stage.shared.outbox.abort(id);
                log(stage, &flight, None);
            }
            (_, None) => {}
        }
    }
}

fn obey(stage: &mut Stage<'_>, call: &str, json: &[u8]) -> Heard {
    let parsed: Result<Value, _> = serde_json::from_slice(json);
    calls::hear(stage, call, parsed.as_ref().map_err(|_| "The response is not JSON"))
}

/// Closes a try: logs it, and does what follows from it.
fn conclude(stage: &mut Stage<'_>, id: u64, error: Option<String>) {
    let Some(flight) = stage.shared.flights.remove(&id) else { return };
    stage.shared.outbox.abort(id);
    let refused = flight.status.filter(|s| !(200..300).contains(s)).map(|s| format!("HTTP {s}"));
    let error = error.or(refused);
    log(stage, &flight, error.clone());
    match &flight.purpose {
        Purpose::Event => {}
        Purpose::Test { stream } => {
            let tried = stage.account.deliveries.get(&flight.delivery).and_then(|d| d.tried_at);
            let answer = json!({
                "success": error.is_none(),
                "httpStatus": flight.status,
                "errorMessage": error,
                // The same in the spelling of other sources.
                "statusCode": flight.status,
                "error": error,
                "responseMs": tried.map(|tried| stage.now.saturating_sub(tried)),
            });
            stage.shared.outbox.finish(*stream, answer.to_string());
        }
        Purpose::Turn { call } => match &error {
            Some(why) => {
                calls::hear(stage, call, Err(why));
            }
            // A last line may lack its line feed. Lines of which none was the last leave the agent
            // with what it has said.
            None if flight.lines && flight.buffer.trim_ascii().is_empty() => {
                calls::hear(stage, call, Ok(&json!({})));
            }
            None => {
                if obey(stage, call, &flight.buffer) == Heard::More {
                    calls::hear(stage, call, Ok(&json!({})));
                }
            }
        },
    }
}

/// Logs the outcome of an attempt, and plans the next one.
fn log(stage: &mut Stage<'_>, flight: &Flight, error: Option<String>) {
    let Stage { account, scope, shared, now } = stage;
    account.deliveries.update(&flight.delivery, |delivery| {
        delivery.http_status = flight.status;
        delivery.decided_at = Some(*now);
        delivery.answer = flight.status.map(|_| String::from_utf8_lossy(&flight.answer).into_owned());
        delivery.state = if error.is_none() { State::Success } else { State::Failed };
        delivery.error = error;
        let next = TRIES_AT.get(delivery.attempts).filter(|_| delivery.attempts < delivery.tries);
        if let (State::Failed, Some(after)) = (delivery.state, next) {
            let at = delivery.created_at.saturating_add(*after).max(*now);
            delivery.state = State::Pending;
            delivery.retry_at = Some(at);
            let task = Task::Retry { account: (*scope).to_owned(), delivery: delivery.id.clone() };
            shared.agenda.at(at, task);
        } else {
            delivery.body = String::new();
        }
    });
}
