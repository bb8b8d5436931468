// @ts-check
// The catalogue of error codes: which class each belongs to, and what its reader should do. One row per code, so that
// a new code of the API is a new row here. Whether trying again helps is in src/core/catalogue.rs.
// `contract/vectors/errors.json` has the same codes for the tests.

import {
  AbortError,
  AgentPhoneError,
  AuthenticationError,
  CarrierError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  DeliveryUnconfirmedError,
  IdempotencyError,
  InsufficientBalanceError,
  InvalidArgumentError,
  InvalidResponseError,
  MessagingLimitError,
  NotFoundError,
  NumberLimitError,
  PermissionDeniedError,
  PhoneNumberNotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
  WebhookVerificationError,
} from "./errors.js";

/** @typedef {typeof AgentPhoneError} Class */

/** The advice for a rate limit; the seconds replace the name. */
export const WAIT = "Wait for retryAfter, then try again.";
/** The advice for an id that does not exist, and for a path without ids. */
export const [CHECK_ID, CHECK_SENT, CHECK_ADDRESS] = [
  "Check the id: it is absent or belongs to another account.",
  "Check the ids in the body: one of them is absent or belongs to another account.",
  "Check the baseUrl, and the subAccount if there is one: the API has nothing at this path.",
];
/** The advice for what was not accepted. */
export const CORRECT = "Correct the fields named in details.";
/** The advice for what passes without action. */
export const LATER = "Try again later, with backoff.";
const CREDIT = "Add funds on the Billing page or turn on auto-recharge.";
const ENDED = "Time alone does not cure this: the recipient has to write first.";

/** The old name of `CARRIER_ERROR`, which the API may still send. */
export const TWILIO = "TWILIO_ERROR";

/** Every code that the API documents and every code of the client's own. @type {Map<string, [Class, string]>} */
export const CODES = new Map(
  /** @type {[string, Class, string][]} */ ([
    ["VALIDATION_ERROR", ValidationError, CORRECT],
    [
      "VALIDATION_ERROR_NUMBER_LIMIT",
      NumberLimitError,
      "An account can have up to 10 numbers. Release a number or ask AgentPhone for a higher limit.",
    ],
    ["INSUFFICIENT_BALANCE", InsufficientBalanceError, `${CREDIT} A number needs at least $3.00.`],
    ["RATE_LIMIT_EXCEEDED", RateLimitError, WAIT],
    ["RATE_LIMITED", RateLimitError, WAIT],
    ["PHONE_NUMBER_NOT_FOUND", PhoneNumberNotFoundError, "Use a number that numbers.list returns for this account."],
    ["CARRIER_ERROR", CarrierError, LATER],
    ["WHATSAPP_NOT_ENABLED", PermissionDeniedError, "Ask AgentPhone to turn WhatsApp on for this account."],
    ["INBOUND_ONLY", PermissionDeniedError, "Use another line: this one may only answer."],
    [
      "DELIVERY_UNCONFIRMED",
      DeliveryUnconfirmedError,
      "Do not send again: the message may be out. Look at the conversation first.",
    ],
    ["CONVERSATION_STREAK_LIMIT", MessagingLimitError, ENDED],
    ["CONVERSATION_AWAITING_REPLY", MessagingLimitError, ENDED],
    ["CONVERSATION_INACTIVE", MessagingLimitError, ENDED],
    [
      "OUTBOUND_LIMIT_REACHED",
      MessagingLimitError,
      "The quota of this line is used up: use another line or wait for the next day.",
    ],
    [
      "NEW_CONVERSATION_LIMIT_REACHED",
      MessagingLimitError,
      "The day's quota of new contacts is used up (dailyNewContacts of the number).",
    ],
    ["UNAUTHORIZED", AuthenticationError, "Check the apiKey: it is missing, wrong or revoked."],
    ["PAYMENT_REQUIRED", InsufficientBalanceError, CREDIT],
    [
      "FORBIDDEN",
      PermissionDeniedError,
      "This account or number may not do this: check its features and its registration.",
    ],
    ["NOT_FOUND", NotFoundError, CHECK_ID],
    ["METHOD_NOT_ALLOWED", AgentPhoneError, "The API does not offer this on this resource."],
    ["CONFLICT", ConflictError, "Read the current state before you change it."],
    ["UNPROCESSABLE_ENTITY", ValidationError, CORRECT],
    ["INTERNAL_SERVER_ERROR", ServerError, LATER],
    ["BAD_GATEWAY", ServerError, LATER],
    ["SERVICE_UNAVAILABLE", ServerError, LATER],
    ["GATEWAY_TIMEOUT", ServerError, LATER],
    ["CONFIGURATION_ERROR", ConfigurationError, ""],
    ["INVALID_ARGUMENT", InvalidArgumentError, ""],
    ["CONNECTION_ERROR", ConnectionError, "Check the network and the baseUrl."],
    ["TIMEOUT", TimeoutError, "Raise timeout or totalTimeout if the API needs longer."],
    ["ABORTED", AbortError, ""],
    [
      "INVALID_RESPONSE",
      InvalidResponseError,
      "Check that baseUrl is the API itself and not a page or a proxy in front of it.",
    ],
    // Its advice depends on the reason (src/core/webhook/reason.rs).
    ["WEBHOOK_SIGNATURE_INVALID", WebhookVerificationError, ""],
    [
      "IDEMPOTENCY_KEY_REUSED",
      IdempotencyError,
      "Use a key of its own for each thing that you want once, or send what was sent under this one.",
    ],
    ["LEDGER_UNAVAILABLE", IdempotencyError, "Check the ledger's store, then try again with the same key."],
    [
      "OUTCOME_UNKNOWN",
      IdempotencyError,
      "Do not do it under another key: client.effects.settle() looks again, client.effects.resolve() records what you know.",
    ],
    [
      "LANE_IN_DOUBT",
      IdempotencyError,
      "Settle or resolve what is in doubt (client.effects.pending()), then try again with the same key.",
    ],
    ["INTERNAL_ERROR", AgentPhoneError, "This is a defect of agentphone-wasm: please report it."],
  ]).map(([code, Class, advice]) => [code, [Class, advice]]),
);

