//! Counters of the account.

use crate::core::check::{Check, Rule};
use crate::core::operation::Operation;

pub(super) const ROWS: &[Operation] = &[
    Operation::read("usage.get", "/v1/usage"),
    Operation::query("usage.daily", "/v1/usage/daily").checks(&[Check::May("days", Rule::Whole(1, 365))]),
    Operation::query("usage.monthly", "/v1/usage/monthly")
        .checks(&[Check::May("months", Rule::Whole(1, 24))]),
    Operation::read("usage.byNumber", "/v1/usage/by-number").whole(),
    Operation::query("usage.byAgent", "/v1/usage/by-agent").checks(&[Check::Needs("period", Rule::Text)]),
];
