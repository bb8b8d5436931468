//! Conversations: threads of texts between a number and a person or a group.

use super::PAGE;
use crate::core::check::{Check, Rule};
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("conversations.list", "/v1/conversations", Pages::Offset).checks(PAGE),
    Operation::query("conversations.get", "/v1/conversations/{conversation_id}")
        .checks(&[Check::May("message_limit", Rule::Whole(1, 100))]),
    Operation::idempotent(
        "conversations.update",
        Method::Patch,
        "/v1/conversations/{conversation_id}",
        Input::Body,
    ),
    Operation::idempotent(
        "conversations.typing",
        Method::Post,
        "/v1/conversations/{conversation_id}/typing",
        Input::None,
    ),
    Operation::idempotent(
        "conversations.background.set",
        Method::Post,
        "/v1/conversations/{conversation_id}/background",
        Input::Body,
    )
    .checks(&[Check::Needs("image_url", Rule::Text)]),
    Operation::idempotent(
        "conversations.background.delete",
        Method::Delete,
        "/v1/conversations/{conversation_id}/background",
        Input::None,
    )
    .answers(AnswerShape::Empty),
];
