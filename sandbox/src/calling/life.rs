//! The steps of a call. Each step plans the next; a plan that has been superseded, by a hang-up or a
//! response, is ignored.

use super::moves::{end, plan, set, speak, then};
use super::voice;
use crate::account_scope::AccountScope;
use crate::calls::{Call, Direction, Hangup, Outcome, Reason, Role, Status, Step};
use crate::delivering;

/// How long the token of a web call is valid.
const TOKEN_MS: u64 = 30_000;

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

/// Gets the agent's response to the last turn, from the script or from the user's webhook.
fn ask(scope: &mut AccountScope<'_>, id: &str) {
    let Some(call) = scope.account.calls.get(id).filter(|call| !call.is_over()) else { return };
    if let Some(request) = call.awaiting {
        delivering::abort(scope, request, "The caller kept talking");
    }
    let Some(call) = scope.account.calls.get(id) else { return };
    if call.hosted || !delivering::reaches(scope.account, Some(&call.agent_id)) {
        // Without a webhook the script responds, so that the sandbox can be tried before there is a server.
        let script = scope.shared.scripts.get(call.script);
        let pause = script.map_or(0, |s| s.pause(scope.shared.config.talking_ms));
        then(scope, id, pause, Step::Answer);
    } else {
        voice::ask(scope, id);
    }
}
