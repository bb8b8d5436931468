// @ts-check
// Starts a request in one step, instead of a dozen (an object, its properties, a controller, its signal, the call)
// that would each cross the module's boundary.

import { strange } from "../input/hints.js";
import { attempt, quietly } from "../lib/fields.js";
import { broken } from "../runtime/instance.js";
import { warnOnce } from "../runtime/observe.js";
import { whenCallSettles } from "../state/promise.js";
import { newController } from "../state/signal.js";
import { rejected, sent } from "./connect.js";

/** A key as a header can carry it. @param {string} key */
const headerSafe = (key) => (/^[!-~]+(?: [!-~]+)*$/.test(key) ? key : encodeURIComponent(key));

/**
 * Calls `fetch`, reports its result to `settle` and returns the controller that aborts the request.
 * The global `fetch` is looked up for each call, so that a replacement by a test library is used.
 * @param {import("../input/options.js").Fetch | undefined} fetch The caller's
 * @param {import("../input/options.js").Settings} options @param {import("../input/arguments.js").Prepared} prepared
 * @param {Record<string, string>} headers Copied: the caller's `fetch` may write into them
 * @param {string | undefined} key What a supplier returned. A fixed key is in the headers already; there is none if
 * the caller set or removed the authorization header
 * @param {(index: number, generation: number, ok: boolean, value: unknown) => void} settle
 * @param {number} index @param {number} generation
 */
export const startRequest = (
  fetch,
  options,
  { method, target, body, inFlight, row = 0, unknown = [], idempotencyKey },
  headers,
  key,
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
  const send = fetch ?? globalThis.fetch;
  inFlight?.sent(controller);
  const url = baseUrl + target;
  whenCallSettles(
    () => sent(send, url, init),
    (at, turn, ok, value) => settle(at, turn, ok, ok ? value : rejected(value, send, url)),
    index,
    generation,
  );
  return controller;
};

/** Aborts a request. A controller that a page has put in the place of the host's may throw. @param {AbortController} controller */
export const abortRequest = (controller) => quietly(() => controller.abort());

/** True if there is a `fetch`. @param {unknown} fetch The caller's */
export const canSend = (fetch) => typeof (fetch ?? attempt(() => globalThis.fetch)) === "function";

/** The status of what `fetch` returned; NaN if that is not a response. @param {any} value */
export const statusOf = (value) => {
  const status = attempt(() => typeof value.text === "function" && value.status);
  return typeof status === "number" ? status : Number.NaN;
};

/** The characters of a header that reach the module: in its memory one of hundreds of megabytes would break it. */
const LONGEST = 8_192;

/** @param {import("./body.js").ResponseLike} response @param {string} name */
export const headerOf = (response, name) => {
  const value = attempt(() => response.headers.get(name));
  return typeof value === "string" ? value.slice(0, LONGEST) : value;
};
