//! The operations that the sandbox performs, one file a resource. A file gives its rows of
//! operationId and handler; method, path, shapes and the status of success come from the contract.
//! To add an operation, write its handler and its row; nothing else knows of it.

mod agent_numbers;
mod agents;
mod calls;
mod messages;
mod numbers;
mod usage;
mod voices;

use crate::contract::Contract;
use crate::errors::Failure;
use crate::input::Input;
use crate::state::{Account, Shared};
use serde_json::{Value, json};

/// What a handler works with.
#[derive(Debug)]
pub(crate) struct Ctx<'a> {
    pub(crate) account: &'a mut Account,
    /// The name of that account, by which tasks find it again.
    pub(crate) scope: &'a str,
    pub(crate) shared: &'a mut Shared,
    pub(crate) contract: &'a Contract,
    pub(crate) input: &'a Input,
    pub(crate) now: u64,
}

/// Gives the body of success, or what went wrong, having changed nothing.
pub(crate) type Handler = fn(&mut Ctx<'_>) -> Result<Value, Failure>;

/// An operationId and its handler.
pub(crate) type Row = (&'static str, Handler);

const TABLES: [&[Row]; 7] = [
    voices::ROWS,
    agents::ROWS,
    agent_numbers::ROWS,
    numbers::ROWS,
    calls::ROWS,
    messages::ROWS,
    usage::ROWS,
];

pub(crate) fn handler(operation: &str) -> Option<Handler> {
    TABLES.into_iter().flatten().find(|(id, _)| *id == operation).map(|(_, handler)| *handler)
}

/// Every operation that is performed, for the tests.
#[cfg(test)]
pub(crate) fn performed() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().flatten().map(|(id, _)| *id)
}

/// One page by `limit` and `offset`, newest first. `has_more` is false where the documented shape
/// lacks it (agents).
fn page<'a, T: 'a>(
    input: &Input,
    items: impl DoubleEndedIterator<Item = &'a T>,
    has_more: bool,
    render: impl Fn(&T) -> Value,
) -> Value {
    let limit = input.query_count("limit").unwrap_or(20);
    let offset = input.query_count("offset").unwrap_or(0);
    let all: Vec<&T> = items.rev().collect();
    let data: Vec<Value> = all.iter().skip(offset).take(limit).map(|item| render(item)).collect();
    let more = offset.saturating_add(data.len()) < all.len();
    if has_more {
        json!({ "data": data, "hasMore": more, "total": all.len() })
    } else {
        json!({ "data": data, "total": all.len() })
    }
}

fn no_agent() -> Failure {
    Failure::detail(404, "Agent not found")
}

fn no_number() -> Failure {
    Failure::code("PHONE_NUMBER_NOT_FOUND")
}
