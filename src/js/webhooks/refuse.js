// @ts-check
// What `webhooks` says of a module that cannot be had, and of a delivery that cannot be trusted.

import { AgentPhoneError, WebhookVerificationError } from "../errors/error.js";
import { fields } from "../errors/refuse.js";

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
