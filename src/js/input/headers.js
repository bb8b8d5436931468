// @ts-check
// The headers that callers set: which of them can be sent, and why the others cannot. A header that the
// platform would drop, or refuse only when the request is made, is refused as soon as it is passed.

import { fieldsOf, isPlainName } from "../lib/fields.js";

/** Headers that the transport sets: a wrong length or host would make the request hang, or reach another server. */
const TRANSPORT =
  /^(?:connection|content-length|expect|host|http2-settings|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;
/** Headers that `fetch` drops silently in a page. */
const BROWSER =
  /^(?:accept-charset|accept-encoding|access-control-request-.*|cookie2?|date|dnt|origin|referer|set-cookie|via|sec-.*)$/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Lays `value` over `known`. Names are compared without case; null removes a header.
 * @param {Record<string, string | null>} known @param {unknown} value @param {boolean} browser
 */
export const laidOver = (known, value, browser) => {
  const all = { ...known };
  const given = fieldsOf(value, "option headers", "option headers:");
  for (const own of Object.keys(given)) {
    const text = given[own];
    if (text === undefined) continue;
    const name = own.toLowerCase();
    const shown = isPlainName(own) ? own : "one of the names";
    const sendable = text === null || (typeof text === "string" && VALUE.test(text));
    // `__proto__` would not be a member of an object but its prototype.
    if (!sendable || !NAME.test(name) || name === "__proto__") {
      throw `option headers: ${shown} is not a header that can be sent (values are strings, or null to leave one out)`;
    }
    if (text !== null && TRANSPORT.test(name)) throw `option headers: ${shown} cannot be set: the transport sets it`;
    if (text !== null && browser && BROWSER.test(name))
      throw `option headers: ${shown} cannot be set: browsers drop it`;
    all[name] = text;
  }
  return all;
};
