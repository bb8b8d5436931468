//! Phone numbers of the account: held, on sale, looked up, bought and released.

use super::PAGE;
use crate::core::check::{Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("numbers.list", "/v1/numbers", Pages::Offset).checks(PAGE),
    Operation::list("numbers.available", "/v1/numbers/available", Pages::Whole),
    Operation::list("numbers.lookup", "/v1/numbers/lookup", Pages::Whole)
        .checks(&[Check::Needs("phoneNumbers", Rule::Phones(25))]),
    Operation::read("numbers.get", "/v1/numbers/{number_id}"),
    Operation::effect("numbers.buy", Method::Post, "/v1/numbers", Input::OptionalBody)
        .checks(&[Check::May("country", Rule::Country), Check::MayBeNull("areaCode", Rule::Digits(3))])
        .witnessed(BOUGHT),
    Operation::idempotent("numbers.update", Method::Patch, "/v1/numbers/{number_id}", Input::Body),
    Operation::idempotent("numbers.release", Method::Delete, "/v1/numbers/{number_id}", Input::None),
];

/// A number has the reference that was sent with it; the client derives one from the key if the caller sends none.
const BOUGHT: &Witness =
    &Witness::list("numbers.list", &[Fact::new("externalId", &["externalId"], Kind::Id).of_lane().exact()])
        .dated("purchasedAt")
        .read_by("numbers.get");
