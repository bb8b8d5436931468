//! One attempt of a delivery, from the outgoing request to its outcome.

use super::delivery::{Delivery, State};
use super::event::{Event, send};
use super::sign::signature;
use super::{TRIES_AT, Webhook};
use crate::account_scope::AccountScope;
use crate::agenda::Task;
use crate::calls::{self, Progress};
use crate::host::SendResult;
use crate::json::json;
use crate::store::persist;
use serde_json::Value;

/// Maximum size of a response.
const LONGEST: usize = 256 * 1024;
/// How much of a response the log keeps, in characters.
const LOGGED: usize = 2000;

/// The purpose of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    Event,
    /// The user requested a test and waits for its outcome on a stream.
    Test {
        stream: u64,
    },
    /// A voice turn: the response is what the agent says next.
    Turn {
        call: String,
    },
}

persist!(kinds Purpose { Event {}, Test { stream }, Turn { call } });

/// A request in flight.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) account: String,
    pub(super) delivery: String,
    purpose: Purpose,
    status: Option<u16>,
    /// The response consists of lines that are carried out one by one.
    lines: bool,
    /// Received data that has not been carried out yet.
    buffer: Vec<u8>,
    /// The beginning of the response, for the log.
    answer: Vec<u8>,
    timeout: u64,
}

persist!(Attempt { account, delivery, purpose, status, lines, buffer, answer, timeout });

/// Asks the agent's webhook what to say in a call. Returns the id of the outgoing request.
pub(crate) fn ask(scope: &mut AccountScope<'_>, event: Event, call: &str) -> Option<u64> {
    send(scope, event, Purpose::Turn { call: call.to_owned() })
}

