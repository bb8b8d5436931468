//! What an agent did: its conversations and its calls.

use super::PAGE;
use crate::core::operation::{Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("agents.conversations.list", "/v1/agents/{agent_id}/conversations", Pages::Offset)
        .checks(PAGE),
    Operation::list("agents.calls.list", "/v1/agents/{agent_id}/calls", Pages::Offset).checks(PAGE),
];
