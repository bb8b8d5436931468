//! Contacts: the people that agents call and write to.

use crate::core::check::{ANY, Check, Rule};
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("contacts.list", "/v1/contacts", Pages::Offset)
        .checks(&[Check::May("limit", Rule::Whole(1, 200)), Check::May("offset", Rule::Whole(0, ANY))]),
    Operation::idempotent("contacts.create", Method::Post, "/v1/contacts", Input::Body)
        .checks(&[Check::Needs("phoneNumber", Rule::Text), Check::Needs("name", Rule::Text)]),
    Operation::query("contacts.capabilities", "/v1/contacts/capabilities")
        .checks(&[Check::Needs("phone_number", Rule::Phone)]),
    Operation::read("contacts.get", "/v1/contacts/{contact_id}"),
    Operation::idempotent("contacts.update", Method::Patch, "/v1/contacts/{contact_id}", Input::Body),
    Operation::idempotent("contacts.delete", Method::Delete, "/v1/contacts/{contact_id}", Input::None)
        .answers(AnswerShape::Empty),
];
