//! What both sides of a call can do: speak, let the other side speak, end it. The steps and the user's webhook use the same.

use crate::account_scope::AccountScope;
use crate::agenda::{Agenda, Task};
use crate::calls::{Call, Reason, Role, Script, Status, Step, Turn};
use crate::delivering;
use crate::json::json;
use crate::records::Contact;
use crate::webhooks::{Event, ONCE};
use serde_json::Value;

/// Ends a call. Does nothing if it has already ended.
pub(crate) fn end(scope: &mut AccountScope<'_>, id: &str, status: Status, reason: Reason) {
    let AccountScope { account, shared, now, .. } = scope;
    let ended = account.calls.update(id, |call| {
        if call.is_over() {
            return None;
        }
        call.replan();
        call.token = None;
        call.ended_at = Some(*now);
        call.status = status;
        call.reason = Some(reason);
        shared.charge(call.cents(*now));
        call.close_streams(&mut shared.outbox, *now);
        call.answer_waiters(&mut shared.outbox, *now);
        Some(call.awaiting.take())
    });
    let Some(Some(awaiting)) = ended else { return };
    if let Some(request) = awaiting {
        delivering::abort(scope, request, "The call ended before the response arrived");
    }
    report(scope, id);
}

/// Continues with the other side once the agent has responded or stayed silent.
pub(super) fn go_on(scope: &mut AccountScope<'_>, id: &str) {
    let Some(call) = scope.account.calls.get(id) else { return };
    let script = scope.shared.scripts.get(call.script);
    let pause = script.map_or(0, |s| s.pause(scope.shared.config.talking_ms));
    then(scope, id, pause, Step::Line);
}

/// Adds a turn to the transcript and sends it to the call's streams.
pub(super) fn speak(scope: &mut AccountScope<'_>, id: &str, role: Role, words: &str) {
    let AccountScope { account, shared, now, .. } = scope;
    shared.capacity.add(words.len());
    let added = account.calls.update(id, |call| {
        let added = call.add_turn(Turn { role, content: words.to_owned(), at: *now });
        if added {
            call.send_turn(&mut shared.outbox);
        } else {
            call.note(*now, "ended: its transcript has reached the limit of 4 MiB");
        }
        added
    });
    if added == Some(false) {
        end(scope, id, Status::Completed, Reason::AgentHangup);
    }
}

pub(super) fn set(scope: &mut AccountScope<'_>, id: &str, change: impl FnOnce(&mut Call, u64)) {
    let now = scope.now;
    scope.account.calls.update(id, |call| change(call, now));
}

pub(super) fn then(scope: &mut AccountScope<'_>, id: &str, after: u64, step: Step) {
    let AccountScope { account, account_name, shared, now } = scope;
    let due = now.saturating_add(after);
    account.calls.update(id, |call| plan(call, account_name, &mut shared.agenda, due, step));
}

pub(super) fn plan(call: &mut Call, account_name: &str, agenda: &mut Agenda, due: u64, step: Step) {
    let (account, id, plan) = (account_name.to_owned(), call.id.clone(), call.replan());
    agenda.at(due, Task::Call { account, call: id, plan, step });
}

/// Sends `agent.call_ended`, once.
fn report(scope: &mut AccountScope<'_>, id: &str) {
    let Some(call) = scope.account.calls.get(id) else { return };
    let contact = contact(scope, call.other_side());
    let usual = Script::default();
    let script = scope.shared.scripts.get(call.script).unwrap_or(&usual);
    // Stored with the call, because its script may be replaced once nothing follows it.
    let assessment = call.assess(script, scope.now);
    let event = Event {
        name: "agent.call_ended",
        channel: "voice".into(),
        agent_id: Some(call.agent_id.clone()),
        delivery: format!("del_{id}_ended"),
        message_id: None,
        data: call.report(&assessment, contact, scope.now),
        state: Value::Null,
        history: Vec::new(),
        test: false,
        project_only: false,
        tries: ONCE,
    };
    scope.shared.capacity.add(assessment.summary.len() + assessment.sentiment.len());
    scope.account.calls.update(id, |call| call.assessment = Some(assessment));
    delivering::emit(scope, event);
}

/// The contact with this phone number, as events show it.
pub(super) fn contact(scope: &AccountScope<'_>, phone: &str) -> Value {
    let known = scope.account.contacts.by_key(Contact::BY_PHONE, phone).newest(0).next();
    known.map_or(
        Value::Null,
        |c| json!({ "id": c.id, "name": c.name, "email": c.email, "phoneNumber": c.phone }),
    )
}
