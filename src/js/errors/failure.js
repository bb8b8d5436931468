// @ts-check
// Turns a failure into what the caller reads: code, class, category, and a message of one line that says what failed
// and what to do. src/core/decide.rs has decided whether it may have happened and whether trying again can help.
// `contract/vectors/errors.json` has the cases.

import { attempt, isArray } from "../lib/fields.js";
import { withoutStack } from "../lib/stack.js";
import { remember } from "../state/lost.js";
import { operationOf } from "../state/table.js";
import {
  CHECK_ADDRESS,
  CHECK_ID,
  CHECK_SENT,
  CODES,
  CORRECT,
  codeOfStatus,
  LATER,
  ofStatus,
  TWILIO,
  WAIT,
} from "./catalogue.js";
import { AgentPhoneError } from "./errors.js";
import { withoutAddress } from "./private.js";
import { oneLine, redactedOf } from "./redact.js";

/** @typedef {import("./error-body.js").Said} Said */

/** The longest message of a server that is passed on, in characters. */
const LONGEST = 300;
/** The longest code, category or request id. */
const LONGEST_NAME = 80;
/** What a message ends with when the operation may have happened. */
const LOOK_FIRST = "It may have happened anyway: check before you repeat it.";

/** A sentence without the punctuation at its end. @param {string} text */
const withoutEnd = (text) => {
  let end = text.length;
  while (end > 0 && ".! ".includes(/** @type {string} */ (text[end - 1]))) end -= 1;
  return text.slice(0, end);
};

/**
 * A message with its code, its status and the advice. For what may have happened, "try again" would be wrong advice.
 * @param {string} said @param {string} code @param {number} status @param {string} advice @param {boolean} unknown
 */
const closed = (said, code, status, advice, unknown) =>
  [
    `${withoutEnd(said)} (${code}${status ? `, HTTP ${status}` : ""}).`,
    unknown && advice === LATER ? "" : advice,
    // DELIVERY_UNCONFIRMED says it in its own words.
    unknown && code !== "DELIVERY_UNCONFIRMED" ? LOOK_FIRST : "",
  ]
    .filter(Boolean)
    .join(" ");

/** The API's message and, if it leaves the explanation to the details, the first of them. @param {Said} said */
const withFirstDetail = ({ message, details: [first] }) =>
  first?.message && !message.includes(first.message) ? `${message}: ${first.field}: ${first.message}` : message;

/** A name from the API, if anything of it is left to show. @param {string | undefined} shown */
const named = (shown) => (shown && /[\p{L}\p{N}]/u.test(shown.replaceAll("[redacted]", "")) ? shown : undefined);

/**
 * Code, class, category and message of a refusal by the API.
 * @param {Said} said @param {string} subject @param {import("../state/table.js").Operation | undefined} operation
 * @param {number} status @param {number} seconds To wait, or NaN @param {boolean} unknown
 * @param {(...texts: [string, number][]) => string[]} shown
 */
const ofAnswer = (said, subject, operation, status, seconds, unknown, shown) => {
  const [message, shownCode, shownCategory, ...fields] = shown(
    [withFirstDetail(said), LONGEST],
    [said.code ?? "", LONGEST_NAME],
    [said.category ?? "", LONGEST_NAME],
    ...said.details.flatMap(
      ({ field, message: words, type }) =>
        /** @type {[string, number][]} */ ([
          [field, LONGEST],
          [words, LONGEST],
          [type, LONGEST_NAME],
        ]),
    ),
  );
  // A known code is shown even if the caller sent the same text.
  const raw = said.code === TWILIO || CODES.has(said.code ?? "") ? said.code : named(shownCode);
  const code = raw === TWILIO ? "CARRIER_ERROR" : (raw ?? codeOfStatus(status));
  const [classOfStatus, category, adviceOfStatus] = ofStatus(status);
  const [Class, known] = CODES.get(code) ?? [classOfStatus, adviceOfStatus];
  // Without a time to wait for, or fields to correct, the advice would refer to nothing.
  let advice = known;
  if (known === WAIT)
    advice = seconds >= 0 ? WAIT.replace("retryAfter", `${seconds} second${seconds === 1 ? "" : "s"}`) : LATER;
  if (known === CORRECT && said.details.length === 0) advice = "Correct the request.";
  if (known === CHECK_ID && operation && operation.ids === 0)
    advice = ["body", "optionalBody"].includes(operation.accepts) ? CHECK_SENT : CHECK_ADDRESS;
  return {
    Class,
    code,
    type: named(shownCategory) ?? category,
    rawCode: raw === TWILIO ? raw : undefined,
    message: closed(`${subject}: ${message || "the API refused the request"}`, code, status, advice, unknown),
    details: said.details.map((_, at) => ({
      field: fields[3 * at] ?? "",
      message: fields[3 * at + 1] ?? "",
      type: fields[3 * at + 2] ?? "",
    })),
  };
};

/** The names that systems and runtimes give to failures, such as `ECONNREFUSED`. */
const FAULT = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/;

/**
 * Where the connection failed, and the runtime's name for it, which is often hidden in the cause of a cause.
 * @param {any} cause @param {import("../input/options.js").Settings} settings
 */
const placeOf = (cause, { baseUrl }) => {
  const host = attempt(() => new URL(baseUrl).host);
  for (let one = cause, left = 5; one && left > 0; left -= 1) {
    const code = attempt(() => one.code);
    if (typeof code === "string" && FAULT.test(code)) return `${host}, ${code}`;
    one = attempt(() => one.cause ?? (isArray(one.errors) ? one.errors[0] : undefined));
  }
  return host;
};

