//! Performs an operation: looks up its account, calls its handler, and records in the ledger what happened.

use crate::admission::admit_one;
use crate::contract::{Contract, Operation};
use crate::errors::Failure;
use crate::http::Response;
use crate::input;
use crate::json::bytes;
use crate::ledger::Effect;
use crate::requests::{Caller, Incoming, Performed, Terms};
use crate::resources::{self, Ctx, Handler};
use crate::state::World;

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
    let admitted = admit_one(&account, operation.id, shared.config.max_objects, guest);
    let outcome = admitted.and_then(|()| read()).and_then(|mut input| {
        for (_, id) in &mut input.path {
            // The handler then responds as it does to an unknown id.
            if account.denies(id, now) {
                id.clear();
            }
        }
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
