// @ts-check
// Response headers: those that every response of the server has, and how they are written.

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** On every response, so that pages of other origins may read it and the headers that retries need. */
export const OWN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "retry-after, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, allow, content-disposition, content-range, date",
};

let answered = 0;

/** For responses of the server, not of the engine. */
export const requestId = () => `req_server_${++answered}`;

/**
 * Sends headers, and a complete body if there is one.
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
  // Node writes a flat list fastest.
  const list = [];
  for (const name in OWN) list.push(name, OWN[/** @type {keyof typeof OWN} */ (name)]);
  for (const name in headers) list.push(name, /** @type {string} */ (headers[name]));
  if (headers["x-request-id"] === undefined) list.push("x-request-id", requestId());
  response.writeHead(status, list);
}
