//! Phone calls: placed, read, listed, ended; and their audio.

use super::PAGE;
use crate::core::check::{Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("calls.create", Method::Post, "/v1/calls", Input::Body)
        .checks(&[
            Check::Needs("agentId", Rule::Text),
            Check::Needs("toNumber", Rule::Phone),
            Check::May("maxWaitSeconds", Rule::Whole(10, 600)),
        ])
        .witnessed(PLACED),
    Operation::effect("calls.createWeb", Method::Post, "/v1/calls/web", Input::Body)
        .checks(&[Check::Needs("agentId", Rule::Text)]),
    Operation::query("calls.get", "/v1/calls/{call_id}")
        .checks(&[Check::May("timeout", Rule::Whole(1, 300))]),
    Operation::list("calls.list", "/v1/calls", Pages::Offset).checks(PAGE),
    Operation::idempotent("calls.end", Method::Post, "/v1/calls/{call_id}/end", Input::None),
    Operation::read("calls.recording.get", "/v1/calls/{call_id}/recording")
        .answers(AnswerShape::Bytes)
        .without_key(),
];

/// A call that was placed is in the list of calls, sooner or later.
const PLACED: &Witness = &Witness::list(
    "calls.list",
    &[
        Fact::new("agentId", &["agentId"], Kind::Id).of_lane(),
        Fact::new("toNumber", &["toNumber"], Kind::Recipient).of_lane(),
        Fact::new("fromNumberId", &["phoneNumberId"], Kind::Id),
    ],
)
.asked(r#"{"limit":100,"direction":"outbound"}"#)
.only(&[("direction", "outbound")])
.dated("startedAt")
.read_by("calls.get")
.counted_by("usage.get");
