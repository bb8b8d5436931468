//! What was said in a call, afterwards and live.

use crate::core::operation::{AnswerShape, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("calls.transcript.get", "/v1/calls/{call_id}/transcript"),
    Operation::read("calls.transcript.stream", "/v1/calls/{call_id}/transcript/stream")
        .answers(AnswerShape::Events),
];
