//! The steps of a call. Each plans the next one; a plan that was overtaken (a hang-up, a
//! response) finds that it is void.

use super::script::{Hangup, Outcome};
use super::{Call, Direction, Reason, Role, Script, Status, Turn, voice};
use crate::agenda::{Agenda, Task};
use crate::json::json;
use crate::records::Contact;
use crate::stage::Stage;
use crate::store::kept;
use crate::webhooks::{self, Event};
use serde_json::Value;

/// How long the token of a web call is good for.
const TOKEN_MS: u64 = 30_000;

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The phone of the other side begins to ring.
    Ring,
    /// It is picked up.
    Connect,
    /// It is not.
    GiveUp,
    /// The agent speaks before anybody else.
    Greet,
    /// The other side says its next line, or has none left.
    Line,
    /// A hosted agent answers.
    Answer,
    HangUp,
    /// Nobody joined a web call.
    Lapse,
}

kept!(names Step {
    Ring = "Ring", Connect = "Connect", GiveUp = "GiveUp", Greet = "Greet", Line = "Line",
    Answer = "Answer", HangUp = "HangUp", Lapse = "Lapse",
});

/// Begins a call. Its creator sets its id, status, script and the rest.
pub(crate) fn place(stage: &mut Stage<'_>, mut call: Call) {
    let (config, now) = (&stage.shared.config, stage.now);
    let (step, after) = match call.direction {
        Direction::Outbound => (Step::Ring, config.queued_ms),
        Direction::Inbound => (Step::Connect, config.ringing_ms),
        Direction::Web => (Step::Lapse, TOKEN_MS),
    };
    plan(&mut call, stage.scope, &mut stage.shared.agenda, now.saturating_add(after), step);
    stage.shared.house(&call.id, stage.scope);
    stage.account.calls.insert(call);
}

/// A browser joins a web call.
pub(crate) fn join(stage: &mut Stage<'_>, id: &str) {
    if let Some(plan) = stage.account.calls.update(id, |call| {
        call.token = None;
        call.replan()
    }) {
        step(stage, id, plan, Step::Connect);
    }
}

/// The other side says something that is in no script.
pub(crate) fn say(stage: &mut Stage<'_>, id: &str, text: &str) -> bool {
    let talking = stage.account.calls.get(id).is_some_and(|c| c.status == Status::InProgress);
    if talking {
        speak(stage, id, Role::User, text);
        ask(stage, id);
    }
    talking
}

/// Ends a call. Does nothing to one that has ended.
pub(crate) fn end(stage: &mut Stage<'_>, id: &str, status: Status, reason: Reason) {
    let Stage { account, shared, now, .. } = stage;
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
        call.dismiss(&mut shared.outbox, *now);
        call.answer_waiters(&mut shared.outbox, *now);
        Some(call.awaiting.take())
    });
    let Some(Some(awaiting)) = ended else { return };
    if let Some(flight) = awaiting {
        webhooks::abandon(stage, flight, "The call ended before the response arrived");
    }
    report(stage, id);
}

/// Ends all calls of an account that is closed.
pub(crate) fn end_all(stage: &mut Stage<'_>) {
    for status in Status::LIVE {
        let calls = stage.account.calls.filed(Call::BY_STATUS, status.name()).oldest();
        let ids: Vec<String> = calls.map(|call| call.id.clone()).collect();
        for id in ids {
            end(stage, &id, Status::Completed, Reason::AgentHangup);
        }
    }
}

/// Takes a step that was planned, unless the plan has changed.
pub(crate) fn step(stage: &mut Stage<'_>, id: &str, planned: u32, step: Step) {
    let Some(call) = stage.account.calls.get(id).filter(|c| c.plan == planned && !c.is_over()) else {
        return;
    };
    let Some(script) = stage.shared.scripts.get(call.script) else { return };
    let config = &stage.shared.config;
    let pause = script.pause(config.talking_ms);
    let talked = call.talked_ms(stage.now);
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
                set(stage, id, |call, _| call.status = Status::Ringing);
            }
            if let Some(next) = next {
                then(stage, id, after, next);
            }
        }
        Step::GiveUp => {
            let (status, reason) = match script.outcome {
                Outcome::Busy => (Status::Busy, Reason::Busy),
                Outcome::NoAnswer => (Status::NoAnswer, Reason::NoAnswer),
                _ => (Status::Failed, Reason::Failed),
            };
            end(stage, id, status, reason);
        }
        Step::Connect => {
            let greets = call.greeting.is_some();
            set(stage, id, |call, now| {
                call.status = Status::InProgress;
                call.answered_at = Some(now);
            });
            then(stage, id, pause, if greets { Step::Greet } else { Step::Line });
        }
        Step::Greet => {
            let greeting = call.greeting.clone().unwrap_or_default();
            set(stage, id, |call, _| call.greeting = None);
            speak(stage, id, Role::Agent, &greeting);
            then(stage, id, pause, Step::Line);
        }
        Step::Line => match script.line(call.line, talked).map(|line| line.caller.clone()) {
            Some(words) => {
                set(stage, id, |call, _| call.line += 1);
                speak(stage, id, Role::User, &words);
                ask(stage, id);
            }
            None if script.hangup == Hangup::Nobody => {}
            None => then(stage, id, pause, Step::HangUp),
        },
        Step::Answer => {
            let words = script.answer(call.line).to_owned();
            speak(stage, id, Role::Agent, &words);
            then(stage, id, pause, Step::Line);
        }
        Step::HangUp => {
            let agent = script.hangup == Hangup::Agent;
            let reason = if agent { Reason::AgentHangup } else { Reason::UserHangup };
            end(stage, id, Status::Completed, reason);
        }
        Step::Lapse => end(stage, id, Status::Failed, Reason::NeverJoined),
    }
}

