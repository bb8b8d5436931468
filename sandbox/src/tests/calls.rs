//! The state of a call at chosen times, what it costs, and who may be called.

use super::{Bench, ids};
use serde_json::{Value, json};

fn at(bench: &mut Bench, call: &str, ms: u64) -> Value {
    bench.now = super::NOON + ms;
    bench.get(&format!("/v1/calls/{call}"))
}

#[test]
fn the_state_of_a_call_follows_from_the_time() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    for (ms, status, pairs) in [
        (0, "queued", 0),
        (299, "queued", 0),
        (300, "ringing", 0),
        (1799, "ringing", 0),
        (1800, "in-progress", 0),
        (3000, "in-progress", 1),
        (5400, "in-progress", 3),
        (6600, "in-progress", 4),
        (7799, "in-progress", 4),
        (7800, "completed", 4),
        (999_999, "completed", 4),
        // A clock that was set back undoes nothing.
        (1000, "completed", 4),
    ] {
        let seen = at(&mut bench, &call, ms);
        assert_eq!(seen["status"], status, "at {ms}");
        assert_eq!(seen["transcripts"].as_array().unwrap().len(), pairs, "at {ms}");
        assert_eq!(seen["endedAt"].is_null(), status != "completed", "at {ms}");
    }
}

#[test]
fn a_call_is_billed_once_by_the_second_when_it_ends() {
    for (agent, body, cents) in [
        (json!({ "name": "A" }), json!({}), 2),
        (json!({ "name": "A" }), json!({ "systemPrompt": "Sell." }), 3),
        (json!({ "name": "A", "voiceMode": "hosted", "systemPrompt": "Sell." }), json!({}), 3),
    ] {
        let mut bench = Bench::new();
        let agent = bench.create("/v1/agents", agent);
        bench.create("/v1/numbers", json!({ "agentId": agent }));
        let mut body = body;
        body["agentId"] = json!(agent);
        body["toNumber"] = json!("+14155550100");
        bench.create("/v1/calls", body.clone());
        bench.now += 7799;
        assert_eq!(bench.ledger()["moneySpentCents"], 300, "not billed while it lasts");
        bench.now += 1;
        assert_eq!(bench.ledger()["moneySpentCents"], 300 + cents, "{body}");
        bench.now += 10_000;
        assert_eq!(bench.ledger()["moneySpentCents"], 300 + cents, "{body}");
    }
}

#[test]
fn a_second_of_talk_costs_a_cent_and_an_unanswered_call_is_free() {
    for (ms, status, seconds, cents) in
        [(1000, "completed", 0, 0), (1801, "completed", 1, 1), (3800, "completed", 2, 1)]
    {
        let (mut bench, agent, _) = Bench::staffed();
        let call = bench.call(&agent);
        bench.now += ms;
        bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
        let ended = bench.get(&format!("/v1/calls/{call}"));
        assert_eq!(
            (&ended["status"], &ended["durationSeconds"]),
            (&json!(status), &json!(seconds)),
            "at {ms}"
        );
        assert_eq!(bench.ledger()["moneySpentCents"], 300 + cents, "at {ms}");
    }
}

#[test]
fn ending_is_accepted_at_once_shown_later_and_can_be_repeated() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.call(&agent);
    let end = format!("/v1/calls/{call}/end");
    bench.now += 4000;
    assert_eq!(bench.ok("POST", &end, Value::Null)["status"], "in-progress");
    let ended = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!(ended["status"], "completed");
    bench.now += 1000;
    assert_eq!(bench.ok("POST", &end, Value::Null), ended);
    assert_eq!(bench.get(&format!("/v1/calls/{call}")), ended);
}

