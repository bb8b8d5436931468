//! What the API does with a request that reached an operation: key, rate limit, account, shape,
//! handler. A fault rule can have it performed later, or a second time as another client (`deferred`).

use crate::capacity;
use crate::contract::{Contract, Operation};
use crate::deferred;
use crate::errors::Failure;
use crate::faults::{Race, Verdict};
use crate::http::{Request, Response};
use crate::input;
use crate::json::bytes;
use crate::ledger::Effect;
use crate::replays;
use crate::resources::{self, Ctx, Handler};
use crate::state::World;
use crate::store::persist;

/// A request, and what the engine knows about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) request: &'a Request,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Whether it comes from a web page that the host does not trust.
    pub(crate) guest: bool,
    pub(crate) now: u64,
}

/// The caller. It does not contain the key, because deferred requests are saved in snapshots and the
/// key may be a real one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The account that the key belongs to.
    pub(crate) owner: String,
    /// The value of `X-Sub-Account-Id`.
    pub(crate) sub_account: String,
}

persist!(Caller { owner, sub_account });

/// The circumstances in which an operation is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// When the request was received.
    pub(crate) requested_at: u64,
    pub(crate) race: Race,
    /// Whether a client other than the user's performs it.
    pub(crate) foreign: bool,
    /// The fault rule that matched the request.
    pub(crate) fault: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

persist!(Terms { requested_at, race, foreign, fault, idempotency_key });

impl Terms {
    pub(crate) fn of(incoming: &Incoming<'_>, verdict: Option<&Verdict>) -> Self {
        let key = incoming.request.header("idempotency-key").map(str::trim).filter(|key| !key.is_empty());
        Self {
            requested_at: incoming.now,
            race: verdict.map(|v| v.race.clone()).unwrap_or_default(),
            foreign: false,
            fault: verdict.map(|v| v.rule.clone()),
            idempotency_key: key.map(|key| key.chars().take(replays::LONGEST).collect()),
        }
    }
}

/// The response, and what was created.
#[derive(Debug)]
pub(crate) struct Performed {
    pub(crate) response: Response,
    /// The id of the created object.
    pub(crate) created_id: Option<String>,
}

impl From<Response> for Performed {
    fn from(response: Response) -> Self {
        Self { response, created_id: None }
    }
}

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
    let ticket = match replays::begin(world, operation, &incoming, &caller) {
        Ok(ticket) => ticket,
        Err(settled) => return settled,
    };
    if let Some(after) = terms.race.late_ms {
        deferred::postpone(world, &incoming, caller, terms, ticket, after);
        // Never sent, because such a rule replaces the response.
        return Response::empty(503);
    }
    let performed = act(contract, world, operation, incoming, &caller, &terms);
    replays::finish(world, ticket, &performed, incoming.now);
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
        deferred::by_another(world, operation, incoming, caller, terms, after);
    }
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

/// Looks up the account and calls the handler.
pub(crate) fn act(
    contract: &Contract,
    world: &mut World,
    operation: &Operation,
    incoming: Incoming<'_>,
    caller: &Caller,
    terms: &Terms,
) -> Performed {
    let Incoming { request, path, query, guest, now } = incoming;
    let form = world.shared.config.errors;
    let Some(handler) = resources::handler(operation.id) else {
        let message = format!("The sandbox does not know how to perform {} yet", operation.id);
        return Failure { status: 501, ..Failure::code("NOT_IMPLEMENTED").saying(message) }
            .response(form)
            .into();
    };
    let entered = match operation.id {
        // The id of the call or message is the secret, whichever account it belongs to.
        "calls.recording.get" => Ok(world.enter_call_owner(&operation.path_values(path))),
        "messages.media.get" => Ok(world.enter_message_owner(&operation.path_values(path))),
        _ => world.enter(caller),
    };
    let (account_name, mut account) = match entered {
        Ok(entered) => entered,
        Err(failure) => return failure.response(form).into(),
    };
    let World { shared, accounts } = &mut *world;
    let counts_before = shared.ledger.effect_counts();
    let read = || input::read(contract, operation, request, path, query);
    let admitted = capacity::admit_one(&account, operation.id, shared.config.max_objects, guest);
    let outcome = admitted.and_then(|()| read()).and_then(|mut input| {
        input.path.retain_mut(|(_, id)| {
            // The handler then responds as it does to an unknown id.
            if account.denies(id, now) {
                id.clear();
            }
            true
        });
        let (account, account_name) = (&mut *account, account_name.as_str());
        let mut ctx = Ctx {
            account,
            account_name,
            others: accounts,
            shared,
            contract,
            request,
            input: &input,
            now,
            race: &terms.race,
            written: None,
            created_id: None,
        };
        match handler {
            Handler::Json(handler) => {
                let body = handler(&mut ctx)?;
                let response = match operation.status {
                    204 => Response::empty(204),
                    status => {
                        let written = ctx.written.unwrap_or_else(|| bytes(&body));
                        Response::new(status, "application/json", written)
                    }
                };
                Ok(Performed { response, created_id: ctx.created_id })
            }
            Handler::Raw(handler) => {
                let response = handler(&mut ctx)?;
                Ok(Performed { response, created_id: ctx.created_id })
            }
        }
    });
    if let (Ok(Performed { created_id: Some(id), .. }), Some(unlisted)) = (&outcome, &terms.race.unlisted) {
        account.hide(id, unlisted, now);
    }
    world.leave(account_name, account);
    match outcome {
        Ok(performed) => {
            if operation.method == "DELETE" {
                world.shared.capacity.free();
            }
            if terms.foreign {
                world.shared.ledger.attribute_to_others(counts_before);
            } else {
                world.shared.ledger.performed(operation.id);
            }
            if operation.method != "GET" {
                world.shared.ledger.effect(Effect {
                    at: now,
                    operation: operation.id.to_owned(),
                    id: performed.created_id.clone(),
                    requested_at: terms.requested_at,
                    foreign: terms.foreign,
                    fault: terms.fault.clone(),
                    idempotency_key: terms.idempotency_key.clone(),
                });
            }
            performed
        }
        Err(failure) => failure.response(form).into(),
    }
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
