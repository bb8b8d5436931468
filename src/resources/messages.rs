//! Outgoing texts and reactions.

use crate::core::check::Check;
use crate::core::operation::{Input, Method, Operation};
use crate::core::rule::{ANY, Rule};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("messages.send", Method::Post, "/v1/messages", Input::Body).checks(&[
        Check::MayBeNull("from_number", Rule::Phone),
        Check::MayBeNull("to_number", Rule::Recipient),
        Check::MayBeNull("recipients", Rule::Items(2, ANY, &Rule::Recipient)),
        Check::MayBeNull("media_urls", Rule::Items(0, 20, &Rule::Text)),
        Check::OneOf(&["agent_id", "number_id", "from_number"]),
        Check::OneOf(&["to_number", "recipients"]),
        Check::BodyOrMedia,
    ]),
    Operation::idempotent("messages.react", Method::Post, "/v1/messages/{message_id}/reactions", Input::Body)
        .checks(&[Check::Needs("reaction", Rule::Text)]),
];
