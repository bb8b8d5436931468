// @ts-check
// Sends a response the way its `delivery` says. Every timer, and the stream of a streamed response, ends with the
// response's "close" event, whichever side closed it.

import { isBodiless, isEmpty } from "../js/host.mjs";
import { sendWhole } from "./gzip.mjs";
import { send, sendHead } from "./head.mjs";

/** @import { Answer, Host } from "../js/host.mjs" */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** Added to content-length but never sent, when the body itself is too short to be cut. */
const PHANTOM = 64;

/**
 * @param {ServerResponse} response
 * @param {Answer} answer
 * @param {string} method
 * @param {Host} host
 */
export function deliver(response, answer, method, host) {
  const { stream, delivery } = answer;
  const act = stream === null ? whole : flow;
  if (stream !== null) response.on("close", () => host.leave(stream));
  if (delivery.delayMs === 0) return act(response, answer, method, host);
  const timer = setTimeout(() => act(response, answer, method, host), delivery.delayMs);
  response.on("close", () => clearTimeout(timer));
}

/**
 * @param {ServerResponse} response
 * @param {Answer} answer
 * @param {string} method
 */
function whole(response, answer, method) {
  if (response.destroyed) return;
  const { body, delivery, status, headers } = answer;
  const { action } = delivery;
  if (action === "cut-before-headers") return void response.socket?.destroy();
  if (action === "stall-headers") return;

  const bodiless = isBodiless(method, status);
  const complete = action === "normal" || action === "slow";
  // A cut must be visible: the promised length always exceeds what is sent.
  const promised = complete || body.length > 1 ? body.length : body.length + PHANTOM;
  /** @type {Record<string, number>} */
  const length = isEmpty(status) ? {} : { "content-length": promised };
  if (complete && (bodiless || action === "normal")) {
    const described = { ...headers, ...length };
    return action === "normal"
      ? sendWhole(response, status, described, body, bodiless)
      : send(response, status, described);
  }
  sendHead(response, status, { ...headers, ...length });
  response.flushHeaders();
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (action) {
    case "cut-after-headers":
      return cut(response);
    case "cut-mid-body":
      if (!bodiless && half.length > 0) response.write(half);
      return cut(response);
    case "stall-body":
      if (!bodiless && half.length > 0) response.write(half);
      return;
    case "slow":
      return drip(response, body, delivery.bytes, delivery.everyMs);
  }
}

/**
 * A response whose body arrives in chunks over time. "cut-mid-body" and "stall-body" take effect after the first chunk.
 * @param {ServerResponse} response
 * @param {Answer} answer
 * @param {string} method
 * @param {Host} host
 */
function flow(response, answer, method, host) {
  if (response.destroyed) return;
  const { action } = answer.delivery;
  if (action === "cut-before-headers") return void response.socket?.destroy();
  if (action === "stall-headers") return;
  sendHead(response, answer.status, answer.headers);
  if (method === "HEAD") return void response.end();
  response.flushHeaders();
  if (action === "cut-after-headers") return cut(response);
  if (answer.body.length > 0) response.write(answer.body);
  let pieces = 0;
  host.attach(/** @type {number} */ (answer.stream), {
    chunk(bytes) {
      pieces += 1;
      if (action === "stall-body" && pieces > 1) return;
      response.write(bytes);
      if (action === "cut-mid-body") cut(response);
    },
    end() {
      // Ending the response would make the body look complete.
      if (action !== "stall-body" && action !== "cut-mid-body") response.end();
    },
  });
}

/**
 * Destroys the connection once everything written has been sent.
 * @param {ServerResponse} response
 */
function cut(response) {
  const { socket } = response;
  socket?.write("", () => socket.destroy());
}

/**
 * @param {ServerResponse} response
 * @param {Uint8Array} body
 * @param {number} bytes
 * @param {number} everyMs
 */
function drip(response, body, bytes, everyMs) {
  let at = 0;
  const step = () => {
    response.write(body.subarray(at, at + bytes));
    at += bytes;
    if (at < body.length) return;
    clearInterval(timer);
    response.end();
  };
  const timer = setInterval(step, everyMs);
  response.on("close", () => clearInterval(timer));
  if (body.length > 0) step();
  else response.end();
}
