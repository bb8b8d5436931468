// Errors: their codes, their classes (`src/js/errors/error.js`, `src/js/errors/errors.js`) and their form as plain data.

import type { Intent } from "./effects.js";
import type { Open } from "./options.js";

/** One field-level problem. */
export interface ErrorDetail {
  /** The offending input, e.g. `country` or `body.toNumber`. */
  field: string;
  /** What is wrong with it. */
  message: string;
  /** The validator's class, e.g. `value_error`. */
  type: string;
}

/** Exists only as a type, never as a value. */
declare enum CodeOfTomorrow {
  Unknown = "any code that this version of the package does not know",
}

/**
 * A code that this version of the package does not know: read it as a plain string. Its type matches no literal, so
 * that a `switch` over `code` narrows to one class.
 */
export type UnknownCode = CodeOfTomorrow;

/** Codes of errors. The set is open: the API may add some. */
export type ErrorCode =
  | "VALIDATION_ERROR"
  | "UNPROCESSABLE_ENTITY"
  | "HTTP_400"
  | "VALIDATION_ERROR_NUMBER_LIMIT"
  | "UNAUTHORIZED"
  | "INSUFFICIENT_BALANCE"
  | "PAYMENT_REQUIRED"
  | "FORBIDDEN"
  | "WHATSAPP_NOT_ENABLED"
  | "INBOUND_ONLY"
  | "NOT_FOUND"
  | "PHONE_NUMBER_NOT_FOUND"
  | "CONFLICT"
  | "DELIVERY_UNCONFIRMED"
  | "RATE_LIMIT_EXCEEDED"
  | "RATE_LIMITED"
  | "HTTP_429"
  | "CONVERSATION_STREAK_LIMIT"
  | "CONVERSATION_AWAITING_REPLY"
  | "CONVERSATION_INACTIVE"
  | "OUTBOUND_LIMIT_REACHED"
  | "NEW_CONVERSATION_LIMIT_REACHED"
  | "CARRIER_ERROR"
  | "INTERNAL_SERVER_ERROR"
  | "BAD_GATEWAY"
  | "SERVICE_UNAVAILABLE"
  | "GATEWAY_TIMEOUT"
  | "HTTP_408"
  | "CONNECTION_ERROR"
  | "TIMEOUT"
  | "ABORTED"
  | "INVALID_RESPONSE"
  | "INVALID_ARGUMENT"
  | "CONFIGURATION_ERROR"
  | "WEBHOOK_SIGNATURE_INVALID"
  | "METHOD_NOT_ALLOWED"
  | "INTERNAL_ERROR"
  | "IDEMPOTENCY_KEY_REUSED"
  | "LEDGER_UNAVAILABLE"
  | "OUTCOME_UNKNOWN"
  | "LANE_IN_DOUBT"
  | `HTTP_${number}`
  | UnknownCode;

/** An error as plain data: what `toJSON` returns. It contains no key, no phone number and no text. */
export interface PlainError {
  /** Name of the class. */
  name: string;
  /** See `AgentPhoneError.code`. */
  code: string;
  /** See `AgentPhoneError.type`. */
  type: string;
  /** See `AgentPhoneError.message`. */
  message: string;
  /** See `AgentPhoneError.status`. */
  status?: number | undefined;
  /** See `AgentPhoneError.details`. */
  details: ErrorDetail[];
  /** See `AgentPhoneError.retryAfter`. */
  retryAfter?: number | undefined;
  /** See `AgentPhoneError.outcomeUnknown`. */
  outcomeUnknown: boolean;
  /** See `AgentPhoneError.retryable`. */
  retryable: boolean;
  /** See `AgentPhoneError.attempts`. */
  attempts: number;
  /** See `AgentPhoneError.elapsed`. */
  elapsed: number;
  /** See `AgentPhoneError.method`. */
  method?: string | undefined;
  /** See `AgentPhoneError.path`. */
  path?: string | undefined;
  /** See `AgentPhoneError.operation`. */
  operation?: string | undefined;
  /** See `AgentPhoneError.requestId`. */
  requestId?: string | undefined;
  /** See `AgentPhoneError.rawCode`. */
  rawCode?: string | undefined;
  /** See `WebhookVerificationError.reason`. */
  reason?: string | undefined;
}

/** An error for `structuredClone` and `postMessage`: with body and headers of the response. */
export interface CloneableError extends PlainError {
  /** Where it was made. */
  stack?: string | undefined;
  /** The body of the response, parsed if it was JSON. May contain what the caller sent. */
  body?: unknown;
  /** The headers of the response. */
  headers?: Record<string, string> | undefined;
}

