//! Voices that agents can speak with.

use crate::core::operation::Operation;

pub(super) const ROWS: &[Operation] = &[Operation::read("voices.list", "/v1/agents/voices").whole()];
