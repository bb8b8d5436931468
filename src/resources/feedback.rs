//! Feedback to the vendor.

use crate::core::check::Check;
use crate::core::operation::{AnswerShape, Input, Method, Operation};
use crate::core::rule::Rule;

pub(super) const ROWS: &[Operation] =
    &[Operation::effect("feedback.create", Method::Post, "/v1/feedback", Input::Body)
        .answers(AnswerShape::Json)
        .checks(&[Check::Needs("category", Rule::Text), Check::Needs("note", Rule::Text)])];
