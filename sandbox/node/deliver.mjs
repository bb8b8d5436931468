// @ts-check
// Sends an answer the way its `delivery` says. Nothing here outlives the response: every timer ends
// with its "close", whoever closes it, and so does the stream of an answer that has one.

/** Promised in content-length and never sent, when the body itself is too short to be cut. */
const PHANTOM = 64;

/**
 * @param {import("node:http").ServerResponse} response
 * @param {ReturnType<import("../dist/agentphone_sandbox.js").Engine["handle"]>} answer
 * @param {string} method
 * @param {ReturnType<typeof import("./host.mjs").createHost>} host
 */
export function deliver(response, answer, method, host) {
  const { delayMs } = answer.delivery;
  const { stream } = answer;
  const send = stream == null ? act : flow;
  if (stream != null) response.on("close", () => host.leave(stream));
  if (delayMs === 0) return send(response, answer, method, host);
  const timer = setTimeout(() => send(response, answer, method, host), delayMs);
  response.on("close", () => clearTimeout(timer));
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {ReturnType<import("../dist/agentphone_sandbox.js").Engine["handle"]>} answer
 * @param {string} method
 */
function act(response, answer, method) {
  if (response.destroyed) return;
  const body = typeof answer.body === "string" ? Buffer.from(answer.body, "utf8") : Buffer.from(answer.body);
  const bodiless = method === "HEAD" || answer.status === 204 || answer.status === 304;
  const { delivery } = answer;
  if (delivery.action === "cut-before-headers") return void response.socket?.destroy();
  if (delivery.action === "stall-headers") return;

  const whole = delivery.action === "normal" || delivery.action === "slow";
  // A cut must be visible: the length promised is always more than what is sent.
  const promised = whole || body.length > 1 ? body.length : body.length + PHANTOM;
  const length = answer.status === 204 || answer.status === 304 ? {} : { "content-length": promised };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  if (bodiless && whole) return void response.end();
  response.flushHeaders();

  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (delivery.action) {
    case "normal":
      return void response.end(body);
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
 * An answer whose body comes in pieces over time. "cut-mid-body" and "stall-body" happen after its
 * first piece.
 * @param {import("node:http").ServerResponse} response
 * @param {ReturnType<import("../dist/agentphone_sandbox.js").Engine["handle"]>} answer
 * @param {string} method
 * @param {ReturnType<typeof import("./host.mjs").createHost>} host
 */
function flow(response, answer, method, host) {
  if (response.destroyed) return;
  const { action } = answer.delivery;
  if (action === "cut-before-headers") return void response.socket?.destroy();
  if (action === "stall-headers") return;
  response.writeHead(answer.status, answer.headers);
  if (method === "HEAD") return void response.end();
  response.flushHeaders();
  if (action === "cut-after-headers") return cut(response);
  let pieces = 0;
  host.attach(/** @type {number} */ (answer.stream), {
    chunk(bytes) {
      pieces += 1;
      if (action === "stall-body" && pieces > 1) return;
      response.write(bytes);
      if (action === "cut-mid-body") cut(response);
    },
    end() {
      if (action !== "stall-body") response.end();
    },
  });
}

/**
 * Destroys the connection once all that was written has left.
 * @param {import("node:http").ServerResponse} response
 */
function cut(response) {
  const { socket } = response;
  socket?.write("", () => socket.destroy());
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {Buffer} body
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
