//! The owner of the key.

use crate::core::operation::{AnswerShape, Operation};

pub(super) const ROWS: &[Operation] = &[Operation::read("account.me", "/auth/me").answers(AnswerShape::Json)];
