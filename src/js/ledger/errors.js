// @ts-check
// The errors of ledgers. They show no key, no stamp and no value: keys are the user's words, and values hold phone numbers.
// JavaScript drivers attach to their errors what was sent, so only their name, code and a short text are kept.

import { attempt } from "../lib/fields.js";

/** Characters of a driver's message that are shown. */
const LONGEST = 200;

/** Whether it can help to try again later. */
const RETRYABLE = "LEDGER_UNAVAILABLE";

export class LedgerError extends Error {
  /** @param {import("./adapters.js").LedgerErrorCode} code @param {string} message @param {Error} [cause] */
  constructor(code, message, cause) {
    super(`${message} (${code})`, cause && { cause });
    this.code = code;
    this.retryable = code === RETRYABLE;
  }
}
// Minifiers rename classes; the client and users tell these errors by their name.
Object.defineProperty(LedgerError, "name", { value: "LedgerError" });
Object.defineProperty(LedgerError.prototype, "name", { value: "LedgerError", writable: true, configurable: true });

/** A declaration, because TypeScript follows `never` only there. @param {string} subject @param {string} must @returns {never} */
export function refuse(subject, must) {
  throw new LedgerError("INVALID_ARGUMENT", `${subject}: ${must}`);
}

/** @param {string} message @param {Error} [cause] */
export const misconfigured = (message, cause) => new LedgerError("LEDGER_CONFIGURATION", message, cause);

/** @param {string} subject @param {number} ours @param {unknown} theirs */
export const otherVersion = (subject, ours, theirs) =>
  new LedgerError(
    "LEDGER_VERSION",
    `${subject}: the store has ${/^\d{1,9}$/.test(String(theirs)) ? `version ${theirs}` : "an unknown version"} of the format, and this release of agentphone-wasm reads version ${ours}. Nothing was changed. Use the release that wrote it, or another store`,
  );

/** What a driver said, on one line. Redis repeats the arguments of a command that it does not know. @param {any} error */
const words = (error) => {
  const message = String(attempt(() => error.message) || "")
    .replace(/,? with args beginning with:[^]*$/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const code = attempt(() => error.code);
  const known = typeof code === "string" && /^[\w-]{1,40}$/.test(code) ? code : "";
  const text = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return { code: known, text: text || known || "no reason given" };
};

/** An error of a driver without what it holds besides. @param {unknown} error */
export const causeOf = (error) => {
  const { code, text } = words(error);
  return Object.assign(new Error(text), code && { code });
};

/** The error for a store that did not do what it was asked. @param {string} subject @param {unknown} error */
export const unavailable = (subject, error) => {
  if (attempt(() => error instanceof LedgerError)) return /** @type {LedgerError} */ (error);
  const cause = causeOf(error);
  return new LedgerError(RETRYABLE, `${subject}: ${cause.message}`, cause);
};
