// @ts-check
// A `fetch` that the sandbox answers without a network. The engine decides the response; how it arrives (late, in
// pieces, cut off, never) is reproduced with promises and streams, as a real fetch would show it.

import { isBodiless, lines } from "./host.mjs";

/** @import { Answer, Host } from "./host.mjs" */
/** @typedef {(method: string, target: string, headers: string, body: Uint8Array) => Answer | Promise<Answer>} Ask */

const BASE = "http://sandbox.invalid";
const NOTHING = new Uint8Array();
const encoder = new TextEncoder();

/**
 * @param {Ask} ask
 * @param {Host} host
 * @returns {typeof globalThis.fetch}
 */
export function createFetch(ask, host) {
  return async (input, init) => {
    const { method, url, headers, body, signal } = await read(input, init);
    signal?.throwIfAborted();
    const answer = await ask(method, url.pathname + url.search, headers, body);
    const { stream, delivery } = answer;
    const { action } = delivery;
    try {
      if (delivery.delayMs > 0) await pause(delivery.delayMs, signal);
      if (action === "cut-before-headers") throw broken("fetch failed");
      if (action === "stall-headers") await pause(Infinity, signal);
    } catch (error) {
      if (stream !== null) host.leave(stream);
      throw error;
    }
    const bodiless = isBodiless(method, answer.status);
    if (bodiless && stream !== null) host.leave(stream);
    const content = bodiless ? null : action === "normal" && stream === null ? answer.body : flow(answer, host, signal);
    return new Response(content, { status: answer.status, headers: answer.headers });
  };
}

/**
 * @param {RequestInfo | URL} input
 * @param {RequestInit | undefined} init
 */
async function read(input, init = {}) {
  const { method = "GET", headers, body, signal } = init;
  const simple = body === undefined || body === null || typeof body === "string" || body instanceof Uint8Array;
  if (simple && (typeof input === "string" || input instanceof URL)) {
    // The same check as the platform's: what works here must work with a real fetch.
    if (/^(?:get|head)$/i.test(method) && body !== undefined && body !== null) {
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    }
    return {
      method: method.toUpperCase(),
      url: new URL(input, BASE),
      headers: headers ? lines(pairs(headers)) : "",
      body: typeof body === "string" ? encoder.encode(body) : (body ?? NOTHING),
      signal,
    };
  }
  // Forms, streams and Request objects are left to the platform, which knows their headers.
  const whole = new Request(typeof input === "string" ? new URL(input, BASE) : input, init);
  return {
    method: whole.method,
    url: new URL(whole.url),
    headers: lines(whole.headers),
    body: new Uint8Array(await whole.arrayBuffer()),
    signal: whole.signal,
  };
}

/** @param {HeadersInit} headers */
const pairs = (headers) =>
  Symbol.iterator in headers ? /** @type {Iterable<[string, string]>} */ (headers) : Object.entries(headers);

/**
 * A body that arrives in pieces, never, or incomplete.
 * @param {Answer} answer
 * @param {Host} host
 * @param {AbortSignal | null | undefined} signal
 */
function flow(answer, host, signal) {
  const { stream, body } = answer;
  /** @type {(reason?: unknown) => void} */
  let stop = () => {};
  const leave = () => {
    signal?.removeEventListener("abort", abort);
    stop();
    if (stream !== null) host.leave(stream);
  };
  /** @type {ReadableStreamDefaultController<Uint8Array>} */
  let controller;
  const abort = () => {
    leave();
    controller.error(/** @type {AbortSignal} */ (signal).reason);
  };
  const source = stream === null ? damaged(answer, (stopper) => (stop = stopper)) : undefined;
  return new ReadableStream(
    {
      start(given) {
        controller = given;
        if (signal?.aborted) return abort();
        signal?.addEventListener("abort", abort, { once: true });
        if (stream !== null) live(answer, stream, host, controller, body, leave);
      },
      ...(source ? { pull: () => source(controller) } : {}),
      cancel: leave,
    },
    // Reads only on demand: an error would discard pieces that have not been read yet.
    { highWaterMark: source ? 0 : 1 },
  );
}

/**
 * The chunks of a live stream; "cut-mid-body" and "stall-body" take effect after the first.
 * @param {Answer} answer
 * @param {number} stream
 * @param {Host} host
 * @param {ReadableStreamDefaultController<Uint8Array>} controller
 * @param {Uint8Array} first
 * @param {() => void} leave
 */
function live({ delivery: { action } }, stream, host, controller, first, leave) {
  const cut = () => {
    leave();
    controller.error(broken("terminated"));
  };
  if (action === "cut-after-headers") return cut();
  if (first.length > 0) controller.enqueue(first);
  let count = 0;
  host.attach(stream, {
    chunk(bytes) {
      count += 1;
      if (action === "stall-body" && count > 1) return;
      controller.enqueue(typeof bytes === "string" ? encoder.encode(bytes) : bytes);
      // An error discards unread chunks, so it waits until they have been read.
      if (action === "cut-mid-body" && count === 1) setTimeout(cut);
    },
    end() {
      if (action !== "stall-body" && action !== "cut-mid-body") controller.close();
    },
  });
}

/**
 * Returns the next piece on each pull.
 * @param {Answer} answer
 * @param {(stop: () => void) => void} onStop Receives the function that ends a wait.
 */
function damaged({ body, delivery }, onStop) {
  const { action, bytes, everyMs } = delivery;
  const half = body.subarray(0, Math.floor(body.length / 2));
  let at = 0;
  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  return async (controller) => {
    if (action === "slow") {
      if (at > 0) await new Promise((resolve) => wait(resolve, everyMs, onStop));
      if (at < body.length) controller.enqueue(body.slice(at, at + bytes));
      at += bytes;
      if (at >= body.length) controller.close();
      return;
    }
    if (at === 0 && half.length > 0 && action !== "cut-after-headers") {
      at = half.length;
      return controller.enqueue(half.slice());
    }
    if (action === "stall-body") return new Promise(() => {});
    controller.error(broken("terminated"));
  };
}

/**
 * @param {(value?: unknown) => void} resolve
 * @param {number} ms
 * @param {(stop: () => void) => void} onStop
 */
function wait(resolve, ms, onStop) {
  const timer = setTimeout(resolve, ms);
  onStop(() => clearTimeout(timer));
}

/**
 * @param {number} ms
 * @param {AbortSignal | null | undefined} signal
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = ms === Infinity ? undefined : setTimeout(done, ms);
    function done() {
      signal?.removeEventListener("abort", abort);
      resolve();
    }
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** @param {string} message What Node's own fetch reports for a broken connection. */
const broken = (message) =>
  new TypeError(message, { cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }) });
