//! The operations that the sandbox implements, one file per resource. A file has rows of operationId
//! and handler; method, path, shapes and success status come from the contract. To add an operation,
//! write its handler and its row.

mod agent_numbers;
mod agent_webhooks;
mod agents;
mod calls;
mod contact_cards;
mod contacts;
mod conversations;
mod credits;
mod feedback;
mod identity;
mod listing;
mod location;
mod lookup;
mod message_lists;
mod message_media;
mod messages;
mod numbers;
mod registration;
mod sign_up;
mod sip_trunks;
mod sub_accounts;
mod templates;
mod usage;
mod verification;
mod voices;
mod webhooks;
mod whatsapp;

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
    fn scope(&mut self) -> AccountScope<'_> {
        AccountScope {
            account: self.account,
            account_name: self.account_name,
            shared: self.shared,
            now: self.now,
        }
    }

    /// Whether the recording add-on is active.
    fn records(&self) -> bool {
        self.account.recording_until > self.now
    }

    /// The API's base URL as the client sees it, for URLs in responses.
    fn base(&self) -> String {
        base_of(self.request)
    }

    /// Whether lists leave out this object.
    fn hides(&self, id: &str) -> bool {
        self.account.hides(id, self.now)
    }

    fn is_sub_account(&self) -> bool {
        self.others.iter().any(|(_, a)| a.sub_accounts.get(self.account_name).is_some())
    }
}

/// The API's base URL as a client sees it.
pub(crate) fn base_of(request: &Request) -> String {
    let host = request.header("host").filter(|h| !h.is_empty());
    host.map_or_else(|| "https://api.agentphone.ai".to_owned(), |host| format!("http://{host}"))
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

const RAW_TABLES: &[&[RawRow]] =
    &[calls::RAW_ROWS, message_media::RAW_ROWS, webhooks::RAW_ROWS, agent_webhooks::RAW_ROWS];

const TABLES: &[&[Row]] = &[
    agent_numbers::ROWS,
    agents::ROWS,
    calls::ROWS,
    contact_cards::ROWS,
    contacts::ROWS,
    conversations::ROWS,
    credits::ROWS,
    feedback::ROWS,
    identity::ROWS,
    location::ROWS,
    lookup::ROWS,
    message_lists::ROWS,
    messages::ROWS,
    numbers::ROWS,
    registration::ROWS,
    sign_up::ROWS,
    sip_trunks::ROWS,
    sub_accounts::ROWS,
    templates::ROWS,
    usage::ROWS,
    verification::ROWS,
    voices::ROWS,
    webhooks::ROWS,
    agent_webhooks::ROWS,
    whatsapp::ROWS,
];

pub(crate) fn handler(operation: &str) -> Option<Handler> {
    let json = TABLES.iter().copied().flatten().find(|(id, _)| *id == operation);
    let raw = RAW_TABLES.iter().copied().flatten().find(|(id, _)| *id == operation);
    json.map(|(_, handler)| Handler::Json(*handler)).or(raw.map(|(_, handler)| Handler::Raw(*handler)))
}

/// Every implemented operation, for the tests.
#[cfg(test)]
pub(crate) fn performed() -> impl Iterator<Item = &'static str> {
    let raw = RAW_TABLES.iter().copied().flatten().map(|(id, _)| *id);
    TABLES.iter().copied().flatten().map(|(id, _)| *id).chain(raw)
}

pub(crate) use calls::no_call;
pub(crate) use listing::{is_list, makes};
use listing::{page, rows, window};

fn no_agent() -> Failure {
    Failure::detail(404, "Agent not found")
}

fn no_number() -> Failure {
    Failure::code("PHONE_NUMBER_NOT_FOUND")
}
