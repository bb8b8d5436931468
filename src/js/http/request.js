// @ts-check
// Starts a request in one step, instead of a dozen (an object, its properties, a controller, its signal, the call)
// that would each cross the module's boundary.

import { strange } from "../input/hints.js";
import { now, reached } from "../lib/clock.js";
import { attempt, quietly } from "../lib/fields.js";
import { deferred } from "../lib/wakeup.js";
import { broken, clearTimeout, setTimeout } from "../runtime/instance.js";
import { warnOnce } from "../runtime/observe.js";
import { newController } from "../state/signal.js";
import { discard, wholeBody } from "./body.js";
import { rejected, sent } from "./connect.js";

/** A key as a header can carry it. @param {string} key */
const headerSafe = (key) => (/^[!-~]+(?: [!-~]+)*$/.test(key) ? key : encodeURIComponent(key));

/**
 * A request under way, as the module holds it. `timer`: of `limitRequest`; `over`: it has been reported, or nothing waits for it any more.
 * @typedef {{ controller: AbortController, timer: unknown, over: boolean }} Sent
 */

/** Nothing is left to be waited for. @param {Sent} request */
const finish = (request) => {
  request.over = true;
  const { timer } = request;
  if (timer === undefined) return;
  request.timer = undefined;
  attempt(() => clearTimeout(timer));
};

/** The status of what `fetch` returned; NaN if that is not a response. @param {any} value */
const statusOf = (value) => {
  const status = attempt(() => typeof value.text === "function" && value.status);
  return typeof status === "number" ? status : Number.NaN;
};

/**
 * Calls `fetch`, reports its result to `settle` with the status and the response, and returns what aborts the request.
 * The global `fetch` is looked up for each call, so that a replacement by a test library is used.
 * @param {import("../input/options.js").Settings} options @param {import("../input/arguments.js").Prepared} prepared
 * @param {Record<string, string>} headers Copied: the caller's `fetch` may write into them
 * @param {string | undefined} key What a supplier returned. A fixed key is in the headers already; there is none if
 * the caller set or removed the authorization header
 * @param {number} operation Its row @param {number} number Which attempt, from 1 @param {boolean} whole Reads the body as well
 * @param {import("../state/promise.js").Settle} settle @param {number} index @param {number} generation
 * @returns {Sent}
 */
export const startRequest = (
  options,
  { method, target, body, inFlight, row = 0, unknown = [], idempotencyKey },
  headers,
  key,
  operation,
  number,
  whole,
  settle,
  index,
  generation,
) => {
  for (const one of unknown) warnOnce(options, row, one.place, () => strange(one));
  // The module broke inside a hook of the caller, and the request has been reported as not sent.
  if (broken()) throw new Error("the module is broken");
  const { baseUrl, headers: own } = options;
  const controller = newController();
  const { signal } = controller;
  // A redirect would carry the key or turn a POST into a GET; the API itself does not redirect.
  /** @type {RequestInit} */
  const init = { method, headers: { ...headers }, redirect: "manual", signal };
  if (key !== undefined && !("authorization" in own)) init.headers = { ...headers, authorization: `Bearer ${key}` };
  // From a page it would cost a preflight that the API does not expect.
  if (idempotencyKey !== undefined && !options.browser)
    init.headers = { "idempotency-key": headerSafe(idempotencyKey), ...init.headers };
  if (body !== undefined) init.body = body;
  const send = options.fetch ?? globalThis.fetch;
  inFlight?.sent(controller);
  const url = baseUrl + target;
  const trace = inFlight?.trace;
  /** @type {Sent} */
  const request = { controller, timer: undefined, over: false };
  const land = (/** @type {boolean} */ ok, /** @type {unknown} */ value, status = Number.NaN, response = undefined) => {
    finish(request);
    settle(index, generation, ok, value, status, response);
  };
  const fail = (/** @type {unknown} */ thrown) => land(false, rejected(thrown, send, url));
  const receive = (/** @type {any} */ response) => {
    const status = statusOf(response);
    // One that comes too late is read by nothing and would hold its connection.
    if (request.over) discard(response);
    else if (!whole || Number.isNaN(status)) land(true, undefined, status, response);
    else wholeBody(response, options, signal, (ok, value) => land(ok, value, status, response));
  };
  let given;
  try {
    given = trace
      ? trace.send(options, operation, number, inFlight.lookup, (added) => {
          if (added) init.headers = { ...added, ...init.headers };
          return sent(send, url, init);
        })
      : sent(send, url, init);
    Promise.resolve(given).then(receive, fail);
  } catch (thrown) {
    // Of `fetch`, or of the getters of a thenable.
    fail(thrown);
  }
  return request;
};

/** The longest delay that a timer supports. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Sets a timer for a time of the clock, or for the longest delay, and calls `settle` when it rings, unless the request is over
 * before.
 * @param {Sent} request @param {number} at @param {import("../state/promise.js").Settle} settle @param {number} index @param {number} generation
 */
export const limitRequest = (request, at, settle, index, generation) => {
  if (request.over) return;
  const began = Math.floor(now());
  const delay = Math.min(Math.max(at - began, 0), LONGEST_DELAY);
  const ring = deferred(settle, index, generation);
  request.timer = attempt(() =>
    setTimeout(() => {
      reached(began + delay);
      ring();
    }, delay),
  );
};

/** Aborts a request. A controller that a page has put in the place of the host's may throw. @param {Sent} request */
export const abortRequest = (request) => {
  finish(request);
  quietly(() => request.controller.abort());
};

/** True if the host has a `fetch`. */
export const canSend = () => typeof attempt(() => globalThis.fetch) === "function";

/** The characters of a header that reach the module: in its memory one of hundreds of megabytes would break it. */
const LONGEST = 8_192;

/** @param {import("./body.js").ResponseLike} response @param {string} name */
export const headerOf = (response, name) => {
  const value = attempt(() => response.headers.get(name));
  return typeof value === "string" ? value.slice(0, LONGEST) : value;
};
