// @ts-check
// Heads of answers: what every answer of the server says, whoever made it.

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** On every answer, so that a page of another origin may read it and the headers that retries need. */
export const OWN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "retry-after, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, allow, content-disposition, content-range, date",
};

let answered = 0;

/** For the answers that are the server's and not the engine's. */
export const requestId = () => `req_server_${++answered}`;

/**
 * Sends a head, and a whole body when there is one to send.
 * @param {ServerResponse} response
 * @param {number} status
 * @param {Record<string, string | number>} headers
 * @param {string | Uint8Array} [body]
 */
export function send(response, status, headers, body) {
  sendHead(response, status, headers);
  response.end(body);
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {Record<string, string | number>} headers
 */
export function sendHead(response, status, headers) {
  // A flat list is what Node writes with the least work.
  const list = [];
  for (const name in OWN) list.push(name, OWN[/** @type {keyof typeof OWN} */ (name)]);
  for (const name in headers) list.push(name, /** @type {string} */ (headers[name]));
  if (headers["x-request-id"] === undefined) list.push("x-request-id", requestId());
  response.writeHead(status, list);
}
