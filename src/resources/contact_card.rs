//! The contact card of a number: what people see who write with it (iMessage).

use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("numbers.contactCard.get", "/v1/numbers/{number_id}/contact-card"),
    Operation::idempotent(
        "numbers.contactCard.set",
        Method::Put,
        "/v1/numbers/{number_id}/contact-card",
        Input::Body,
    ),
    Operation::idempotent(
        "numbers.contactCard.delete",
        Method::Delete,
        "/v1/numbers/{number_id}/contact-card",
        Input::None,
    )
    .answers(AnswerShape::Empty),
];
