//! Which faults of a connection prove that no request was sent. Only what the platform reports of
//! the stage before the first byte counts: a lookup, a TCP connect, a certificate that was refused.
//! Anything else may have happened after the request had left.

/// System calls that come before a connection.
const BEFORE: &[&str] = &["connect", "getaddrinfo", "queryA", "queryAaaa"];

/// Codes that name the same stage without a system call: undici's connect timeout, Bun's refusal, and
/// OpenSSL's verdicts on a certificate, which end the handshake.
const CODES: &[&str] = &[
    "UND_ERR_CONNECT_TIMEOUT",
    "ConnectionRefused",
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
];

/// True where an error with this code, of this system call, came before anything was sent.
pub fn never_sent(code: &str, syscall: &str) -> bool {
    BEFORE.contains(&syscall) || CODES.contains(&code)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::never_sent;

    #[test]
    fn a_reset_in_mid_request_is_never_taken_for_a_refusal() {
        for (code, syscall, want) in [
            ("ECONNREFUSED", "connect", true),
            ("ETIMEDOUT", "connect", true),
            ("ENOTFOUND", "getaddrinfo", true),
            ("UND_ERR_CONNECT_TIMEOUT", "", true),
            ("CERT_HAS_EXPIRED", "", true),
            ("ECONNRESET", "read", false),
            ("EPIPE", "write", false),
            ("ETIMEDOUT", "read", false),
            ("EHOSTUNREACH", "write", false),
            ("UND_ERR_SOCKET", "", false),
            ("EPROTO", "write", false),
            ("", "", false),
        ] {
            assert_eq!(never_sent(code, syscall), want, "{code} {syscall}");
        }
    }
}
