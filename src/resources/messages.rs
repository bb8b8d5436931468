//! Outgoing texts and reactions.

use crate::core::check::{ANY, Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Place, Witness};
use crate::core::operation::{Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("messages.send", Method::Post, "/v1/messages", Input::Body)
        .checks(&[
            Check::MayBeNull("from_number", Rule::Phone),
            Check::MayBeNull("to_number", Rule::Recipient),
            Check::MayBeNull("recipients", Rule::Items(2, ANY, &Rule::Recipient)),
            Check::MayBeNull("media_urls", Rule::Items(0, 20, &Rule::Text)),
            Check::OneOf(&["agent_id", "number_id", "from_number"]),
            Check::OneOf(&["to_number", "recipients"]),
            Check::BodyOrMedia,
        ])
        .witnessed(SENT),
    Operation::idempotent("messages.react", Method::Post, "/v1/messages/{message_id}/reactions", Input::Body)
        .checks(&[Check::Needs("reaction", Rule::Text)]),
];

/// A text that was sent is in the list of its number. Its recipient distinguishes lanes, not which of the
/// account's numbers sent it, because a sender can be named in three ways.
const SENT: &Witness = &Witness::list(
    "numbers.messages.list",
    &[
        Fact::new("to_number", &["toNumber", "to"], Kind::Recipient).of_lane(),
        Fact::new("recipients", &[], Kind::Recipient).of_lane(),
        Fact::new("body", &["body"], Kind::Text),
        Fact::new("media_urls", &["mediaUrls"], Kind::Media).or_sent("media_url"),
    ],
)
.at(Place::ListOfNumbers(&[
    Fact::new("number_id", &["id"], Kind::Id),
    Fact::new("agent_id", &["agentId"], Kind::Id),
    Fact::new("from_number", &["phoneNumber"], Kind::Recipient),
]))
.only(&[("direction", "outbound")])
.dated("receivedAt")
.answering(&[
    ("id", "id"),
    ("status", "status"),
    ("channel", "channel"),
    ("from_number", "fromNumber"),
    ("to_number", "toNumber"),
    ("conversation_id", "conversationId"),
    ("media_urls", "mediaUrls"),
]);
