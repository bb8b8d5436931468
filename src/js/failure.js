// @ts-check
// Turns a failure into what the caller reads: code, class, category, and a message of one line that says what failed
// and what to do. Whether it may have happened, and whether trying again can help, src/core/decide.rs has decided.
// `contract/vectors/errors.json` holds the cases.

import { CODES, CORRECT, LATER, TWILIO, WAIT, codeOfStatus, ofStatus } from "./catalogue.js";
import { AgentPhoneError } from "./errors.js";
import { attempt } from "./options.js";
import { oneLine, redactor } from "./redact.js";
import { operations } from "./table.js";

/** @typedef {import("./error-body.js").Said} Said */

/** The longest message of a server that is passed on, in characters. */
const LONGEST = 300;
/** The longest code, category or request id. */
const LONGEST_NAME = 80;
/** What a message ends with when the operation may have happened. */
const LOOK_FIRST = "It may have happened all the same: look before you repeat it.";

/**
 * A message with its code, its status and the advice. To what may have happened, "try again" would be the wrong one.
 * @param {string} said @param {string} code @param {number} status @param {string} advice @param {boolean} unknown
 */
const closed = (said, code, status, advice, unknown) =>
  [
    `${said.replace(/[.! ]+$/, "")} (${code}${status ? `, HTTP ${status}` : ""}).`,
    unknown && advice === LATER ? "" : advice,
    // DELIVERY_UNCONFIRMED says it in its own words.
    unknown && code !== "DELIVERY_UNCONFIRMED" ? LOOK_FIRST : "",
  ].filter(Boolean).join(" ");

/** What the API says and, where its message leaves it to the details, the first of them. @param {Said} said */
const withFirstDetail = ({ message, details: [first] }) =>
  first?.message && !message.includes(first.message) ? `${message}: ${first.field}: ${first.message}` : message;

/**
 * What a refusal of the API's is called.
 * @param {Said} said @param {string} subject @param {number} status @param {boolean} waits @param {boolean} unknown
 * @param {(text: string, limit: number) => string} shown
 */
const ofAnswer = (said, subject, status, waits, unknown, shown) => {
  // A code that we know is a code, whatever the caller sent.
  const raw = said.code === undefined || said.code === TWILIO || CODES.has(said.code) ? said.code : shown(said.code, LONGEST_NAME);
  const code = raw === TWILIO ? "CARRIER_ERROR" : (raw ?? codeOfStatus(status));
  const [classOfStatus, category, adviceOfStatus] = ofStatus(status);
  const [Class, known] = CODES.get(code) ?? [classOfStatus, adviceOfStatus];
  // Without a time to wait for, or fields to correct, the advice would point at nothing.
  const advice = known === WAIT && !waits ? LATER : known === CORRECT && said.details.length === 0 ? "Correct the request." : known;
  const message = `${subject}: ${shown(withFirstDetail(said), LONGEST) || "the API refused the request"}`;
  const clean = (/** @type {string} */ text) => shown(text, LONGEST);
  return {
    Class,
    code,
    type: said.category === undefined ? category : shown(said.category, LONGEST_NAME),
    rawCode: raw === TWILIO ? raw : undefined,
    message: closed(message, code, status, advice, unknown),
    details: said.details.map(({ field, message: words, type }) => ({ field: clean(field), message: clean(words), type: clean(type) })),
  };
};

/** What a fault that the client found itself is called. @param {string} code @param {string} subject @param {string} note @param {boolean} unknown */
const own = (code, subject, note, unknown) => {
  const [Class, advice] = CODES.get(code) ?? [AgentPhoneError, ""];
  // A note may hold the name of an option, which may hold anything.
  return { Class, code, type: code.toLowerCase(), rawCode: undefined, message: closed(`${subject}: ${oneLine(note, 2 * LONGEST)}`, code, 0, advice, unknown), details: [] };
};

/**
 * The error of a failure.
 * @param {number} row Of the operation, or none
 * @param {string} code Of the client's own; empty where the API has refused, and `body` is what it says
 * @param {string} note What the client knows @param {boolean} outcomeUnknown @param {boolean} retryable
 * @param {number} retryAfter Seconds, NaN for none @param {number} attempts @param {number} elapsed
 * @param {unknown} cause
 * @param {any} response @param {number} status 0 for none @param {any} body
 * @param {import("./arguments.js").Prepared | undefined} prepared @param {import("./options.js").Settings | undefined} options
 * @param {string | undefined} key What a supplier gave
 */
export const createFailure = (row, code, note, outcomeUnknown, retryable, retryAfter, attempts, elapsed, cause, response, status, body, prepared, options, key) => {
  const { id, method, path } = operations[row] ?? {};
  // What is of no operation is of the constructor, or of `calls.wait`.
  const subject = id ?? ({ CONFIGURATION_ERROR: "new AgentPhone", INTERNAL_ERROR: "agentphone-wasm" }[code] ?? "calls.wait");
  /** @type {((text: string) => string) | undefined} */
  let redact;
  const shown = (/** @type {string} */ text, /** @type {number} */ limit) => {
    const fixed = typeof options?.apiKey === "string" ? options.apiKey : undefined;
    redact ??= redactor(prepared?.body, [...(prepared?.hidden ?? []), fixed, key]);
    // First redacted, then shortened: the head of a secret would no longer be known as one.
    return oneLine(redact(text), limit);
  };
  const told = code ? own(code, subject, note, outcomeUnknown) : ofAnswer(body, subject, status, retryAfter >= 0, outcomeUnknown, shown);
  const header = (/** @type {string} */ name) => attempt(() => response.headers.get(name));
  const requestId = header("x-request-id") ?? header("cf-ray");
  // One literal, with undefined for what there is none of: put together by spreads and assignments, V8 makes a hidden
  // class for each error, which took 30 µs.
  return new told.Class({
    message: told.message, code: told.code, type: told.type, details: told.details, rawCode: told.rawCode,
    outcomeUnknown, retryable, attempts, elapsed, method, path, operation: id,
    status: status || undefined,
    retryAfter: retryAfter >= 0 ? retryAfter : undefined,
    requestId: (typeof requestId === "string" && shown(requestId, LONGEST_NAME)) || undefined,
    body: code ? body : body.came, headers: attempt(() => response?.headers), cause,
  });
};

/**
 * An error that the JavaScript side of the client has found itself.
 * @param {number | undefined} row @param {string} code @param {string} note @param {unknown} [cause]
 */
export const ownFailure = (row, code, note, cause) =>
  createFailure(row ?? -1, code, note, false, ["CONNECTION_ERROR", "TIMEOUT"].includes(code), Number.NaN, 0, 0, cause, undefined, 0, undefined, undefined, undefined, undefined);
