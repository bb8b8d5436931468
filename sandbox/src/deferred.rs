//! Requests that are performed after they were received: late, after their client has given up, or a
//! second time as another client. They are scheduled tasks, and snapshots contain them.

use crate::agenda::Task;
use crate::contract::{Contract, Operation, Route};
use crate::faults::Race;
use crate::http::{Request, split_target};
use crate::perform::{Caller, Incoming, Terms, act};
use crate::replays::{self, Ticket};
use crate::state::World;
use crate::store::persist;
use serde_json::Value;

/// A request to be performed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deferred {
    method: String,
    target: String,
    /// For URLs in the response.
    host: Option<String>,
    content_type: Option<String>,
    body: String,
    guest: bool,
    caller: Caller,
    terms: Terms,
    ticket: Option<Ticket>,
}

persist!(Deferred { method, target, host, content_type, body, guest, caller, terms, ticket });

impl Deferred {
    /// None if the body is not UTF-8: it cannot be JSON, so the request would be rejected.
    fn of(incoming: &Incoming<'_>, caller: Caller, terms: Terms, ticket: Option<Ticket>) -> Option<Self> {
        let header = |name| incoming.request.header(name).map(str::to_owned);
        Some(Self {
            method: incoming.request.method.clone(),
            target: incoming.request.target.clone(),
            host: header("host"),
            content_type: header("content-type"),
            body: String::from_utf8(incoming.request.body.clone()).ok()?,
            guest: incoming.guest,
            caller,
            terms,
            ticket,
        })
    }

    fn request(&self) -> Request {
        let headers = [("host", &self.host), ("content-type", &self.content_type)];
        let given = |(name, value): (&str, &Option<String>)| Some((name.to_owned(), value.clone()?));
        Request {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: headers.into_iter().filter_map(given).collect(),
            body: self.body.clone().into_bytes(),
        }
    }
}

/// Performs a request after so many milliseconds.
pub(crate) fn postpone(
    world: &mut World,
    incoming: &Incoming<'_>,
    caller: Caller,
    terms: Terms,
    ticket: Option<Ticket>,
    after: u64,
) {
    match Deferred::of(incoming, caller, terms, ticket.clone()) {
        Some(deferred) => plan(world, deferred, incoming.now, after),
        None => replays::forget(world, ticket.as_ref()),
    }
}

/// Repeats a request as another client after so many milliseconds, without what only the user's client
/// can know: its `externalId` and its idempotency key.
pub(crate) fn by_another(
    world: &mut World,
    operation: &Operation,
    incoming: &Incoming<'_>,
    caller: Caller,
    terms: Terms,
    after: u64,
) {
    let terms = Terms { race: Race::default(), foreign: true, idempotency_key: None, ..terms };
    let Some(mut deferred) = Deferred::of(incoming, caller, terms, None) else { return };
    if operation.id == "numbers.buy"
        && let Ok(Value::Object(mut body)) = serde_json::from_str(&deferred.body)
        && body.shift_remove("externalId").is_some()
    {
        deferred.body = Value::Object(body).to_string();
    }
    plan(world, deferred, incoming.now, after);
}

fn plan(world: &mut World, deferred: Deferred, now: u64, after: u64) {
    let request = Box::new(deferred);
    world.shared.agenda.at(now.saturating_add(after), Task::Perform { request });
}

/// Performs a deferred request that is due.
pub(crate) fn run(contract: &Contract, world: &mut World, deferred: &Deferred, now: u64) {
    let (path, query) = split_target(&deferred.target);
    let Route::To(operation) = contract.route(&deferred.method, path) else { return };
    let request = deferred.request();
    let incoming = Incoming { request: &request, path, query, guest: deferred.guest, now };
    let mark = world.shared.outbox.mark();
    let performed = act(contract, world, operation, incoming, &deferred.caller, &deferred.terms);
    replays::finish(world, deferred.ticket.clone(), &performed, now);
    // The client has disconnected.
    world.shared.outbox.close_after(mark);
}
