// @ts-check
// The span in which a webhook's event is handled, connected with the span of the call that led to it.

import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AgentPhoneError } from "../errors/error.js";
import { refuse } from "../errors/refuse.js";
import { attempt } from "../lib/fields.js";
import { linkKeysOfEvent, spanContextOf } from "./links.js";
import { secondsSince } from "./metrics.js";

/** @typedef {import("./telemetry.js").Tools} Tools */
/** @typedef {import("@opentelemetry/api").SpanContext} SpanContext */

/** Milliseconds that a store has: a caller on the phone waits for the handler's response. */
const PATIENCE = 250;

const EVENTS = ["agent.message", "agent.reaction", "agent.call_ended"];
/** The type of a streamed answer, as `voice.response` sets it. */
const NDJSON = "application/x-ndjson";
const CHANNELS = ["sms", "mms", "imessage", "whatsapp", "rcs", "voice"];

/** A known word of the API, or a placeholder for any other. @param {string[]} words @param {any} word */
const known = (words, word) => (words.includes(word) ? word : "_OTHER");

/** An error's type: our code, or the name of its class. Its message may contain anything, so it is not used. @param {any} error */
const errorTypeOf = (error) => {
  const name = attempt(() => (AgentPhoneError.is(error) ? error.code : error.constructor.name));
  return typeof name === "string" && /^(?:[A-Z][A-Z_]{2,59}|(?:[A-Z][a-z]+)*Error)$/.test(name) ? name : "_OTHER";
};

/** The store's value for the first of these keys that it knows; undefined if it fails or is too slow. @param {NonNullable<Tools["links"]>} links @param {string[]} keys */
const lookUp = async (links, keys) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE)));
  const find = async () => {
    for (const key of keys) {
      const found = spanContextOf(await links.get(key));
      if (found) return found;
    }
    return undefined;
  };
  try {
    return /** @type {SpanContext | undefined} */ (await Promise.race([find(), late]));
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};

/** Milliseconds after which a response that nobody reads counts as over: no webhook's time limit is longer. */
const LONGEST = 120_000;

/**
 * The answer to a caller's turn that is streamed is not made yet when its handler returns. Returns the response with a body
 * that calls `over` when the last line is read or the reader has left; undefined for any other result.
 * @param {any} result @param {() => void} over
 */
const watched = (result, over) => {
  const isStreamed = attempt(
    () => result instanceof Response && result.headers.get("content-type") === NDJSON && !result.bodyUsed,
  );
  const body = isStreamed && result.body;
  if (!body) return undefined;
  const reader = body.getReader();
  const timer = setTimeout(over, LONGEST);
  // Not all hosts have it; a process must not wait for this.
  attempt(() => /** @type {any} */ (timer).unref());
  const end = () => {
    clearTimeout(timer);
    over();
  };
  const stream = new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        end();
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, result);
};

/** @param {Tools} tools */
export const webhookTracer =
  ({ tracer, instruments, links, webhookParent }) =>
  /** @param {any} event @param {any} handle */
  async (event, handle) => {
    if (Object(event) !== event) refuse("webhook", "event must be one of webhooks.verify", event);
    if (typeof handle !== "function") refuse("webhook", "handle must be a function", handle);
    const active = context.active();
    const began = performance.now();
    const origin = links && (await lookUp(links, linkKeysOfEvent(event)));
    const inTrace = origin !== undefined && (webhookParent === "call" || trace.getSpan(active) === undefined);
    const name = known(
      EVENTS,
      attempt(() => event.event),
    );
    const attributes = {
      "agentphone.webhook.event": name,
      "agentphone.webhook.channel": known(
        CHANNELS,
        attempt(() => event.channel),
      ),
    };
    // Whichever of the two is not the parent is linked.
    const other = inTrace ? trace.getSpan(active)?.spanContext() : origin;
    const span = tracer.startSpan(
      `webhook ${name}`,
      { kind: SpanKind.CONSUMER, attributes, links: other ? [{ context: other }] : [] },
      inTrace ? trace.setSpanContext(active, origin) : active,
    );
    const own = trace.setSpan(active, span);
    let isOver = false;
    /** @param {Record<string, string>} [error] */
    const end = (error = {}) => {
      if (isOver) return;
      isOver = true;
      span.end();
      instruments().webhooks.record(secondsSince(began), { ...attributes, ...error }, own);
    };
    try {
      const result = await context.with(own, () => handle(event));
      const streamed = watched(result, () => end());
      if (!streamed) end();
      return streamed ?? result;
    } catch (thrown) {
      const error = { "error.type": errorTypeOf(thrown) };
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(error);
      end(error);
      throw thrown;
    }
  };
