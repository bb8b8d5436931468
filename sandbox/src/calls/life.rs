//! The steps of a call. Each step plans the next; a plan that has been superseded, by a hang-up or a
//! response, is ignored.

use super::script::{Hangup, Outcome};
use super::{Call, Direction, Reason, Role, Script, Status, Turn, voice};
use crate::account_scope::AccountScope;
use crate::agenda::{Agenda, Task};
use crate::json::json;
use crate::records::Contact;
use crate::store::persist;
use crate::webhooks::{self, Event};
use serde_json::Value;

/// How long the token of a web call is valid.
const TOKEN_MS: u64 = 30_000;

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The other side's phone starts ringing.
    Ring,
    /// The other side picks up.
    Connect,
    /// The other side does not pick up.
    GiveUp,
    /// The agent speaks first.
    Greet,
    /// The other side says its next line, or has none left.
    Line,
    /// A hosted agent responds.
    Answer,
    HangUp,
    /// Nobody joined the web call in time.
    Lapse,
}

persist!(names Step {
    Ring = "Ring", Connect = "Connect", GiveUp = "GiveUp", Greet = "Greet", Line = "Line",
    Answer = "Answer", HangUp = "HangUp", Lapse = "Lapse",
});

/// Starts a call. The creator sets its id, status, script and the rest.
pub(crate) fn place(scope: &mut AccountScope<'_>, mut call: Call) {
    let (config, now) = (&scope.shared.config, scope.now);
    let (step, after) = match call.direction {
        Direction::Outbound => (Step::Ring, config.queued_ms),
        Direction::Inbound => (Step::Connect, config.ringing_ms),
        Direction::Web => (Step::Lapse, TOKEN_MS),
    };
    plan(&mut call, scope.account_name, &mut scope.shared.agenda, now.saturating_add(after), step);
    scope.shared.record_owner(&call.id, scope.account_name);
    scope.account.calls.insert(call);
}

/// A browser joins a web call.
pub(crate) fn join(scope: &mut AccountScope<'_>, id: &str) {
    if let Some(plan) = scope.account.calls.update(id, |call| {
        call.token = None;
        call.replan()
    }) {
        step(scope, id, plan, Step::Connect);
    }
}

/// The other side says something that is not in its script.
pub(crate) fn say(scope: &mut AccountScope<'_>, id: &str, text: &str) -> bool {
    let talking = scope.account.calls.get(id).is_some_and(|c| c.status == Status::InProgress);
    if talking {
        speak(scope, id, Role::User, text);
        ask(scope, id);
    }
    talking
}

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
        webhooks::abort(scope, request, "The call ended before the response arrived");
    }
    report(scope, id);
}

/// Ends all calls of an account that is being closed.
pub(crate) fn end_all(scope: &mut AccountScope<'_>) {
    for status in Status::LIVE {
        let calls = scope.account.calls.by_key(Call::BY_STATUS, status.name()).oldest();
        let ids: Vec<String> = calls.map(|call| call.id.clone()).collect();
        for id in ids {
            end(scope, &id, Status::Completed, Reason::AgentHangup);
        }
    }
}

