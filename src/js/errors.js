// @ts-check
// The error classes. JavaScript, because Rust cannot express `class … extends Error`. What an error
// says is decided in failure.js; here it only becomes an object. The types that users see
// are in src/client/error_types.rs.

/** The brand of these errors, the same in every copy of the package and in every realm. */
const BRAND = Symbol.for("agentphone.error");

/** What `toJSON` shows, in this order. */
const SHOWN = /** @type {const} */ ([
  "name", "code", "type", "message", "status", "details", "retryAfter", "outcomeUnknown", "retryable",
  "attempts", "elapsed", "method", "path", "operation", "requestId", "rawCode", "reason",
]);

/** What came, kept out of inspection and JSON: it may hold what the caller sent. */
const HIDDEN = /** @type {const} */ (["body", "headers", "cause"]);

/** @param {object} target @param {string} name @param {unknown} value */
const hide = (target, name, value) =>
  Object.defineProperty(target, name, { value, enumerable: false, writable: true, configurable: true });

/** @param {unknown} headers */
const plainHeaders = (headers) => {
  const plain = /** @type {Record<string, string>} */ ({});
  /** @type {any} */ (headers)?.forEach?.((/** @type {string} */ value, /** @type {string} */ name) => {
    plain[name] = value;
  });
  return plain;
};

export class AgentPhoneError extends Error {
  /** @param {Record<string, any>} fields */
  constructor(fields) {
    super(fields?.message);
    if (Object(fields) !== fields) return;
    for (const name of SHOWN) {
      if (name === "name" || name === "message" || fields[name] === undefined) continue;
      /** @type {any} */ (this)[name] = fields[name];
    }
    for (const name of HIDDEN) if (fields[name] !== undefined) hide(this, name, fields[name]);
    // An error that has travelled keeps the stack of where it was made.
    if (fields.stack) hide(this, "stack", fields.stack);
  }

  get [BRAND]() {
    return true;
  }

  toJSON() {
    const json = /** @type {Record<string, unknown>} */ ({});
    for (const name of SHOWN) {
      const value = /** @type {any} */ (this)[name];
      if (value !== undefined) json[name] = value;
    }
    return json;
  }

  toPlain() {
    const { body, headers, stack } = /** @type {any} */ (this);
    const plain = { ...this.toJSON(), stack };
    return { ...plain, ...(body !== undefined && { body }), ...(headers && { headers: plainHeaders(headers) }) };
  }

  /** @param {any} plain */
  static fromPlain(plain) {
    const Class = CLASSES.find((c) => c.prototype.name === plain?.name) ?? AgentPhoneError;
    const headers = plain?.headers && new Map(Object.entries(plain.headers));
    return new Class({ ...plain, ...(headers && { headers }) });
  }

  /** @param {any} value */
  static is(value) {
    return value?.[BRAND] === true;
  }

  /** So that `instanceof` holds across two copies of the package. @param {any} value */
  static [Symbol.hasInstance](value) {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    // A user's own subclass inherits this; only ours are known by name in other copies.
    if (!CLASSES.includes(this) || value?.[BRAND] !== true) return false;
    /** @type {any} */ let Class = CLASSES.find((known) => known.prototype.name === value.name);
    while (Class && Class !== Error && Class.prototype.name !== this.prototype?.name) Class = Object.getPrototypeOf(Class);
    return Boolean(Class) && Class !== Error;
  }
}

/** @template {typeof AgentPhoneError} C @param {string} name @param {C} Class @returns {C} */
const named = (name, Class) => {
  // Minifiers rename classes; the name is part of what users see, so it is set by hand.
  hide(Class, "name", name);
  hide(Class.prototype, "name", name);
  return Class;
};
named("AgentPhoneError", AgentPhoneError);

export const ValidationError = named("ValidationError", class extends AgentPhoneError {});
export const NumberLimitError = named("NumberLimitError", class extends AgentPhoneError {});
export const AuthenticationError = named("AuthenticationError", class extends AgentPhoneError {});
export const InsufficientBalanceError = named("InsufficientBalanceError", class extends AgentPhoneError {});
export const PermissionDeniedError = named("PermissionDeniedError", class extends AgentPhoneError {});
export const NotFoundError = named("NotFoundError", class extends AgentPhoneError {});
export const PhoneNumberNotFoundError = named("PhoneNumberNotFoundError", class extends NotFoundError {});
export const ConflictError = named("ConflictError", class extends AgentPhoneError {});
export const DeliveryUnconfirmedError = named("DeliveryUnconfirmedError", class extends AgentPhoneError {});
export const RateLimitError = named("RateLimitError", class extends AgentPhoneError {});
export const MessagingLimitError = named("MessagingLimitError", class extends AgentPhoneError {});
export const CarrierError = named("CarrierError", class extends AgentPhoneError {});
export const ServerError = named("ServerError", class extends AgentPhoneError {});
export const ConnectionError = named("ConnectionError", class extends AgentPhoneError {});
export const TimeoutError = named("TimeoutError", class extends AgentPhoneError {});
export const AbortError = named("AbortError", class extends AgentPhoneError {});
export const InvalidResponseError = named("InvalidResponseError", class extends AgentPhoneError {});
export const InvalidArgumentError = named("InvalidArgumentError", class extends AgentPhoneError {});
export const ConfigurationError = named("ConfigurationError", class extends AgentPhoneError {});
export const WebhookVerificationError = named("WebhookVerificationError", class extends AgentPhoneError {});

/** By their names known in other copies of the package. */
const CLASSES = [
  AgentPhoneError, ValidationError, NumberLimitError, AuthenticationError, InsufficientBalanceError,
  PermissionDeniedError, NotFoundError, PhoneNumberNotFoundError, ConflictError, DeliveryUnconfirmedError,
  RateLimitError, MessagingLimitError, CarrierError, ServerError, ConnectionError, TimeoutError, AbortError,
  InvalidResponseError, InvalidArgumentError, ConfigurationError, WebhookVerificationError,
];
