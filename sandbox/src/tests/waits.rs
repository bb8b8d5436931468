//! Long polling: requests that are answered when a call has ended.

use super::host::Host;
use super::{Bench, json_of};
use serde_json::{Value, json};

fn ask(bench: &mut Bench, call: &str, query: &str) -> crate::Response {
    bench.send("GET", &format!("/v1/calls/{call}?{query}"), Value::Null)
}

fn place(bench: &mut Bench, agent: &str, more: &Value) -> crate::Response {
    let mut body = json!({ "agentId": agent, "toNumber": "+14155550100", "waitForCompletion": true });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    bench.send("POST", "/v1/calls", body)
}

#[test]
fn a_waiting_request_gets_the_whole_call_once_it_has_ended() {
    let (mut bench, agent, _) = Bench::staffed();
    let mut host = Host::default();
    let placed = place(&mut bench, &agent, &json!({}));
    let call = bench.get("/v1/calls")["data"][0]["id"].as_str().unwrap().to_owned();
    let read = ask(&mut bench, &call, "wait=true");
    host.pass(&mut bench, 300 + 1500 + 5000);
    for held in [&placed, &read] {
        assert_eq!(held.status, 200);
        assert_eq!(host.stream(held.stream.unwrap()), ("", false));
    }
    host.pass(&mut bench, 5000);
    let whole = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!(whole["status"], "completed");
    for held in [placed, read] {
        let held = super::conformance::hold("calls.get", &host.whole(held));
        assert_eq!(held, whole);
    }
}

#[test]
fn a_waiting_request_gets_the_call_as_it_is_after_its_time_limit() {
    for (body, query, due) in [
        (json!({ "maxWaitSeconds": 20 }), "", 20_000),
        (json!({}), "", 600_000),
        (json!({ "waitForCompletion": false }), "wait=true&timeout=10", 10_000),
        (json!({ "waitForCompletion": false }), "wait=true", 300_000),
    ] {
        let (mut bench, agent, _) = Bench::staffed();
        bench.ok("PUT", "/__sandbox/script", json!({ "hangup": "nobody" }));
        let mut host = Host::default();
        let mut held = place(&mut bench, &agent, &body);
        if !query.is_empty() {
            let call = json_of(&held)["id"].as_str().unwrap().to_owned();
            held = ask(&mut bench, &call, query);
        }
        host.pass(&mut bench, due - 1);
        assert_eq!(host.stream(held.stream.unwrap()), ("", false), "{due}");
        host.pass(&mut bench, 1);
        assert_eq!(json_of(&host.whole(held))["status"], "in-progress", "{due}");
    }
}

#[test]
fn a_request_that_need_not_wait_is_answered_at_once() {
    let (mut bench, agent, _) = Bench::staffed();
    let placed = place(&mut bench, &agent, &json!({ "waitForCompletion": false }));
    assert_eq!((placed.stream, &json_of(&placed)["status"]), (None, &json!("queued")));
    let call = json_of(&placed)["id"].as_str().unwrap().to_owned();
    for query in ["", "wait=false", "timeout=10", "wait=false&timeout=10"] {
        assert_eq!(ask(&mut bench, &call, query).stream, None, "{query}");
    }
    bench.now += 60_000;
    assert_eq!(json_of(&ask(&mut bench, &call, "wait=true"))["status"], "completed");
    for query in ["wait=perhaps", "wait=true&timeout=0", "wait=true&timeout=301"] {
        assert_eq!(ask(&mut bench, &call, query).status, 422, "{query}");
    }
    assert_eq!(ask(&mut bench, "nobody", "wait=true").status, 404);
}

#[test]
fn a_waiting_client_that_disconnects_gets_no_response_and_blocks_nothing() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    let mut host = Host::default();
    let gone = ask(&mut bench, &call, "wait=true").stream.unwrap();
    let stays = ask(&mut bench, &call, "wait=true&timeout=300");
    bench.engine.closed(gone);
    host.pass(&mut bench, 600_000);
    assert_eq!(host.stream(gone), ("", false));
    assert_eq!(json_of(&host.whole(stays))["status"], "completed");
}

#[test]
fn a_restart_ends_a_wait_and_the_call_continues() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    ask(&mut bench, &call, "wait=true&timeout=5");
    let saved = bench.engine.snapshot();
    let mut other = Bench { now: bench.now, ..Bench::new() };
    other.engine.restore(&saved).unwrap();
    let mut host = Host::default();
    host.pass(&mut other, 600_000);
    assert_eq!(other.get(&format!("/v1/calls/{call}"))["status"], "completed");
}