/// Performs a planned step, unless the plan has changed.
pub(crate) fn step(scope: &mut AccountScope<'_>, id: &str, planned: u32, step: Step) {
    let Some(call) = scope.account.calls.get(id).filter(|c| c.plan == planned && !c.is_over()) else {
        return;
    };
    let Some(script) = scope.shared.scripts.get(call.script) else { return };
    let config = &scope.shared.config;
    let pause = script.pause(config.talking_ms);
    let talked = call.talked_ms(scope.now);
    match step {
        Step::Ring => {
            let (next, after) = match script.outcome {
                Outcome::Answered => (Some(Step::Connect), config.ringing_ms),
                Outcome::Busy => (Some(Step::GiveUp), config.ringing_ms),
                Outcome::NoAnswer => (Some(Step::GiveUp), config.no_answer_ms),
                Outcome::Failed => (Some(Step::GiveUp), 0),
                Outcome::RingsOn => (None, 0),
            };
            if script.outcome != Outcome::Failed {
                set(scope, id, |call, _| call.status = Status::Ringing);
            }
            if let Some(next) = next {
                then(scope, id, after, next);
            }
        }
        Step::GiveUp => {
            let (status, reason) = match script.outcome {
                Outcome::Busy => (Status::Busy, Reason::Busy),
                Outcome::NoAnswer => (Status::NoAnswer, Reason::NoAnswer),
                _ => (Status::Failed, Reason::Failed),
            };
            end(scope, id, status, reason);
        }
        Step::Connect => {
            let greets = call.greeting.is_some();
            set(scope, id, |call, now| {
                call.status = Status::InProgress;
                call.answered_at = Some(now);
            });
            then(scope, id, pause, if greets { Step::Greet } else { Step::Line });
        }
        Step::Greet => {
            let greeting = call.greeting.clone().unwrap_or_default();
            set(scope, id, |call, _| call.greeting = None);
            speak(scope, id, Role::Agent, &greeting);
            then(scope, id, pause, Step::Line);
        }
        Step::Line => match script.line(call.line, talked).map(|line| line.caller.clone()) {
            Some(words) => {
                set(scope, id, |call, _| call.line += 1);
                speak(scope, id, Role::User, &words);
                ask(scope, id);
            }
            None if script.hangup == Hangup::Nobody => {}
            None => then(scope, id, pause, Step::HangUp),
        },
        Step::Answer => {
            let words = script.answer(call.line).to_owned();
            speak(scope, id, Role::Agent, &words);
            then(scope, id, pause, Step::Line);
        }
        Step::HangUp => {
            let agent = script.hangup == Hangup::Agent;
            let reason = if agent { Reason::AgentHangup } else { Reason::UserHangup };
            end(scope, id, Status::Completed, reason);
        }
        Step::Lapse => end(scope, id, Status::Failed, Reason::NeverJoined),
    }
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

/// Gets the agent's response to the last turn, from the script or from the user's webhook.
fn ask(scope: &mut AccountScope<'_>, id: &str) {
    let Some(call) = scope.account.calls.get(id).filter(|call| !call.is_over()) else { return };
    if let Some(request) = call.awaiting {
        webhooks::abort(scope, request, "The caller kept talking");
    }
    let Some(call) = scope.account.calls.get(id) else { return };
    if call.hosted || !webhooks::reaches(scope.account, Some(&call.agent_id)) {
        // Without a webhook the script responds, so that the sandbox can be tried before there is a server.
        let script = scope.shared.scripts.get(call.script);
        let pause = script.map_or(0, |s| s.pause(scope.shared.config.talking_ms));
        then(scope, id, pause, Step::Answer);
    } else {
        voice::ask(scope, id);
    }
}

fn set(scope: &mut AccountScope<'_>, id: &str, change: impl FnOnce(&mut Call, u64)) {
    let now = scope.now;
    scope.account.calls.update(id, |call| change(call, now));
}

fn then(scope: &mut AccountScope<'_>, id: &str, after: u64, step: Step) {
    let AccountScope { account, account_name, shared, now } = scope;
    let due = now.saturating_add(after);
    account.calls.update(id, |call| plan(call, account_name, &mut shared.agenda, due, step));
}

fn plan(call: &mut Call, account_name: &str, agenda: &mut Agenda, due: u64, step: Step) {
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
        tries: webhooks::ONCE,
    };
    scope.shared.capacity.add(assessment.summary.len() + assessment.sentiment.len());
    scope.account.calls.update(id, |call| call.assessment = Some(assessment));
    webhooks::emit(scope, event);
}

/// The contact with this phone number, as events show it.
pub(super) fn contact(scope: &AccountScope<'_>, phone: &str) -> Value {
    let known = scope.account.contacts.by_key(Contact::BY_PHONE, phone).newest(0).next();
    known.map_or(
        Value::Null,
        |c| json!({ "id": c.id, "name": c.name, "email": c.email, "phoneNumber": c.phone }),
    )
}
