//! The module's side of `webhooks`, for the client's module and for the one of webhooks alone. Texts and bytes
//! pass through one buffer, and functions accept and return numbers, so that the small module needs no
//! allocator, no table of references, and hardly any glue. `src/js/webhooks/webhooks.js` checks arguments, reads events
//! and creates the objects that users see.

use crate::core::webhook::reason::Reason;
use crate::core::webhook::signature::{self, Scheme, Signer, Tag};
use crate::core::webhook::verify::{Headers, Policy, judge};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

const BUFFER: usize = 16_384;

use names::Refusal;

mod names {
    // What the macro generates has no documentation; each variant is that of `Reason`.
    #![allow(missing_docs)]

    use wasm_bindgen::prelude::*;

    /// Why a delivery was refused, by the names that errors carry as `reason`.
    #[wasm_bindgen(skip_typescript)]
    #[derive(Debug, Clone, Copy)]
    pub enum Refusal {
        MissingSignature = "missing_signature",
        MalformedSignature = "malformed_signature",
        MissingTimestamp = "missing_timestamp",
        MalformedTimestamp = "malformed_timestamp",
        Mismatch = "mismatch",
        TooOld = "too_old",
        TooNew = "too_new",
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::MissingSignature => Self::MissingSignature,
            Reason::MalformedSignature => Self::MalformedSignature,
            Reason::MissingTimestamp => Self::MissingTimestamp,
            Reason::MalformedTimestamp => Self::MalformedTimestamp,
            Reason::Mismatch => Self::Mismatch,
            Reason::TooOld => Self::TooOld,
            Reason::TooNew => Self::TooNew,
        }
    }
}

/// The delivery that is being judged. The calls for one delivery follow each other, and no code of a user runs between
/// them.
struct Desk {
    buffer: [u8; BUFFER],
    signer: Option<Signer>,
    tag: Option<Tag>,
}

thread_local! {
    static DESK: RefCell<Desk> = const { RefCell::new(Desk { buffer: [0; BUFFER], signer: None, tag: None }) };
}

/// The desk is never borrowed when a call begins, so the default is never returned.
fn at_desk<T: Default>(work: impl FnOnce(&mut Desk) -> T) -> T {
    DESK.with(|desk| desk.try_borrow_mut().map(|mut desk| work(&mut desk)).unwrap_or_default())
}

impl Desk {
    /// Two texts at the start of the buffer, one behind the other.
    fn two(&self, first: usize, second: usize) -> (&[u8], &[u8]) {
        let (first, rest) = self.buffer.split_at_checked(first).unwrap_or_default();
        (first, rest.get(..second).unwrap_or_default())
    }
}

fn scheme(body_alone: bool) -> Scheme {
    if body_alone { Scheme::Body } else { Scheme::V1 }
}

/// Where the buffer is.
#[wasm_bindgen(js_name = webhookBuffer, skip_typescript)]
pub fn buffer() -> usize {
    at_desk(|desk| desk.buffer.as_ptr() as usize)
}

/// How many bytes it holds.
#[wasm_bindgen(js_name = webhookBufferSize, skip_typescript)]
pub fn buffer_size() -> usize {
    BUFFER
}

/// Begins to sign, with the secret and the timestamp of these lengths in the buffer.
#[wasm_bindgen(js_name = webhookBegin, skip_typescript)]
pub fn begin(secret: usize, timestamp: usize, body_alone: bool) {
    at_desk(|desk| {
        let (secret, timestamp) = desk.two(secret, timestamp);
        desk.signer = Signer::new(secret, scheme(body_alone), timestamp);
    });
}

/// Signs the next bytes of the body, so many of the buffer.
#[wasm_bindgen(js_name = webhookUpdate, skip_typescript)]
pub fn update(length: usize) {
    at_desk(|desk| {
        if let (Some(signer), Some(piece)) = (&mut desk.signer, desk.buffer.get(..length)) {
            signer.update(piece);
        }
    });
}

/// Ends the signature, keeps it for the judgement, writes its digits to the buffer and returns how many there are.
#[wasm_bindgen(js_name = webhookFinish, skip_typescript)]
pub fn finish() -> usize {
    at_desk(|desk| {
        desk.tag = desk.signer.take().map(Signer::finish);
        if let (Some(tag), Some(digits)) = (&desk.tag, desk.buffer.first_chunk_mut()) {
            signature::write(tag, digits);
        }
    });
    signature::DIGITS
}

/// Judges the delivery that was signed last by its headers, of these lengths in the buffer, and returns why it must be
/// refused, if it must. Each signature serves once; a delivery that is not signed yet is judged by the form of
/// its headers, and is at best a mismatch. Times are milliseconds.
#[wasm_bindgen(js_name = webhookJudge, skip_typescript)]
pub fn verdict(
    signature: usize,
    timestamp: usize,
    body_alone: bool,
    tolerance: f64,
    now: f64,
) -> Option<Refusal> {
    at_desk(|desk| {
        let tag = desk.tag.take();
        let (signature, timestamp) = desk.two(signature, timestamp);
        let policy = Policy { scheme: scheme(body_alone), now, tolerance };
        judge(tag.as_ref(), Headers { signature, timestamp }, policy).err().map(Refusal::from)
    })
}
