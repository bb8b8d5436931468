//! The webhook of an agent, which takes its events in place of that of the project.

use super::webhooks::WEBHOOK;
use crate::core::check::Check;
use crate::core::operation::{AnswerShape, Input, Method, Operation, Pages};
use crate::core::rule::{ANY, Rule};
use wasm_bindgen::prelude::*;

pub(super) const ROWS: &[Operation] = &[
    Operation::read("agents.webhook.get", "/v1/agents/{agent_id}/webhook").answers(AnswerShape::ObjectOrNull),
    Operation::effect("agents.webhook.set", Method::Post, "/v1/agents/{agent_id}/webhook", Input::Body)
        .checks(WEBHOOK),
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

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Which deliveries of an agent. */
export interface AgentWebhookDeliveriesQuery {
  /** The most to return, at least 1. Default: 50. */
  limit?: number;
  /** Only the last hours, at least 1. Seen in the official MCP server alone. */
  hours?: number;
}

/** The webhook of an agent. */
export interface AgentWebhookResource {
  /** What became of the events. */
  readonly deliveries: AgentWebhookDeliveriesResource;

  /**
   * Reads the webhook of an agent; null when it has none.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(agentId: string, options?: RequestOptions): ApiPromise<Webhook | null>;

  /**
   * Creates or replaces the webhook of an agent. Its events are then posted there and no longer to that
   * of the project.
   *
   * Effect class: effect: **every call issues a new secret**, so that a repeat makes the one of the
   * first answer worthless. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
   * request.
   *
   * ```ts
   * const webhook = await client.agents.webhook.set(agent.id, { url: "https://example.com/support" });
   * console.log(webhook.secret.length);
   * ```
   */
  set(agentId: string, body: WebhookRequest, options?: RequestOptions): ApiPromise<Webhook>;

  /**
   * Removes the webhook of an agent: its events go to that of the project again.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(agentId: string, options?: RequestOptions): ApiPromise<SuccessFlag>;

  /**
   * Posts an event made for the purpose to the webhook of an agent and tells what it answered.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  test(agentId: string, options?: RequestOptions): ApiPromise<WebhookTestResult>;
}

export interface AgentsResource {
  /** The webhook of an agent. */
  readonly webhook: AgentWebhookResource;
}

/** Deliveries of the events of an agent. */
export interface AgentWebhookDeliveriesResource {
  /**
   * Lists the latest deliveries of an agent, in one page: the API gives a plain array here.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const recent = await client.agents.webhook.deliveries.list(agent.id, { limit: 10 });
   * console.log(recent.data.length);
   * ```
   */
  list(
    agentId: string,
    query?: AgentWebhookDeliveriesQuery,
    options?: RequestOptions,
  ): PagePromise<WebhookDelivery>;
}
"#;
