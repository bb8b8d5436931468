//! The signature of a delivery: HMAC-SHA256 over `{timestamp}.{body}`. The key is the whole secret as
//! written, including `whsec_`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// The value of `X-Webhook-Signature`.
pub(crate) fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected value is from Python's hmac module.
    #[test]
    fn the_signature_is_that_of_an_independent_implementation() {
        let found = signature("whsec_test", "1795348800", br#"{"event":"agent.message"}"#);
        assert_eq!(found, "sha256=2585c50cb15dba1d4de379e7c5326cd9c51583181481a3bf0e2f6373abb286b2");
    }
}
