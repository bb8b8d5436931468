// @ts-check
// The errors of webhooks and voice. They know no request, so that what failure.js says of one is
// nothing to them, and a module of webhooks alone carries none of it.

import { InvalidArgumentError, WebhookVerificationError } from "./errors.js";

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

/** What a value is; never the value. @param {unknown} value */
const kind = (value) => {
  if (value === undefined || value === null) return `${value}`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};

/**
 * Throws what a mistake in a call is called.
 * @param {string} subject @param {string} must @param {unknown[]} given The value, where its kind explains more.
 * @returns {never}
 */
export const refuse = (subject, must, ...given) => {
  const not = given.length > 0 && typeof given[0] !== "string" ? `, not ${kind(given[0])}` : "";
  throw new InvalidArgumentError(fields("INVALID_ARGUMENT", subject, must + not));
};

/** The error of a delivery that cannot be trusted. @param {string} reason @param {string} words */
export const refusal = (reason, words) =>
  new WebhookVerificationError({ ...fields("WEBHOOK_SIGNATURE_INVALID", "webhooks.verify", words), reason });
