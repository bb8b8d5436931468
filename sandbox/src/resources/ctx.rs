//! What a handler works with, and the failures that many handlers share.

use crate::account::{Account, Accounts};
use crate::account_scope::AccountScope;
use crate::contract::Contract;
use crate::errors::Failure;
use crate::faults::Race;
use crate::http::{Request, Response};
use crate::input::Input;
use crate::state::Shared;
use serde_json::Value;

/// What a handler works with.
#[derive(Debug)]
pub(crate) struct Ctx<'a> {
    pub(crate) account: &'a mut Account,
    /// The account's name, by which tasks find it later.
    pub(crate) account_name: &'a str,
    /// The other accounts. This one is taken out of the map during the request.
    pub(crate) others: &'a mut Accounts,
    pub(crate) shared: &'a mut Shared,
    pub(crate) contract: &'a Contract,
    pub(crate) request: &'a Request,
    pub(crate) input: &'a Input,
    pub(crate) now: u64,
    /// How a fault rule changes lists and calls.
    pub(crate) race: &'a Race,
    /// The id of the object that the handler created.
    pub(crate) created_id: Option<String>,
    /// JSON of a successful response that the handler has serialized itself, used instead of its return
    /// value: building a JSON tree for a page costs several times as much.
    pub(crate) written: Option<Vec<u8>>,
}

impl Ctx<'_> {
    pub(super) fn scope(&mut self) -> AccountScope<'_> {
        AccountScope {
            account: self.account,
            account_name: self.account_name,
            shared: self.shared,
            now: self.now,
        }
    }

    /// Whether the recording add-on is active.
    pub(super) fn records(&self) -> bool {
        self.account.recording_until > self.now
    }

    /// The API's base URL as the client sees it, for URLs in responses.
    pub(super) fn base(&self) -> String {
        self.request.base()
    }

    /// Whether lists leave out this object.
    pub(super) fn hides(&self, id: &str) -> bool {
        self.account.hides(id, self.now)
    }

    pub(super) fn is_sub_account(&self) -> bool {
        self.others.iter().any(|(_, a)| a.sub_accounts.get(self.account_name).is_some())
    }
}

/// Returns the body of a successful response, or an error after which nothing has changed.
pub(crate) type JsonHandler = fn(&mut Ctx<'_>) -> Result<Value, Failure>;

/// Returns a response that is more than a JSON body: bytes or a stream.
pub(crate) type RawHandler = fn(&mut Ctx<'_>) -> Result<Response, Failure>;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Handler {
    Json(JsonHandler),
    Raw(RawHandler),
}

/// An operationId and its handler.
pub(crate) type Row = (&'static str, JsonHandler);
pub(crate) type RawRow = (&'static str, RawHandler);

pub(super) fn no_agent() -> Failure {
    Failure::detail(404, "Agent not found")
}

pub(super) fn no_number() -> Failure {
    Failure::code("PHONE_NUMBER_NOT_FOUND")
}

pub(crate) fn no_call() -> Failure {
    Failure::detail(404, "Call not found")
}
