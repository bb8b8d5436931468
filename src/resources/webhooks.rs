//! The webhook of the project: where its events are posted, and what became of them.

use crate::core::check::{ANY, Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("webhooks.get", "/v1/webhooks").answers(AnswerShape::ObjectOrNull),
    Operation::effect("webhooks.set", Method::Post, "/v1/webhooks", Input::Body)
        .checks(WEBHOOK)
        .witnessed(SET),
    Operation::idempotent("webhooks.delete", Method::Delete, "/v1/webhooks", Input::None),
    Operation::idempotent("webhooks.test", Method::Post, "/v1/webhooks/test", Input::OptionalBody)
        .in_query(&["agentId"]),
    Operation::list("webhooks.deliveries.list", "/v1/webhooks/deliveries", Pages::Offset).checks(&[
        Check::May("limit", Rule::Whole(1, ANY)),
        Check::May("offset", Rule::Whole(0, ANY)),
        Check::MayBeNull("hours", Rule::Whole(1, ANY)),
    ]),
    Operation::query("webhooks.deliveries.stats", "/v1/webhooks/deliveries/stats")
        .checks(&[Check::May("hours", Rule::Whole(1, ANY))]),
    Operation::read("webhooks.deliveries.allTime", "/v1/webhooks/deliveries/all-time"),
];

/// What a webhook must be, of an agent or of the project.
pub(super) const WEBHOOK: &[Check] = &[
    Check::Needs("url", Rule::Length(1, 2083)),
    Check::MayBeNull("contextLimit", Rule::Whole(0, 50)),
    Check::MayBeNull("timeout", Rule::Whole(5, 120)),
];

/// The webhook that there is now has the address that was to be set; its secret comes with it.
const SET: &Witness =
    &Witness::object("webhooks.get", &[Fact::new("url", &["url"], Kind::Text)]).dated("createdAt");
