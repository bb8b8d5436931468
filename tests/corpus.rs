//! The corpus of the fuzz targets (`tests/fuzz/corpus`) on `core` itself, where an overflow or an index out of range is a
//! failed test and not a trap. What each input means is judged by the targets in JavaScript; here, that the result does
//! not depend on how the input arrives, and that nothing is accepted that must not be.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use agentphone_wasm::core::retry_after::{self, MAX_WAIT, WaitHeaders};
use agentphone_wasm::core::transcript::sse::Decoder;
use agentphone_wasm::core::webhook::signature::{Scheme, Signer, Tag};
use agentphone_wasm::core::webhook::verify::{Headers, Policy, judge};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn corpus(target: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fuzz/corpus/{target}.json"));
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(all.len() > 3, "the corpus of {target} is empty");
    all.into_iter().map(|one| one["input"].clone()).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0, 0u32);
    for digit in text.bytes().filter(|digit| *digit != b'=') {
        let value = DIGITS.iter().position(|one| *one == digit).expect("base64");
        held = held << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 255).unwrap());
        }
    }
    bytes
}

/// The name and the data of an event.
type Event = (Vec<u8>, Vec<u8>);

/// The events of a stream whose chunks end at these places, and whether one was too long.
fn events(stream: &[u8], cuts: &[usize]) -> (Vec<Event>, bool) {
    let mut found = Vec::new();
    let mut decoder = Decoder::new(1 << 20);
    let mut from = 0;
    for to in cuts.iter().copied().chain([stream.len()]) {
        let read = decoder.push(&stream[from..to], |event| {
            found.push((event.name.to_vec(), event.data.to_vec()));
        });
        if read.is_err() {
            return (found, true);
        }
        from = to;
    }
    (found, false)
}

#[test]
fn a_stream_has_the_same_events_wherever_its_chunks_end() {
    for input in corpus("event-streams") {
        let stream = base64(input["stream"].as_str().unwrap());
        let mut cuts: Vec<usize> = input["cuts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cut| usize::try_from(cut.as_u64().unwrap()).unwrap() % (stream.len() + 1))
            .collect();
        cuts.sort_unstable();
        let whole = events(&stream, &[]);
        assert_eq!(events(&stream, &cuts), whole, "{input}");
        assert_eq!(events(&stream, &(0..stream.len()).collect::<Vec<_>>()), whole, "byte by byte: {input}");
    }
}

#[test]
fn no_header_asks_for_a_wait_that_a_timer_cannot_hold() {
    for input in corpus("retry-after") {
        let header = |name: &str| input["headers"][name].as_str().unwrap_or_default().to_owned();
        let [millis, after, reset, date] =
            ["retry-after-ms", "retry-after", "x-ratelimit-reset", "date"].map(header);
        let headers =
            WaitHeaders { retry_after_ms: &millis, retry_after: &after, reset: &reset, date: &date };
        let now = input["now"].as_u64().unwrap();
        let wait = retry_after::read(&headers, now);
        assert!(wait.is_none_or(|wait| wait.millis <= MAX_WAIT), "{input}");
        let padded = [&millis, &after, &reset, &date].map(|text| format!(" \t{text} "));
        let [millis, after, reset, date] = &padded;
        let headers = WaitHeaders { retry_after_ms: millis, retry_after: after, reset, date };
        assert_eq!(retry_after::read(&headers, now), wait, "white space around a value: {input}");
    }
}

#[test]
fn a_delivery_is_signed_alike_in_pieces_and_never_genuine_unsigned() {
    let mut genuine = 0;
    for input in corpus("webhook-deliveries") {
        let body = base64(input["body"].as_str().unwrap());
        let text = |name: &str| input[name].as_str().unwrap_or_default().as_bytes().to_vec();
        let (signature, timestamp) = (text("signature"), text("timestamp"));
        let scheme = if input["bodyAlone"] == true { Scheme::Body } else { Scheme::V1 };
        let policy = Policy { scheme, now: 1_763_800_000_000.0, tolerance: 300_000.0 };
        let headers = Headers { signature: &signature, timestamp: &timestamp };
        assert!(judge(None, headers, policy).is_err(), "{input}");
        for secret in input["secrets"].as_array().unwrap() {
            let signed = |size: usize| -> Option<Tag> {
                let mut signer = Signer::new(secret.as_str()?.as_bytes(), scheme, &timestamp)?;
                body.chunks(size).for_each(|piece| signer.update(piece));
                Some(signer.finish())
            };
            let whole = judge(signed(usize::MAX).as_ref(), headers, policy);
            assert_eq!(judge(signed(1).as_ref(), headers, policy), whole, "{input}");
            genuine += u32::from(whole.is_ok());
        }
    }
    assert!(genuine > 0, "the corpus has a genuine delivery");
}
