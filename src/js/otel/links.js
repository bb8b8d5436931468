// @ts-check
// Stores which span placed a call or sent a text, so that a webhook's span finds it: the API copies nothing from a request to the
// webhooks that follow. The trace context is stored by the id of a call, a message or a conversation.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt } from "../lib/fields.js";

const SUBJECT = "memoryLinks";
const MOST = 10_000;
/** Milliseconds: a day. */
const RETENTION = 86_400_000;

/** @param {string} name @param {unknown} value @param {number} usual */
const numberOf = (name, value, usual) => {
  if (value === undefined) return usual;
  if (typeof value === "number" && value >= 1) return value;
  return refuse(SUBJECT, `${name} must be a number, 1 or more`);
};

/** @param {any} [given] */
export const memoryLinks = (given = {}) =>
  guard(SUBJECT, () => {
    const options = optionsOf(SUBJECT, given, ["max", "retention"]);
    const max = numberOf("max", options.max, MOST);
    const retention = numberOf("retention", options.retention, RETENTION);
    /** Oldest first. @type {Map<string, { value: string, at: number }>} */
    const kept = new Map();
    return {
      get: (/** @type {string} */ key) => {
        const found = kept.get(key);
        if (!found) return undefined;
        if (performance.now() - found.at <= retention) return found.value;
        kept.delete(key);
        return undefined;
      },
      set: (/** @type {string} */ key, /** @type {string} */ value) => {
        kept.delete(key);
        kept.set(key, { value, at: performance.now() });
        const [oldest] = kept.size > max ? kept.keys() : [];
        if (oldest !== undefined) kept.delete(oldest);
      },
    };
  });

/** @param {any} value @param {string} name */
const idIn = (value, name) => {
  const id = attempt(() => value[name]);
  return typeof id === "string" && id !== "" ? id : undefined;
};

/** The keys for the ids that are present, in this order. @param {[kind: string, id: string | undefined][]} ids */
const keysOf = (ids) => ids.flatMap(([kind, id]) => (id === undefined ? [] : [`${kind}:${id}`]));

/** Keys of an operation's result that webhooks may refer to. @param {string} operation @param {any} data */
export const linkKeysOfResult = (operation, data) => {
  if (operation === "calls.create") return keysOf([["call", idIn(data, "id")]]);
  if (operation === "calls.createWeb") return keysOf([["call", idIn(data, "callId")]]);
  if (operation !== "messages.send") return [];
  return keysOf([
    ["message", idIn(data, "id")],
    ["conversation", idIn(data, "conversation_id")],
  ]);
};

/** The keys that an event refers to, most specific first. @param {any} event */
export const linkKeysOfEvent = (event) => {
  const data = attempt(() => event.data);
  const repliedTo = attempt(() => data.replyTo);
  return keysOf([
    ["call", idIn(data, "callId")],
    ["message", idIn(repliedTo, "messageId")],
    ["message", idIn(data, "messageId")],
    ["conversation", idIn(data, "conversationId")],
  ]);
};

/** A span's context as a W3C `traceparent`; undefined if it is not valid. @param {import("@opentelemetry/api").SpanContext} of */
export const traceparentOf = ({ traceId, spanId, traceFlags }) =>
  /^0*$/.test(traceId) ? undefined : `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

/** The span context that a store returned. @param {unknown} text @returns {import("@opentelemetry/api").SpanContext | undefined} */
export const spanContextOf = (text) => {
  const [, traceId, spanId, flags] = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(`${text}`) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
};
