// @ts-check
// The base class of all errors, and the two classes that webhooks and voice throw: a module of webhooks alone contains none of
// the others. JavaScript, because Rust cannot express `class … extends Error`. failure.js and refuse.js decide what an error
// says; here it only becomes an object. The types that users see are in src/client/errors.d.ts.

import { attempt, put } from "../lib/fields.js";

/** The brand of these errors, the same in every copy of the package and in every realm. */
const BRAND = Symbol.for("agentphone.error");

/** What `toJSON` shows, in this order. */
const SHOWN = /** @type {const} */ ([
  "name",
  "code",
  "type",
  "message",
  "status",
  "details",
  "retryAfter",
  "outcomeUnknown",
  "retryable",
  "attempts",
  "elapsed",
  "method",
  "path",
  "operation",
  "requestId",
  "rawCode",
  "reason",
]);

/** Fields kept out of inspection and JSON, because they may contain what the caller sent. */
const HIDDEN = /** @type {const} */ (["body", "headers", "cause"]);

/** @param {object} target @param {string} name @param {unknown} value */
const hide = (target, name, value) =>
  Object.defineProperty(target, name, { value, enumerable: false, writable: true, configurable: true });

/** @param {unknown} headers */
const plainHeaders = (headers) => {
  const plain = /** @type {Record<string, string>} */ ({});
  // Of a caller's `fetch`.
  attempt(() =>
    /** @type {any} */ (headers).forEach((/** @type {string} */ value, /** @type {string} */ name) => {
      put(plain, name, value);
    }),
  );
  return plain;
};

/** Levels of nesting of a body that is copied or serialized. A deeper one would use up the stack. */
const DEEPEST = 100;

/** A body that can be copied and serialized: what is nested too deeply is left out. @param {any} body @param {number} [left] @returns {any} */
const bounded = (body, left = DEEPEST) => {
  if (typeof body !== "object" || body === null) return body;
  if (left === 0) return "[nested too deep]";
  if (Array.isArray(body)) return body.map((item) => bounded(item, left - 1));
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, bounded(value, left - 1)]));
};

/** The fields of what should be a serialized error; it may be anything. @param {any} plain */
const travelled = (plain) => {
  const taken = /** @type {Record<string, any>} */ ({});
  for (const name of [...SHOWN, ...HIDDEN, "stack"]) {
    attempt(() => {
      // A string, a number or a boolean, but not a symbol or anything else that JSON does not have.
      const value = name === "headers" ? new Map(Object.entries(plain[name])) : plain[name];
      if (/^(st|nu|bo)/.test(typeof value) || HIDDEN.includes(/** @type {any} */ (name)) || Array.isArray(value))
        taken[name] = value;
    });
  }
  return taken;
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
    // A deserialized error keeps the stack of where it was created.
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
    return {
      ...plain,
      ...(body !== undefined && { body: attempt(() => bounded(body)) }),
      ...(headers && { headers: plainHeaders(headers) }),
    };
  }

  /** @param {any} plain @returns {AgentPhoneError} */
  static fromPlain(plain) {
    const fields = travelled(plain);
    return new (classOf(fields))(fields);
  }

  /** @param {any} value */
  static is(value) {
    try {
      return value?.[BRAND] === true;
    } catch {
      // A proxy that was revoked.
      return false;
    }
  }

  /** So that `instanceof` works across two copies of the package. @override @param {any} value @returns {boolean} */
  static [Symbol.hasInstance](value) {
    try {
      if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
      // A user's own subclass inherits this; only our classes are known by name in other copies.
      if (!CLASSES.includes(this) || value?.[BRAND] !== true) return false;
      let Class = classOf(value);
      while (Class !== this && Class !== AgentPhoneError) Class = Object.getPrototypeOf(Class);
      return Class === this;
    } catch {
      // A proxy that was revoked, or whose traps throw, is not an error of this package.
      return false;
    }
  }
}

/** The classes of this copy of the package, or of this entry of it. @type {(typeof AgentPhoneError)[]} */
const CLASSES = [];

/** The class with an error's name; the base class for a name that only another copy or entry knows. @param {any} error @returns {typeof AgentPhoneError} */
const classOf = (error) => CLASSES.find((Class) => Class.prototype.name === error?.name) ?? AgentPhoneError;

/** Makes a class known by its name. @template {typeof AgentPhoneError} C @param {string} name @param {C} Class @returns {C} */
export const named = (name, Class) => {
  // Minifiers rename classes. Users see the name, so it is set by hand.
  hide(Class, "name", name);
  hide(Class.prototype, "name", name);
  CLASSES.push(Class);
  return Class;
};
named("AgentPhoneError", AgentPhoneError);

export const InvalidArgumentError = named("InvalidArgumentError", class extends AgentPhoneError {});
export const WebhookVerificationError = named("WebhookVerificationError", class extends AgentPhoneError {});
