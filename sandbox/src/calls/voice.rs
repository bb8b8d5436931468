//! What a webhook agent says. Each turn of the other side is posted to the user's server, and what
//! it answers is obeyed: a JSON object, or lines of them of which all but the last say
//! `interim: true` and are spoken as they come. A late or wrong answer is silence.

use super::life::{contact, end, go_on, speak};
use super::{Reason, Role, Status, Turn};
use crate::json::json;
use crate::stage::Stage;
use crate::webhooks::{self, Event};
use serde_json::Value;

/// How sure the recognition of speech is, in the transcript of a call. It never errs here.
pub(super) const CONFIDENCE: f64 = 0.97;

/// Posts what was said last.
pub(super) fn ask(stage: &mut Stage<'_>, id: &str) {
    let Some(call) = stage.account.calls.get(id) else { return };
    let contact = contact(stage, call.other_side());
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
        // All of it, the greeting first and the turn itself last.
        history: call.turns.iter().map(Turn::spoken).collect(),
        test: false,
        project_only: false,
        tries: webhooks::ONCE,
    };
    let flight = webhooks::ask(stage, event, id);
    stage.account.calls.update(id, |call| {
        // Nothing else is planned while the agent is asked.
        call.replan();
        call.awaiting = flight;
    });
}

/// Whether more of an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    More,
    Enough,
}

/// Obeys one object of a response, or none if it was late, broken or not an object.
pub(crate) fn hear(stage: &mut Stage<'_>, id: &str, answer: Result<&Value, &str>) -> Heard {
    let now = stage.now;
    let answer = match answer {
        Ok(Value::Object(answer)) => answer,
        other => {
            let why = other.err().unwrap_or("The response is not a JSON object");
            stage.account.calls.update(id, |call| {
                call.note(now, format!("silence: {why}"));
                call.awaiting = None;
            });
            go_on(stage, id);
            return Heard::Enough;
        }
    };
    let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
    let flag = |name: &str| answer.get(name).and_then(Value::as_bool) == Some(true);
    if let Some(words) = text("text") {
        speak(stage, id, Role::Agent, words);
    }
    if let Some(keys) = text("digits").or_else(|| text("press_digit")).or_else(|| text("dtmf")) {
        let note = match keys.chars().all(|c| c.is_ascii_digit() || "*#wW".contains(c)) {
            true => format!("pressed {keys}"),
            false => "not pressed: digits may hold 0 to 9, *, # and w".to_owned(),
        };
        stage.account.calls.update(id, |call| call.note(now, note));
    }
    if flag("interim") {
        return Heard::More;
    }
    stage.account.calls.update(id, |call| call.awaiting = None);
    let action = text("action");
    if flag("hangup") || action == Some("hangup") {
        end(stage, id, Status::Completed, Reason::AgentHangup);
    } else if action == Some("transfer") {
        transfer(stage, id);
    } else {
        go_on(stage, id);
    }
    Heard::Enough
}

/// The call leaves the agent for its transfer number, where the sandbox does not follow it.
fn transfer(stage: &mut Stage<'_>, id: &str) {
    let Stage { account, now, .. } = stage;
    let agent = account.calls.get(id).and_then(|call| account.agents.get(&call.agent_id));
    let set = agent.is_some_and(|agent| agent.text("transferNumber").is_some());
    let note = if set { "transferred" } else { "not transferred: the agent has no transferNumber" };
    account.calls.update(id, |call| call.note(*now, note));
    if set {
        end(stage, id, Status::Completed, Reason::Transfer);
    } else {
        go_on(stage, id);
    }
}
