// @ts-check
// Which pages may steer the sandbox. Any page that its user looks at can send requests to this machine; one that
// sets a webhook has the sandbox ask inside addresses and reads the answers in the log of deliveries.

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */

/** What the control paths have in front, and what each path of a webhook has in it. */
const GUARDED = /^\/__sandbox(?:\/|$)|\/webhooks?(?:\/|$)/;
export const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Why a request is refused, if it is. One without an origin comes from no page, or from a page that the sandbox
 * itself has served; but a page of a name that was led to this machine (DNS rebinding) looks like one of those.
 * @param {string} target
 * @param {Headers} headers
 * @param {readonly string[]} allowed
 * @param {boolean} open Whether other machines may ask, who know this one by any name.
 * @returns {string | undefined}
 */
export function refusedOrigin(target, { origin, host }, allowed, open) {
  if (!GUARDED.test(pathOf(target))) return undefined;
  const name = urlOf(`http://${host}`);
  const known = (/** @type {URL | undefined} */ url) => url && (LOOPBACK.test(url.hostname) || allowed.some((one) => urlOf(one)?.host === url.host));
  if (!open && host !== undefined && !known(name)) {
    return `The control paths are not for the host ${name?.hostname ?? "of this request"}; ask 127.0.0.1, or allow it with allowOrigins or --allow-origin`;
  }
  if (origin === undefined) return undefined;
  const page = urlOf(origin);
  if (page && (LOOPBACK.test(page.hostname) || page.host === host || allowed.includes(page.origin))) return undefined;
  return `Pages of ${page?.origin ?? "no origin"} may not steer the sandbox; allow them with allowOrigins or --allow-origin`;
}

/**
 * An origin as browsers write it, or none.
 * @param {string} text
 */
export function originOf(text) {
  const url = urlOf(text);
  return url && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" ? url.origin : undefined;
}

/** @param {string} text */
function urlOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

/**
 * The path as the engine reads it, of an absolute target too, with its escapes undone: a guard must not
 * understand less than what it guards.
 * @param {string} target
 */
function pathOf(target) {
  const [path = ""] = target.replace(/^[a-z0-9]+:\/\/[^/]*/i, "").split(/[?#]/, 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
