// @ts-check
// Whole responses, compressed if the client accepts it. Streams and responses that a fault damages stay as they
// are: a compressor would hold back what must be visible at once, and a cut must be visible in the text.

import { gzip } from "node:zlib";
import { send } from "./head.mjs";

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** Shorter bodies fit into a packet anyway. */
const LEAST = 1024;
/** Sound and pictures are compressed already, or are read in ranges. */
const TEXT = /^(?:text\/|application\/(?:json|wasm|manifest\+json)|image\/svg\+xml)/;

/**
 * Whether a client takes gzip: by name, or by `*`, and not with a weight of 0.
 * @param {string | undefined} header `accept-encoding`
 */
export function acceptsGzip(header = "") {
  /** @type {Map<string, boolean>} */
  const told = new Map();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...options] = part.split(";").map((text) => text.trim());
    told.set(name, !options.some((option) => /^q=0(?:\.0*)?$/.test(option)));
  }
  return told.get("gzip") ?? told.get("x-gzip") ?? told.get("*") ?? false;
}

/**
 * Sends an answer whose body is there.
 * @param {ServerResponse} response
 * @param {number} status
 * @param {Record<string, string | number>} headers With its `content-length`, where it has one.
 * @param {Uint8Array} body
 * @param {boolean} bodiless The body is only described, as HEAD asks for it.
 */
export function sendWhole(response, status, headers, body, bodiless) {
  const plain = () => send(response, status, headers, bodiless ? undefined : body);
  const packs =
    body.length >= LEAST &&
    TEXT.test(String(headers["content-type"])) &&
    headers["content-encoding"] === undefined &&
    headers["content-range"] === undefined;
  if (!packs) return plain();
  // Also where it is not compressed: what a cache keeps must not reach a client that cannot read it.
  headers.vary = headers.vary === undefined ? "accept-encoding" : `${headers.vary}, accept-encoding`;
  if (!acceptsGzip(String(response.req.headers["accept-encoding"] ?? ""))) return plain();
  gzip(body, (error, packed) => {
    if (response.destroyed) return;
    if (error || packed.length >= body.length) return plain();
    const described = { ...headers, "content-encoding": "gzip", "content-length": packed.length };
    send(response, status, described, bodiless ? undefined : packed);
  });
}
