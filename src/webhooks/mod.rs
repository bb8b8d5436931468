//! The module's side of `webhooks`, for the client's module and for one of webhooks alone. Texts and bytes
//! come and go through one buffer, and functions take and give numbers: so the small module needs no
//! allocator, no table of references, and next to no glue. Arguments are checked, events read, and the
//! objects that users see made, in `src/js/webhooks/webhooks.js`.

use crate::core::webhook::reason::Reason;
use crate::core::webhook::signature::{self, Scheme, Signer, Tag};
use crate::core::webhook::verify::{Headers, Policy, judge};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// `src/js/webhooks/webhooks.js` knows it too.
const BUFFER: usize = 16_384;

/// The delivery in hand: all calls for one follow each other, with nothing of a user's between them.
struct Desk {
    buffer: [u8; BUFFER],
    signer: Option<Signer>,
    tag: Option<Tag>,
}

thread_local! {
    static DESK: RefCell<Desk> = const { RefCell::new(Desk { buffer: [0; BUFFER], signer: None, tag: None }) };
}

/// Nobody holds the desk when a call begins, so that the answer for a desk that is held is never used.
fn at_desk<T: Default>(work: impl FnOnce(&mut Desk) -> T) -> T {
    DESK.with(|desk| desk.try_borrow_mut().map(|mut desk| work(&mut desk)).unwrap_or_default())
}

impl Desk {
    /// Two texts that stand at the head of the buffer, one behind the other.
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

/// Ends the signature and leaves its digits in the buffer, and itself for the judgement.
#[wasm_bindgen(js_name = webhookFinish, skip_typescript)]
pub fn finish() {
    at_desk(|desk| {
        desk.tag = desk.signer.take().map(Signer::finish);
        if let (Some(tag), Some(digits)) = (&desk.tag, desk.buffer.first_chunk_mut()) {
            signature::write(tag, digits);
        }
    });
}

/// Judges the delivery that was signed last by its headers, of these lengths in the buffer: gives the
/// number of a [`Reason`], or 0. Each signature serves once; a delivery that is not signed yet is judged by the form of
/// its headers, and is at best a mismatch. Times are milliseconds.
#[wasm_bindgen(js_name = webhookJudge, skip_typescript)]
pub fn verdict(signature: usize, timestamp: usize, body_alone: bool, tolerance: f64, now: f64) -> u32 {
    at_desk(|desk| {
        let tag = desk.tag.take();
        let (signature, timestamp) = desk.two(signature, timestamp);
        let policy = Policy { scheme: scheme(body_alone), now, tolerance };
        judge(tag.as_ref(), Headers { signature, timestamp }, policy).map_or_else(Reason::number, |()| 0)
    })
}
