//! Where a number was last located.

use crate::core::operation::{Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("location.get", "/v1/location/{phone_number}"),
    Operation::idempotent("location.refresh", Method::Post, "/v1/location/refresh", Input::None),
];