/** The same of a failure that the client found itself. @param {string} code @param {string} subject @param {string} note @param {boolean} unknown */
const own = (code, subject, note, unknown) => {
  const [Class, advice] = CODES.get(code) ?? [AgentPhoneError, ""];
  // A note may contain the name of an option, which may be any text.
  return {
    Class,
    code,
    type: code.toLowerCase(),
    rawCode: undefined,
    message: closed(`${subject}: ${oneLine(note, 2 * LONGEST)}`, code, 0, advice, unknown),
    details: [],
  };
};

/**
 * What the client has decided about a failure.
 * @typedef {object} Verdict
 * @property {boolean} outcomeUnknown Whether the operation may have happened
 * @property {boolean} retryable
 * @property {number | undefined} retryAfter Seconds
 * @property {number} attempts
 * @property {number} elapsed Milliseconds
 */
/**
 * What a failure came with.
 * @typedef {object} Evidence
 * @property {unknown} [cause]
 * @property {import("../http/body.js").ResponseLike | undefined} [response]
 * @property {number} [status] 0 for none
 * @property {any} [body] What the API says, `Said`, if there is no code; otherwise what was received
 * @property {import("../input/arguments.js").Prepared | undefined} [prepared] What was sent
 * @property {import("../input/options.js").Settings | undefined} [options]
 * @property {string | undefined} [key] What a supplier returned
 */

/** A literal with all of them, because V8 makes a hidden class for each object that grows. @param {boolean} outcomeUnknown @param {boolean} retryable @param {number} retryAfter NaN for none @param {number} attempts @param {number} elapsed @returns {Verdict} */
export const verdictOf = (outcomeUnknown, retryable, retryAfter, attempts, elapsed) => ({
  outcomeUnknown,
  retryable,
  retryAfter: retryAfter >= 0 ? retryAfter : undefined,
  attempts,
  elapsed,
});

/** @param {unknown} cause @param {Evidence["response"]} response @param {number} status @param {any} body @param {Evidence["prepared"]} prepared @param {Evidence["options"]} options @param {Evidence["key"]} key @returns {Evidence} */
export const evidenceOf = (cause, response, status, body, prepared, options, key) => ({
  cause,
  response,
  status,
  body,
  prepared,
  options,
  key,
});

/**
 * @param {number | string | undefined} row @param {string} code @param {string} note @param {Verdict} verdict @param {Evidence} evidence
 * @param {boolean} silent Whether nothing that the server says is shown
 */
const failure = (row, code, note, verdict, evidence, silent) => {
  const { outcomeUnknown, retryAfter } = verdict;
  const { cause, response, status = 0, body, prepared, options, key } = evidence;
  const operation = typeof row === "number" ? operationOf(row) : undefined;
  const { id, method, path } = operation ?? {};
  const other = typeof row === "string" ? row : "";
  const subject = id ?? (other || (code === "CONFIGURATION_ERROR" ? "new AgentPhone" : "agentphone-wasm"));
  const header = (/** @type {string} */ name) => attempt(() => response?.headers.get(name));
  const requestId = response === undefined ? undefined : (header("x-request-id") ?? header("cf-ray"));
  /** @type {string | undefined} */
  let shownId;
  // All at once, because searching for what is private costs the same for one text as for all of them.
  const shown = (/** @type {[string, number][]} */ ...texts) => {
    if (silent) return [];
    const [first, ...others] = redactedOf(
      [[typeof requestId === "string" ? requestId : "", LONGEST_NAME], ...texts],
      prepared,
      options,
      key,
    );
    shownId = first;
    return others;
  };
  const place = code === "CONNECTION_ERROR" && options && attempt(() => placeOf(cause, options));
  const described = code
    ? own(code, subject, place ? `${note}: ${place}` : note, outcomeUnknown)
    : ofAnswer(
        silent ? { ...body, details: [] } : body,
        subject,
        operation,
        status,
        retryAfter ?? Number.NaN,
        outcomeUnknown,
        shown,
      );
  if (code && requestId) shown();
  // One literal, with undefined for what is absent: put together by spreads and assignments, V8 makes a hidden
  // class for each error.
  const error = new described.Class({
    message: described.message,
    code: described.code,
    type: described.type,
    details: described.details,
    rawCode: described.rawCode,
    outcomeUnknown,
    retryable: verdict.retryable,
    attempts: verdict.attempts,
    elapsed: verdict.elapsed,
    method,
    path,
    operation: id,
    status: status || undefined,
    retryAfter,
    requestId: shownId || undefined,
    body: code ? body : body.body,
    headers: attempt(() => response?.headers),
    cause: withoutAddress(cause, code, options),
  });
  if (outcomeUnknown && prepared && typeof row === "number")
    remember(error, { row, prepared, options, sentAt: Date.now() - verdict.elapsed });
  return error;
};

/**
 * The error of a failure; its stack is that of its call (`stack.js`). It must not throw, because the module would break:
 * if a server says something that cannot be redacted, the error shows nothing of it.
 * @param {number | string | undefined} row Of the operation, if the failure is of one
 * @param {string} code Of the client's own; empty where the API has refused
 * @param {string} note What the client knows @param {Verdict} verdict @param {Evidence} evidence
 */
export const createFailure = (row, code, note, verdict, evidence) => {
  try {
    return withoutStack(() => failure(row, code, note, verdict, evidence, false));
  } catch {
    return withoutStack(() => failure(row, code, note, verdict, evidence, true));
  }
};

/**
 * An error that the JavaScript side of the client has found itself.
 * @param {number | string | undefined} row @param {string} code @param {string} note @param {unknown} [cause]
 */
export const ownFailure = (row, code, note, cause) => {
  const retryable = ["CONNECTION_ERROR", "TIMEOUT"].includes(code);
  return failure(row, code, note, verdictOf(false, retryable, Number.NaN, 0, 0), { cause }, false);
};
