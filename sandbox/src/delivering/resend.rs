//! One more attempt of a delivery, requested under `/__sandbox/deliveries`: its server has been repaired, and
//! waiting for the schedule, or causing the event again, would take too long.

use super::send::begin;
use crate::errors::Failure;
use crate::json::json;
use crate::state::World;
use crate::webhooks::{Purpose, State};
use serde_json::Value;

/// Makes an attempt now. `body` has the text that the host has kept, because the log drops that of a finished delivery.
pub(crate) fn resend(world: &mut World, id: &str, body: &Value, now: u64) -> Result<Value, Failure> {
    let kept = match body.get("body") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text.as_str(),
        Some(_) => return Err(Failure::detail(400, "body: must be a string")),
    };
    let owner = world.accounts.iter().find(|(_, account)| account.deliveries.get(id).is_some());
    let unknown = || Failure::detail(404, "There is no delivery with this id");
    let account_name = owner.map(|(name, _)| name.clone()).ok_or_else(unknown)?;
    let mut scope = world.scope(&account_name, now).ok_or_else(unknown)?;
    if scope.shared.flights.iter().any(|(_, attempt)| attempt.delivery == id) {
        return Err(Failure::detail(409, "An attempt of this delivery is under way"));
    }
    let ready = scope.account.deliveries.update(id, |delivery| {
        if delivery.body.is_empty() {
            delivery.body = kept.to_owned();
        }
        if delivery.body.is_empty() {
            return false;
        }
        // Its schedule is over: this attempt is not followed by others.
        if delivery.state != State::Pending {
            delivery.tries = delivery.attempts.saturating_add(1);
            delivery.state = State::Pending;
        }
        true
    });
    if ready != Some(true) {
        return Err(Failure::detail(409, "The body of this delivery is no longer kept"));
    }
    scope.shared.capacity.add(kept.len());
    match begin(&mut scope, id, Purpose::Event) {
        Some(_) => Ok(json!({ "id": id })),
        None => Err(Failure::detail(409, "The webhook of this delivery was removed")),
    }
}
