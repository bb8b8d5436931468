//! What the API does with a request that reached an operation: key, limit, account, shape, handler.

use crate::contract::{Contract, Operation};
use crate::errors::Failure;
use crate::http::{Request, Response};
use crate::input;
use crate::json::bytes;
use crate::resources::{self, Ctx, Handler};
use crate::room;
use crate::state::World;

/// A request, and what the engine knows of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a Request,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Whether it comes from a page that the host does not know.
    pub(crate) guest: bool,
    pub(crate) now: u64,
}

pub(crate) fn perform(
    contract: &Contract,
    world: &mut World,
    operation: &Operation,
    asked: Asked<'_>,
) -> Response {
    let Asked { request, path, query, guest, now } = asked;
    let form = world.shared.config.errors;
    let key = match check_key(request.header("authorization")) {
        Ok(key) => key,
        Err(_) if operation.open => "",
        Err(refusal) => {
            let mut response = refusal.response(form);
            response.set("www-authenticate", "Bearer");
            return response;
        }
    };
    let Some(handler) = resources::handler(operation.id) else {
        let message = format!("The sandbox does not know how to perform {} yet", operation.id);
        return Failure { status: 501, ..Failure::code("NOT_IMPLEMENTED").saying(message) }.response(form);
    };
    let owner = world.shared.keys.get(key).map_or("", String::as_str);
    if world.shared.config.limits
        && let Some(exceeded) = world.shared.limits.admit(owner, operation.id, now)
    {
        return exceeded.response(form);
    }
    if operation.grows()
        && let Err(full) = world.admit(&request.body, guest, now)
    {
        return full.response(form);
    }
    let header = request.header("x-sub-account-id").unwrap_or_default().trim();
    let entered = match operation.id {
        // The id of the call or the message is the secret, whoever's it is.
        "calls.recording.get" => Ok(world.enter_home(&operation.path_values(path))),
        "messages.media.get" => Ok(world.enter_with_message(&operation.path_values(path))),
        _ => world.enter(key, header),
    };
    let (scope, mut account) = match entered {
        Ok(entered) => entered,
        Err(failure) => return failure.response(form),
    };
    let World { shared, accounts } = &mut *world;
    let read = || input::read(contract, operation, request, path, query);
    let admitted = room::admit_one(&account, operation.id, shared.config.max_objects, guest);
    let outcome = admitted.and_then(|()| read()).and_then(|input| {
        let (account, scope) = (&mut *account, scope.as_str());
        let written = None;
        let mut ctx =
            Ctx { account, scope, others: accounts, shared, contract, request, input: &input, now, written };
        match handler {
            Handler::Json(handler) => {
                let body = handler(&mut ctx)?;
                Ok(match operation.status {
                    204 => Response::empty(204),
                    status => {
                        let written = ctx.written.unwrap_or_else(|| bytes(&body));
                        Response::new(status, "application/json", written)
                    }
                })
            }
            Handler::Raw(handler) => handler(&mut ctx),
        }
    });
    world.leave(scope, account);
    match outcome {
        Ok(response) => {
            if operation.method == "DELETE" {
                world.shared.room.free();
            }
            world.shared.ledger.performed(operation.id);
            response
        }
        Err(failure) => failure.response(form),
    }
}

/// Any key of the right form is good: there is nothing here to protect.
fn check_key(header: Option<&str>) -> Result<&str, Failure> {
    let header = header.map(str::trim).filter(|h| !h.is_empty());
    let header = header.ok_or_else(|| Failure::detail(401, "Not authenticated"))?;
    let key = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    key.map(|(_, key)| key.trim())
        .filter(|key| key.len() > 3 && key.starts_with("sk_") && key.bytes().all(|b| b.is_ascii_graphic()))
        .ok_or_else(|| Failure::detail(401, "Invalid API key"))
}
