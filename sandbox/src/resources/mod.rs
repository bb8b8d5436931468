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
mod ctx;
mod feedback;
mod identity;
mod listing;
mod location;
mod lookup;
mod message_lists;
mod message_media;
mod message_view;
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

use ctx::{RawRow, Row};

pub(crate) use ctx::{Ctx, Handler, no_call};

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
