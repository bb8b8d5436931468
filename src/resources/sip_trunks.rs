//! SIP trunks: calls to and from a telephone system of your own.

use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("sipTrunks.list", "/v1/sip-trunks").whole(),
    Operation::effect("sipTrunks.create", Method::Post, "/v1/sip-trunks", Input::OptionalBody)
        .witnessed(CREATED),
    Operation::read("sipTrunks.get", "/v1/sip-trunks/{trunk_id}"),
    Operation::effect("sipTrunks.update", Method::Patch, "/v1/sip-trunks/{trunk_id}", Input::Body),
    Operation::idempotent("sipTrunks.delete", Method::Delete, "/v1/sip-trunks/{trunk_id}", Input::None),
];

/// A trunk is recognised by its name.
const CREATED: &Witness =
    &Witness::list("sipTrunks.list", &[Fact::new("name", &["name"], Kind::Text).of_lane()])
        .asked("{}")
        .dated("createdAt")
        .read_by("sipTrunks.get");