/// Delivers a synthetic event; its outcome is sent to the stream.
pub(crate) fn test(scope: &mut AccountScope<'_>, event: Event, stream: u64) {
    send(scope, event, Purpose::Test { stream });
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

/// Handles a report from the host about an outgoing request.
pub(crate) fn report(scope: &mut AccountScope<'_>, id: u64, result: SendResult) {
    let Some(attempt) = scope.shared.flights.get_mut(&id) else { return };
    match result {
        SendResult::Head { status, headers } => {
            attempt.status = Some(status);
            let is_lines = |(name, value): &(String, String)| {
                let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                name.eq_ignore_ascii_case("content-type")
                    && ["application/x-ndjson", "application/ndjson"].contains(&essence.as_str())
            };
            attempt.lines = (200..300).contains(&status)
                && matches!(attempt.purpose, Purpose::Turn { .. })
                && headers.iter().any(is_lines);
        }
        SendResult::Body(bytes) => {
            let room = LOGGED.saturating_sub(attempt.answer.len());
            attempt.answer.extend(bytes.iter().take(room));
            if attempt.buffer.len().saturating_add(bytes.len()) > LONGEST {
                return conclude(scope, id, Some("The response is too long".into()));
            }
            attempt.buffer.extend(bytes);
            if attempt.lines {
                carry_out_lines(scope, id);
            }
        }
        SendResult::End => conclude(scope, id, None),
        SendResult::Failed(reason) => conclude(scope, id, Some(reason)),
    }
}

/// Handles the timeout of an attempt.
pub(crate) fn expire(scope: &mut AccountScope<'_>, id: u64) {
    if let Some(attempt) = scope.shared.flights.get(&id) {
        let words = format!("No complete response within {} s", attempt.timeout);
        conclude(scope, id, Some(words));
    }
}

/// Aborts an attempt.
pub(crate) fn abort(scope: &mut AccountScope<'_>, id: u64, why: &str) {
    let Some(attempt) = scope.shared.flights.remove(&id) else { return };
    scope.shared.outbox.abort(id);
    log(scope, &attempt, Some(why.to_owned()));
}

/// Carries out the complete lines received so far.
fn carry_out_lines(scope: &mut AccountScope<'_>, id: u64) {
    loop {
        let Some(attempt) = scope.shared.flights.get_mut(&id) else { return };
        let Some(end) = attempt.buffer.iter().position(|b| *b == b'\n') else { return };
        let rest = attempt.buffer.split_off(end + 1);
        let line = std::mem::replace(&mut attempt.buffer, rest);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Purpose::Turn { call } = attempt.purpose.clone() else { return };
        // Removed meanwhile, because a line may end the call, which aborts the call's request.
        let attempt = scope.shared.flights.remove(&id);
        let progress = carry_out(scope, &call, &line);
        match (progress, attempt) {
            (Progress::More, Some(attempt)) => {
                scope.shared.flights.insert(id, attempt);
            }
            (Progress::Done, Some(attempt)) => {
                scope.shared.outbox.abort(id);
                log(scope, &attempt, None);
            }
            (_, None) => {}
        }
    }
}

fn carry_out(scope: &mut AccountScope<'_>, call: &str, json: &[u8]) -> Progress {
    let parsed: Result<Value, _> = serde_json::from_slice(json);
    calls::respond(scope, call, parsed.as_ref().map_err(|_| "The response is not JSON"))
}

/// Ends an attempt: logs it and carries out its consequences.
fn conclude(scope: &mut AccountScope<'_>, id: u64, error: Option<String>) {
    let Some(attempt) = scope.shared.flights.remove(&id) else { return };
    scope.shared.outbox.abort(id);
    let refused = attempt.status.filter(|s| !(200..300).contains(s)).map(|s| format!("HTTP {s}"));
    let error = error.or(refused);
    log(scope, &attempt, error.clone());
    match &attempt.purpose {
        Purpose::Event => {}
        Purpose::Test { stream } => {
            let tried = scope.account.deliveries.get(&attempt.delivery).and_then(|d| d.tried_at);
            let answer = json!({
                "success": error.is_none(),
                "httpStatus": attempt.status,
                "errorMessage": error,
                // The same under the names that other documented examples use.
                "statusCode": attempt.status,
                "error": error,
                "responseMs": tried.map(|tried| scope.now.saturating_sub(tried)),
            });
            scope.shared.outbox.finish(*stream, answer.to_string());
        }
        Purpose::Turn { call } => match &error {
            Some(why) => {
                calls::respond(scope, call, Err(why));
            }
            // The last line may lack its line feed. If no line was marked as the last, the agent has said
            // everything.
            None if attempt.lines && attempt.buffer.trim_ascii().is_empty() => {
                calls::respond(scope, call, Ok(&json!({})));
            }
            None => {
                if carry_out(scope, call, &attempt.buffer) == Progress::More {
                    calls::respond(scope, call, Ok(&json!({})));
                }
            }
        },
    }
}

/// Logs the outcome of an attempt and schedules the next one.
fn log(scope: &mut AccountScope<'_>, attempt: &Attempt, error: Option<String>) {
    let AccountScope { account, account_name, shared, now } = scope;
    account.deliveries.update(&attempt.delivery, |delivery| {
        delivery.http_status = attempt.status;
        delivery.decided_at = Some(*now);
        delivery.answer = attempt.status.map(|_| String::from_utf8_lossy(&attempt.answer).into_owned());
        delivery.state = if error.is_none() { State::Success } else { State::Failed };
        delivery.error = error;
        let next = TRIES_AT.get(delivery.attempts).filter(|_| delivery.attempts < delivery.tries);
        if let (State::Failed, Some(after)) = (delivery.state, next) {
            let at = delivery.created_at.saturating_add(*after).max(*now);
            delivery.state = State::Pending;
            delivery.retry_at = Some(at);
            let task = Task::Retry { account: (*account_name).to_owned(), delivery: delivery.id.clone() };
            shared.agenda.at(at, task);
        } else {
            delivery.body = String::new();
        }
    });
}
