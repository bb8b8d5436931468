//! `Idempotency-Key`, honoured only on request because the real API does not know it. The statuses are those of
//! the IETF's draft of that header: 409 while the first request is in flight, 422 for another request with the
//! same key. A refused request frees its key, because nothing happened.

use crate::contract::Operation;
use crate::errors::Failure;
use crate::http::Response;
use crate::perform::{Asked, Caller, Performed};
use crate::resources::base_of;
use crate::state::World;
use crate::store::{Kept, Misfits, Saver, Small, kept};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The longest key, in characters.
pub(crate) const LONGEST: usize = 255;
/// How long a key is remembered, and how many of them.
const LIFE_MS: u64 = 86_400_000;
const MOST: usize = 10_000;

/// The keys in use, by account and key.
#[derive(Debug, Default)]
pub(crate) struct Replays(Small<Ticket, Replay>);

/// A key in an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    account: String,
    key: String,
}

kept!(Ticket { account, key });

#[derive(Debug)]
struct Replay {
    at: u64,
    /// Of method, target and body.
    hash: String,
    answer: Answer,
}

kept!(Replay { at, hash, answer });

#[derive(Debug)]
enum Answer {
    /// The first request is in flight.
    InFlight,
    Given {
        status: u16,
        content_type: Option<String>,
        body: String,
    },
    /// This call, once it has ended.
    Call {
        id: String,
    },
}

kept!(kinds Answer { InFlight {}, Given { status, content_type, body }, Call { id } });

impl Kept for Replays {
    fn save(&self, to: &mut Saver) {
        self.0.save(to);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        Self(Kept::load(from, misfits))
    }
}

/// Called before a request is performed. Ok is its ticket, if it has a key to honour; Err is a response that
/// makes performing it unnecessary or wrong.
pub(crate) fn begin(
    world: &mut World,
    operation: &Operation,
    asked: &Asked<'_>,
    caller: &Caller,
) -> Result<Option<Ticket>, Response> {
    let config = &world.shared.config;
    if !config.idempotency_keys || operation.method == "GET" {
        return Ok(None);
    }
    let Some(key) = asked.request.header("idempotency-key").map(str::trim) else { return Ok(None) };
    let form = config.errors;
    if key.is_empty() || key.chars().count() > LONGEST {
        let words = format!("Idempotency-Key must have 1 to {LONGEST} characters");
        return Err(Failure::detail(400, words).response(form));
    }
    let account = if caller.sub_account.is_empty() { &caller.owner } else { &caller.sub_account };
    let ticket = Ticket { account: account.clone(), key: key.to_owned() };
    let hash = hash(asked);
    let replays = &mut world.shared.replays.0;
    replays.retain(|replay| asked.now < replay.at.saturating_add(LIFE_MS));
    let Some(known) = replays.get(&ticket) else {
        make_room(replays);
        replays.insert(ticket.clone(), Replay { at: asked.now, hash, answer: Answer::InFlight });
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
                Some(call) => Response::json(200, &call.whole(&base_of(asked.request), asked.now)),
                None => return Err(in_flight().response(form)),
            }
        }
        Answer::InFlight => return Err(in_flight().response(form)),
    };
    response.set("idempotent-replayed", "true");
    Err(response)
}

/// Called after it was performed.
pub(crate) fn finish(world: &mut World, ticket: Option<Ticket>, performed: &Performed, now: u64) {
    let Performed { response, made } = performed;
    let Some(ticket) = ticket else { return };
    let body = String::from_utf8(response.body.clone()).ok();
    let answer = match (response.stream, made, body) {
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
    match (answer, world.shared.replays.0.get_mut(&ticket)) {
        (Some(answer), Some(replay)) => {
            replay.at = now;
            replay.answer = answer;
            world.shared.room.add(response.body.len());
        }
        _ => forget(world, Some(&ticket)),
    }
}

/// Frees a key.
pub(crate) fn forget(world: &mut World, ticket: Option<&Ticket>) {
    if let Some(ticket) = ticket {
        world.shared.replays.0.remove(ticket);
    }
}

fn in_flight() -> Failure {
    let words = "The first request with this idempotency key is still in flight";
    Failure { status: 409, ..Failure::code("IDEMPOTENCY_KEY_IN_USE").saying(words) }
}

/// Drops the oldest key when there are too many.
fn make_room(replays: &mut Small<Ticket, Replay>) {
    if replays.iter().count() < MOST {
        return;
    }
    let oldest = replays.iter().min_by_key(|(_, replay)| replay.at).map(|(ticket, _)| ticket.clone());
    oldest.and_then(|ticket| replays.remove(&ticket));
}

fn hash(asked: &Asked<'_>) -> String {
    let mut sum = Sha256::new();
    sum.update(asked.request.method.to_ascii_uppercase().as_bytes());
    sum.update(b" ");
    sum.update(asked.request.target.as_bytes());
    sum.update(b"\n");
    sum.update(&asked.request.body);
    crate::webhooks::hex(&sum.finalize())
}
