//! The pictures of messages.

use crate::core::operation::{AnswerShape, Operation};

pub(super) const ROWS: &[Operation] =
    &[Operation::read("messages.media.get", "/v1/messages/{message_id}/media")
        .answers(AnswerShape::Media)
        .without_key()];
