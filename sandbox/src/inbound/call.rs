//! A person calls one of the numbers, joins a web call, or says something in a call.

use super::fields::{from, line, only, text};
use crate::admission::admit_one;
use crate::calling;
use crate::calls::{Call, Direction, Reason, Script, Status};
use crate::errors::Failure;
use crate::json::json;
use crate::resources::no_call;
use crate::state::World;
use serde_json::Value;

const NO_BASE: &str = "";

/// Calls a number. The caller follows the given script, or the script of its own number.
pub(crate) fn call(world: &mut World, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["from", "to", "agentId", "script"])?;
    let caller = from(body)?;
    let script = body.get("script").map(Script::read).transpose();
    let script = script.map_err(|why| Failure::detail(400, format!("script: {why}")))?;
    let (account_name, number) = line(world, body)?;
    world.drop_scripts();
    let Some(mut scope) = world.scope(&account_name, now) else { return Err(no_call()) };
    let number = scope.account.held_number(&number);
    let agent = number.and_then(|n| n.agent_id.as_deref()).and_then(|id| scope.account.agents.get(id));
    let (Some(number), Some(agent)) = (number, agent) else {
        return Err(Failure::detail(409, "No agent answers that number: attach one first"));
    };
    if number.calls_go_to() != "agent" {
        let words = format!("Calls to that number do not go to its agent but to {}", number.calls_go_to());
        return Err(Failure::detail(409, words));
    }
    admit_one(scope.account, "calls.create", scope.shared.config.max_objects, false)?;
    let hosted = agent.is_hosted();
    let scripts = &mut scope.shared.scripts;
    let call = Call {
        number_id: number.id.clone(),
        script: match script {
            Some(script) => scripts.add(script),
            None => scripts.of(&caller),
        },
        from: caller,
        to: number.phone.clone(),
        greeting: agent.text("beginMessage").map(str::to_owned),
        record: scope.account.recording_until > now,
        ..Call::of(agent, hosted, Direction::Inbound, scope.shared.id(), now)
    };
    let answer = call.whole(NO_BASE, now);
    calling::place(&mut scope, call);
    Ok(answer)
}

/// A browser joins a web call with its token; the agent is there at once.
pub(crate) fn join(world: &mut World, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["accessToken"])?;
    let token = text(body, "accessToken")?.unwrap_or_default();
    let found = world.accounts.iter().find_map(|(account_name, account)| {
        let call = account.calls.by_key(Call::BY_TOKEN, token).newest(0).next()?;
        Some((account_name.clone(), call.id.clone()))
    });
    let (account_name, id) =
        found.ok_or_else(|| Failure::detail(401, "The token is unknown or has expired"))?;
    if let Some(mut scope) = world.scope(&account_name, now) {
        calling::join(&mut scope, &id);
    }
    show(world, &id, now)
}

/// The caller says something that is not in the script.
pub(crate) fn say(world: &mut World, id: &str, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["text"])?;
    let words = text(body, "text")?.ok_or_else(|| Failure::detail(400, "text: is required"))?;
    let account_name = account_name(world, id);
    let talking =
        world.scope(&account_name, now).is_some_and(|mut scope| calling::say(&mut scope, id, words));
    let whole = show(world, id, now)?;
    if talking { Ok(whole) } else { Err(Failure::detail(409, "The call is not in progress")) }
}

/// The caller hangs up.
pub(crate) fn hang_up(world: &mut World, id: &str, now: u64) -> Result<Value, Failure> {
    let account_name = account_name(world, id);
    if let Some(mut scope) = world.scope(&account_name, now) {
        calling::end(&mut scope, id, Status::Completed, Reason::UserHangup);
    }
    show(world, id, now)
}

/// A call as the API shows it, plus what the API does not show: why it ended, how it went, keys that
/// were pressed, responses that had no effect.
pub(crate) fn show(world: &World, id: &str, now: u64) -> Result<Value, Failure> {
    let account = world.accounts.get(&account_name(world, id));
    let call = account.and_then(|a| a.calls.get(id)).ok_or_else(no_call)?;
    let mut out = call.whole(NO_BASE, now);
    if let Some(map) = out.as_object_mut() {
        map.insert("disconnectionReason".into(), json!(call.reason.map(Reason::name)));
        let went = call.assessment.as_ref();
        map.insert("summary".into(), json!(went.map(|a| &a.summary)));
        map.insert("userSentiment".into(), json!(went.map(|a| &a.sentiment)));
        map.insert("callSuccessful".into(), json!(went.map(|a| a.successful)));
        let log: Vec<Value> =
            call.log.iter().map(|note| json!({ "at": note.at, "text": note.text })).collect();
        map.insert("log".into(), log.into());
    }
    Ok(out)
}

fn account_name(world: &World, call: &str) -> String {
    world.shared.owner_of(call)
}
