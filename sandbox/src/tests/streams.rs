//! Transcripts as server-sent events: what is replayed, what is live, when a stream ends.

use super::host::Host;
use super::{Bench, header, text};
use serde_json::{Value, json};

fn open(bench: &mut Bench, call: &str) -> u64 {
    let response = bench.send("GET", &format!("/v1/calls/{call}/transcript/stream"), Value::Null);
    assert_eq!(response.status, 200, "{}", text(&response));
    assert_eq!(header(&response, "content-type"), Some("text/event-stream; charset=utf-8"));
    assert_eq!(response.body, b"", "all of it comes as chunks");
    response.stream.unwrap()
}

/// The events of a stream as (name, data).
fn events(told: &str) -> Vec<(String, Value)> {
    told.split_terminator("\n\n")
        .filter(|frame| !frame.starts_with(':'))
        .map(|frame| {
            let (event, data) = frame.split_once('\n').unwrap();
            let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            (event.strip_prefix("event: ").unwrap().to_owned(), data)
        })
        .collect()
}

fn names(told: &str) -> Vec<String> {
    events(told).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_stream_sends_the_whole_call_turn_by_turn_and_ends_with_it() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    let stream = open(&mut bench, &call);
    let mut host = Host::default();
    host.pull(&mut bench);
    assert_eq!(names(host.stream(stream).0), ["connected"]);
    host.pass(&mut bench, 1800 + 600);
    assert_eq!(names(host.stream(stream).0), ["connected", "turn"]);
    host.pass(&mut bench, 600);
    assert_eq!(names(host.stream(stream).0).len(), 3);
    host.pass(&mut bench, 60_000);
    let (told, ended) = host.stream(stream);
    let seen = events(told);
    assert!(ended);
    assert_eq!(seen.len(), 10);
    assert_eq!(seen[0].1["status"], "queued");
    assert_eq!(seen[1].1["role"], "user");
    assert_eq!(seen[2].1["role"], "agent");
    assert_eq!((seen[9].0.as_str(), &seen[9].1["durationSeconds"]), ("ended", &json!(6)));
    let turns: Vec<&Value> = seen.iter().filter(|(n, _)| n == "turn").map(|(_, d)| d).collect();
    let transcript = bench.get(&format!("/v1/calls/{call}/transcript"))["transcript"].clone();
    assert_eq!(json!(turns), transcript);
}

#[test]
fn a_late_reader_gets_everything_and_then_continues_live() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    let mut host = Host::default();
    host.pass(&mut bench, 4300);
    let first = open(&mut bench, &call);
    host.pass(&mut bench, 1200);
    let second = open(&mut bench, &call);
    host.pass(&mut bench, 60_000);
    let turns =
        |stream| events(host.stream(stream).0).into_iter().filter(|(n, _)| n == "turn").collect::<Vec<_>>();
    assert_eq!(turns(first).len(), 8);
    assert_eq!(turns(first), turns(second));
}

#[test]
fn a_finished_call_is_replayed_and_closed_at_once() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    bench.now += 60_000;
    let stream = open(&mut bench, &call);
    let mut host = Host::default();
    host.pull(&mut bench);
    let (told, ended) = host.stream(stream);
    assert!(ended);
    assert_eq!(names(told).len(), 10);
}

#[test]
fn an_idle_stream_has_a_heartbeat_every_fifteen_seconds_while_it_is_open() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550004" }));
    let stream = open(&mut bench, &call);
    let mut host = Host::default();
    host.pass(&mut bench, 14_999);
    assert!(!host.stream(stream).0.contains("heartbeat"));
    host.pass(&mut bench, 1);
    assert!(host.stream(stream).0.ends_with("\n\n: heartbeat\n\n"));
    (0..3).for_each(|_| host.pass(&mut bench, 15_000));
    assert_eq!(host.stream(stream).0.matches(": heartbeat").count(), 4);
    bench.engine.closed(stream);
    host.pass(&mut bench, 600_000);
    assert_eq!(host.stream(stream).0.matches(": heartbeat").count(), 4);
    assert_eq!(bench.engine.next_due().filter(|due| *due < bench.now + 86_400_000), None, "nothing beats on");
}

#[test]
fn a_jump_over_a_year_sends_one_heartbeat_and_not_two_million() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550004" }));
    let stream = open(&mut bench, &call);
    let mut host = Host::default();
    host.pass(&mut bench, 1000);
    assert!(bench.engine.next_event() > bench.engine.next_due(), "who jumps need not stop for it");
    host.pass(&mut bench, 365 * 86_400_000);
    assert_eq!(host.stream(stream).0.matches(": heartbeat").count(), 1);
    host.pass(&mut bench, 15_000);
    assert_eq!(host.stream(stream).0.matches(": heartbeat").count(), 2);
}

#[test]
fn a_discarded_response_leaves_no_open_stream() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    bench.fault(json!({ "match": { "operation": "calls.transcript.stream" }, "garbage": "html" }));
    let response = bench.send("GET", &format!("/v1/calls/{call}/transcript/stream"), Value::Null);
    assert_eq!(response.stream, None);
    bench.now += 60_000;
    bench.engine.advance(bench.now);
    assert_eq!(bench.engine.take_outbox(), []);
}

#[test]
fn a_reset_ends_every_stream() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    let stream = open(&mut bench, &call);
    bench.ok("POST", "/__sandbox/reset", Value::Null);
    let mut host = Host::default();
    host.pull(&mut bench);
    assert!(host.stream(stream).1);
}

#[test]
fn the_stream_of_an_unknown_call_is_a_plain_404() {
    let mut bench = Bench::new();
    assert_eq!(bench.fails("GET", "/v1/calls/none/transcript/stream", Value::Null).0, 404);
}

#[test]
fn a_thousand_streams_of_one_call_get_the_same() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    let streams: Vec<u64> = (0..1000).map(|_| open(&mut bench, &call)).collect();
    let mut host = Host::default();
    host.pass(&mut bench, 60_000);
    let first = host.stream(streams[0]).0;
    assert_eq!(names(first).len(), 10);
    assert!(streams.iter().all(|s| host.stream(*s) == (first, true)));
}
