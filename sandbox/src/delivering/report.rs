//! What becomes of an outgoing request: its response is carried out and logged, and a failure leads to the next attempt.

use crate::account_scope::AccountScope;
use crate::agenda::Task;
use crate::host::SendResult;
use crate::json::json;
use crate::webhooks::{Attempt, Purpose, State, TRIES_AT};
use serde_json::Value;

/// Maximum size of a response.
const LONGEST: usize = 256 * 1024;
/// How much of a response the log keeps, in characters.
const LOGGED: usize = 2000;

/// Whether more of the response is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    More,
    Done,
}

/// Carries out one object of a response to a turn of a call; an error means a late or invalid one.
pub(crate) type Respond = fn(&mut AccountScope<'_>, call: &str, Result<&Value, &str>) -> Progress;

/// Handles a report from the host about an outgoing request.
pub(crate) fn report(scope: &mut AccountScope<'_>, id: u64, result: SendResult, respond: Respond) {
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
                return conclude(scope, id, Some("The response is too long".into()), respond);
            }
            attempt.buffer.extend(bytes);
            if attempt.lines {
                carry_out_lines(scope, id, respond);
            }
        }
        SendResult::End => conclude(scope, id, None, respond),
        SendResult::Failed(reason) => conclude(scope, id, Some(reason), respond),
    }
}

/// Handles the timeout of an attempt.
pub(crate) fn expire(scope: &mut AccountScope<'_>, id: u64, respond: Respond) {
    if let Some(attempt) = scope.shared.flights.get(&id) {
        let words = format!("No complete response within {} s", attempt.timeout);
        conclude(scope, id, Some(words), respond);
    }
}

/// Aborts an attempt.
pub(crate) fn abort(scope: &mut AccountScope<'_>, id: u64, why: &str) {
    let Some(attempt) = scope.shared.flights.remove(&id) else { return };
    scope.shared.outbox.abort(id);
    log(scope, &attempt, Some(why.to_owned()));
}

/// Carries out the complete lines received so far.
fn carry_out_lines(scope: &mut AccountScope<'_>, id: u64, respond: Respond) {
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
        let progress = carry_out(scope, &call, &line, respond);
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

fn carry_out(scope: &mut AccountScope<'_>, call: &str, json: &[u8], respond: Respond) -> Progress {
    let parsed: Result<Value, _> = serde_json::from_slice(json);
    respond(scope, call, parsed.as_ref().map_err(|_| "The response is not JSON"))
}

/// Ends an attempt: logs it and carries out its consequences.
fn conclude(scope: &mut AccountScope<'_>, id: u64, error: Option<String>, respond: Respond) {
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
                respond(scope, call, Err(why));
            }
            // The last line may lack its line feed. If no line was marked as the last, the agent has said
            // everything.
            None if attempt.lines && attempt.buffer.trim_ascii().is_empty() => {
                respond(scope, call, Ok(&json!({})));
            }
            None => {
                if carry_out(scope, call, &attempt.buffer, respond) == Progress::More {
                    respond(scope, call, Ok(&json!({})));
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
