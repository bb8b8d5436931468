// `agentphone-wasm/otel`: spans and metrics of OpenTelemetry. The code is `src/js/otel`.

import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { CallStart, CallTelemetry, Telemetry } from "../client/telemetry.js";
import type { WebhookEvent } from "../webhooks/webhooks.js";

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions {
  /** Where spans go. Default: the provider that the SDK registers, even if it does so later. */
  tracerProvider?: TracerProvider | null | undefined;
  /** Where metrics go. Default: the provider that is registered when the first call begins. */
  meterProvider?: MeterProvider | null | undefined;
  /**
   * Whether each attempt gets an HTTP span and counts in `http.client.request.duration`. `"auto"`: unless the host's `fetch` is
   * already instrumented, so that nothing is counted twice. `true`: always; spans of other instrumentations are suppressed for
   * these requests. `false`: never. Default: `"auto"`.
   */
  http?: "auto" | boolean | undefined;
  /**
   * Sends the trace context (`traceparent`, and everything else that your propagator writes, such as baggage) with each request,
   * for your own proxy. AgentPhone ignores it. Default: `false`.
   */
  propagate?: boolean | undefined;
  /**
   * Stores which span placed a call or sent a text, by id, so that `webhook` finds it. A store that several processes share
   * also connects webhooks that another process receives. `false`: nothing is stored. Default: `memoryLinks()`.
   */
  links?: LinkStore | false | null | undefined;
  /**
   * The parent of a webhook's span. `"active"`: the span that is active, such as that of your HTTP server, with a link to the call
   * that led to the event; if no span is active, that call. `"call"`: always that call, with a link to the active span.
   * Default: `"active"`.
   */
  webhookParent?: "active" | "call" | undefined;
}

/** Stores which span placed a call or sent a text. If it fails or is slow, only the link is lost. */
export interface LinkStore {
  /** What was stored under a key, such as `call:` and the id of a call. It has 250 ms. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Stores a W3C `traceparent`. The result is not awaited. */
  set(key: string, traceparent: string): unknown;
}

/** Spans and metrics: the client's option `telemetry`, and spans for webhook handlers. */
export interface OpenTelemetry extends Telemetry {
  /** For the client: starts the span of an operation. */
  start(call: CallStart): CallTelemetry;
  /**
   * Handles a webhook's event in a span, such as `webhook agent.message`. The span is connected with the span of the
   * call that led to the event. Resolves to what `handle` returns, and rejects with what it throws. A streamed
   * `voice.response` is returned as a `Response` of its own, whose end is also that of the span.
   *
   * @example
   * const telemetry = openTelemetry();
   * const answer = await telemetry.webhook(event, (event) => {
   *   return event.channel === "voice" ? voice.say("One moment.") : undefined;
   * });
   */
  webhook<E extends WebhookEvent, T>(event: E, handle: (event: E) => T | PromiseLike<T>): Promise<T>;
}

/**
 * Spans and metrics of what a client does. No span, event, attribute or metric contains a key, an id, a phone number or a text.
 *
 * Errors: `InvalidArgumentError` for an invalid option.
 *
 * @example
 * const traced = new AgentPhone({ telemetry: openTelemetry() });
 * await traced.calls.create({ agentId, toNumber });
 */
export function openTelemetry(options?: OpenTelemetryOptions): OpenTelemetry;

/**
 * A store of links in the memory of this process. The oldest links are dropped.
 *
 * @param options `max`: how many are kept. Default: 10 000. `retention`: milliseconds that each is kept. Default: 86 400 000, one day.
 *
 * @example
 * const telemetry = openTelemetry({ links: memoryLinks({ max: 1_000 }) });
 * new AgentPhone({ telemetry });
 */
export function memoryLinks(options?: { max?: number | undefined; retention?: number | undefined }): LinkStore;