/// The agent's answer, or its silence, is over; the other side goes on.
pub(super) fn go_on(stage: &mut Stage<'_>, id: &str) {
    let Some(call) = stage.account.calls.get(id) else { return };
    let script = stage.shared.scripts.get(call.script);
    let pause = script.map_or(0, |s| s.pause(stage.shared.config.talking_ms));
    then(stage, id, pause, Step::Line);
}

/// Adds a turn of a speaker, and sends it to those who follow the call.
pub(super) fn speak(stage: &mut Stage<'_>, id: &str, role: Role, words: &str) {
    let Stage { account, shared, now, .. } = stage;
    shared.room.add(words.len());
    let heard = account.calls.update(id, |call| {
        let heard = call.hear(Turn { role, content: words.to_owned(), at: *now });
        if heard {
            call.tell(&mut shared.outbox);
        } else {
            call.note(*now, "ended: its transcript has the 4 MiB that the sandbox keeps of one");
        }
        heard
    });
    if heard == Some(false) {
        end(stage, id, Status::Completed, Reason::AgentHangup);
    }
}

/// Makes the agent respond to what was said last: by script, or by the user's webhook.
fn ask(stage: &mut Stage<'_>, id: &str) {
    let Some(call) = stage.account.calls.get(id).filter(|call| !call.is_over()) else { return };
    if let Some(flight) = call.awaiting {
        webhooks::abandon(stage, flight, "The caller went on talking");
    }
    let Some(call) = stage.account.calls.get(id) else { return };
    if call.hosted || !webhooks::reaches(stage.account, Some(&call.agent_id)) {
        // Where no webhook is set nobody could be asked: the script stands in, for those who try
        // the sandbox before they have a server.
        let script = stage.shared.scripts.get(call.script);
        let pause = script.map_or(0, |s| s.pause(stage.shared.config.talking_ms));
        then(stage, id, pause, Step::Answer);
    } else {
        voice::ask(stage, id);
    }
}

fn set(stage: &mut Stage<'_>, id: &str, change: impl FnOnce(&mut Call, u64)) {
    let now = stage.now;
    stage.account.calls.update(id, |call| change(call, now));
}

fn then(stage: &mut Stage<'_>, id: &str, after: u64, step: Step) {
    let Stage { account, scope, shared, now } = stage;
    let due = now.saturating_add(after);
    account.calls.update(id, |call| plan(call, scope, &mut shared.agenda, due, step));
}

fn plan(call: &mut Call, scope: &str, agenda: &mut Agenda, due: u64, step: Step) {
    let (account, id, plan) = (scope.to_owned(), call.id.clone(), call.replan());
    agenda.at(due, Task::Call { account, call: id, plan, step });
}

/// Sends `agent.call_ended`, once.
fn report(stage: &mut Stage<'_>, id: &str) {
    let Some(call) = stage.account.calls.get(id) else { return };
    let contact = contact(stage, call.other_side());
    let usual = Script::default();
    let script = stage.shared.scripts.get(call.script).unwrap_or(&usual);
    // Kept with the call: its script is no longer followed, and another may take its place.
    let assessment = call.assess(script, stage.now);
    let event = Event {
        name: "agent.call_ended",
        channel: "voice".into(),
        agent_id: Some(call.agent_id.clone()),
        delivery: format!("del_{id}_ended"),
        message_id: None,
        data: call.report(&assessment, contact, stage.now),
        state: Value::Null,
        history: Vec::new(),
        test: false,
        project_only: false,
        tries: webhooks::ONCE,
    };
    stage.shared.room.add(assessment.summary.len() + assessment.sentiment.len());
    stage.account.calls.update(id, |call| call.assessment = Some(assessment));
    webhooks::emit(stage, event);
}

/// The entry of the address book for a phone number, as events show it.
pub(super) fn contact(stage: &Stage<'_>, phone: &str) -> Value {
    let known = stage.account.contacts.filed(Contact::BY_PHONE, phone).newest(0).next();
    known.map_or(
        Value::Null,
        |c| json!({ "id": c.id, "name": c.name, "email": c.email, "phoneNumber": c.phone }),
    )
}