#[test]
fn a_number_that_must_not_be_called_does_not_ring() {
    let (mut bench, agent, _) = Bench::staffed();
    for to in ["911", "+1911", "988", "4155550100", "+442071838750", "nobody", ""] {
        let (status, body) = bench.fails("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": to }));
        assert_eq!((status, &body["error"]["code"]), (400, &json!("VALIDATION_ERROR")), "{to}");
        assert_eq!(body["error"]["details"][0]["field"], "toNumber", "{to}");
    }
    assert_eq!(bench.ledger()["callsPlaced"], 0);
    assert_eq!(bench.get("/v1/calls")["total"], 0);
}

#[test]
fn a_call_needs_an_agent_with_a_number_of_its_own() {
    let (mut bench, agent, number) = Bench::staffed();
    let bare = bench.create("/v1/agents", json!({ "name": "Bare" }));
    let to = "+14155550100";
    for (body, status, told) in [
        (json!({ "agentId": "nobody", "toNumber": to }), 404, json!("Agent not found")),
        (json!({ "agentId": bare, "toNumber": to }), 400, json!("agentId")),
        (json!({ "agentId": bare, "toNumber": to, "fromNumberId": number }), 400, json!("fromNumberId")),
        (
            json!({ "agentId": agent, "toNumber": to, "fromNumberId": "none" }),
            404,
            json!("PHONE_NUMBER_NOT_FOUND"),
        ),
        (json!({ "agentId": agent, "toNumber": to, "variables": { "a": "b" } }), 400, json!("variables")),
    ] {
        let (found, answer) = bench.fails("POST", "/v1/calls", body.clone());
        assert_eq!(found, status, "{body}");
        let words = [&answer["detail"], &answer["error"]["details"][0]["field"], &answer["error"]["code"]];
        assert!(words.contains(&&told), "{body}: {answer}");
    }
    assert_eq!(bench.ledger()["callsPlaced"], 0);
    let second = bench.create("/v1/numbers", json!({ "agentId": agent }));
    let call =
        bench.ok("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": to, "fromNumberId": second }));
    assert_eq!(call["phoneNumberId"], second.as_str());
}

#[test]
fn an_empty_wallet_places_no_call() {
    let mut bench = Bench::with(crate::Config { balance_cents: 300, ..crate::Config::default() });
    let agent = bench.create("/v1/agents", json!({ "name": "A" }));
    bench.create("/v1/numbers", json!({ "agentId": agent }));
    let (status, body) =
        bench.fails("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }));
    assert_eq!((status, &body["error"]["code"]), (402, &json!("INSUFFICIENT_BALANCE")));
}

#[test]
fn the_greeting_is_spoken_with_its_variables_substituted() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create(
        "/v1/calls",
        json!({
            "agentId": agent,
            "toNumber": "+14155550100",
            "systemPrompt": "Be kind.",
            "initialGreeting": "Hello {{name}}, {{name}}!",
            "variables": { "name": "Ann" },
        }),
    );
    let spoken = at(&mut bench, &call, 5000)["transcripts"].clone();
    assert_eq!(spoken[0]["response"], "Hello Ann, Ann!");
    assert_ne!(spoken[1]["response"], spoken[0]["response"], "a greeting is spoken once");
}

#[test]
fn lists_are_filtered_by_what_is_true_now() {
    let (mut bench, agent, _) = Bench::staffed();
    let first = bench.call(&agent);
    bench.now += 10_000;
    let other = json!({ "agentId": agent, "toNumber": "+14165550111" });
    let second = bench.create("/v1/calls", other);
    for (query, expected) in [
        ("", vec![&second, &first]),
        ("?status=completed", vec![&first]),
        ("?status=queued", vec![&second]),
        ("?status=failed", vec![]),
        ("?direction=inbound", vec![]),
        ("?direction=outbound&type=pstn", vec![&second, &first]),
        ("?type=web", vec![]),
        ("?search=5550111", vec![&second]),
        ("?search=%2B1416", vec![&second]),
        ("?limit=1&offset=1", vec![&first]),
    ] {
        assert_eq!(ids(&bench.get(&format!("/v1/calls{query}"))), expected, "{query}");
    }
}
