//! Recordings: who may have one, how long it is, and that it is a playable WAV.

use super::{Bench, header, json_of};
use crate::Response;
use serde_json::{Value, json};

/// A finished call of six seconds with the add-on; returns its id.
fn recorded(bench: &mut Bench, agent: &str, more: Value) -> String {
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    let mut body = json!({ "agentId": agent, "toNumber": "+14155550100" });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let call = bench.create("/v1/calls", body);
    bench.now += 60_000;
    call
}

fn read(bench: &mut Bench, call: &str, headers: &[(&str, &str)]) -> Response {
    bench.raw("GET", &format!("/v1/calls/{call}/recording"), headers, b"")
}

#[test]
fn a_recording_is_a_wav_as_long_as_the_talk_and_needs_no_key() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = recorded(&mut bench, &agent, json!({}));
    let found = read(&mut bench, &call, &[]);
    assert_eq!((found.status, header(&found, "content-type")), (200, Some("audio/wav")));
    let name = format!("attachment; filename=\"recording-{call}.wav\"");
    assert_eq!(header(&found, "content-disposition"), Some(name.as_str()));
    let body = &found.body;
    assert_eq!((&body[..4], &body[8..16], &body[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    let number = |at: usize| u32::from_le_bytes(body[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((number(24), number(28)), (8000, 8000), "samples and bytes a second");
    assert_eq!(number(40), 6 * 8000);
    assert_eq!((number(4) + 8, body.len()), (body.len(), 44 + 6 * 8000));
    let sound = &body[44..];
    assert!(sound[..4799].iter().all(|s| *s == 128), "nobody spoke in the first 0.6 s");
    assert!(sound[4800..9000].iter().any(|s| *s > 140), "then somebody did");
}

#[test]
fn any_range_has_the_same_bytes_as_the_whole_file() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = recorded(&mut bench, &agent, json!({}));
    let whole = read(&mut bench, &call, &[]).body;
    let length = whole.len();
    for (range, from, to) in [
        ("bytes=0-0", 0, 0),
        ("bytes=10-99", 10, 99),
        ("bytes=43-5000", 43, 5000),
        ("bytes=4900-20000", 4900, 20_000),
        ("bytes=-7", length - 7, length - 1),
        ("bytes=48000-", 48_000, length - 1),
    ] {
        let part = read(&mut bench, &call, &[("Range", range)]);
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(header(&part, "content-range"), Some(&*format!("bytes {from}-{to}/{length}")), "{range}");
        assert_eq!(part.body, &whole[from..=to], "{range}");
    }
    let beyond = read(&mut bench, &call, &[("Range", "bytes=48044-")]);
    assert_eq!((beyond.status, header(&beyond, "content-range")), (416, Some("bytes */48044")));
}

#[test]
fn there_is_no_recording_without_the_add_on_before_the_end_when_disabled_or_without_talk() {
    let (mut bench, agent, _) = Bench::staffed();
    let without = bench.call(&agent);
    bench.now += 60_000;
    let disabled = recorded(&mut bench, &agent, json!({ "disableRecording": true }));
    let busy = recorded(&mut bench, &agent, json!({ "toNumber": "+15005550001" }));
    let talking = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    bench.now += 5000;
    for call in [&without, &disabled, &busy, &talking, &"none".to_owned()] {
        let found = read(&mut bench, call, &[]);
        assert_eq!((found.status, &json_of(&found)["detail"].is_string()), (404, &true), "{call}");
    }
    for call in [&without, &disabled, &busy, &talking] {
        let seen = bench.get(&format!("/v1/calls/{call}"));
        assert_eq!((&seen["recordingAvailable"], &seen["recordingUrl"]), (&json!(false), &Value::Null));
    }
    assert_eq!(
        bench.get(&format!("/v1/calls/{disabled}/transcript"))["transcript"].as_array().unwrap().len(),
        8
    );
}

#[test]
fn the_url_of_a_recording_has_the_clients_base_url() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = recorded(&mut bench, &agent, json!({}));
    let headers = [("Authorization", "Bearer sk_test_1"), ("Host", "127.0.0.1:4010")];
    let seen = json_of(&bench.raw("GET", &format!("/v1/calls/{call}"), &headers, b""));
    assert_eq!(seen["recordingUrl"], format!("http://127.0.0.1:4010/v1/calls/{call}/recording"));
    assert_eq!(seen["recordingAvailable"], true);
}

#[test]
fn the_call_of_a_sub_account_has_a_public_recording_too() {
    let mut bench = Bench::new();
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    let headers = [("Authorization", "Bearer sk_test_1"), ("X-Sub-Account-Id", sub.as_str())];
    let post = |bench: &mut Bench, path: &str, body: Value| {
        json_of(&bench.raw("POST", path, &headers, body.to_string().as_bytes()))
    };
    post(&mut bench, "/credits/recording/enable", json!({}));
    let agent = post(&mut bench, "/v1/agents", json!({ "name": "A" }))["id"].clone();
    post(&mut bench, "/v1/numbers", json!({ "agentId": agent }));
    let call = post(&mut bench, "/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }));
    bench.now += 60_000;
    assert_eq!(read(&mut bench, call["id"].as_str().unwrap(), &[]).status, 200);
}
