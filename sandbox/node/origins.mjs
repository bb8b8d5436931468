// @ts-check
// Which pages may steer the sandbox. Any page that its user looks at can send requests to this machine; one that
// sets a webhook has the sandbox ask inside addresses and reads the answers in the log of deliveries.

import { isIP } from "node:net";

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */

/** What the control paths have in front, and what each path of a webhook has in it. */
const GUARDED = /^\/__sandbox(?:\/|$)|\/webhooks?(?:\/|$)/;
/** Names under localhost are this machine's in every browser, whatever a name server says. */
export const LOOPBACK = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * @typedef {object} Rules
 * @property {readonly string[]} origins Whose pages are as good as those of this machine.
 * @property {readonly string[]} hosts Names that the sandbox is known by.
 * @property {boolean} open Whether other machines may ask, who know this one by its addresses.
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
 * Why a request is refused, if it is. One without an origin comes from no page, or from a page that the sandbox
 * itself has served; but a page of a name that was led to this machine (DNS rebinding) looks like one of those. An
 * address in the place of a name was led nowhere.
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
 * Whether a request comes from a page that nobody has allowed: such a page may not use up what there is.
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
 * An origin as browsers write it, or none.
 * @param {string} text
 */
export function originOf(text) {
  const url = urlOf(text);
  return url && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === ""
    ? url.origin
    : undefined;
}

/**
 * A host name as a URL holds it, without a port, or none.
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
