// @ts-check
// The errors of webhooks and voice. They belong to no request, so they need nothing of failure.js, and a module of
// webhooks alone does not contain it.

import { AgentPhoneError, InvalidArgumentError, WebhookVerificationError } from "../errors/error.js";
import { owns } from "../lib/fields.js";

/** @param {string} code @param {string} subject @param {string} note */
const fields = (code, subject, note) => ({
  code,
  type: code.toLowerCase(),
  message: `${subject}: ${note} (${code}).`,
  details: [],
  outcomeUnknown: false,
  retryable: false,
  attempts: 0,
  elapsed: 0,
});

/** The kind of a value; never the value. @param {unknown} value */
const kind = (value) => {
  if (value === undefined || value === null) return `${value}`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};

/**
 * Throws the error of a mistake in a call.
 * @param {string} subject @param {string} must @param {unknown[]} given The value, where its kind explains more.
 * @returns {never}
 */
export const refuse = (subject, must, ...given) => {
  const not = given.length > 0 && typeof given[0] !== "string" ? `, not ${kind(given[0])}` : "";
  throw new InvalidArgumentError(fields("INVALID_ARGUMENT", subject, must + not));
};

/**
 * Wraps these functions, so that what a caller's getter or proxy throws does not escape.
 * @template {Record<string, any>} F @param {string} of @param {F} functions @returns {F}
 */
export const guarded = (of, functions) => {
  const all = /** @type {Record<string, any>} */ (functions);
  for (const [name, call] of Object.entries(all)) {
    all[name] = (/** @type {unknown[]} */ ...given) => {
      try {
        return call(...given);
      } catch (thrown) {
        if (AgentPhoneError.is(thrown)) throw thrown;
        refuse(`${of}.${name}`, "the options cannot be read: a getter throws");
      }
    };
  }
  return functions;
};

/**
 * The options that a caller passed, each read once; unknown names are refused.
 * @param {string} subject @param {any} given @param {string[]} names @returns {Record<string, any>}
 */
export const optionsOf = (subject, given, names) => {
  if (Object(given) !== given) refuse(subject, "the options must be an object", given);
  // A name that is not a plain word is not repeated: it may be a secret in the wrong place.
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    refuse(
      subject,
      `there is no option ${/^[a-z]{1,20}$/i.test(unknown) ? unknown : "of that name"}; there are ${names.join(", ")}`,
    );
  // What other code has put on all objects is not an option of this call.
  const isOption = (/** @type {string} */ name) => owns(given, name) || !(name in Object.prototype);
  return Object.fromEntries(names.map((name) => [name, isOption(name) ? given[name] : undefined]));
};

/** The error if the module cannot be loaded. @param {any} cause */
export const unready = (cause) =>
  new AgentPhoneError({ ...fields("CONFIGURATION_ERROR", "webhooks", cause?.message), cause });

const DROPPED = "is missing: not from AgentPhone, or a proxy in front dropped the header";

/**
 * Why a delivery is refused: the name that errors carry as `reason`, what is wrong and what to do. The first seven names
 * come from the module (src/webhooks/mod.rs). No text shows a byte of the body, of a header or of a secret, because
 * errors end up in logs.
 */
const REASONS = {
  missing_signature: `X-Webhook-Signature ${DROPPED}`,
  malformed_signature: "X-Webhook-Signature is not sha256= and 64 hexadecimal digits",
  missing_timestamp: `X-Webhook-Timestamp ${DROPPED}`,
  malformed_timestamp: "X-Webhook-Timestamp is not one time in Unix seconds",
  mismatch: "the signature matches none of the secrets: check the secret, and that the body is the raw one",
  too_old: "genuine, but signed too long ago: a replay, or this server's clock is ahead",
  too_new: "genuine, but signed in the future: this server's clock is behind",
  not_an_event: "genuine, but the body is not a JSON object",
  too_large: "the body is longer than maxBytes allows; the signature was not checked",
};

/** @typedef {keyof typeof REASONS} Reason */

/** The error of a delivery that cannot be trusted. @param {Reason} reason @param {string} [more] Words */
export const refusal = (reason, more = "") =>
  new WebhookVerificationError({
    ...fields("WEBHOOK_SIGNATURE_INVALID", "webhooks.verify", REASONS[reason] + more),
    reason,
  });
