// Responses of the fault server that need no logic: documented errors, and invalid 200 responses.

/** @import { Foreign } from "../tests/support/foreign.js" */

const envelope = (
  /** @type {number} */ status,
  /** @type {string} */ code,
  /** @type {string} */ type,
  /** @type {string} */ message,
  /** @type {{ details?: object[], headers?: Record<string, string> }} */ more = {},
) => ({
  status,
  code,
  body: { error: { message, code, type, details: more.details ?? [] } },
  headers: more.headers,
});

/** Documented errors, one of each kind, in the documented envelope. */
export const documentedErrors = [
  envelope(422, "VALIDATION_ERROR", "validation_error", "Validation error", {
    details: [{ field: "country", message: "Country must be a 2-letter ISO code", type: "value_error" }],
  }),
  envelope(400, "VALIDATION_ERROR_NUMBER_LIMIT", "validation_error", "Phone number limit reached"),
  envelope(402, "INSUFFICIENT_BALANCE", "billing_error", "Your balance is too low"),
  envelope(403, "WHATSAPP_NOT_ENABLED", "forbidden", "WhatsApp is not enabled"),
  envelope(404, "PHONE_NUMBER_NOT_FOUND", "not_found", "The phone number does not exist"),
  envelope(409, "DELIVERY_UNCONFIRMED", "conflict", "The message may have been sent"),
  envelope(429, "RATE_LIMIT_EXCEEDED", "rate_limit_error", "Rate limit exceeded. Limit: 5 requests per 3600s", {
    headers: { "retry-after": "3600" },
  }),
  envelope(502, "CARRIER_ERROR", "carrier_error", "The carrier failed"),
];

/** Bodies of 200 responses that violate the contract. @type {Record<string, Foreign>} */
export const badSuccesses = {
  html: { type: "text/html", text: "<!doctype html><title>Sign in</title><p>Please sign in." },
  broken: { type: "application/json", text: '{"id":"agt_1","name":"Supp' },
  empty: { type: "application/json", text: "" },
};
