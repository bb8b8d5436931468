//! Whether a delivery is genuine. The signature is checked before the time, so that "too old" is only
//! ever said of what AgentPhone did sign.

use super::reason::Reason;
use super::signature::{self, Scheme};
use super::timestamp;

/// A delivery as it came. An absent header is an empty one.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The raw body.
    pub body: &'a [u8],
    /// `X-Webhook-Signature`.
    pub signature: &'a str,
    /// `X-Webhook-Timestamp`.
    pub timestamp: &'a str,
}

/// By what a delivery is judged. Times in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Secrets of which one must fit, line by line; an empty one never does.
    pub secrets: &'a str,
    /// What was signed.
    pub scheme: Scheme,
    /// The time, since the Unix epoch.
    pub now: f64,
    /// How far from now it may have been signed.
    pub tolerance: f64,
}

/// Bytes of a fingerprint: too few to serve as a signature, enough never to meet twice.
const FINGERPRINT: usize = 16;

/// Gives the fingerprint of a genuine delivery: the same for the same body and timestamp, whatever the
/// headers that are not signed say, and whichever secret fits.
pub fn verify(delivery: &Delivery<'_>, policy: &Policy<'_>) -> Result<String, Reason> {
    let given = signature::read(delivery.signature)?;
    let stamp = delivery.timestamp.trim_ascii();
    let signed = match policy.scheme {
        Scheme::V1 => timestamp::read(stamp)?,
        Scheme::Body => policy.now,
    };
    let mut fingerprint = String::new();
    let mut genuine = false;
    // As a list, because the search for a single character is a kilobyte.
    for secret in policy.secrets.split(['\n']) {
        let Some(tag) = signature::of(secret, policy.scheme, stamp, delivery.body) else { continue };
        if fingerprint.is_empty() {
            let head = tag.as_bytes().get(..FINGERPRINT).unwrap_or_default();
            signature::push_hex(&mut fingerprint, head);
        }
        genuine = given.contains(&tag);
        if genuine {
            break;
        }
    }
    if !genuine {
        return Err(Reason::Mismatch);
    }
    timestamp::near(signed, policy.now, policy.tolerance)?;
    Ok(fingerprint)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::Value;

    fn text<'a>(case: &'a Value, name: &str) -> &'a str {
        case[name].as_str().unwrap_or_default()
    }

    #[test]
    fn every_delivery_of_the_vectors_is_judged_as_they_say() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../contract/vectors/webhooks.json")).unwrap();
        let cases = vectors["signatures"].as_array().unwrap();
        assert!(cases.len() > 20);
        for case in cases {
            let secrets = match &case["secret"] {
                Value::Array(list) => {
                    list.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("\n")
                }
                one => one.as_str().unwrap().to_owned(),
            };
            let delivery = Delivery {
                body: text(case, "body").as_bytes(),
                signature: text(case, "signature"),
                timestamp: text(case, "timestamp"),
            };
            let policy = Policy {
                secrets: &secrets,
                scheme: if text(case, "scheme") == "body" { Scheme::Body } else { Scheme::V1 },
                now: case["now"].as_f64().unwrap(),
                tolerance: case["tolerance"].as_f64().unwrap_or(300.0) * 1000.0,
            };
            let verdict = verify(&delivery, &policy).map_err(Reason::name);
            assert_eq!(verdict.err(), case["refused"].as_str(), "{case}");
        }
    }

    fn policy(secrets: &str) -> Policy<'_> {
        Policy { secrets, scheme: Scheme::V1, now: 1_700_000_000_000.0, tolerance: 300_000.0 }
    }

    fn signed(secret: &str, timestamp: &str, body: &[u8]) -> String {
        signature::write(&signature::of(secret, Scheme::V1, timestamp, body).unwrap())
    }

    #[test]
    fn a_replay_under_other_unsigned_headers_keeps_its_fingerprint() {
        let secrets = "new\nold";
        let (body, timestamp) = (b"{}".as_slice(), "1700000000");
        let (new, old) = (signed("new", timestamp, body), signed("old", timestamp, body));
        let both = [new.as_str(), &old].join(",");
        let mut seen = Vec::new();
        for signature in [new.as_str(), &old, &both, &new.to_uppercase().replace("SHA", "sha")] {
            seen.push(verify(&Delivery { body, signature, timestamp }, &policy(secrets)).unwrap());
        }
        assert!(seen.iter().all(|one| *one == seen[0] && one.len() == 2 * FINGERPRINT));
        let later = Delivery { body, signature: &signed("new", "1700000001", body), timestamp: "1700000001" };
        assert_ne!(verify(&later, &policy(secrets)).unwrap(), seen[0]);
    }

    #[test]
    fn an_empty_secret_among_others_opens_nothing() {
        let signature = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        let delivery = Delivery { body: b"", signature, timestamp: "1700000000" };
        for secrets in ["", "\n", "\nreal", "real\n"] {
            assert_eq!(verify(&delivery, &policy(secrets)), Err(Reason::Mismatch));
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_a_forgery() {
        let secrets = "whsec_example";
        let body = br#"{"event":"agent.message"}"#;
        let signature = signed("whsec_example", "1700000000", body);
        for place in 0..body.len() {
            for bit in 0..8 {
                let mut forged = body.to_vec();
                forged[place] ^= 1 << bit;
                let delivery = Delivery { body: &forged, signature: &signature, timestamp: "1700000000" };
                assert_eq!(verify(&delivery, &policy(secrets)), Err(Reason::Mismatch));
            }
        }
    }
}
