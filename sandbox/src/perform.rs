//! What the API does with a request that reached an operation: key, rate limit, idempotency, handler. A fault rule can have
//! it performed later, or a second time as another client.

use crate::act::act;
use crate::agenda::Task;
use crate::contract::{Contract, Operation, Route};
use crate::deferred::Deferred;
use crate::errors::Failure;
use crate::faults::Race;
use crate::http::{Request, Response, split_target};
use crate::idempotency;
use crate::replays::Ticket;
use crate::requests::{Caller, Incoming, Terms};
use crate::state::World;

/// Performs the operation now, or later if a fault rule says so.
pub(crate) fn perform(
    contract: &Contract,
    world: &mut World,
    operation: &Operation,
    incoming: Incoming<'_>,
    terms: Terms,
) -> Response {
    let form = world.shared.config.errors;
    let caller = match identify(world, operation, incoming.request) {
        Ok(caller) => caller,
        Err(refusal) => {
            let mut response = refusal.response(form);
            response.set("www-authenticate", "Bearer");
            return response;
        }
    };
    if world.shared.config.limits
        && let Some(exceeded) = world.shared.limits.admit(&caller.owner, operation.id, incoming.now)
    {
        return exceeded.response(form);
    }
    if operation.grows()
        && let Err(full) = world.admit(&incoming.request.body, incoming.guest, incoming.now)
    {
        return full.response(form);
    }
    let ticket = match idempotency::begin(world, operation, &incoming, &caller) {
        Ok(ticket) => ticket,
        Err(settled) => return settled,
    };
    if let Some(after) = terms.race.late_ms {
        postpone(world, &incoming, caller, terms, ticket, after);
        // Never sent, because such a rule replaces the response.
        return Response::empty(503);
    }
    let performed = act(contract, world, operation, incoming, &caller, &terms);
    idempotency::finish(world, ticket, &performed, incoming.now);
    performed.response
}

/// Repeats a request as another client, unless the request itself would be rejected.
pub(crate) fn repeat_as_another(
    world: &mut World,
    operation: &Operation,
    incoming: &Incoming<'_>,
    terms: Terms,
) {
    let Some(after) = terms.race.foreign_ms else { return };
    let Ok(caller) = identify(world, operation, incoming.request) else { return };
    if world.admit(&incoming.request.body, incoming.guest, incoming.now).is_ok() {
        by_another(world, operation, incoming, caller, terms, after);
    }
}

/// Performs a request after so many milliseconds.
fn postpone(
    world: &mut World,
    incoming: &Incoming<'_>,
    caller: Caller,
    terms: Terms,
    ticket: Option<Ticket>,
    after: u64,
) {
    match Deferred::of(incoming, caller, terms, ticket.clone()) {
        Some(deferred) => plan(world, deferred, incoming.now, after),
        None => idempotency::forget(world, ticket.as_ref()),
    }
}

/// Repeats a request as another client after so many milliseconds, without what only the user's client
/// can know: its `externalId` and its idempotency key.
fn by_another(
    world: &mut World,
    operation: &Operation,
    incoming: &Incoming<'_>,
    caller: Caller,
    terms: Terms,
    after: u64,
) {
    let terms = Terms { race: Race::default(), foreign: true, idempotency_key: None, ..terms };
    let Some(deferred) = Deferred::of(incoming, caller, terms, None) else { return };
    let deferred = if operation.id == "numbers.buy" { deferred.without_external_id() } else { deferred };
    plan(world, deferred, incoming.now, after);
}

fn plan(world: &mut World, deferred: Deferred, now: u64, after: u64) {
    let request = Box::new(deferred);
    world.shared.agenda.at(now.saturating_add(after), Task::Perform { request });
}

/// Performs a deferred request that is due.
pub(crate) fn perform_late(contract: &Contract, world: &mut World, deferred: &Deferred, now: u64) {
    let (path, query) = split_target(&deferred.target);
    let Route::To(operation) = contract.route(&deferred.method, path) else { return };
    let request = deferred.request();
    let incoming = Incoming { request: &request, path, query, guest: deferred.guest, now };
    let mark = world.shared.outbox.mark();
    let performed = act(contract, world, operation, incoming, &deferred.caller, &deferred.terms);
    idempotency::finish(world, deferred.ticket.clone(), &performed, now);
    // The client has disconnected.
    world.shared.outbox.close_after(mark);
}

fn identify(world: &World, operation: &Operation, request: &Request) -> Result<Caller, Failure> {
    let key = match check_key(request.header("authorization")) {
        Ok(key) => key,
        Err(_) if operation.open => "",
        Err(refusal) => return Err(refusal),
    };
    let owner = world.shared.keys.get(key).cloned().unwrap_or_default();
    let sub_account = request.header("x-sub-account-id").unwrap_or_default().trim().to_owned();
    Ok(Caller { owner, sub_account })
}

/// Any well-formed key is accepted, since there is nothing to protect.
fn check_key(header: Option<&str>) -> Result<&str, Failure> {
    let header = header.map(str::trim).filter(|h| !h.is_empty());
    let header = header.ok_or_else(|| Failure::detail(401, "Not authenticated"))?;
    let key = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    key.map(|(_, key)| key.trim())
        .filter(|key| key.len() > 3 && key.starts_with("sk_") && key.bytes().all(|b| b.is_ascii_graphic()))
        .ok_or_else(|| Failure::detail(401, "Invalid API key"))
}
