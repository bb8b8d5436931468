//! WhatsApp: business accounts, their numbers and their message templates.

use crate::core::check::{Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{AnswerShape, Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("whatsapp.connect", Method::Post, "/integrations/whatsapp/connect", Input::Body)
        .answers(AnswerShape::Json)
        .checks(&[Check::Needs("code", Rule::Text)]),
    Operation::read("whatsapp.status", "/integrations/whatsapp/status").answers(AnswerShape::Json),
    Operation::idempotent(
        "whatsapp.disconnect",
        Method::Delete,
        "/integrations/whatsapp/{connection_id}",
        Input::None,
    )
    .answers(AnswerShape::Json),
    Operation::read("whatsapp.numbers.available", "/integrations/whatsapp/{connection_id}/available-numbers")
        .answers(AnswerShape::Json),
    Operation::idempotent(
        "whatsapp.numbers.connect",
        Method::Post,
        "/integrations/whatsapp/{connection_id}/numbers",
        Input::Body,
    )
    .answers(AnswerShape::Json)
    .checks(&[Check::Needs("phone_number_id", Rule::Text)]),
    Operation::query("whatsapp.templates.list", "/integrations/whatsapp/{connection_id}/templates")
        .answers(AnswerShape::Json),
    Operation::effect(
        "whatsapp.templates.create",
        Method::Post,
        "/integrations/whatsapp/{connection_id}/templates",
        Input::Body,
    )
    .answers(AnswerShape::Json)
    .checks(&[Check::Needs("name", Rule::Text), Check::Needs("category", Rule::Text)])
    .witnessed(CREATED),
    Operation::idempotent(
        "whatsapp.templates.delete",
        Method::Delete,
        "/integrations/whatsapp/{connection_id}/templates",
        Input::Query,
    )
    .answers(AnswerShape::Json)
    .checks(&[Check::Needs("name", Rule::Text)]),
];

/// A template is recognised by its name and language.
const CREATED: &Witness = &Witness::list(
    "whatsapp.templates.list",
    &[
        Fact::new("name", &["name"], Kind::Text).of_lane(),
        Fact::new("language", &["language"], Kind::Id).of_lane(),
    ],
)
.asked("{}");
