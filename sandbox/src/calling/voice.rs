//! What a webhook agent says. Each turn of the other side is posted to the user's server, and its
//! response is carried out: a JSON object, or JSON lines of which all but the last have `interim: true`
//! and are spoken as they arrive. A late or invalid response means silence.

use super::moves::{contact, end, go_on, speak};
use crate::account_scope::AccountScope;
use crate::calls::{Call, Reason, Role, Status, Turn};
use crate::delivering::{self, Progress};
use crate::json::json;
use crate::webhooks::{Event, ONCE};
use serde_json::Value;

/// Posts the latest turn.
pub(super) fn ask(scope: &mut AccountScope<'_>, id: &str) {
    let Some(call) = scope.account.calls.get(id) else { return };
    let contact = contact(scope, call.other_side());
    let event = Event {
        name: "agent.message",
        channel: "voice".into(),
        agent_id: Some(call.agent_id.clone()),
        delivery: format!("del_{id}_t{}", call.turns.len()),
        message_id: None,
        data: json!({
            "callId": call.id,
            "numberId": call.own_number(),
            "from": call.from,
            "to": call.to,
            "contact": contact,
            "status": call.status.name(),
            "transcript": call.turns.last().map_or("", |turn| &turn.content),
            "direction": call.direction.name(),
        }),
        state: Value::Null,
        // The whole history: the greeting first, this turn last.
        history: call.turns.iter().map(Turn::spoken).collect(),
        test: false,
        project_only: false,
        tries: ONCE,
    };
    let request = delivering::ask(scope, event, id);
    scope.account.calls.update(id, |call| {
        // Nothing else may happen until the agent has responded.
        call.replan();
        call.awaiting = request;
    });
}

/// Carries out one object of a response; an error means a late or invalid one.
pub(crate) fn respond(scope: &mut AccountScope<'_>, id: &str, answer: Result<&Value, &str>) -> Progress {
    let now = scope.now;
    // An earlier line of the same response may have filled the transcript, which ends the call.
    if scope.account.calls.get(id).is_none_or(Call::is_over) {
        return Progress::Done;
    }
    let answer = match answer {
        Ok(Value::Object(answer)) => answer,
        other => {
            let why = other.err().unwrap_or("The response is not a JSON object");
            scope.account.calls.update(id, |call| {
                call.note(now, format!("silence: {why}"));
                call.awaiting = None;
            });
            go_on(scope, id);
            return Progress::Done;
        }
    };
    let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
    let flag = |name: &str| answer.get(name).and_then(Value::as_bool) == Some(true);
    if let Some(words) = text("text") {
        speak(scope, id, Role::Agent, words);
    }
    if let Some(keys) = text("digits").or_else(|| text("press_digit")).or_else(|| text("dtmf")) {
        let note = match keys.chars().all(|c| c.is_ascii_digit() || "*#wW".contains(c)) {
            true => format!("pressed {keys}"),
            false => "not pressed: digits may hold 0 to 9, *, # and w".to_owned(),
        };
        scope.account.calls.update(id, |call| call.note(now, note));
    }
    if flag("interim") {
        return Progress::More;
    }
    scope.account.calls.update(id, |call| call.awaiting = None);
    let action = text("action");
    if flag("hangup") || action == Some("hangup") {
        end(scope, id, Status::Completed, Reason::AgentHangup);
    } else if action == Some("transfer") {
        transfer(scope, id);
    } else {
        go_on(scope, id);
    }
    Progress::Done
}

/// Transfers the call to the agent's transfer number. The sandbox does not follow it there.
fn transfer(scope: &mut AccountScope<'_>, id: &str) {
    let AccountScope { account, now, .. } = scope;
    let agent = account.calls.get(id).and_then(|call| account.agents.get(&call.agent_id));
    let set = agent.is_some_and(|agent| agent.text("transferNumber").is_some());
    let note = if set { "transferred" } else { "not transferred: the agent has no transferNumber" };
    account.calls.update(id, |call| call.note(*now, note));
    if set {
        end(scope, id, Status::Completed, Reason::Transfer);
    } else {
        go_on(scope, id);
    }
}
