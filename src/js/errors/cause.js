// @ts-check
// The cause of an error that the host's `fetch` has thrown. Bun and Deno write the whole address into it, with ids and search
// terms, and a console that prints an error prints its causes too.

import { attempt, isArray, isObject } from "../lib/fields.js";

/** What fails while a request is sent or its response is read. The causes of other errors are a caller's. */
const OF_REQUESTS = ["CONNECTION_ERROR", "TIMEOUT", "INVALID_RESPONSE"];
/** Causes that are looked at; runtimes nest them two or three deep. */
const MOST = 10;

/**
 * The cause, whose texts name of the address only its origin. It is changed where it is, so that it stays an error of its
 * class with its code; one of a caller's own `fetch` is left alone.
 * @param {unknown} cause @param {string} code @param {import("../input/options.js").Settings | undefined} options
 */
export const withoutAddress = (cause, code, options) => {
  const isHosts = isObject(cause) && options && options.fetch === undefined && OF_REQUESTS.includes(code);
  const origin = isHosts && attempt(() => new URL(options.baseUrl).origin);
  if (!origin) return cause;
  const address = new RegExp(`${origin.replace(/[^\w:/]/g, "\\$&")}\\S*`, "gi");
  const causes = [/** @type {any} */ (cause)];
  for (let at = 0; at < Math.min(causes.length, MOST); at += 1) {
    const one = causes[at];
    for (const name of ["message", "stack", "path"])
      attempt(() => {
        const text = one[name];
        const without = typeof text === "string" ? text.replace(address, origin) : text;
        if (without !== text) one[name] = without;
      });
    const inner = attempt(() => [one.cause, ...(isArray(one.errors) ? one.errors : [])]);
    causes.push(...(inner ?? []).filter(isObject));
  }
  return cause;
};