/**
 * Every failure of the client. Narrow it by `instanceof` or by `code`.
 *
 * @example
 * try {
 *   await client.calls.create({ agentId, toNumber });
 * } catch (error) {
 *   if (!AgentPhoneError.is(error)) throw error;
 *   if (error.outcomeUnknown) console.warn("look at calls.list before you call again");
 *   else if (error.code === "INSUFFICIENT_BALANCE") console.warn("top up first");
 *   else throw error;
 * }
 */
export class AgentPhoneError extends Error {
  protected constructor();
  /** The API's code; if the response has none, one derived from the status; or a code of the client. */
  readonly code: string;
  /** The API's category, likewise. */
  readonly type: string;
  /** HTTP status; absent if there was no response. */
  readonly status?: number | undefined;
  /** Field-level problems. */
  readonly details: ErrorDetail[];
  /** Seconds that the API asks to wait. */
  readonly retryAfter?: number | undefined;
  /**
   * True when the operation has an effect in the world and may have happened. Never repeat it blindly:
   * a person could be called twice.
   */
  readonly outcomeUnknown: boolean;
  /** Whether trying again later can help. False whenever `outcomeUnknown` is true. */
  readonly retryable: boolean;
  /** Requests sent. */
  readonly attempts: number;
  /** Milliseconds from the call to this error. */
  readonly elapsed: number;
  /** HTTP method. */
  readonly method?: string | undefined;
  /** Path template; never the ids. */
  readonly path?: string | undefined;
  /** The operation, e.g. `calls.create`. */
  readonly operation?: string | undefined;
  /** `x-request-id`, else `cf-ray`. */
  readonly requestId?: string | undefined;
  /** The original code, if `code` replaces a deprecated spelling. */
  readonly rawCode?: string | undefined;
  /** The body of the response, parsed if it was JSON. Not enumerable. */
  readonly body?: unknown;
  /** The headers of the response. Not enumerable. */
  readonly headers?: Headers | undefined;
  /** What was thrown underneath, or the abort's reason. Not enumerable. */
  readonly cause?: unknown;
  /** The ledger's record, if the call had an idempotency key and its outcome is unknown. Not enumerable. */
  readonly settlement?: Intent | undefined;
  /** Everything but body, headers and cause. */
  toJSON(): PlainError;
  /** For `structuredClone` and `postMessage`: everything but the cause. */
  toPlain(): CloneableError;
  /** Restores an error, with its class, from the result of `toPlain` or `toJSON`. */
  static fromPlain(plain: PlainError | CloneableError): AnyAgentPhoneError;
  /** Whether a value is an error of this package, from any copy or realm. */
  static is(value: unknown): value is AnyAgentPhoneError;
}

/** The request was rejected because of its content; see `details`. */
export class ValidationError extends AgentPhoneError {
  readonly code: "VALIDATION_ERROR" | "UNPROCESSABLE_ENTITY" | "HTTP_400" | UnknownCode;
}

/** The account has reached its limit of numbers. */
export class NumberLimitError extends AgentPhoneError {
  readonly code: "VALIDATION_ERROR_NUMBER_LIMIT";
}

/** The key is missing, wrong or revoked. */
export class AuthenticationError extends AgentPhoneError {
  readonly code: "UNAUTHORIZED" | UnknownCode;
}

/** The balance is too low. */
export class InsufficientBalanceError extends AgentPhoneError {
  readonly code: "INSUFFICIENT_BALANCE" | "PAYMENT_REQUIRED" | UnknownCode;
}

/** This account, number or line may not do this. */
export class PermissionDeniedError extends AgentPhoneError {
  readonly code: "FORBIDDEN" | "WHATSAPP_NOT_ENABLED" | "INBOUND_ONLY" | UnknownCode;
}

/** The resource does not exist or belongs to another account. */
export class NotFoundError extends AgentPhoneError {
  readonly code: "NOT_FOUND" | "PHONE_NUMBER_NOT_FOUND" | UnknownCode;
}

/** The phone number does not exist or belongs to another account. */
export class PhoneNumberNotFoundError extends NotFoundError {
  readonly code: "PHONE_NUMBER_NOT_FOUND";
}

/** The state of the resource does not allow it. */
export class ConflictError extends AgentPhoneError {
  readonly code: "CONFLICT" | UnknownCode;
}

