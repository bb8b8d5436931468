// @ts-check
// Which errors of `fetch` prove that a request was never sent. Only errors of a stage before the first byte count: a DNS
// lookup, a TCP connect, a TLS handshake, a proxy's tunnel, a request that the platform refuses to make. Anything else
// may have happened after the request was sent.

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

/** What a `fetch` threw instead of returning a promise: no request was made. */
class ThrownAtOnce {
  /** @param {unknown} thrown */
  constructor(thrown) {
    this.thrown = thrown;
  }
}

/** Runs a `fetch` and distinguishes a synchronous throw from a rejected promise. @param {() => unknown} send */
export const sent = (send) => {
  try {
    return send();
  } catch (thrown) {
    throw new ThrownAtOnce(thrown);
  }
};

/** The original error that was thrown. @param {unknown} fault */
export const thrownBy = (fault) =>
  attempt(() => fault instanceof ThrownAtOnce) ? /** @type {ThrownAtOnce} */ (fault).thrown : fault;

/** @param {any} error */
const isBefore = ({ code, syscall, erroredSysCall, message }) =>
  CALLS.includes(syscall ?? erroredSysCall) ||
  CODES.has(code) ||
  WORDS.some((words) => typeof message === "string" && words.test(message));

/** True where what `fetch` threw proves that no request was sent. @param {any} thrown */
export const neverSent = (thrown) =>
  attempt(() => {
    if (thrown instanceof ThrownAtOnce) return true;
    const cause = thrown.cause ?? thrown;
    // One per address that was tried.
    const errors = isArray(cause.errors) ? cause.errors : [cause];
    return errors.length > 0 && (errors.every(isBefore) || isBefore({ message: thrown.message }));
  }) === true;
