//! Where the calls to a number go.

use crate::core::check::{Check, Rule};
use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[Operation::idempotent(
    "numbers.voiceRouting.update",
    Method::Patch,
    "/v1/numbers/{number_id}/voice-routing",
    Input::Body,
)
.answers(AnswerShape::Json)
.checks(&[Check::Needs("method", Rule::Text)])];
