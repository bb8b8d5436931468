//! What a number received and sent: its messages and its calls.

use super::PAGE;
use crate::core::check::{ANY, Check, Rule};
use crate::core::operation::{Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("numbers.messages.list", "/v1/numbers/{number_id}/messages", Pages::Before)
        .checks(&[Check::May("limit", Rule::Whole(1, 200)), Check::May("offset", Rule::Whole(0, ANY))]),
    Operation::list("numbers.calls.list", "/v1/numbers/{number_id}/calls", Pages::Offset).checks(PAGE),
];
