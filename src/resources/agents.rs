//! Agents, and the numbers attached to them.

use super::PAGE;
use crate::core::check::{Check, Rule};
use crate::core::effects::witness::{Fact, Kind, Witness};
use crate::core::operation::{Input, Method, Operation, Pages};

pub(super) const ROWS: &[Operation] = &[
    Operation::list("agents.list", "/v1/agents", Pages::Offset).checks(PAGE),
    Operation::effect("agents.create", Method::Post, "/v1/agents", Input::Body)
        .checks(&[
            Check::Needs("name", Rule::Text),
            Check::MayBeNull("transferNumber", Rule::PhoneOrEmpty),
            Check::MayBeNull("customTools", Rule::Items(0, 20, &Rule::Object(TOOL))),
            Check::MayBeNull("maxSilenceMs", Rule::Whole(10_000, 3_600_000)),
            Check::MayBeNull("voiceSpeed", Rule::Tenths(5, 20)),
            Check::MayBeNull("interruptionSensitivity", Rule::Tenths(0, 10)),
            Check::When { field: "voiceMode", is: &["hosted"], needs: &["systemPrompt"] },
        ])
        .witnessed(CREATED),
    Operation::read("agents.get", "/v1/agents/{agent_id}"),
    Operation::idempotent("agents.update", Method::Patch, "/v1/agents/{agent_id}", Input::Body).checks(&[
        Check::MayBeNull("transferNumber", Rule::PhoneOrEmpty),
        Check::MayBeNull("customTools", Rule::Items(0, 20, &Rule::Object(TOOL))),
        Check::MayBeNull("maxSilenceMs", Rule::Whole(10_000, 3_600_000)),
        Check::MayBeNull("voiceSpeed", Rule::Tenths(5, 20)),
        Check::MayBeNull("interruptionSensitivity", Rule::Tenths(0, 10)),
    ]),
    Operation::idempotent("agents.delete", Method::Delete, "/v1/agents/{agent_id}", Input::None),
    Operation::idempotent(
        "agents.numbers.attach",
        Method::Post,
        "/v1/agents/{agent_id}/numbers",
        Input::Body,
    )
    .checks(&[Check::Needs("numberId", Rule::Text)]),
    Operation::idempotent(
        "agents.numbers.detach",
        Method::Delete,
        "/v1/agents/{agent_id}/numbers/{number_id}",
        Input::None,
    ),
];

/// What a function tool of an agent must be.
const TOOL: &[Check] = &[
    Check::Needs("name", Rule::Word(64)),
    Check::Needs("description", Rule::Text),
    Check::Needs("url", Rule::Text),
    Check::MayBeNull("timeoutMs", Rule::Whole(1000, 120_000)),
];

/// An agent is recognised by its name.
const CREATED: &Witness =
    &Witness::list("agents.list", &[Fact::new("name", &["name"], Kind::Text).of_lane()])
        .dated("createdAt")
        .read_by("agents.get");
