// @ts-check
// Which faults of a request prove that it was never sent. Only what the platform reports of a stage before the first
// byte counts: a lookup, a TCP connect, a handshake of TLS, a proxy's tunnel, a request that the platform refuses to
// make. Anything else may have happened after the request had left, and is no proof.

import { attempt, isArray } from "../lib/fields.js";

/** System calls that come before a connection. */
const CALLS = ["connect", "getaddrinfo", "queryA", "queryAaaa"];

/** Codes of those stages, by who reports them. */
const CODES = new Set([
  // The system: only a connect is refused, and only a name is not found.
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  // undici, which is Node's fetch: no connection in time, and requests that it does not make.
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
  // OpenSSL's words for a peer that speaks no TLS, or none that we do. Alerts that a server may send after our request
  // (a client's certificate is missing) are not among them.
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
]);

/** Words of platforms that give no code. */
const WORDS = [
  // undici: a port that the fetch standard blocks.
  /^bad port$/,
  // Node's tls: the peer hung up during the handshake.
  /^Client network socket disconnected before secure TLS connection was established$/,
  // undici's ProxyAgent: the proxy made no tunnel, because it wants a password, for example.
  /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/,
  // Deno, of hyper: there was no connection.
  /\bclient error \(Connect\)/,
];

/** What a `fetch` threw instead of giving a promise: it made no request. */
class ThrownAtOnce {
  /** @param {unknown} thrown */
  constructor(thrown) {
    this.thrown = thrown;
  }
}

/** Runs a `fetch`; what it throws at once is told apart from what its promise rejects with. @param {() => unknown} send */
export const sent = (send) => {
  try {
    return send();
  } catch (thrown) {
    throw new ThrownAtOnce(thrown);
  }
};

/** What was thrown, as its thrower has it. @param {unknown} fault */
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
    // One each address that was tried.
    const errors = isArray(cause.errors) ? cause.errors : [cause];
    return errors.length > 0 && (errors.every(isBefore) || isBefore({ message: thrown.message }));
  }) === true;
