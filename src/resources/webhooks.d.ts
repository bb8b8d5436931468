// The webhook of the project: where its events are posted, and what became of them.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";
import type { SuccessFlag } from "./agents.js";

/** Where events shall be posted. */
export interface WebhookRequest {
  /** Public HTTPS address. 1 to 2083 characters. */
  url: string;
  /** How many earlier messages each delivery carries. 0 to 50. Default: `10`. */
  contextLimit?: number | null | undefined;
  /** Seconds to wait for your response. 5 to 120. Default: `30`. */
  timeout?: number | null | undefined;
}

/** A webhook: where events are posted. */
export interface Webhook {
  /** Id; opaque. */
  id: string;
  /** Where events are posted. */
  url: string;
  /** whsec_ prefixed signing secret, used whole as the HMAC key. Every set call issues a new one. */
  secret: string;
  status: Open<"active">;
  /** How many earlier messages each delivery carries. */
  contextLimit: number;
  /** Seconds to wait for your response. */
  timeout?: number | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
}

/** What the test event says. */
export interface WebhookTestRequest {
  /** Sender of the event. */
  from?: string | undefined;
  /** Recipient of the event. */
  to?: string | undefined;
  /** Text of the event. */
  message?: string | undefined;
  /** What the event says that carried it. */
  channel?: "sms" | "imessage" | "mms" | "whatsapp" | "rcs" | undefined;
}

/**
 * What your endpoint did with the test event. The fields differ between the published sources;
 * read `success` first.
 */
export interface WebhookTestResult {
  /** True when your endpoint answered with a 2xx. */
  success: boolean;
  /** HTTP status of your response. */
  httpStatus?: number | null | undefined;
  /** What went wrong. */
  errorMessage?: string | null | undefined;
  /** HTTP status, in the spelling that the official MCP server reads. */
  statusCode?: number | null | undefined;
  /** How long your endpoint took, in milliseconds (official MCP server). */
  responseMs?: number | null | undefined;
  /** What went wrong, in the spelling that the official MCP server reads. */
  error?: string | null | undefined;
}

/** A delivery of an event, tried or to be tried. */
export interface WebhookDelivery {
  /** Id; opaque. */
  id: string;
  /** Id of the message that was delivered. */
  messageId?: string | null | undefined;
  /** The event, e.g. `agent.message`. */
  eventType?: string | null | undefined;
  /** The service of the event. */
  channel?: string | null | undefined;
  /** `pending`: not accepted yet, and tried again. */
  status: Open<"pending" | "success" | "failed">;
  /** HTTP status of your response. */
  httpStatus?: number | null | undefined;
  /** What went wrong. */
  errorMessage?: string | null | undefined;
  /** Beginning of your response. */
  responseBody?: string | null | undefined;
  /** How often it has been tried. */
  attemptCount: number;
  /** When it was last tried, ISO 8601. */
  lastAttemptAt?: string | null | undefined;
  /** When it is tried next, ISO 8601; null when it is not. */
  nextRetryAt?: string | null | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** The event, in the spelling that the official MCP server reads. */
  event?: string | null | undefined;
  /** HTTP status of your response, in the spelling that the official MCP server reads. */
  statusCode?: number | null | undefined;
  /** Whether your endpoint accepted it (official MCP server). */
  success?: boolean | null | undefined;
  /** When your endpoint accepted it, ISO 8601 (official MCP server). */
  deliveredAt?: string | null | undefined;
  /** How long your endpoint took, in milliseconds (official MCP server). */
  responseMs?: number | null | undefined;
}

/** Deliveries of the last hours. */
export interface WebhookDeliveryStats {
  /** Deliveries in the period. */
  total: number;
  /** Deliveries that your endpoint accepted. */
  success: number;
  /** Deliveries that your endpoint did not accept. */
  failed: number;
  /** Deliveries still to be tried. */
  pending: number;
  /** Share that succeeded. */
  successRate: number;
  /** Counts by kind of event and state. */
  byEventType: Record<string, Record<string, number>>;
  /** Counts by hour. */
  byHour: Array<Record<string, unknown>>;
}

/** Deliveries since the beginning. */
export interface WebhookAllTimeStats {
  /** All deliveries so far. */
  total: number;
  /** Deliveries that your endpoint accepted. */
  success: number;
  /** Deliveries that your endpoint did not accept. */
  failed: number;
  /** Share that succeeded. */
  successRate: number;
}

/** Whose event a test is. */
export interface WebhookTestQuery {
  /** Agent whose id the event carries. */
  agentId?: string | null | undefined;
}

/** Which deliveries, and which page of them. */
export interface WebhookDeliveriesQuery {
  /** Items a page, at least 1. Default: 50. */
  limit?: number | undefined;
  /** Items to skip. Default: 0. */
  offset?: number | undefined;
  /** Only the last hours, at least 1. */
  hours?: number | null | undefined;
}

/** Which hours are counted. */
export interface WebhookStatsQuery {
  /** The last hours, at least 1. Default: 24. */
  hours?: number | undefined;
}

/** The webhook of the project. */
export interface WebhooksResource {
  /** What became of the events. */
  readonly deliveries: WebhookDeliveriesResource;

  /**
   * Reads the webhook of the project; null when there is none.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  get(options?: RequestOptions): ApiPromise<Webhook | null>;

  /**
   * Creates or replaces the webhook of the project. It gets the events of agents without one of their
   * own.
   *
   * Effect class: effect: **every call issues a new secret**, so that a repeat makes the one of the
   * first response worthless. Free. Errors: `ValidationError`, and those of every request. Limited to 100
   * an hour.
   *
   * ```ts
   * const { secret } = await client.webhooks.set({ url: "https://example.com/agentphone", timeout: 30 });
   * console.log(secret.length);
   * ```
   */
  set(body: WebhookRequest, options?: RequestOptions): ApiPromise<Webhook>;

  /**
   * Removes the webhook of the project: its events are no longer posted.
   *
   * Effect class: idempotent. Free. Errors: those of every request.
   */
  delete(options?: RequestOptions): ApiPromise<SuccessFlag>;

  /**
   * Posts a test event, marked `test: true`, to the webhook of the project and returns its
   * response.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request. Limited to 60
   * an hour.
   *
   * ```ts
   * await client.webhooks.set({ url: "https://example.com/agentphone" });
   * const { success } = await client.webhooks.test({ channel: "sms", message: "Hello" });
   * ```
   */
  test(body?: WebhookTestQuery & WebhookTestRequest, options?: RequestOptions): ApiPromise<WebhookTestResult>;
}

/** Deliveries of events. */
export interface WebhookDeliveriesResource {
  /**
   * Lists deliveries, the newest first, a page at a time.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { data } = await client.webhooks.deliveries.list({ hours: 24 });
   * console.log(data.filter((delivery) => delivery.status === "failed").length);
   * ```
   */
  list(query?: WebhookDeliveriesQuery, options?: RequestOptions): PagePromise<WebhookDelivery>;

  /**
   * Counts the deliveries of the last hours.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { successRate } = await client.webhooks.deliveries.stats({ hours: 24 });
   * ```
   */
  stats(query?: WebhookStatsQuery, options?: RequestOptions): ApiPromise<WebhookDeliveryStats>;

  /**
   * Counts all deliveries.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  allTime(options?: RequestOptions): ApiPromise<WebhookAllTimeStats>;
}
