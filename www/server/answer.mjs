// @ts-check
// What of the API's answer reaches the page. Headers pass by name only, so that no answer can set cookies, redirect,
// bring policies of its own, or break the connection to the page; and no answer can become a document of this origin.

import { holdsKey } from "./key-spellings.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */

/** What the client reads, and what a person needs who asks AgentPhone's support about a request. */
const PASSED = [
  "accept-ranges",
  "cf-ray",
  "content-disposition",
  "content-range",
  "date",
  "retry-after",
  "retry-after-ms",
  "server",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-request-id",
];
/** What HTTP allows in a value, less what only old software sends. */
const VALUE = /^[\t\x20-\x7e]*$/;
const MEDIA =
  /^(?:application\/(?:[\w.+-]+\+)?json|application\/x-ndjson|text\/event-stream|(?:audio|video)\/[\w.+-]+|image\/(?:avif|bmp|gif|hei[cf]|jpe?g|png|tiff|webp)|(?:application|binary)\/octet-stream)$/;
/** Whatever comes before it: a picture may be a document with scripts, and nobody knows what is to become a "video" of HTML. */
const ACTIVE = /html|xml|script|svg/;
const TEXT = /^text\//;

/**
 * The status and headers to answer with, or what is wrong with those that came.
 * @param {IncomingMessage} came
 * @param {import("./key-spellings.mjs").Spelling[]} key Passed on in no header.
 * @returns {{ status: number, headers: Record<string, string> } | { fault: string }}
 */
export function headOf({ statusCode = 0, headers }, key) {
  if (statusCode < 200 || statusCode > 599) return { fault: `Its status is ${statusCode}.` };
  if (!["chunked", undefined].includes(headers["transfer-encoding"]?.toLowerCase()))
    return { fault: "Its transfer coding is unknown." };
  if (!["identity", undefined].includes(headers["content-encoding"]?.toLowerCase()))
    return { fault: "It is compressed although no compression was accepted." };
  const dropped = hopByHop(headers);
  /** @param {string} name */
  const value = (name) => {
    const text = headers[name];
    return typeof text === "string" && VALUE.test(text) && !holdsKey(text, key) && !dropped.has(name)
      ? text
      : undefined;
  };
  /** @type {Record<string, string>} */
  const passed = {};
  for (const name of PASSED) {
    const text = value(name);
    if (text !== undefined) passed[name] = text;
  }
  const type = value("content-type");
  if (type !== undefined) passed["content-type"] = harmless(type);
  const length = headers["content-length"];
  const bodiless = statusCode === 204 || statusCode === 205 || statusCode === 304;
  if (length !== undefined && /^\d{1,15}$/.test(length) && headers["transfer-encoding"] === undefined && !bodiless)
    passed["content-length"] = length;
  return { status: statusCode, headers: passed };
}

/** The names that concern one connection only, as its peer lists them. @param {import("node:http").IncomingHttpHeaders} headers */
export const hopByHop = (headers) => new Set((headers.connection ?? "").toLowerCase().split(/[\s,]+/));

/** A type under which no browser shows a document or runs a script. @param {string} type */
function harmless(type) {
  const name = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (MEDIA.test(name) && !ACTIVE.test(name)) return type;
  return TEXT.test(name) || ACTIVE.test(name) ? "text/plain; charset=utf-8" : "application/octet-stream";
}
