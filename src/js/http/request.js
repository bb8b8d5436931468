// @ts-check
// One step into JavaScript to start a request, instead of a dozen single ones (an object, its
// properties, a controller, its signal, the call), each of which would cross the module's boundary.

import { strange } from "../input/hints.js";
import { attempt, quietly } from "../lib/fields.js";
import { broken } from "../runtime/instance.js";
import { warnOnce } from "../runtime/observe.js";
import { watchCall } from "../state/promise.js";
import { newController } from "../state/signal.js";
import { rejected, sent } from "./connect.js";

/**
 * Calls `fetch` and has `settle` told what comes of it; gives the controller that aborts the request.
 * The global `fetch` is looked up at each call, so that one replaced by a test library is used.
 * @param {import("../input/options.js").Fetch | undefined} fetch The caller's
 * @param {import("../input/options.js").Settings} options @param {import("../input/arguments.js").Prepared} prepared
 * @param {Record<string, string>} headers Copied: the caller's `fetch` may write into them
 * @param {string | undefined} key What a supplier gave. With a fixed one the headers have seen to it, and where the
 * caller has asked for an authorization of his own, or for none, there is no other
 * @param {(place: number, round: number, ok: boolean, value: unknown) => void} settle
 * @param {number} place @param {number} round
 */
export const startRequest = (
  fetch,
  options,
  { method, target, body, flight, row = 0, unknown = [] },
  headers,
  key,
  settle,
  place,
  round,
) => {
  for (const one of unknown) warnOnce(options, row, one.place, () => strange(one));
  // It broke down inside a hook of the caller's, and has been told as what was not sent.
  if (broken()) throw new Error("the module is broken");
  const { baseUrl, headers: own } = options;
  const controller = newController();
  const { signal } = controller;
  // A redirect would carry the key or turn a POST into a GET; whoever answers with one is not the API.
  /** @type {RequestInit} */
  const init = { method, headers: { ...headers }, redirect: "manual", signal };
  if (key !== undefined && !("authorization" in own)) init.headers = { ...headers, authorization: `Bearer ${key}` };
  if (body !== undefined) init.body = body;
  const send = fetch ?? globalThis.fetch;
  flight?.leaves(controller);
  const url = baseUrl + target;
  watchCall(
    () => sent(send, url, init),
    (at, turn, ok, value) => settle(at, turn, ok, ok ? value : rejected(value, send, url)),
    place,
    round,
  );
  return controller;
};

/** Aborts a request. A controller that a page has put in the place of the host's may throw. @param {AbortController} controller */
export const abortRequest = (controller) => quietly(() => controller.abort());

/** True where there is something to send with. @param {unknown} fetch The caller's */
export const canSend = (fetch) => typeof (fetch ?? attempt(() => globalThis.fetch)) === "function";

/** The status of what `fetch` gave; NaN where that is no response. @param {any} value */
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
