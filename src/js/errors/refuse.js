// @ts-check
// Errors of functions that send no request: webhooks, voice, the toolkit. What failure.js says of requests is nothing to
// them, so that an entry of the package without the client carries none of it.

import { owns } from "../lib/fields.js";
import { AgentPhoneError, InvalidArgumentError } from "./error.js";

/** The fields of such an error. @param {string} code @param {string} subject @param {string} note */
export const fields = (code, subject, note) => ({
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

/**
 * What `run` returns, without letting out what a getter or a proxy of the caller's throws.
 * @template T @param {string} subject @param {() => T} run @returns {T}
 */
export const guard = (subject, run) => {
  try {
    return run();
  } catch (thrown) {
    if (AgentPhoneError.is(thrown)) throw thrown;
    return refuse(subject, "a getter throws");
  }
};

/**
 * Has none of these functions let such things out.
 * @template {Record<string, any>} F @param {string} of @param {F} functions @returns {F}
 */
export const guarded = (of, functions) => {
  const all = Object.entries(functions).map(([name, call]) => [
    name,
    (/** @type {unknown[]} */ ...given) => guard(`${of}.${name}`, () => call(...given)),
  ]);
  return Object.fromEntries(all);
};

/**
 * The options that a caller gave, each read once, by the names that there are; others are refused.
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
  // What was added to all objects is not an option of this call.
  const isOption = (/** @type {string} */ name) => owns(given, name) || !(name in Object.prototype);
  return Object.fromEntries(names.map((name) => [name, isOption(name) ? given[name] : undefined]));
};
