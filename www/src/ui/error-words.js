// @ts-check
// What an error of the client says to somebody who operates the console: what went wrong and what to do, without the
// operation, the code and the status, which are among the details.

/** @typedef {{ code: string, message: string, status?: number | undefined, details: readonly { field: string, message: string }[] }} ErrorLike */

/** @type {Readonly<Record<string, string>>} */
const TITLES = {
  VALIDATION_ERROR: "The API did not accept this",
  UNPROCESSABLE_ENTITY: "The API did not accept this",
  INVALID_ARGUMENT: "Something in the form is not right",
  CONFLICT: "It exists already, or was changed meanwhile",
  NOT_FOUND: "It is not there any more",
  UNAUTHORIZED: "The key was refused",
  FORBIDDEN: "This account may not do that",
  INSUFFICIENT_BALANCE: "The balance is too low",
  RATE_LIMIT_EXCEEDED: "Too many requests",
  VALIDATION_ERROR_NUMBER_LIMIT: "All numbers of this plan are in use",
  CONNECTION_ERROR: "No connection",
  TIMEOUT: "No response in time",
  SERVER_ERROR: "AgentPhone had a problem",
  SERVICE_UNAVAILABLE: "AgentPhone is not available",
};

/** The heading; undefined if the message says it better. @param {ErrorLike} error */
export function titleOf({ code, status }) {
  if (TITLES[code] !== undefined) return TITLES[code];
  if (status === 404) return TITLES.NOT_FOUND;
  return status !== undefined && status >= 500 ? TITLES.SERVER_ERROR : undefined;
}

/** The message without what the details have: `calls.create: … (VALIDATION_ERROR, HTTP 400)`. @param {ErrorLike} error */
export function textOf({ message, code, details }) {
  const plain = message
    .replace(/^[a-z][\w]*(?:\.[\w]+)*: /i, "")
    .replace(/ \([A-Z][A-Z_\d]+(?:, HTTP \d{3})?\)/, "")
    .replace(/ ?Correct the fields named in details\.$/, "")
    .replace(/^Validation error: /i, "")
    .trim();
  // Each of them is shown by itself.
  const [only] = details;
  if (details.length > 0 && (code.startsWith("VALIDATION") || code === "UNPROCESSABLE_ENTITY"))
    return details.length === 1 && only !== undefined ? "" : `${details.length} fields need a correction.`;
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A field as people read it: `toNumber` and `to_number` become `to number`. @param {string} field */
export const fieldWords = (field) =>
  field
    .replace(/^body\./, "")
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();

/** One spelling for both of the API: `to_number` and `toNumber`. @param {string} field */
export const sameField = (field) => field.replaceAll("_", "").toLowerCase();
