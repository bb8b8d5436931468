//! The webhook of an agent, which takes its events in place of that of the project.

use super::webhooks::WEBHOOK;
use crate::core::check::{ANY, Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::read("agents.webhook.get", "/v1/agents/{agent_id}/webhook").answers(AnswerShape::ObjectOrNull),
    Operation::effect("agents.webhook.set", Method::Post, "/v1/agents/{agent_id}/webhook", Input::Body)
        .checks(WEBHOOK)
        .witnessed(SET),
    Operation::idempotent(
        "agents.webhook.delete",
        Method::Delete,
        "/v1/agents/{agent_id}/webhook",
        Input::None,
    ),
    Operation::idempotent(
        "agents.webhook.test",
        Method::Post,
        "/v1/agents/{agent_id}/webhook/test",
        Input::None,
    ),
    Operation::list(
        "agents.webhook.deliveries.list",
        "/v1/agents/{agent_id}/webhook/deliveries",
        Pages::Whole,
    )
    .checks(&[Check::May("limit", Rule::Whole(1, ANY)), Check::May("hours", Rule::Whole(1, ANY))]),
];

/// As that of the project.
const SET: &Witness =
    &Witness::object("agents.webhook.get", &[Fact::new("url", &["url"], Kind::Text)]).dated("createdAt");
