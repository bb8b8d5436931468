//! Sub-accounts: separate agents, numbers and conversations under one wallet and one key.

use crate::core::check::{ANY, Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("subAccounts.list", "/v1/sub-accounts", Pages::Offset).checks(&[
        Check::MayBeNull("limit", Rule::Whole(1, 500)),
        Check::May("offset", Rule::Whole(0, ANY)),
        Check::May("stats_days", Rule::Whole(1, 90)),
    ]),
    Operation::effect("subAccounts.create", Method::Post, "/v1/sub-accounts", Input::Body)
        .checks(&[Check::Needs("name", Rule::Length(1, 100))])
        .witnessed(CREATED),
    Operation::idempotent(
        "subAccounts.update",
        Method::Patch,
        "/v1/sub-accounts/{sub_account_id}",
        Input::Body,
    )
    .checks(&[Check::Needs("name", Rule::Length(1, 100))]),
    Operation::idempotent(
        "subAccounts.delete",
        Method::Delete,
        "/v1/sub-accounts/{sub_account_id}",
        Input::None,
    ),
];

/// A sub-account is recognised by its name.
const CREATED: &Witness =
    &Witness::list("subAccounts.list", &[Fact::new("name", &["name"], Kind::Text).of_lane()])
        .dated("createdAt");
