//! The fields that these requests share.

use crate::errors::Failure;
use crate::phone;
use crate::state::World;
use serde_json::Value;

/// The default caller or sender.
const DEFAULT_CALLER: &str = "+14155550100";

/// A string; None if the field is missing, null or empty.
pub(super) fn text<'a>(body: &'a Value, name: &str) -> Result<Option<&'a str>, Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|t| !t.is_empty())),
        Some(_) => Err(Failure::detail(400, format!("{name}: must be a string"))),
    }
}

/// Rejects unknown fields, which would otherwise be ignored silently.
pub(super) fn only(body: &Value, known: &[&str]) -> Result<(), Failure> {
    let Some(map) = body.as_object() else {
        return Err(Failure::detail(400, "The body must be a JSON object"));
    };
    match map.keys().find(|name| !known.contains(&name.as_str())) {
        Some(stray) => Err(Failure::detail(400, format!("{stray}: unknown field; use {}", known.join(", ")))),
        None => Ok(()),
    }
}

pub(super) fn from(body: &Value) -> Result<String, Failure> {
    let given = text(body, "from")?.unwrap_or(DEFAULT_CALLER);
    phone::recipient(given)
        .ok_or_else(|| Failure::detail(400, "from: must be a phone number or an email address"))
}

/// The line that is called or texted: by its phone number, by its agent, or the only one there is.
/// Returns the account and the id of the number.
pub(super) fn line(world: &World, body: &Value) -> Result<(String, String), Failure> {
    let held = &world.shared.held;
    let place = |account: &str, number: &str| (account.to_owned(), number.to_owned());
    if let Some(to) = text(body, "to")? {
        let found = phone::recipient(to).and_then(|to| held.get(&to));
        let none = || Failure::detail(404, "to: no account holds this phone number");
        return found.map(|holder| place(&holder.account, &holder.number)).ok_or_else(none);
    }
    if let Some(agent) = text(body, "agentId")? {
        let owner = world.accounts.iter().find(|(_, a)| a.agents.get(agent).is_some());
        let (account_name, account) =
            owner.ok_or_else(|| Failure::detail(404, "agentId: there is no agent with this id"))?;
        let number = account.numbers_of(agent).next();
        let none = || Failure::detail(409, "agentId: the agent has no phone number");
        return number.map(|n| place(account_name, &n.id)).ok_or_else(none);
    }
    let mut all = held.iter().map(|(_, holder)| holder);
    match (all.next(), all.next()) {
        (Some(holder), None) => Ok(place(&holder.account, &holder.number)),
        (None, _) => Err(Failure::detail(409, "Buy a number first: there is none to call or text")),
        _ => Err(Failure::detail(400, "to: there are several numbers, name one")),
    }
}
