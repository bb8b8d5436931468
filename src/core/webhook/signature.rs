//! The signature: HMAC-SHA256, keyed with the whole secret as text, written `sha256=` and 64
//! hexadecimal digits.

use super::reason::Reason;
use hmac::digest::CtOutput;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "sha256=";

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `{timestamp}.{body}`.
    V1,
    /// The body alone, as until March 2026: nothing says when it was signed, so that it can be
    /// replayed for ever.
    Body,
}

/// A signature. Comparing two takes the same time wherever they differ.
pub type Tag = CtOutput<Hmac<Sha256>>;

/// The signature of a delivery; nothing for an empty secret, with which anyone could sign.
pub fn of(secret: &str, scheme: Scheme, timestamp: &str, body: &[u8]) -> Option<Tag> {
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    if scheme == Scheme::V1 {
        mac.update(timestamp.as_bytes());
        mac.update(b".");
    }
    mac.update(body);
    Some(mac.finalize())
}

/// The signatures of a header. A header that came twice, or a sender that signs with two secrets,
/// gives several, joined by commas.
pub fn read(header: &str) -> Result<Vec<Tag>, Reason> {
    if header.trim_ascii().is_empty() {
        return Err(Reason::MissingSignature);
    }
    let mut tags = Vec::new();
    // A loop, because `filter_map` and `collect` of these are half a kilobyte.
    for one in header.split([',']) {
        tags.extend(parse(one.trim_ascii()));
    }
    if tags.is_empty() { Err(Reason::MalformedSignature) } else { Ok(tags) }
}

fn parse(text: &str) -> Option<Tag> {
    let digits = text.strip_prefix(PREFIX)?.as_bytes();
    let mut bytes = [0u8; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            *byte = (*byte << 4) | nibble(*digit)?;
        }
    }
    Some(Tag::new(bytes.into()))
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The header's value.
pub fn write(tag: &Tag) -> String {
    let mut out = String::from(PREFIX);
    push_hex(&mut out, tag.as_bytes());
    out
}

/// Appends lower-case hexadecimal digits.
pub(super) fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_mac_is_the_one_of_the_rfc() {
        let tag = of("Jefe", Scheme::Body, "", b"what do ya want for nothing?").unwrap();
        assert_eq!(write(&tag), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn an_empty_secret_with_which_anyone_can_sign_signs_nothing() {
        assert!(of("", Scheme::V1, "1700000000", b"{}").is_none());
    }

    #[test]
    fn bytes_cannot_move_between_timestamp_and_body() {
        let tag = |timestamp, body| write(&of("s", Scheme::V1, timestamp, body).unwrap());
        assert_ne!(tag("17", b"00.x"), tag("1700", b".x"));
    }

    #[test]
    fn a_header_of_another_form_is_refused_and_breaks_nothing() {
        let hex = "a".repeat(64);
        let forms = ["63", "65", "sha1", "accent"].map(|form| match form {
            "63" => ["sha256=", &"a".repeat(63)].concat(),
            "65" => ["sha256=", &"a".repeat(65)].concat(),
            "sha1" => ["sha1=", &hex].concat(),
            _ => ["sha256=", &"a".repeat(62), "é"].concat(),
        });
        let simple = [hex.as_str(), "sha256=", "SHA256", "v1,AAAA", "ü"];
        for header in forms.iter().map(String::as_str).chain(simple) {
            assert_eq!(read(header).err(), Some(Reason::MalformedSignature), "{header}");
        }
        assert_eq!(read(" ").err(), Some(Reason::MissingSignature));
        assert_eq!(read(&format!("junk, sha256={hex}")).unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_in_either_case(secret in "\\PC{1,80}", body in prop::collection::vec(any::<u8>(), 0..200)) {
            let tag = of(&secret, Scheme::V1, "1", &body).unwrap();
            let upper = write(&tag).to_uppercase().replace("SHA", "sha");
            for header in [write(&tag), upper] {
                prop_assert!(read(&header).unwrap().contains(&tag));
            }
        }

        #[test]
        fn no_header_breaks_the_reader(header in "(sha256=)?[0-9a-fA-F,é ]{0,140}") {
            let _ = read(&header);
        }
    }
}
