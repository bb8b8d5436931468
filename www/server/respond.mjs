// @ts-check
// The headers of every answer, and answers of the server's own.

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** Of every answer: nothing stays in the browser, and no other site can frame it, read it, or keep a hold of its window. */
export const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Of what is no file of the page: should a browser ever show it as a document, then one of no origin and without scripts. */
export const API_HEADERS = {
  ...HEADERS,
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
};

/** @param {ServerResponse} response @param {unknown} body @param {Record<string, string>} [headers] */
export function sendJson(response, body, status = 200, headers = {}) {
  response.writeHead(status, { ...API_HEADERS, "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/**
 * An error in the form in which the API tells its own.
 * @param {ServerResponse} response @param {number} status @param {string} detail @param {Record<string, string>} [headers]
 */
export const sendProblem = (response, status, detail, headers) => sendJson(response, { detail }, status, headers);

/**
 * A sentence for whoever has opened an address in a browser.
 * @param {ServerResponse} response @param {number} status @param {string} text
 */
export function sendText(response, status, text) {
  response.writeHead(status, { ...API_HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}
