//! Magic numbers: what each does to calls and texts, and what it leaves alone.

use super::{Bench, header, json_of};
use crate::Action;
use crate::Response;
use serde_json::{Value, json};

fn call(bench: &mut Bench, agent: &str, number: &str) -> Response {
    bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": number }))
}

fn text(bench: &mut Bench, line: &str, number: &str) -> Response {
    bench.send("POST", "/v1/messages", json!({ "number_id": line, "to_number": number, "body": "Hi" }))
}

#[test]
fn every_code_of_the_table_is_returned_to_calls_and_to_texts() {
    let table = Bench::new().get("/__sandbox/magic")["data"].clone();
    let mut codes = 0;
    for row in table.as_array().unwrap() {
        let Some(code) = row["rule"]["code"].as_str() else { continue };
        codes += 1;
        let (mut bench, agent, line) = Bench::staffed();
        let number = row["number"].as_str().unwrap();
        for answer in [call(&mut bench, &agent, number), text(&mut bench, &line, number)] {
            assert_eq!(json!(answer.status), row["rule"]["status"], "{number}");
            assert_eq!(json_of(&answer)["error"]["code"], code, "{number}");
        }
        let placed = u64::from(row["rule"]["effect"] == true);
        assert_eq!(bench.ledger()["callsPlaced"], placed, "{number}");
        assert_eq!(bench.ledger()["textsSent"], placed, "{number}");
    }
    assert!(codes >= 15, "{codes}");
}

#[test]
fn the_ledger_shows_whether_a_broken_request_took_effect() {
    for (number, action, placed) in [
        ("201", Action::CutBeforeHeaders, 1),
        ("202", Action::CutBeforeHeaders, 0),
        ("203", Action::CutAfterHeaders, 1),
        ("204", Action::CutMidBody, 1),
        ("205", Action::StallHeaders, 1),
        ("206", Action::StallBody, 1),
        ("207", Action::Slow { bytes: 10, every_ms: 100 }, 1),
        ("208", Action::Normal, 1),
        ("215", Action::Normal, 1),
    ] {
        let (mut bench, agent, line) = Bench::staffed();
        let number = format!("+15005550{number}");
        for answer in [call(&mut bench, &agent, &number), text(&mut bench, &line, &number)] {
            assert_eq!(answer.delivery.action, action, "{number}");
        }
        assert_eq!(bench.ledger()["callsPlaced"], placed, "{number}");
        assert_eq!(bench.ledger()["textsSent"], placed, "{number}");
    }
}

#[test]
fn races_with_the_client_apply_to_calls_and_to_texts() {
    // For each: what is done at once, what is listed at once, and what is listed after 10 s.
    for (number, done, shown, later) in [
        ("218", 0, 0, 1),
        ("219", 0, 0, 1),
        ("220", 1, 0, 0),
        ("221", 1, 0, 0),
        ("222", 1, 0, 1),
        ("223", 1, 1, 2),
        ("224", 0, 0, 1),
        ("225", 0, 0, 2),
    ] {
        let (mut bench, agent, line) = Bench::staffed();
        let number = format!("+15005550{number}");
        call(&mut bench, &agent, &number);
        text(&mut bench, &line, &number);
        let texts = format!("/v1/numbers/{line}/messages");
        let listed = |bench: &mut Bench| {
            ["/v1/calls", texts.as_str()].map(|list| bench.get(list)["data"].as_array().unwrap().len())
        };
        assert_eq!(bench.ledger()["callsPlaced"], done, "{number}");
        assert_eq!(bench.ledger()["textsSent"], done, "{number}");
        assert_eq!(listed(&mut bench), [shown; 2], "{number}");
        bench.now += 10_000;
        assert_eq!(listed(&mut bench), [later; 2], "{number}");
    }
}

