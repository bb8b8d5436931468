//! Add-ons that are paid for by the month.

use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] =
    &[Operation::effect("credits.recording.enable", Method::Post, "/credits/recording/enable", Input::None)
        .answers(AnswerShape::Json)];
