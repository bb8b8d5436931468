//! `Idempotency-Key`, which is off by default because the real API ignores it. The statuses follow the
//! IETF draft: 409 while the first request is in flight, 422 for a different request with the same key.
//! A rejected request frees its key, because nothing happened.

use crate::contract::Operation;
use crate::errors::Failure;
use crate::http::Response;
use crate::replays::{Answer, Ticket};
use crate::requests::{Caller, Incoming, LONGEST_KEY, Performed};
use crate::state::World;
use crate::webhooks::hex;
use sha2::{Digest, Sha256};

/// Called before a request is performed. Ok has the request's ticket, if its key is honoured; Err is
/// the response to send without performing it.
pub(crate) fn begin(
    world: &mut World,
    operation: &Operation,
    incoming: &Incoming<'_>,
    caller: &Caller,
) -> Result<Option<Ticket>, Response> {
    let config = &world.shared.config;
    if !config.idempotency_keys || operation.method == "GET" {
        return Ok(None);
    }
    let Some(key) = incoming.request.header("idempotency-key").map(str::trim) else { return Ok(None) };
    let form = config.errors;
    if key.is_empty() || key.chars().count() > LONGEST_KEY {
        let words = format!("Idempotency-Key must have 1 to {LONGEST_KEY} characters");
        return Err(Failure::detail(400, words).response(form));
    }
    let account = if caller.sub_account.is_empty() { &caller.owner } else { &caller.sub_account };
    let ticket = Ticket { account: account.clone(), key: key.to_owned() };
    let hash = hash(incoming);
    let Some(known) = world.shared.replays.get(&ticket, incoming.now) else {
        world.shared.replays.begin(ticket.clone(), hash, incoming.now);
        return Ok(Some(ticket));
    };
    if known.hash != hash {
        let words = "This idempotency key was used for another request";
        return Err(
            Failure { status: 422, ..Failure::code("IDEMPOTENCY_KEY_REUSED").saying(words) }.response(form)
        );
    }
    let mut response = match &known.answer {
        Answer::Given { status, content_type, body } => {
            let mut response = Response::empty(*status);
            if let Some(kind) = content_type {
                response.set("content-type", kind.as_str());
            }
            response.body = body.clone().into_bytes();
            response
        }
        Answer::Call { id } => {
            let call = world.accounts.get(&ticket.account).and_then(|a| a.calls.get(id));
            match call.filter(|call| call.is_over()) {
                Some(call) => Response::json(200, &call.whole(&incoming.request.base(), incoming.now)),
                None => return Err(in_flight().response(form)),
            }
        }
        Answer::InFlight => return Err(in_flight().response(form)),
    };
    response.set("idempotent-replayed", "true");
    Err(response)
}

/// Called after the request was performed.
pub(crate) fn finish(world: &mut World, ticket: Option<Ticket>, performed: &Performed, now: u64) {
    let Performed { response, created_id } = performed;
    let Some(ticket) = ticket else { return };
    let body = String::from_utf8(response.body.clone()).ok();
    let answer = match (response.stream, created_id, body) {
        _ if !(200..300).contains(&response.status) => None,
        (Some(_), Some(id), _) => Some(Answer::Call { id: id.clone() }),
        (None, _, Some(body)) => {
            let kind = response.headers.iter().find(|(name, _)| name == "content-type");
            let content_type = kind.map(|(_, value)| value.clone());
            Some(Answer::Given { status: response.status, content_type, body })
        }
        // A streamed response is not stored.
        _ => None,
    };
    match (answer, world.shared.replays.get_mut(&ticket)) {
        (Some(answer), Some(replay)) => {
            replay.at = now;
            replay.answer = answer;
            world.shared.capacity.add(response.body.len());
        }
        _ => forget(world, Some(&ticket)),
    }
}

/// Frees a key.
pub(crate) fn forget(world: &mut World, ticket: Option<&Ticket>) {
    if let Some(ticket) = ticket {
        world.shared.replays.forget(ticket);
    }
}

fn in_flight() -> Failure {
    let words = "The first request with this idempotency key is still in flight";
    Failure { status: 409, ..Failure::code("IDEMPOTENCY_KEY_IN_USE").saying(words) }
}

fn hash(incoming: &Incoming<'_>) -> String {
    let mut sum = Sha256::new();
    sum.update(incoming.request.method.to_ascii_uppercase().as_bytes());
    sum.update(b" ");
    sum.update(incoming.request.target.as_bytes());
    sum.update(b"\n");
    sum.update(&incoming.request.body);
    hex(&sum.finalize())
}
