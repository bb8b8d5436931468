//! Whether a delivery is genuine. The signature is checked before the time, so that "too old" is only
//! ever said of what AgentPhone did sign.

use super::reason::Reason;
use super::signature::{self, Scheme, Tag};
use super::timestamp;

/// The headers of a delivery as they came. An absent one is empty.
#[derive(Debug, Clone, Copy)]
pub struct Headers<'a> {
    /// `X-Webhook-Signature`.
    pub signature: &'a [u8],
    /// `X-Webhook-Timestamp`.
    pub timestamp: &'a [u8],
}

/// By what a delivery is judged. Times in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// What was signed.
    pub scheme: Scheme,
    /// The time, since the Unix epoch.
    pub now: f64,
    /// How far from now it may have been signed.
    pub tolerance: f64,
}

/// Judges a delivery by the signature that a secret gives its body; without a tag, by its headers alone. Then the best
/// verdict is a mismatch: a body is not worth hashing if the headers have the wrong form.
pub fn judge(tag: Option<&Tag>, headers: Headers<'_>, policy: Policy) -> Result<(), Reason> {
    let genuine = signature::holds(headers.signature, tag)?;
    let signed = match policy.scheme {
        Scheme::V1 => timestamp::read(headers.timestamp)?,
        Scheme::Body => policy.now,
    };
    if !genuine {
        return Err(Reason::Mismatch);
    }
    timestamp::near(signed, policy.now, policy.tolerance)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::signature::{DIGITS, Signer};
    use super::*;
    use serde_json::Value;

    fn text<'a>(case: &'a Value, name: &str) -> &'a str {
        case[name].as_str().unwrap_or_default()
    }

    /// A reason by its name in the vectors.
    fn named(name: &str) -> Reason {
        match name {
            "missing_signature" => Reason::MissingSignature,
            "malformed_signature" => Reason::MalformedSignature,
            "missing_timestamp" => Reason::MissingTimestamp,
            "malformed_timestamp" => Reason::MalformedTimestamp,
            "mismatch" => Reason::Mismatch,
            "too_old" => Reason::TooOld,
            "too_new" => Reason::TooNew,
            _ => panic!("there is no reason {name}"),
        }
    }

    fn tag(secret: &str, scheme: Scheme, timestamp: &str, body: &[u8]) -> Tag {
        let mut signer = Signer::new(secret.as_bytes(), scheme, timestamp.as_bytes()).unwrap();
        signer.update(body);
        signer.finish()
    }

    #[test]
    fn every_delivery_of_the_vectors_is_judged_as_they_say() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../contract/vectors/webhooks.json")).unwrap();
        let cases = vectors["signatures"].as_array().unwrap();
        assert!(cases.len() > 20);
        for case in cases {
            let secrets = match &case["secret"] {
                Value::Array(list) => list.iter().map(|one| one.as_str().unwrap()).collect(),
                one => vec![one.as_str().unwrap()],
            };
            let headers = Headers {
                signature: text(case, "signature").as_bytes(),
                timestamp: text(case, "timestamp").as_bytes(),
            };
            let policy = Policy {
                scheme: if text(case, "scheme") == "body" { Scheme::Body } else { Scheme::V1 },
                now: case["now"].as_f64().unwrap(),
                tolerance: case["tolerance"].as_f64().unwrap_or(300.0) * 1000.0,
            };
            let body = text(case, "body").as_bytes();
            let verdicts = secrets.iter().map(|secret| {
                let tag = tag(secret, policy.scheme, text(case, "timestamp"), body);
                judge(Some(&tag), headers, policy)
            });
            let verdict =
                verdicts.reduce(|first, next| if first == Err(Reason::Mismatch) { next } else { first });
            assert_eq!(verdict.unwrap().err(), case["refused"].as_str().map(named), "{case}");
        }
    }

    #[test]
    fn headers_are_judged_before_a_body_is_hashed_and_never_pass_for_genuine() {
        let policy = Policy { scheme: Scheme::V1, now: 1_700_000_000_000.0, tolerance: 300_000.0 };
        let well_formed = [b"sha256=".as_slice(), &[b'0'; DIGITS]].concat();
        let cases: [(&[u8], &[u8], Reason); 6] = [
            (b"", b"1700000000", Reason::MissingSignature),
            (b"sha256=", b"1700000000", Reason::MalformedSignature),
            (&well_formed, b"", Reason::MissingTimestamp),
            (&well_formed, b"yesterday", Reason::MalformedTimestamp),
            (&well_formed, b"1700000000", Reason::Mismatch),
            // Only of what is genuine is it said that it is old.
            (&well_formed, b"1", Reason::Mismatch),
        ];
        for (signature, timestamp, reason) in cases {
            assert_eq!(judge(None, Headers { signature, timestamp }, policy), Err(reason));
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_a_forgery() {
        let body = br#"{"event":"agent.message"}"#;
        let policy = Policy { scheme: Scheme::V1, now: 1_700_000_000_000.0, tolerance: 300_000.0 };
        let judged = |written: &[u8], signed: &[u8]| {
            let tag = |body| tag("whsec_example", Scheme::V1, "1700000000", body);
            let mut digits = [0; DIGITS];
            signature::write(&tag(signed), &mut digits);
            let signature = [b"sha256=".as_slice(), &digits].concat();
            judge(Some(&tag(written)), Headers { signature: &signature, timestamp: b"1700000000" }, policy)
        };
        assert_eq!(judged(body, body), Ok(()));
        for place in 0..body.len() {
            for bit in 0..8 {
                let mut forged = body.to_vec();
                forged[place] ^= 1 << bit;
                assert_eq!(judged(&forged, body), Err(Reason::Mismatch));
            }
        }
    }
}
