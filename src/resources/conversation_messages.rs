//! Messages of a conversation.

use crate::core::check::{Check, Rule};
use crate::core::operation::{Operation, Pages};

pub(super) const ROWS: &[Operation] = &[Operation::list(
    "conversations.messages.list",
    "/v1/conversations/{conversation_id}/messages",
    Pages::Before,
)
.checks(&[Check::May("limit", Rule::Whole(1, 200))])];
