// @ts-check
// Which web pages may control the sandbox. Any page that its user visits can send requests to this machine. A page
// that could set a webhook could make the sandbox request internal addresses, and read the responses in the
// delivery log.

import { isIP } from "node:net";

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */

/** The control paths and the webhook paths. */
const GUARDED = /^\/__sandbox(?:\/|$)|\/webhooks?(?:\/|$)/;
/** Names under localhost resolve to this machine in every browser, whatever DNS says. */
export const LOOPBACK = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * @typedef {object} Rules
 * @property {readonly string[]} origins Origins trusted like those of this machine.
 * @property {readonly string[]} hosts Host names of the sandbox.
 * @property {boolean} open Whether other machines can connect, using this machine's addresses.
 */

/**
 * @param {{ allowOrigins?: readonly string[] | undefined, allowHosts?: readonly string[] | undefined }} options
 * @param {string} address Where it listens.
 * @returns {Rules}
 */
export function rulesOf({ allowOrigins = [], allowHosts = [] }, address) {
  const origins = allowOrigins.map((text) => {
    const origin = originOf(text);
    if (origin === undefined)
      throw new TypeError(`allowOrigins: "${text}" is not an origin, such as https://app.example.com`);
    return origin;
  });
  const hosts = allowHosts.map((text) => {
    const name = hostOf(text);
    if (name === undefined) throw new TypeError(`allowHosts: "${text}" is not a host name, such as sandbox.test`);
    return name;
  });
  const own = hostOf(address);
  return { origins, hosts: own === undefined ? hosts : [...hosts, own], open: !LOOPBACK.test(bracketed(address)) };
}

/**
 * Why a request is rejected, if it is. A request without an origin comes from no page, or from a page that the sandbox
 * itself has served; but a page whose name was rebound to this machine (DNS rebinding) looks the same. An IP address
 * cannot be rebound.
 * @param {string} target
 * @param {Headers} headers
 * @param {Rules} rules
 * @returns {string | undefined}
 */
export function refusedOrigin(target, headers, rules) {
  if (!GUARDED.test(pathOf(target))) return undefined;
  if (!isKnownHost(headers, rules)) {
    const name = urlOf(`http://${headers.host}`)?.hostname ?? "of this request";
    return `The control paths and those of webhooks are not for the host ${name}; ask 127.0.0.1, or allow the name with allowHosts or --allow-host`;
  }
  if (isKnownPage(headers, rules)) return undefined;
  const page = urlOf(headers.origin ?? "");
  return `Pages of ${page?.origin ?? "no origin"} may not steer the sandbox; allow them with allowOrigins or --allow-origin`;
}

/**
 * Whether a request comes from a page that is not trusted and may not use up all the space.
 * @param {Headers} headers
 * @param {Rules} rules
 */
export const isGuest = (headers, rules) => !isKnownHost(headers, rules) || !isKnownPage(headers, rules);

/**
 * @param {Headers} headers
 * @param {Rules} rules
 */
function isKnownHost({ host }, { origins, hosts, open }) {
  if (host === undefined) return true;
  const url = urlOf(`http://${host}`);
  if (!url) return false;
  const name = url.hostname;
  return (
    LOOPBACK.test(name) ||
    hosts.includes(name) ||
    (open && isIP(name.replace(/^\[|\]$/g, "")) !== 0) ||
    origins.some((one) => urlOf(one)?.host === url.host)
  );
}

/**
 * @param {Headers} headers
 * @param {Rules} rules
 */
function isKnownPage({ origin, host }, { origins }) {
  if (origin === undefined) return true;
  const page = urlOf(origin);
  return page !== undefined && (LOOPBACK.test(page.hostname) || page.host === host || origins.includes(page.origin));
}

/**
 * An origin in the form browsers send, or undefined.
 * @param {string} text
 */
export function originOf(text) {
  const url = urlOf(text);
  return url && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === ""
    ? url.origin
    : undefined;
}

/**
 * A host name in the form URLs contain, without a port, or undefined.
 * @param {string} text
 */
export function hostOf(text) {
  const host = bracketed(text);
  return /^(?:[^/?#@:[\]]+|\[[^\]]+\])$/.test(host) ? urlOf(`http://${host}`)?.hostname : undefined;
}

/** @param {string} address */
const bracketed = (address) => (isIP(address) === 6 ? `[${address}]` : address);

/** @param {string} text */
function urlOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

/**
 * The decoded path as the engine reads it, also of an absolute URL: a guard must understand everything that the guarded
 * code does.
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
