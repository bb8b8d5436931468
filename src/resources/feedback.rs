//! Feedback to the vendor.

use crate::core::check::{Check, Rule};
use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] =
    &[Operation::effect("feedback.create", Method::Post, "/v1/feedback", Input::Body)
        .answers(AnswerShape::Json)
        .checks(&[Check::Needs("category", Rule::Text), Check::Needs("note", Rule::Text)])];