#[test]
fn a_number_for_calls_only_says_so_and_does_not_affect_texts() {
    let (mut bench, agent, line) = Bench::staffed();
    let placed = json_of(&call(&mut bench, &agent, "+15005550226"));
    assert_eq!((placed["id"].is_string(), &placed["startedAt"]), (true, &Value::Null));
    assert_eq!(text(&mut bench, &line, "+15005550226").status, 200);
    let table = bench.get("/__sandbox/magic")["data"].clone();
    let row = table.as_array().unwrap().iter().find(|row| row["number"] == "+15005550226").unwrap();
    assert_eq!(row["on"], json!(["calls.create"]));
}

#[test]
fn a_magic_number_is_recognized_in_any_notation() {
    let (mut bench, _, line) = Bench::staffed();
    for form in ["+15005550503", "(500) 555-0503", "1 500 555 0503", "500.555.0503"] {
        assert_eq!(text(&mut bench, &line, form).status, 503, "{form}");
    }
    let found = text(&mut bench, &line, "+15005550404");
    assert_eq!((found.status, header(&found, "content-type")), (404, Some("application/json")));
}

#[test]
fn other_numbers_and_other_requests_are_unaffected() {
    let (mut bench, agent, line) = Bench::staffed();
    assert_eq!(call(&mut bench, &agent, "+14155550503").status, 200);
    assert_eq!(text(&mut bench, &line, "+15005550099").status, 200);
    let contact = json!({ "phoneNumber": "+15005550503", "name": "Ann" });
    assert_eq!(bench.send("POST", "/v1/contacts", contact).status, 201);
}

#[test]
fn a_users_rule_takes_precedence_over_a_magic_number() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "match": { "toNumber": "+15005550503" }, "status": 418, "times": 1 }));
    assert_eq!(call(&mut bench, &agent, "+14155550100").status, 200);
    assert_eq!(call(&mut bench, &agent, "+15005550503").status, 418);
    assert_eq!(call(&mut bench, &agent, "+15005550503").status, 503);
}

#[test]
fn a_rule_for_one_number_applies_to_that_number_only() {
    let (mut bench, agent, line) = Bench::staffed();
    bench.fault(json!({ "match": { "toNumber": "+14155550123" }, "cut": "before-headers" }));
    assert_eq!(call(&mut bench, &agent, "+14155550123").delivery.action, Action::CutBeforeHeaders);
    assert_eq!(text(&mut bench, &line, "(415) 555-0123").delivery.action, Action::CutBeforeHeaders);
    assert_eq!(call(&mut bench, &agent, "+14155550124").status, 200);
    let (status, body) =
        bench.fails("POST", "/__sandbox/faults", json!({ "match": { "toNumber": "Ann" }, "status": 500 }));
    assert_eq!(status, 400);
    assert!(body["detail"].as_str().unwrap().contains("match.toNumber"));
}

#[test]
fn the_request_log_names_the_magic_number() {
    let (mut bench, agent, _) = Bench::staffed();
    call(&mut bench, &agent, "+15005550500");
    let entries = bench.get("/__sandbox/requests")["data"].as_array().unwrap().clone();
    assert_eq!(entries.last().unwrap()["fault"], "magic +15005550500");
    assert_eq!(bench.get("/__sandbox/faults")["data"], Value::Array(Vec::new()));
}

#[test]
fn a_lost_text_is_accepted_first_and_fails_later() {
    let (mut bench, _, line) = Bench::staffed();
    let sent = json_of(&text(&mut bench, &line, "+15005550301"));
    assert_eq!(sent["status"], "queued");
    let list = format!("/v1/conversations/{}/messages", sent["conversation_id"].as_str().unwrap());
    assert_eq!(bench.get(&list)["data"][0]["failureReason"], Value::Null);
    bench.now += 2000;
    let seen = bench.get(&list)["data"][0].clone();
    assert_eq!((&seen["status"], &seen["errorCode"]), (&json!("failed"), &json!("30003")));
    assert_eq!(seen["failureReason"], "Unreachable destination handset");
    assert_eq!(bench.ledger()["textsSent"], 1, "it did go out");
}
