//! The signature: HMAC-SHA256, keyed with the whole secret as text, written `sha256=` and 64
//! hexadecimal digits.

use super::reason::Reason;
use crate::core::text::trimmed;
use hmac::digest::CtOutput;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &[u8] = b"sha256=";

/// How many digits a signature has.
pub const DIGITS: usize = 64;

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

/// Signs a delivery whose body comes in pieces.
#[derive(Debug)]
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Begins; nothing for an empty secret, with which anyone could sign.
    pub fn new(secret: &[u8], scheme: Scheme, timestamp: &[u8]) -> Option<Self> {
        if secret.is_empty() {
            return None;
        }
        let mut signer = Self(Hmac::new_from_slice(secret).ok()?);
        if scheme == Scheme::V1 {
            signer.update(trimmed(timestamp));
            signer.update(b".");
        }
        Some(signer)
    }

    /// Signs a piece of the body.
    #[inline(never)]
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The signature.
    pub fn finish(self) -> Tag {
        self.0.finalize()
    }
}

/// Whether a header holds this signature; without one, whether it has the form of a signature at all. A header that
/// was sent twice, or a sender that signs with two secrets, results in several, joined by commas.
pub fn holds(header: &[u8], tag: Option<&Tag>) -> Result<bool, Reason> {
    if trimmed(header).is_empty() {
        return Err(Reason::MissingSignature);
    }
    let mut any = Err(Reason::MalformedSignature);
    for one in header.split(|byte| *byte == b',') {
        if let Some(given) = parse(trimmed(one)) {
            any = Ok(any == Ok(true) || tag.is_some_and(|tag| given == *tag));
        }
    }
    any
}

fn parse(text: &[u8]) -> Option<Tag> {
    let digits: &[u8; DIGITS] = text.strip_prefix(PREFIX)?.try_into().ok()?;
    let mut bytes = [0u8; DIGITS / 2];
    for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
        *byte = (digit(*high)? << 4) | digit(*low)?;
    }
    Some(Tag::new(bytes.into()))
}

#[inline(never)]
fn digit(c: u8) -> Option<u8> {
    u8::try_from(char::from(c).to_digit(16)?).ok()
}

/// Writes a signature in lower-case hexadecimal digits.
pub fn write(tag: &Tag, digits: &mut [u8; DIGITS]) {
    for (pair, byte) in digits.chunks_exact_mut(2).zip(tag.as_bytes()) {
        for (digit, value) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
            *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(secret: &str, scheme: Scheme, timestamp: &str, body: &[u8]) -> Tag {
        let mut signer = Signer::new(secret.as_bytes(), scheme, timestamp.as_bytes()).unwrap();
        signer.update(body);
        signer.finish()
    }

    fn header(tag: &Tag) -> String {
        let mut digits = [0; DIGITS];
        write(tag, &mut digits);
        ["sha256=", std::str::from_utf8(&digits).unwrap()].concat()
    }

    fn read(header: &str) -> Result<bool, Reason> {
        holds(header.as_bytes(), Some(&of("s", Scheme::Body, "", b"")))
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_mac_is_the_one_of_the_rfc() {
        let tag = of("Jefe", Scheme::Body, "", b"what do ya want for nothing?");
        assert_eq!(header(&tag), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn an_empty_secret_with_which_anyone_can_sign_signs_nothing() {
        assert!(Signer::new(b"", Scheme::V1, b"1700000000").is_none());
    }

    #[test]
    fn bytes_cannot_move_between_timestamp_and_body() {
        let tag = |timestamp, body| header(&of("s", Scheme::V1, timestamp, body));
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
            assert_eq!(read(header), Err(Reason::MalformedSignature), "{header}");
        }
        assert_eq!(read(" "), Err(Reason::MissingSignature));
        assert_eq!(read(&format!("junk, sha256={hex}")), Ok(false));
    }

    #[test]
    fn a_genuine_signature_counts_wherever_it_stands_among_others() {
        let tag = of("s", Scheme::V1, "1", b"{}");
        let (real, fake) = (header(&tag), ["sha256=", &"0".repeat(64)].concat());
        for list in [[&real, &fake], [&fake, &real]] {
            let joined = [list[0].as_str(), list[1]].join(", ");
            assert_eq!(holds(joined.as_bytes(), Some(&tag)), Ok(true), "{joined}");
        }
        assert_eq!(holds([fake.as_str(), &fake].join(",").as_bytes(), Some(&tag)), Ok(false));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_in_either_case(secret in "\\PC{1,80}", body in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..200) {
            let tag = of(&secret, Scheme::V1, "1", &body);
            let upper = header(&tag).to_uppercase().replace("SHA", "sha");
            for header in [header(&tag), upper] {
                prop_assert_eq!(holds(header.as_bytes(), Some(&tag)), Ok(true));
            }
            let (head, rest) = body.split_at(cut.min(body.len()));
            let mut pieces = Signer::new(secret.as_bytes(), Scheme::V1, b" 1 ").unwrap();
            pieces.update(head);
            pieces.update(rest);
            prop_assert!(pieces.finish() == tag);
        }

        #[test]
        fn no_header_breaks_the_reader(header in "(sha256=)?[0-9a-fA-F,é ]{0,140}") {
            let _ = read(&header);
        }
    }
}
