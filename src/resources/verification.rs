//! One-time codes, by which people prove that a phone is theirs.

use crate::core::check::{Check, Rule};
use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("verification.send", Method::Post, "/v1/verify/send", Input::Body)
        .answers(AnswerShape::Json)
        .checks(&[Check::Needs("phone_number", Rule::Phone)]),
    Operation::effect("verification.check", Method::Post, "/v1/verify/check", Input::Body)
        .answers(AnswerShape::Json)
        .checks(&[Check::Needs("verification_id", Rule::Text), Check::Needs("code", Rule::Text)]),
];
