// @ts-check
// Which faults of a connection prove that no request was sent. Only what the platform reports of the stage
// before the first byte counts: a lookup, a TCP connect, a certificate that was refused. Anything else may have
// happened after the request had left.

import { attempt, isArray } from "./fields.js";

/** System calls that come before a connection. */
const BEFORE = ["connect", "getaddrinfo", "queryA", "queryAaaa"];

/**
 * Codes that name the same stage without a system call: undici's connect timeout, Bun's refusal, and
 * OpenSSL's verdicts on a certificate, which end the handshake.
 */
const CODES = [
  "UND_ERR_CONNECT_TIMEOUT", "ConnectionRefused", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REVOKED",
  "CERT_UNTRUSTED", "CERT_REJECTED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH",
];

/** What a platform tells of one connection. @typedef {{ code?: any, syscall?: any }} Fault */

/** True where what `fetch` threw proves that no connection came about. @param {any} thrown */
export const neverSent = (thrown) =>
  attempt(() => {
    const cause = thrown.cause ?? thrown;
    // One each address that was tried.
    const errors = /** @type {Fault[]} */ (isArray(cause.errors) ? cause.errors : [cause]);
    return errors.length > 0 && errors.every(({ code, syscall }) => BEFORE.includes(syscall) || CODES.includes(code));
  }) === true;
