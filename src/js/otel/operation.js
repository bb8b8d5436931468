// @ts-check
// Observes one call of the client: a span, its events, the HTTP spans of its attempts, and the metrics of both. Attributes contain only
// our own measurements, words from the table of operations, and codes that the client knows.

import { context, createContextKey, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { quietly } from "../lib/fields.js";
import { errorTypeOf, httpAttributes, httpName, isInstrumented } from "./http.js";
import { linkKeysOfResult, traceparentOf } from "./links.js";
import { secondsSince } from "./metrics.js";

/** @typedef {import("./telemetry.js").Tools} Tools */
/** @typedef {import("@opentelemetry/api").Span} Span */
/** @typedef {import("@opentelemetry/api").Attributes} Attributes */
/** @typedef {import("../../client/telemetry.js").SentRequest} SentRequest */
/** @typedef {import("../../client/telemetry.js").CallTelemetry} CallTelemetry */
/** @typedef {{ [Name in keyof CallTelemetry]-?: Parameters<NonNullable<CallTelemetry[Name]>>[0] }} Events */

/** In a context with this key, the SDK creates no spans (`suppressTracing` of `@opentelemetry/core`, without depending on it). */
const SUPPRESSED = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Milliseconds: shorter waits are not recorded. */
const SHORTEST_WAIT = 1;

/** An attempt that has been sent. `span` and `attributes`: if the HTTP span is ours. @typedef {{ span?: Span, attributes?: Attributes, began: number }} Open */

/** @implements {CallTelemetry} */
export class Operation {
  #tools;
  #name;
  #began = performance.now();
  #span;
  #context;
  #attempts = 0;
  #lookups = 0;
  /** @type {Open | undefined} */ #open;

  /** @param {Tools} tools @param {import("../../client/telemetry.js").CallStart} call */
  constructor(tools, { operation }) {
    this.#tools = tools;
    this.#name = operation;
    const parent = context.active();
    const attributes = { "agentphone.operation": operation };
    this.#span = tools.tracer.startSpan(operation, { kind: SpanKind.INTERNAL, attributes }, parent);
    this.#context = trace.setSpan(parent, this.#span);
  }

  /** @param {() => void} begin */
  run(begin) {
    context.with(this.#context, begin);
  }

  /** @param {SentRequest} request @param {(headers?: Record<string, string>) => void} send */
  send(request, send) {
    if (request.lookup) this.#lookups += 1;
    else this.#attempts += 1;
    this.#close();
    const { http, propagate, tracer } = this.#tools;
    const instrumented = isInstrumented();
    if (http === false || (http === "auto" && instrumented)) {
      this.#open = { began: performance.now() };
      return context.with(this.#context, send, undefined, propagate && !instrumented ? this.#headers() : undefined);
    }
    const attributes = httpAttributes(request);
    const resend = request.attempt > 1 && { "http.request.resend_count": request.attempt - 1 };
    const span = tracer.startSpan(
      httpName(request),
      { kind: SpanKind.CLIENT, attributes: { ...attributes, ...resend } },
      this.#context,
    );
    this.#open = { span, attributes, began: performance.now() };
    const own = trace.setSpan(this.#context, span);
    const headers = propagate ? this.#headers(own) : undefined;
    // Without this, one request would have two spans.
    context.with(instrumented ? own.setValue(SUPPRESSED, true) : own, send, undefined, headers);
  }

  /** Headers that carry the trace. */
  #headers(from = this.#context) {
    /** @type {Record<string, string>} */
    const headers = {};
    propagation.inject(from, headers);
    return headers;
  }

  /** @param {Events["received"]} response */
  received(response) {
    const { status, failed, attempt, operation } = response;
    const error = failed && { "error.type": errorTypeOf(response) };
    const answer = status !== undefined && { "http.response.status_code": status };
    if (this.#open?.span) return this.#close({ ...answer, ...error }, failed);
    this.#span.addEvent("agentphone.attempt", {
      "agentphone.attempt": attempt,
      "agentphone.request": operation,
      ...answer,
      ...error,
    });
    this.#open = undefined;
  }

  /** Ends the span of the attempt that is open, if there is one. @param {Attributes} [outcome] @param {boolean} [failed] */
  #close(outcome = {}, failed = false) {
    const { span, attributes, began = 0 } = this.#open ?? {};
    this.#open = undefined;
    if (!span) return;
    span.setAttributes(outcome);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    this.#tools.instruments().requests.record(secondsSince(began), { ...attributes, ...outcome }, this.#context);
  }

  /** @param {Events["retrying"]} retry */
  retrying({ attempt, delay, code }) {
    this.#span.addEvent("agentphone.retry", {
      "agentphone.attempt": attempt,
      "agentphone.delay": delay / 1000,
      ...(code !== undefined && { "error.type": code }),
    });
  }

  /** @param {Events["waited"]} wait */
  waited({ reason, duration }) {
    if (duration < SHORTEST_WAIT) return;
    this.#span.addEvent("agentphone.wait", {
      "agentphone.wait.reason": reason,
      "agentphone.wait.duration": duration / 1000,
    });
  }

  /** @param {Events["looked"]} look */
  looked({ found }) {
    this.#span.addEvent("agentphone.look", { "agentphone.look.found": found });
  }

  /** @param {Events["ended"]} end */
  ended({ failed, code, outcomeUnknown, replayed, settled, data }) {
    this.#close(failed ? { "error.type": code ?? "_OTHER" } : {}, failed);
    const span = this.#span;
    const error = failed && { "error.type": code ?? "_OTHER" };
    span.setAttributes({
      "agentphone.attempts": this.#attempts,
      "agentphone.outcome_unknown": outcomeUnknown,
      ...(this.#lookups > 0 && { "agentphone.lookups": this.#lookups }),
      ...(failed && { "agentphone.code": code ?? "_OTHER" }),
      ...(replayed && { "agentphone.replayed": true }),
      ...(settled && { "agentphone.settled": settled.state }),
      ...(settled?.how !== undefined && { "agentphone.settled.how": settled.how }),
      ...error,
    });
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    this.#count({ failed, outcomeUnknown, error });
    const { links } = this.#tools;
    // A replay has sent nothing: the span that did is already linked.
    const value = links && !failed && !replayed ? traceparentOf(span.spanContext()) : undefined;
    if (!links || value === undefined) return;
    for (const key of linkKeysOfResult(this.#name, data)) quietly(() => links.set(key, value));
  }

  /** @param {{ failed: boolean, outcomeUnknown: boolean, error: Attributes | false }} end */
  #count({ failed, outcomeUnknown, error }) {
    const { operations, durations } = this.#tools.instruments();
    const attributes = { "agentphone.operation": this.#name, ...error };
    const outcome = outcomeUnknown ? "unknown" : failed ? "error" : "success";
    const all = { ...attributes, "agentphone.outcome": outcome, "agentphone.outcome_unknown": outcomeUnknown };
    operations.add(1, all, this.#context);
    durations.record(secondsSince(this.#began), attributes, this.#context);
  }
}
