// @ts-check
// What must not be in a message: what the caller sent, and what is secret about the client. Everything that was sent
// counts as private, except words of the API's own vocabulary in the fields that contain such words: without
// them advice would be unreadable.

import { attempt, isArray, isObject, isPlainName } from "../lib/fields.js";

/** Fields whose values are the API's own words, or its bounds. */
const OPEN = new Set(
  (
    "ambientSound category channel contact_title country denoisingMode direction imessageType includes language limit maxSilenceMs method modelTier offset organization_type " +
    "parameter_format period registration_type send_style status sttMode timeoutMs transfer_caller_id transfers type use_cases voice voiceMode volume"
  ).split(" "),
);

/** Fields for data of the caller: below them no word is the API's own, whatever its field is called. */
const FREE = new Set(["content", "customTools", "headers", "metadata", "parameters", "variables"]);

/** A word that could be in the API's vocabulary: `hosted`, `no-answer`, `NOT_FOUND`. */
const WORD = /^[A-Za-z_-]*$/;

/** Whether a value may be in a message. @param {string} name Of its field @param {string} text */
export const isOpen = (name, text) => OPEN.has(name) && WORD.test(text);

/** The same for a number. Codes and last digits have four digits; shorter numbers are in every message. @param {string} name @param {number} number */
export const isOpenNumber = (name, number) => OPEN.has(name) || number <= 999;

/** How many characters of a body are read: many times a body that the API would accept. */
const MOST = 500_000;

/**
 * The private texts of a body, which is JSON; undefined if there are too many to search for.
 * @param {string} body @returns {string[] | undefined}
 */
export const textsOf = (body) => {
  if (body.length > MOST) return undefined;
  /** @type {Set<string>} */
  const texts = new Set();
  // A list of what is still to be visited instead of recursion, because a body may be deeper than the stack.
  /** @type {[any, string, boolean][]} */
  const left = [[JSON.parse(body), "", false]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, name, free] = next;
    if (typeof value === "string" && !isOpen(name, value)) texts.add(value);
    else if (typeof value === "number" && !isOpenNumber(name, value)) texts.add(`${value}`);
    else if (Array.isArray(value)) for (const item of value) left.push([item, name, free]);
    else if (typeof value === "object" && value !== null) {
      for (const own of Object.keys(value)) {
        if (!isPlainName(own)) texts.add(own);
        left.push([value[own], free ? "" : own, free || FREE.has(own)]);
      }
    }
  }
  return [...texts];
};

/** Headers whose values reveal nothing about the caller. */
const COMMON = ["accept", "accept-encoding", "accept-language", "content-type", "range"];
/** Headers whose names reveal nothing about the caller; others may name a tenant or a product. */
const STANDARD =
  /^(?:accept.*|authorization|baggage|cache-control|content-.*|cookie|date|dnt|forwarded|from|idempotency-key|if-.*|origin|pragma|prefer|priority|range|referer|traceparent|tracestate|user-agent|via|x-api-key|x-(?:correlation|request|sub-account|trace)-id|x-forwarded-.*)$/;
/** Parts of a path that reveal nothing about the caller. */
const PLAIN_PARTS = /^(?:|agentphone|api|gateway|proxy|v\d+)$/i;
const SECRET = /auth|cookie|credential|key|pass|secret|session|token/;

/**
 * What is private about a request: its texts, and its secrets, of which not even a part may be shown. Undefined
 * if there is too much to search for.
 * @param {{ body: string | undefined, hidden: string[] } | undefined} prepared @param {import("../input/options.js").Settings | undefined} settings
 * @param {string | undefined} key What a supplier returned
 * @returns {{ texts: string[], secrets: string[] } | undefined}
 */
export const privateOf = (prepared, settings, key) => {
  const sent = prepared?.body === undefined ? [] : textsOf(prepared.body);
  if (!sent) return undefined;
  const texts = [...sent, ...(prepared?.hidden ?? [])];
  const secrets = [settings?.apiKey, key].filter((secret) => typeof secret === "string");
  if (settings?.subAccount) texts.push(settings.subAccount);
  for (const [name, value] of Object.entries(settings?.headers ?? {})) {
    if (value === null) continue;
    if (!STANDARD.test(name)) texts.push(name);
    if (!COMMON.includes(name)) (SECRET.test(name) ? secrets : texts).push(value);
  }
  // The path of a caller's own proxy may name a tenant.
  for (const part of settings?.baseUrl?.split("/").slice(3) ?? [])
    if (!PLAIN_PARTS.test(part)) texts.push(attempt(() => decodeURIComponent(part)) ?? part);
  // Many pieces of a secret are searched for.
  const length = (/** @type {string[]} */ all) => all.reduce((sum, text) => sum + text.length, 0);
  return length(texts) + 8 * length(secrets) > 2 * MOST ? undefined : { texts, secrets };
};

/** What fails while a request is sent or its response is read. The causes of other errors are a caller's. */
const OF_REQUESTS = ["CONNECTION_ERROR", "TIMEOUT", "INVALID_RESPONSE"];
/** Causes that are looked at; runtimes nest them two or three deep. */
const MOST_CAUSES = 10;

/**
 * The cause of an error, whose texts name of the request's address only its origin: Bun and Deno write all of it into what
 * their `fetch` throws, with ids and search terms, and consoles print causes. It is changed where it is, so that it stays an error
 * of its class with its code; one of a caller's own `fetch` is left alone.
 * @param {unknown} cause @param {string} code @param {import("../input/options.js").Settings | undefined} options
 */
export const withoutAddress = (cause, code, options) => {
  const isHosts = isObject(cause) && options && options.fetch === undefined && OF_REQUESTS.includes(code);
  const origin = isHosts && attempt(() => new URL(options.baseUrl).origin);
  if (!origin) return cause;
  const address = new RegExp(`${origin.replace(/[^\w:/]/g, "\\$&")}\\S*`, "gi");
  const causes = [/** @type {any} */ (cause)];
  for (let at = 0; at < Math.min(causes.length, MOST_CAUSES); at += 1) {
    const one = causes[at];
    for (const name of ["message", "stack", "path"])
      attempt(() => {
        const text = one[name];
        const without = typeof text === "string" ? text.replace(address, origin) : text;
        if (without !== text) one[name] = without;
      });
    const inner = attempt(() => {
      const errors = isArray(one.errors) ? one.errors : [];
      return [one.cause, ...Array.from({ length: MOST_CAUSES }, (_, place) => errors[place])];
    });
    causes.push(...(inner ?? []).filter(isObject));
  }
  return cause;
};