/** @type {Record<number, string>} */
const NAMED = {
  401: "UNAUTHORIZED",
  402: "PAYMENT_REQUIRED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  409: "CONFLICT",
  422: "UNPROCESSABLE_ENTITY",
  500: "INTERNAL_SERVER_ERROR",
  502: "BAD_GATEWAY",
  503: "SERVICE_UNAVAILABLE",
  504: "GATEWAY_TIMEOUT",
};

/** The code of a status if the response named none. @param {number} status */
export const codeOfStatus = (status) => NAMED[status] ?? `HTTP_${status}`;

/** @type {[Class, string, string]} */
const INVALID = [ValidationError, "validation_error", "Correct the request: see details and body."];
const SEE_BODY = "See body for what the API says.";
/** @type {Record<number, [Class, string, string]>} */
const STATUSES = {
  400: INVALID,
  401: [AuthenticationError, "authentication_error", SEE_BODY],
  402: [InsufficientBalanceError, "billing_error", SEE_BODY],
  403: [PermissionDeniedError, "permission_error", SEE_BODY],
  404: [NotFoundError, "not_found", SEE_BODY],
  409: [ConflictError, "conflict", SEE_BODY],
  422: INVALID,
  429: [RateLimitError, "rate_limit_error", WAIT],
};

/** Class, category and advice of a status, for codes that the catalogue does not know. @param {number} status @returns {[Class, string, string]} */
export const ofStatus = (status) => {
  const known = STATUSES[status];
  if (known) return known;
  if (status === 408 || status >= 500) return [ServerError, "server_error", LATER];
  const redirect = status >= 300 && status < 400;
  return [
    AgentPhoneError,
    "http_error",
    redirect ? "Redirects are not followed: set baseUrl to the final address." : SEE_BODY,
  ];
};
