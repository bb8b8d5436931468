// @ts-check
// Reads an error response in each of the shapes that the API and its edge are known to send: the
// documented envelope, FastAPI's list, `detail` as text or object, `message`, plain text, HTML, and nothing at all.
// All become one value. Cases: `contract/vectors/errors.json`.

import { member } from "../lib/fields.js";

/** @typedef {{ field: string, message: string, type: string }} Detail One field-level problem. */
/**
 * What an error response says. `message` is empty if it has no text for people. `envelope` is true for the
 * documented one, which comes from the API itself and not from an edge in front of it. `body` is the body, parsed if it is JSON.
 * @typedef {{ message: string, code?: string, category?: string, details: Detail[], envelope: boolean, body: unknown }} Said
 */

/** How many characters of a text are read: enough for any message, and cheap even for a page of a megabyte. */
const READ = 8_000;
/** How many field-level problems are read, and how many parts of the path to each. */
const [MOST_DETAILS, MOST_PARTS] = [100, 20];

/** @param {unknown} value @param {string} name @returns {string | undefined} */
const text = (value, name) => {
  const found = member(value, name);
  return typeof found === "string" ? found.slice(0, READ) : undefined;
};

/** @param {unknown} value @param {string} name @param {number} most @returns {unknown[] | undefined} */
const items = (value, name, most) => {
  const found = member(value, name);
  return Array.isArray(found) ? found.slice(0, most) : undefined;
};

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** FastAPI's path to the input, joined by dots: `["body", "items", 0]` is `body.items.0`. @param {unknown} item */
const location = (item) =>
  items(item, "loc", MOST_PARTS)
    ?.filter((part) => typeof part === "string" || typeof part === "number")
    .map((part) => `${part}`.slice(0, READ))
    .join(".");

/** @param {unknown} item @returns {Detail} */
const detailOf = (item) => ({
  field: text(item, "field") ?? location(item) ?? "",
  message: text(item, "message") ?? text(item, "msg") ?? (typeof item === "string" ? item.slice(0, READ) : ""),
  type: text(item, "type") ?? "",
});

/** `{ message, code, type, details }`, each of which may be missing or of another type. @param {unknown} value */
const described = (value) => {
  const said = (/** @type {string} */ name) => (text(value, name)?.trim() ? text(value, name) : undefined);
  const details = (items(value, "details", MOST_DETAILS) ?? []).map(detailOf);
  return {
    message: said("message") ?? said("detail") ?? said("msg") ?? "",
    code: said("code"),
    category: said("type"),
    details,
    envelope: false,
  };
};

/** @param {unknown[]} list */
const fastapi = (list) => {
  const details = list.slice(0, MOST_DETAILS).map(detailOf);
  const said = details
    .filter(({ message }) => message)
    .map(({ field, message }) => (field ? `${field}: ${message}` : message));
  return { ...described(undefined), message: said.join("; ").slice(0, READ), details };
};

/** @param {unknown} value */
const ofJson = (value) => {
  const error = member(value, "error");
  if (isObject(error)) return { ...described(error), envelope: true };
  const detail = member(value, "detail");
  if (typeof error !== "string") {
    if (isObject(detail)) return described(isObject(member(detail, "error")) ? member(detail, "error") : detail);
    if (Array.isArray(detail)) return fastapi(detail);
  }
  const message = [error, detail, value].find((one) => typeof one === "string");
  return { ...described(value), ...(message !== undefined && { message: message.slice(0, READ) }) };
};

/**
 * A plain text is a message; a page is not, but its title often is. Neither is shortened or tidied here, because what the
 * caller sent must be taken out first and would no longer be found.
 * @param {string} body
 */
const ofText = (body) => {
  const said = body
    .slice(0, 2 * READ)
    .trim()
    .slice(0, READ);
  // JSON that cannot be parsed tells a person nothing.
  if (/^[{[]/.test(said)) return "";
  return said.startsWith("<") ? (/<title>([^<]*)/i.exec(said)?.[1] ?? "") : said;
};

/** Never throws: the module would break. @param {string} body @returns {Said} */
export const readRefusal = (body) => {
  let parsed;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { ...described(undefined), message: ofText(body), body };
  }
  try {
    return { ...ofJson(parsed), body: parsed };
  } catch {
    // No stack left, or no memory.
    return { ...described(undefined), body: parsed };
  }
};
