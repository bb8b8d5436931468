// @ts-check
// Which errors of `fetch` prove that a request was never sent. Only errors of a stage before the first byte count: a DNS
// lookup, a TCP connect, a TLS handshake, a proxy's tunnel, a request that the platform refuses to make. Anything else
// may have happened after the request was sent. The error of a `fetch` that is not the host's own, which may do more than send,
// must also be of a connection to the API.

import { attempt, isArray } from "../lib/fields.js";

/** System calls that come before a connection. */
const CALLS = ["connect", "getaddrinfo", "queryA", "queryAaaa"];

/** Error codes of those stages, by the layer that reports them. */
const CODES = new Set([
  // The system: only a connect is refused, and only a name is not found.
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  // undici, which is Node's fetch: connect timeouts, and requests that it refuses to make.
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  // Bun.
  "ConnectionRefused",
  "FailedToOpenSocket",
  // OpenSSL's verdicts on a certificate, which end the handshake.
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  // OpenSSL's codes for a peer without TLS or without a common version. Alerts that a server may send after the
  // request (a missing client certificate) are not included.
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
]);

/** Messages of platforms that set no code. */
const WORDS = [
  // undici: a port that the fetch standard blocks.
  /^bad port$/,
  // Node's tls: the peer hung up during the handshake.
  /^Client network socket disconnected before secure TLS connection was established$/,
  // undici's ProxyAgent: the proxy refused the tunnel, for example because it requires a password.
  /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/,
  // Deno, of hyper: there was no connection.
  /\bclient error \(Connect\)/,
];

/** The host's own `fetch`, by its source: the engine's code, or how Node gets at its undici. One that is not recognized counts as a caller's. */
const HOSTS = /^function fetch\(\)\s*\{\s*\[native code\]\s*\}$|\binternal\/deps\/undici\/|\blazyUndici\(\)/;
/** A function that can know nothing of the request: whatever it does before it throws, the request is not sent by it. */
const KNOWS_NOTHING = /^(?:async\s*)?\(\s*\)\s*=>/;

/** @param {Function} send */
const sourceOf = (send) => Function.prototype.toString.call(send);

/** What came of a `fetch` instead of an answer, and what must be known to say what that proves. */
class FetchFault {
  /** @param {unknown} thrown @param {unknown} send The `fetch` @param {string} url @param {boolean} atOnce Thrown, where a promise should have been given */
  constructor(thrown, send, url, atOnce) {
    this.thrown = thrown;
    this.send = send;
    this.url = url;
    this.atOnce = atOnce;
  }
}

/** @param {unknown} fault */
const isFetchFault = (fault) => attempt(() => fault instanceof FetchFault) === true;

/** Runs a `fetch` and distinguishes a synchronous throw from a rejected promise. @param {(url: string, init: RequestInit) => unknown} send @param {string} url @param {RequestInit} init */
export const sent = (send, url, init) => {
  try {
    return send(url, init);
  } catch (thrown) {
    throw new FetchFault(thrown, send, url, true);
  }
};

/** A rejection with what is needed to judge it. @param {unknown} reason @param {unknown} send @param {string} url */
export const rejected = (reason, send, url) =>
  isFetchFault(reason) ? reason : new FetchFault(reason, send, url, false);

/** The original error that was thrown. @param {unknown} fault */
export const thrownBy = (fault) => (isFetchFault(fault) ? /** @type {FetchFault} */ (fault).thrown : fault);

/** @param {any} error */
const isBefore = ({ code, syscall, erroredSysCall, message }) =>
  CALLS.includes(syscall ?? erroredSysCall) ||
  CODES.has(code) ||
  WORDS.some((words) => typeof message === "string" && words.test(message));

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;
/** @param {unknown} one @param {string} other */
const isSameHost = (one, other) =>
  `${one}`.toLowerCase() === other || (LOOPBACK.test(`${one}`) && other === "localhost");

/** Where transports say in words what they tried: node-fetch (and cross-fetch, which is it), Deno, undici. */
const REQUESTED = /^request to (\S+) failed|\bfor url \((\S+?)\)/;
const ATTEMPTED = /\battempted address: (\S+):(\d+)[,)]/;

/**
 * True where an error is of a connection to the API. A `fetch` of the caller's may have sent the request and failed at
 * something else afterwards: a log, a counter in a database. @param {any} error @param {unknown} words Of the error that it is the cause of @param {string} url
 */
const isOfApi = ({ address, host, hostname, port, message }, words, url) => {
  const api = new URL(url);
  const name = api.hostname.replace(/^\[|\]$/g, "");
  const number = Number(api.port || (api.protocol === "https:" ? 443 : 80));
  const [, ...requested] = REQUESTED.exec(`${words}`) ?? [];
  const named = requested.find((one) => one !== undefined);
  if (named !== undefined) return new URL(named).origin === api.origin;
  const [, at = address ?? host ?? hostname, tried = port] = ATTEMPTED.exec(`${message}`) ?? [];
  // A name that is not found has no port.
  return at !== undefined && isSameHost(at, name) && (tried === undefined || Number(tried) === number);
};

/** True where what `fetch` threw proves that no request was sent. @param {any} fault As `sent` and `rejected` make it */
export const neverSent = (fault) =>
  attempt(() => {
    if (!isFetchFault(fault)) return false;
    const { thrown, send, url, atOnce } = /** @type {FetchFault & { thrown: any }} */ (fault);
    if (typeof send !== "function") return true;
    const source = sourceOf(send);
    const isHosts = HOSTS.test(source);
    if (atOnce && (isHosts || KNOWS_NOTHING.test(source))) return true;
    const cause = thrown.cause ?? thrown;
    // One per address that was tried.
    /** @type {any[]} */
    const errors = isArray(cause.errors) ? cause.errors : [cause];
    const before = errors.length > 0 && (errors.every(isBefore) || isBefore({ message: thrown.message }));
    return before && (isHosts || errors.every((error) => isOfApi(error, thrown.message, url)));
  }) === true;
