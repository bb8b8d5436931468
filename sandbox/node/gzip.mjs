// @ts-check
// Sends whole responses, compressed if the client accepts it. Streams and responses damaged by a fault are not
// compressed: a compressor would hold back what must be visible at once, and a cut must be visible in the text.

import { gzip } from "node:zlib";
import { send } from "./head.mjs";

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** Shorter bodies fit into one packet anyway. */
const LEAST = 1024;
/** Audio and pictures are already compressed, or are read in ranges. */
const TEXT = /^(?:text\/|application\/(?:json|wasm|manifest\+json)|image\/svg\+xml)/;

/**
 * Whether a client accepts gzip: by name or by `*`, with a weight other than 0.
 * @param {string | undefined} header `accept-encoding`
 */
export function acceptsGzip(header = "") {
  /** @type {Map<string, boolean>} */
  const accepted = new Map();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...options] = part.split(";").map((text) => text.trim());
    accepted.set(name, !options.some((option) => /^q=0(?:\.0*)?$/.test(option)));
  }
  return accepted.get("gzip") ?? accepted.get("x-gzip") ?? accepted.get("*") ?? false;
}

/**
 * Sends a response with a complete body.
 * @param {ServerResponse} response
 * @param {number} status
 * @param {Record<string, string | number>} headers With `content-length`, if known.
 * @param {Uint8Array} body
 * @param {boolean} bodiless For HEAD: sends the headers without the body.
 */
export function sendWhole(response, status, headers, body, bodiless) {
  const plain = () => send(response, status, headers, bodiless ? undefined : body);
  const packs =
    body.length >= LEAST &&
    TEXT.test(String(headers["content-type"])) &&
    headers["content-encoding"] === undefined &&
    headers["content-range"] === undefined;
  if (!packs) return plain();
  // Needed on uncompressed responses too: a cached compressed one must not reach a client that cannot read it.
  headers.vary = headers.vary === undefined ? "accept-encoding" : `${headers.vary}, accept-encoding`;
  if (!acceptsGzip(String(response.req.headers["accept-encoding"] ?? ""))) return plain();
  gzip(body, (error, packed) => {
    if (response.destroyed) return;
    if (error || packed.length >= body.length) return plain();
    const described = { ...headers, "content-encoding": "gzip", "content-length": packed.length };
    send(response, status, described, bodiless ? undefined : packed);
  });
}
