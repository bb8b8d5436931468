// @ts-check
// What a successful response contains: whether its body is what the contract says and, for a list in any of the API's
// five shapes, one page: `data`, `total`, `hasMore`, and `next`, which is laid over the query to request the
// next page (pages.js sends it).

import { discard } from "../http/body.js";
import { attempt, member } from "../lib/fields.js";
import { operationOf } from "../state/table.js";
import { mend } from "./normal.js";

/** @typedef {{ data: any[], total: number | undefined, hasMore: boolean, next?: object }} Page */

const [OBJECT, ARRAY, NULL, SCALAR] = ["a JSON object", "a JSON array", "JSON null", "a single JSON value"];
const [EMPTY, PAGE, TEXT] = ["empty", "an HTML page", "invalid JSON"];

/**
 * What a body may be, and what it must be, in words. Where the API's documents disagree which of the two a list is,
 * both are accepted.
 * @type {Record<import("../state/table.js").Shape, [string[], string]>}
 */
const SHAPES = {
  object: [[OBJECT], "a JSON object"],
  objectOrNull: [[OBJECT, NULL], "a JSON object"],
  list: [[OBJECT, ARRAY], "a list"],
  // JSON instead of nothing: the API says more than it used to. The operation has succeeded nevertheless.
  empty: [[EMPTY, OBJECT, ARRAY, NULL, SCALAR], "no body"],
  json: [[OBJECT, ARRAY, NULL, SCALAR], "JSON"],
  bytes: [[], "a file"],
  events: [[], "an event stream"],
  media: [[], "a file"],
  any: [[EMPTY, OBJECT, ARRAY, NULL, SCALAR], "JSON or no body"],
};

/** @param {unknown} data */
const kindOf = (data) =>
  data === null ? NULL : Array.isArray(data) ? ARRAY : typeof data === "object" ? OBJECT : SCALAR;

/** @param {string} text What is not JSON */
const kindOfText = (text) => (text.trim() === "" ? EMPTY : text.trimStart().startsWith("<") ? PAGE : TEXT);

/** A count, which may be a string. @param {unknown} value */
const count = (value) => {
  const number = Math.floor(typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN);
  return number >= 0 ? number : undefined;
};

/** A boolean, which may be a string; undefined for anything else. @param {unknown} value */
const flag = (value) => {
  const text = typeof value === "string" ? value.toLowerCase() : value;
  return text === true || text === "true" ? true : text === false || text === "false" ? false : undefined;
};

/**
 * The time of the oldest item. Compared as times and not as strings, because these differ with and without a fraction
 * of a second.
 * @param {any[]} items
 */
const oldest = (items) => {
  let /** @type {string | undefined} */ found;
  let least = Number.NaN;
  for (const item of items) {
    const text = member(item, "receivedAt");
    if (typeof text !== "string") continue;
    const time = Date.parse(text);
    if (found === undefined || time < least || Number.isNaN(least)) [found, least] = [text, time];
  }
  return found;
};

/** The digits of a time beyond its milliseconds, which `Date.parse` ignores. @param {string} text */
const finer = (text) => Number(`0.${/\.\d{3}(\d+)/.exec(text)?.[1] ?? 0}`);

/** Whether a time is not before another one. Times may be written with or without fractions, and in any zone. @param {string} one @param {any} other */
const notBefore = (one, other) => {
  if (one === other) return true;
  const [time, reference] = [Date.parse(one), Date.parse(other)];
  return time > reference || (time === reference && finer(one) >= finer(`${other}`));
};

/**
 * What is laid over the query to request the next page: undefined after the last, and an empty object if more is said
 * to follow but the request would return this page again. A list that claims to continue without moving would be read
 * forever.
 * @param {import("../state/table.js").Pages} pages @param {any[]} items
 * @param {number | undefined} total @param {boolean | undefined} hasMore If the API says so @param {unknown} query What was asked
 */
export const nextOf = (pages, items, total, hasMore, query) => {
  if (pages === "offset") {
    const end = (count(member(query, "offset")) ?? 0) + items.length;
    const more = hasMore ?? (total !== undefined && end < total);
    // Without `hasMore` an empty page is the end even if the total says otherwise: items that were deleted meanwhile
    // are still counted in it.
    if (!more || (items.length === 0 && hasMore === undefined)) return undefined;
    // More than there are: the server invents them.
    return items.length === 0 || (total !== undefined && end > total) ? {} : { offset: end };
  }
  if (pages === "before" && hasMore === true) {
    const asked = member(query, "before");
    const before = asked instanceof Date ? attempt(() => asked.toISOString()) : asked;
    const last = oldest(items);
    // Items before that time were requested: a list that returns later ones moves away from its end.
    if (last === undefined || notBefore(last, before)) return {};
    // An offset counts from `before`: with both, as many items would be skipped on every page.
    return member(query, "offset") === undefined ? { before: last } : { before: last, offset: undefined };
  }
};

/** @param {any} body @param {import("../state/table.js").Pages} pages @param {unknown} query @returns {Page | undefined} */
const pageOf = (body, pages, query) => {
  const { data, items, total: all, hasMore } = Object(body);
  const list = [data, items, body].find(Array.isArray);
  if (!list) return undefined;
  const total = count(all);
  const next = nextOf(pages, list, total, flag(hasMore), query);
  return next ? { data: list, total, hasMore: true, next } : { data: list, total, hasMore: false };
};

/** Whether a streamed response can be what it should be, by its content type. @param {import("../http/body.js").ResponseLike} response @param {boolean} bytes */
const fitsType = (response, bytes) => {
  // From a caller's `fetch` it may be anything.
  const given = attempt(() => response.headers.get("content-type"));
  const type = typeof given === "string" ? given.toLowerCase() : "";
  // A page or an error in place of the file.
  if (bytes) return !/^(text\/|application\/json)/.test(type);
  return ["", "text/event-stream"].includes(type.replace(/;.*/s, "").trim());
};

/**
 * The data of a successful response; `note` says why there is none, and `body` is then what was received.
 * @param {number} row @param {import("../http/body.js").ResponseLike} response @param {string | undefined} body Undefined for an answer that is read as it comes
 * @param {unknown} query @returns {{ data?: unknown, note?: string, body?: unknown }}
 */
export const readSuccess = (row, response, body, query) => {
  const { id, shape, pages, informative } = operationOf(row);
  const [kinds, words] = SHAPES[shape];
  if (body === undefined) {
    if (fitsType(response, shape !== "events")) return { data: { response } };
    discard(response);
    return { note: `the response is not ${words}` };
  }
  let data;
  let kind;
  try {
    data = JSON.parse(body);
    kind = kindOf(data);
  } catch {
    kind = kindOfText(body);
  }
  const received = data === undefined ? body : data;
  // The operation has succeeded, and there is nothing to read.
  if (kind === EMPTY && !informative) return {};
  if (!kinds.includes(kind)) return { note: `the response is ${kind} and not ${words}`, body: received };
  if (shape === "empty") return {};
  const page = pages === "none" ? data : pageOf(data, pages, query);
  attempt(() => mend(id, page));
  return pages === "none" || page ? { data: page } : { note: "the response contains no list", body: received };
};

/** The data of the response to a request; throws the result without data. @param {number} row @param {import("../http/body.js").ResponseLike} response @param {string | undefined} body @param {{ query?: unknown }} sent */
export const readAnswer = (row, response, body, { query }) => {
  const read = readSuccess(row, response, body, query);
  if (read.note !== undefined) throw read;
  return read.data;
};
