// @ts-check
// One step into JavaScript to start a request, instead of a dozen single ones (an object, its
// properties, a controller, its signal, the call), each of which would cross the module's boundary.

import { leaves } from "./flights.js";
import { broken } from "./instance.js";
import { watch } from "./promise.js";

/**
 * Calls `fetch` and has `settle` told what comes of it; gives the controller that aborts the request.
 * The global `fetch` is looked up at each call, so that one replaced by a test library is used.
 * @param {((url: string, init: RequestInit) => unknown) | undefined} fetch The caller's
 * @param {import("./options.js").Settings} options @param {import("./arguments.js").Prepared} prepared
 * @param {Record<string, string>} headers Copied: the caller's `fetch` may write into them
 * @param {string | undefined} authorization
 * @param {(place: number, round: number, ok: boolean, value: unknown) => void} settle
 * @param {number} place @param {number} round
 */
export const startRequest = (fetch, { baseUrl, signal: of }, { method, target, body, flight }, headers, authorization, settle, place, round) => {
  // It broke down inside a hook of the caller's, and has been told as what was not sent.
  if (broken()) throw new Error("the module is broken");
  const controller = new AbortController();
  const { signal } = controller;
  // A redirect would carry the key or turn a POST into a GET; whoever answers with one is not the API.
  /** @type {RequestInit} */
  const init = { method, headers: authorization === undefined ? { ...headers } : { ...headers, authorization }, redirect: "manual", signal };
  if (body !== undefined) init.body = body;
  const send = fetch ?? globalThis.fetch;
  leaves(flight, of, controller);
  try {
    watch(send(baseUrl + target, init), settle, place, round);
  } catch (thrown) {
    settle(place, round, false, thrown);
  }
  return controller;
};

/** The status of an answer; -1 for what is none, or throws when it is looked at. @param {any} value */
export const statusOf = (value) => {
  try {
    const { status, text } = Object(value) === value ? value : {};
    return typeof status === "number" && typeof text === "function" ? status : -1;
  } catch {
    return -1;
  }
};

/**
 * Reads a body as text and has `settle` told.
 * @param {any} response @param {(place: number, round: number, ok: boolean, value: unknown) => void} settle
 * @param {number} place @param {number} round
 */
export const readBody = (response, settle, place, round) => {
  try {
    watch(response.text(), settle, place, round);
  } catch (thrown) {
    settle(place, round, false, thrown);
  }
};

/** Milliseconds on a clock that nobody sets, where the host has one. */
export const clock = () => (globalThis.performance ?? Date).now();
