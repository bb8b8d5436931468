//! The resources of the API, one file each: its rows and its types. A method of the client is a row
//! (`src/js/client.js` makes it), so that adding an operation touches one file.

mod account;
mod agent_history;
mod agent_webhook;
mod agents;
mod call_transcript;
mod calls;
mod contact_card;
mod contacts;
mod conversation_messages;
mod conversations;
mod credits;
mod feedback;
mod location;
mod messages;
mod number_history;
mod numbers;
mod registration;
mod sign_up;
mod sip_trunks;
mod sub_accounts;
mod usage;
mod verification;
mod voices;
mod webhooks;
mod whatsapp;

use crate::core::check::Check;
use crate::core::operation::{AnswerShape, Input, Operation, Pages};
use crate::core::rule::{ANY, Rule};

/// All operations; the number of one is its place in this list of lists.
const FILES: &[&[Operation]] = &[
    account::ROWS,
    agent_history::ROWS,
    agent_webhook::ROWS,
    agents::ROWS,
    call_transcript::ROWS,
    calls::ROWS,
    contact_card::ROWS,
    contacts::ROWS,
    conversation_messages::ROWS,
    conversations::ROWS,
    credits::ROWS,
    feedback::ROWS,
    location::ROWS,
    messages::ROWS,
    number_history::ROWS,
    numbers::ROWS,
    registration::ROWS,
    sign_up::ROWS,
    sip_trunks::ROWS,
    sub_accounts::ROWS,
    usage::ROWS,
    verification::ROWS,
    voices::ROWS,
    webhooks::ROWS,
    whatsapp::ROWS,
];

/// What the lists by offset allow, but for a few.
const PAGE: &[Check] = &[Check::May("limit", Rule::Whole(1, 100)), Check::May("offset", Rule::Whole(0, ANY))];

/// The operation with this number.
pub(crate) fn row(number: u32) -> Option<&'static Operation> {
    FILES.iter().copied().flatten().nth(usize::try_from(number).ok()?)
}

/// The operation with this id.
pub(crate) fn named(id: &str) -> Option<&'static Operation> {
    FILES.iter().copied().flatten().find(|operation| operation.id == id)
}

/// A line an operation: its id, how many ids its path takes, 1 if it takes an input, and what it gives.
pub(crate) fn table() -> String {
    let mut table = String::new();
    for operation in FILES.iter().copied().flatten() {
        if !table.is_empty() {
            table.push('\n');
        }
        let ids = [" 0", " 1", " 2"].get(operation.ids()).copied().unwrap_or(" 2");
        let input = if operation.input == Input::None { " 0 " } else { " 1 " };
        let gives = match operation.answer {
            AnswerShape::Bytes => "bytes",
            AnswerShape::Events => "events",
            _ if operation.pages != Pages::None => "pages",
            _ => "data",
        };
        for piece in [operation.id, ids, input, gives] {
            table.push_str(piece);
        }
    }
    table
}
