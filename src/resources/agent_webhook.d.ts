// The webhook of an agent, which receives its events instead of that of the project.

import type { ApiPromise, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";
import type { SuccessFlag } from "./agents.js";
import type { Webhook, WebhookDelivery, WebhookRequest, WebhookTestResult } from "./webhooks.js";

/** Which deliveries of an agent. */
export interface AgentWebhookDeliveriesQuery {
  /** The most to return, at least 1. Default: 50. */
  limit?: number | undefined;
  /** Only the last hours, at least 1. Seen in the official MCP server alone. */
  hours?: number | undefined;
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
   * first response worthless. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
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
   * Posts a test event to the webhook of an agent and returns its response.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  test(agentId: string, options?: RequestOptions): ApiPromise<WebhookTestResult>;
}

/** Deliveries of the events of an agent. */
export interface AgentWebhookDeliveriesResource {
  /**
   * Lists the latest deliveries of an agent, in one page: the API returns a plain array here.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const recent = await client.agents.webhook.deliveries.list(agent.id, { limit: 10 });
   * console.log(recent.data.length);
   * ```
   */
  list(agentId: string, query?: AgentWebhookDeliveriesQuery, options?: RequestOptions): PagePromise<WebhookDelivery>;
}
