//! The module's side of `webhooks`: two functions over bytes, texts and numbers, so that a module of
//! webhooks alone stays small. Arguments are checked, events read, and the objects that users see made, in
//! `src/js/webhooks.js`.

use crate::core::webhook::reason::Reason;
use crate::core::webhook::signature::{self, Scheme};
use crate::core::webhook::verify::{Delivery, Policy, verify};
use wasm_bindgen::prelude::*;

fn scheme(body_alone: bool) -> Scheme {
    if body_alone { Scheme::Body } else { Scheme::V1 }
}

/// Judges a delivery: gives its fingerprint, or throws its reason and the words for it, in two lines.
/// Absent headers are empty, secrets stand line by line, times are milliseconds.
#[wasm_bindgen(js_name = webhookVerify, skip_typescript)]
pub fn verify_webhook(
    body: &[u8],
    signature: &str,
    timestamp: &str,
    secrets: &str,
    body_alone: bool,
    tolerance: f64,
    now: f64,
) -> Result<String, JsValue> {
    let policy = Policy { secrets, scheme: scheme(body_alone), now, tolerance };
    verify(&Delivery { body, signature, timestamp }, &policy).map_err(refusal)
}

fn refusal(reason: Reason) -> JsValue {
    JsValue::from_str(&[reason.name(), "\n", reason.words()].concat())
}

/// The signature of a body, as its header says it.
#[wasm_bindgen(js_name = webhookSign, skip_typescript)]
pub fn sign_webhook(body: &[u8], timestamp: &str, secret: &str, body_alone: bool) -> String {
    signature::of(secret, scheme(body_alone), timestamp, body)
        .as_ref()
        .map(signature::write)
        .unwrap_or_default()
}