/** The message may have been sent: do not send it again. */
export class DeliveryUnconfirmedError extends AgentPhoneError {
  readonly code: "DELIVERY_UNCONFIRMED";
  /** Never worth repeating blindly. */
  readonly outcomeUnknown: true;
}

/** Too many requests; `retryAfter` says when to try again. */
export class RateLimitError extends AgentPhoneError {
  readonly code: "RATE_LIMIT_EXCEEDED" | "RATE_LIMITED" | "HTTP_429" | UnknownCode;
}

/** A rule of the conversation or the line that waiting does not lift. */
export class MessagingLimitError extends AgentPhoneError {
  readonly code:
    | "CONVERSATION_STREAK_LIMIT"
    | "CONVERSATION_AWAITING_REPLY"
    | "CONVERSATION_INACTIVE"
    | "OUTBOUND_LIMIT_REACHED"
    | "NEW_CONVERSATION_LIMIT_REACHED";
}

/** The carrier failed; the API says that the operation did not happen. */
export class CarrierError extends AgentPhoneError {
  readonly code: "CARRIER_ERROR";
}

/** The API or its edge failed. */
export class ServerError extends AgentPhoneError {
  readonly code:
    | "INTERNAL_SERVER_ERROR"
    | "BAD_GATEWAY"
    | "SERVICE_UNAVAILABLE"
    | "GATEWAY_TIMEOUT"
    | "HTTP_408"
    | UnknownCode;
}

/** There was no response, or not a complete one. */
export class ConnectionError extends AgentPhoneError {
  readonly code: "CONNECTION_ERROR";
}

/** `timeout` or `totalTimeout` has elapsed. */
export class TimeoutError extends AgentPhoneError {
  readonly code: "TIMEOUT";
}

/** Aborted by its signal, whose reason is the `cause`. */
export class AbortError extends AgentPhoneError {
  readonly code: "ABORTED";
}

/** A success whose body does not match the contract: HTML, broken or empty JSON. */
export class InvalidResponseError extends AgentPhoneError {
  readonly code: "INVALID_RESPONSE";
}

/** An argument is invalid; nothing was sent. */
export class InvalidArgumentError extends AgentPhoneError {
  readonly code: "INVALID_ARGUMENT";
}

/** An option is wrong or missing; nothing was sent. */
export class ConfigurationError extends AgentPhoneError {
  readonly code: "CONFIGURATION_ERROR";
}

/**
 * A call with an idempotency key that sent nothing: the key was used with other content (`IDEMPOTENCY_KEY_REUSED`); an
 * earlier use of it is in doubt (`OUTCOME_UNKNOWN`, with `outcomeUnknown: true` and `settlement`); a like request with
 * another key is in doubt (`LANE_IN_DOUBT`); the ledger does not work (`LEDGER_UNAVAILABLE`).
 */
export class IdempotencyError extends AgentPhoneError {
  readonly code: "IDEMPOTENCY_KEY_REUSED" | "LEDGER_UNAVAILABLE" | "OUTCOME_UNKNOWN" | "LANE_IN_DOUBT";
}

/** A webhook that was not sent by AgentPhone, or not with this secret, or too long ago. */
export class WebhookVerificationError extends AgentPhoneError {
  readonly code: "WEBHOOK_SIGNATURE_INVALID";
  /**
   * Why: `mismatch` is a forgery or a wrong secret; `too_old` and `too_new` are genuine; what is `too_large` was not
   * checked.
   */
  readonly reason: Open<
    | "missing_signature"
    | "malformed_signature"
    | "missing_timestamp"
    | "malformed_timestamp"
    | "mismatch"
    | "too_old"
    | "too_new"
    | "not_an_event"
    | "too_large"
  >;
}

/** An error whose code has no class of its own. */
export interface OtherAgentPhoneError extends AgentPhoneError {
  readonly code: "METHOD_NOT_ALLOWED" | "INTERNAL_ERROR" | `HTTP_${number}` | UnknownCode;
}

/** Any error of this package: a union, so that `code` narrows to the class. */
export type AnyAgentPhoneError =
  | ValidationError
  | NumberLimitError
  | AuthenticationError
  | InsufficientBalanceError
  | PermissionDeniedError
  | NotFoundError
  | PhoneNumberNotFoundError
  | ConflictError
  | DeliveryUnconfirmedError
  | RateLimitError
  | MessagingLimitError
  | CarrierError
  | ServerError
  | ConnectionError
  | TimeoutError
  | AbortError
  | InvalidResponseError
  | InvalidArgumentError
  | ConfigurationError
  | IdempotencyError
  | WebhookVerificationError
  | OtherAgentPhoneError;
