// @ts-check
// Responds to invalid or oversized HTTP, then closes the socket.

import { OWN, requestId } from "./head.mjs";

/** @type {Record<string, [number, string, string]>} */
const ANSWERS = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large", "Request head too large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Payload Too Large", "Request body too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "The request did not arrive in time"],
};

/**
 * @param {NodeJS.ErrnoException} error
 * @param {import("node:stream").Duplex} socket
 */
export function refuseMalformed(error, socket) {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const [status, phrase, detail] = ANSWERS[error.code ?? ""] ?? [400, "Bad Request", "Malformed HTTP request"];
  const body = JSON.stringify({ detail });
  const headers = {
    ...OWN,
    "x-request-id": requestId(),
    "content-type": "application/json",
    "content-length": body.length,
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Destroyed after the response, because the sender may continue forever.
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join("")}\r\n${body}`, () => socket.destroy());
}
