//! The restrictions of new accounts of the real API, with the option and with the magic number.

use super::registration::sole_proprietor;
use super::{Bench, json_of};
use crate::{Config, Engine};
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;
const MAGIC: &str = "+15005550009";

fn strict() -> Config {
    Config { limits: false, strict: true, ..Config::default() }
}

/// A strict sandbox with an agent and its number.
fn staffed() -> (Bench, String, String) {
    let mut bench = Bench::with(strict());
    let agent = bench.create("/v1/agents", json!({ "name": "Support" }));
    let number = bench.create("/v1/numbers", json!({ "agentId": agent }));
    (bench, agent, number)
}

fn call(agent: &str, to: &str) -> Value {
    json!({ "agentId": agent, "toNumber": to })
}

fn text(number: &str, to: &str) -> Value {
    json!({ "number_id": number, "to_number": to, "body": "Hi" })
}

fn outbound_sms(bench: &mut Bench, number: &str) -> Value {
    let one = bench.get(&format!("/v1/numbers/{number}"))["outboundSms"].clone();
    let list = bench.get("/v1/numbers")["data"].clone();
    let same = list.as_array().unwrap().iter().find(|n| n["id"] == *number).unwrap();
    assert_eq!(same["outboundSms"], one);
    one
}

#[test]
fn a_second_call_is_rejected_while_its_number_has_one() {
    let (mut bench, agent, _) = staffed();
    let other = bench.create("/v1/numbers", json!({ "agentId": agent }));
    let first = bench.call(&agent);
    for wait in [0, 400, 2000] {
        // Queued, ringing, in progress.
        bench.now += wait;
        let (status, body) = bench.fails("POST", "/v1/calls", call(&agent, "+14155550101"));
        assert_eq!(status, 409);
        assert!(body["detail"].as_str().unwrap().contains("active call"), "{body}");
    }
    assert_eq!(bench.ledger()["callsPlaced"], 1, "nobody was called");
    let mut elsewhere = call(&agent, "+14155550101");
    elsewhere["fromNumberId"] = json!(other);
    bench.create("/v1/calls", elsewhere);
    bench.ok("POST", &format!("/v1/calls/{first}/end"), Value::Null);
    bench.call(&agent);
    assert_eq!(bench.ledger()["callsPlaced"], 3);
}

#[test]
fn an_inbound_call_is_an_active_call_too() {
    let (mut bench, agent, _) = staffed();
    let inbound = bench.create("/__sandbox/inbound/call", json!({ "from": "+14155550100" }));
    assert_eq!(bench.fails("POST", "/v1/calls", call(&agent, "+14155550101")).0, 409);
    bench.ok("POST", &format!("/__sandbox/calls/{inbound}/hangup"), Value::Null);
    bench.call(&agent);
}

#[test]
fn a_new_account_sends_no_sms_until_its_registration_is_approved() {
    let (mut bench, _, number) = staffed();
    let spent = bench.ledger()["moneySpentCents"].clone();
    let refused = |bench: &mut Bench| {
        let (status, body) = bench.fails("POST", "/v1/messages", text(&number, "+14155550100"));
        assert_eq!(status, 403);
        assert!(body["detail"].as_str().unwrap().contains("10DLC"), "{body}");
        assert_eq!(outbound_sms(bench, &number), "registration_required");
    };
    refused(&mut bench);
    assert_eq!(bench.ledger()["textsSent"], 0);
    assert_eq!(bench.ledger()["moneySpentCents"], spent, "what was refused costs nothing");
    let mut rejected = sole_proprietor();
    rejected["email"] = json!("rejected@example.com");
    bench.ok("POST", "/v1/register", rejected);
    bench.now += 8 * DAY;
    refused(&mut bench);
    bench.ok("POST", "/v1/register", sole_proprietor());
    refused(&mut bench);
    bench.now += 7 * DAY;
    bench.ok("POST", "/v1/messages", text(&number, "+14155550100"));
    assert_eq!(outbound_sms(&mut bench, &number), "enabled");
}

#[test]
fn an_mms_needs_a_registration_and_an_imessage_does_not() {
    let (mut bench, _, number) = staffed();
    let mms = json!({ "number_id": number, "to_number": "+14155550100", "media_urls": ["https://example.com/a.png"] });
    assert_eq!(bench.fails("POST", "/v1/messages", mms).0, 403);
    let line = bench.create("/v1/numbers", json!({ "type": "imessage" }));
    bench.ok("POST", "/v1/messages", text(&line, "+14155550100"));
    assert_eq!(outbound_sms(&mut bench, &line), "enabled");
}

#[test]
fn the_registration_of_a_sub_account_is_its_own_or_the_one_that_opened_it() {
    let (mut bench, ..) = staffed();
    let filed = bench.ok("POST", "/v1/register", sole_proprietor());
    let opened = filed["sub_account_id"].as_str().unwrap().to_owned();
    let other = bench.create("/v1/sub-accounts", json!({ "name": "Other" }));
    bench.now += 7 * DAY;
    for (scope, status) in [(opened, 200), (other, 403)] {
        let headers = [("authorization", "Bearer sk_test_1"), ("x-sub-account-id", scope.as_str())];
        let number = json_of(&bench.raw("POST", "/v1/numbers", &headers, b"{}"));
        let body = text(number["id"].as_str().unwrap(), "+14155550100").to_string();
        assert_eq!(bench.raw("POST", "/v1/messages", &headers, body.as_bytes()).status, status, "{scope}");
    }
}

#[test]
fn neither_rule_applies_by_default() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.call(&agent);
    bench.call(&agent);
    bench.ok("POST", "/v1/messages", text(&number, "+14155550100"));
    assert_eq!(outbound_sms(&mut bench, &number), "enabled");
}

#[test]
fn the_magic_number_applies_both_rules_without_the_option() {
    let (mut bench, agent, number) = Bench::staffed();
    let row = bench.get("/__sandbox/magic")["data"].clone();
    let row = row.as_array().unwrap().iter().find(|row| row["number"] == MAGIC).unwrap();
    assert_eq!(row["on"], json!(["calls.create", "messages.send"]));
    assert!(row["what"].as_str().unwrap().contains("10DLC"), "{row}");
    bench.ok("POST", "/v1/calls", call(&agent, MAGIC));
    assert_eq!(bench.fails("POST", "/v1/calls", call(&agent, MAGIC)).0, 409);
    bench.call(&agent);
    for form in [MAGIC, "(500) 555-0009"] {
        let (status, body) = bench.fails("POST", "/v1/messages", text(&number, form));
        assert!(status == 403 && body["detail"].as_str().unwrap().contains("10DLC"), "{body}");
    }
    bench.ok("POST", "/v1/messages", text(&number, "+14155550100"));
}

#[test]
fn a_restored_state_does_not_change_the_strict_option() {
    let (mut lenient, agent, _) = Bench::staffed();
    let (mut rules, ..) = staffed();
    let saved = lenient.engine.snapshot();
    rules.engine.restore(&saved).unwrap();
    rules.call(&agent);
    assert_eq!(rules.fails("POST", "/v1/calls", call(&agent, "+14155550101")).0, 409);
    let saved = rules.engine.snapshot();
    lenient.engine = Engine::new(Config { limits: false, ..Config::default() });
    lenient.engine.restore(&saved).unwrap();
    lenient.call(&agent);
}
