//! Calls in progress: how they begin, how they proceed, who may interfere, how they end.

use super::host::Host;
use super::{Bench, NOON, ids, json_of};
use serde_json::{Value, json};

fn call_to(bench: &mut Bench, agent: &str, to: &str) -> String {
    bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": to }))
}

fn status(bench: &mut Bench, call: &str) -> Value {
    bench.get(&format!("/v1/calls/{call}"))["status"].clone()
}

#[test]
fn a_call_follows_the_called_magic_number() {
    for (last, course) in [
        ("000", vec![(0, "queued"), (300, "ringing"), (1800, "in-progress"), (7800, "completed")]),
        ("001", vec![(300, "ringing"), (1799, "ringing"), (1800, "busy")]),
        ("002", vec![(1800, "ringing"), (25_299, "ringing"), (25_300, "no-answer")]),
        ("003", vec![(299, "queued"), (300, "failed")]),
        ("004", vec![(1800, "ringing"), (9_999_999, "ringing")]),
        ("005", vec![(1800, "in-progress"), (3_600_000, "in-progress"), (3_700_000, "completed")]),
        ("006", vec![(1800, "in-progress"), (7800, "completed")]),
        ("007", vec![(1800, "in-progress"), (9_999_999, "in-progress")]),
    ] {
        let (mut bench, agent, _) = Bench::staffed();
        let call = call_to(&mut bench, &agent, &format!("+15005550{last}"));
        for (ms, expected) in course {
            bench.now = NOON + ms;
            assert_eq!(status(&mut bench, &call), expected, "{last} at {ms}");
        }
    }
}

#[test]
fn an_unanswered_call_is_free_and_has_no_transcript() {
    for last in ["001", "002", "003"] {
        let (mut bench, agent, _) = Bench::staffed();
        let call = call_to(&mut bench, &agent, &format!("+15005550{last}"));
        bench.now += 60_000;
        let ended = bench.get(&format!("/v1/calls/{call}"));
        assert_eq!((&ended["durationSeconds"], &ended["transcripts"]), (&json!(0), &json!([])), "{last}");
        assert!(ended["endedAt"].is_string(), "{last}");
        assert_eq!(bench.ledger()["moneySpentCents"], 300, "{last}");
    }
}

#[test]
fn one_long_jump_produces_the_same_history_as_many_small_steps() {
    let history = |step: u64| {
        let (mut bench, agent, _) = Bench::staffed();
        let call = call_to(&mut bench, &agent, "+14155550100");
        while bench.now < NOON + 20_000 {
            bench.now += step;
            bench.engine.advance(bench.now);
        }
        (bench.get(&format!("/v1/calls/{call}")), bench.get(&format!("/v1/calls/{call}/transcript")))
    };
    assert_eq!(history(20_000), history(50));
}

#[test]
fn the_long_call_talks_a_turn_every_five_seconds_for_an_hour() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = call_to(&mut bench, &agent, "+15005550005");
    bench.now += 4_000_000;
    let ended = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!(ended["durationSeconds"], 3610);
    assert_eq!(
        bench.get(&format!("/v1/calls/{call}/transcript"))["transcript"].as_array().unwrap().len(),
        720
    );
    // 3610 s at 13 cents a minute, rounded up.
    assert_eq!(bench.ledger()["moneySpentCents"], 300 + 783);
}

#[test]
fn a_new_script_is_followed_only_by_new_calls() {
    let (mut bench, agent, _) = Bench::staffed();
    let old = call_to(&mut bench, &agent, "+14155550100");
    bench.ok(
        "PUT",
        "/__sandbox/script",
        json!({
            "lines": [{ "caller": "Is it open?", "agent": "Until six." }, { "caller": "Thanks." }],
            "pauseMs": 1000,
            "hangup": "agent",
        }),
    );
    let new = call_to(&mut bench, &agent, "+14155550100");
    bench.now += 60_000;
    let words = |bench: &mut Bench, call: &str| -> Vec<String> {
        let transcript = bench.get(&format!("/v1/calls/{call}/transcript"))["transcript"].clone();
        transcript.as_array().unwrap().iter().map(|t| t["content"].as_str().unwrap().to_owned()).collect()
    };
    let said = words(&mut bench, &new);
    assert_eq!(said[..3], ["Is it open?", "Until six.", "Thanks."]);
    assert_eq!(said.len(), 4, "a line without an answer is answered with the usual words");
    let seen = bench.get(&format!("/v1/calls/{new}"));
    assert_eq!(seen["durationSeconds"], 6);
    assert_eq!(bench.get(&format!("/__sandbox/calls/{new}"))["disconnectionReason"], "agent_hangup");
    assert_eq!(words(&mut bench, &old)[0], "Hello?");
}

#[test]
fn a_script_for_one_number_does_not_affect_others_and_can_be_removed() {
    let (mut bench, agent, _) = Bench::staffed();
    let set = |bench: &mut Bench, number: &str| {
        let script = json!({ "toNumber": number, "outcome": "busy" });
        let shown = bench.ok("PUT", "/__sandbox/script", script);
        shown["byNumber"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    set(&mut bench, "+14155550199");
    assert_eq!(
        set(&mut bench, "+14155550123"),
        ["+14155550123"],
        "what was set is shown, not all that ever was"
    );
    let (one, other) = ("+14155550123", "+14155550124");
    let course = |bench: &mut Bench, to: &str| {
        let call = call_to(bench, &agent, to);
        bench.now += 30_000;
        status(bench, &call)
    };
    assert_eq!(course(&mut bench, one), "busy");
    assert_eq!(course(&mut bench, other), "completed");
    bench.delete("/__sandbox/script");
    assert_eq!(course(&mut bench, one), "completed");
    assert_eq!(course(&mut bench, "+15005550001"), "busy", "the magic numbers stay");
}

#[test]
fn an_invalid_script_is_rejected_with_its_field() {
    for (script, word) in [
        (json!({ "outcome": "asleep" }), "outcome"),
        (json!({ "lines": [{ "agent": "Hi" }] }), "caller"),
        (json!({ "line": [] }), "line"),
        (json!({ "pauseMs": 0 }), "pauseMs"),
        (json!({ "talkMs": 1000, "lines": [] }), "talkMs"),
        (json!({ "toNumber": "somebody" }), "toNumber"),
        (json!([]), "object"),
    ] {
        let mut bench = Bench::new();
        let before = bench.get("/__sandbox/script");
        let (status, body) = bench.fails("PUT", "/__sandbox/script", script.clone());
        assert_eq!(status, 400, "{script}");
        assert!(body["detail"].as_str().unwrap().contains(word), "{script}: {body}");
        assert_eq!(bench.get("/__sandbox/script"), before, "{script}");
    }
}

#[test]
fn calls_are_listed_by_agent_number_and_filter() {
    let (mut bench, agent, number) = Bench::staffed();
    let busy = call_to(&mut bench, &agent, "+15005550001");
    bench.now += 60_000;
    let caller = bench.ok("POST", "/__sandbox/inbound/call", json!({ "from": "+14165550123" }));
    let inbound = caller["id"].as_str().unwrap().to_owned();
    let web = bench.ok("POST", "/v1/calls/web", json!({ "agentId": agent }))["callId"].clone();
    let web = web.as_str().unwrap().to_owned();
    for (query, expected) in [
        ("", vec![&web, &inbound, &busy]),
        ("?status=busy", vec![&busy]),
        ("?status=busy&direction=inbound", vec![]),
        ("?status=ringing", vec![&inbound]),
        ("?direction=inbound", vec![&inbound]),
        ("?direction=web", vec![&web]),
        ("?type=web", vec![&web]),
        ("?type=pstn", vec![&inbound, &busy]),
        ("?search=416555", vec![&inbound]),
        ("?limit=1&offset=2", vec![&busy]),
    ] {
        assert_eq!(ids(&bench.get(&format!("/v1/calls{query}"))), expected, "{query}");
    }
    let of_agent = bench.get(&format!("/v1/agents/{agent}/calls"));
    assert_eq!(ids(&of_agent), [&web, &inbound, &busy]);
    assert_eq!(ids(&bench.get(&format!("/v1/numbers/{number}/calls"))), [&inbound, &busy]);
    assert_eq!(bench.fails("GET", "/v1/agents/nobody/calls", Value::Null).0, 404);
    assert_eq!(bench.fails("GET", "/v1/numbers/none/calls", Value::Null).0, 404);
}

#[test]
fn a_web_call_waits_half_a_minute_for_a_browser_and_is_free_without_one() {
    let (mut bench, agent, _) = Bench::staffed();
    let web = bench.ok("POST", "/v1/calls/web", json!({ "agentId": agent }));
    let (token, call) = (web["accessToken"].clone(), web["callId"].as_str().unwrap().to_owned());
    bench.now += 29_999;
    assert_eq!(status(&mut bench, &call), "queued");
    bench.now += 1;
    assert_eq!(status(&mut bench, &call), "failed");
    let join = json!({ "accessToken": token });
    assert_eq!(bench.fails("POST", "/__sandbox/web/join", join).0, 401);
    assert_eq!(bench.ledger()["moneySpentCents"], 300);
    assert_eq!(bench.ledger()["callsPlaced"], 0, "no phone rang");
}

#[test]
fn a_joined_web_call_starts_at_once_and_its_token_is_used_up() {
    let (mut bench, agent, _) = Bench::staffed();
    let web = bench.ok("POST", "/v1/calls/web", json!({ "agentId": agent }));
    let join = json!({ "accessToken": web["accessToken"] });
    let joined = bench.ok("POST", "/__sandbox/web/join", join.clone());
    assert_eq!((&joined["status"], &joined["direction"]), (&json!("in-progress"), &json!("web")));
    assert_eq!(bench.fails("POST", "/__sandbox/web/join", join).0, 401);
    bench.now += 60_000;
    let call = web["callId"].as_str().unwrap();
    let ended = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!((&ended["status"], &ended["durationSeconds"]), (&json!("completed"), &json!(6)));
}

#[test]
fn a_caller_can_be_made_to_talk_and_to_hang_up() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = call_to(&mut bench, &agent, "+15005550007");
    let (say, end) = (format!("/__sandbox/calls/{call}/say"), format!("/__sandbox/calls/{call}/hangup"));
    assert_eq!(bench.fails("POST", &say, json!({ "text": "Hi" })).0, 409, "nobody has picked up");
    bench.now += 5000;
    bench.ok("POST", &say, json!({ "text": "Hi" }));
    bench.now += 5000;
    let seen = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!(seen["transcripts"][0]["transcript"], "Hi");
    assert!(seen["transcripts"][0]["response"].is_string());
    assert_eq!(seen["status"], "in-progress");
    let ended = bench.ok("POST", &end, Value::Null);
    assert_eq!(
        (&ended["status"], &ended["disconnectionReason"]),
        (&json!("completed"), &json!("user_hangup"))
    );
    assert_eq!(bench.fails("POST", &say, json!({ "text": "Hi" })).0, 409);
    assert_eq!(bench.fails("POST", "/__sandbox/calls/none/say", json!({ "text": "Hi" })).0, 404);
}

#[test]
fn deleting_a_sub_account_ends_its_calls_and_closes_their_streams() {
    let mut bench = Bench::new();
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    let headers = [("Authorization", "Bearer sk_test_1"), ("X-Sub-Account-Id", sub.as_str())];
    let post = |bench: &mut Bench, path: &str, body: Value| {
        json_of(&bench.raw("POST", path, &headers, body.to_string().as_bytes()))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let agent = post(&mut bench, "/v1/agents", json!({ "name": "A" }));
    post(&mut bench, "/v1/numbers", json!({ "agentId": agent }));
    let call = post(&mut bench, "/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    let stream =
        bench.raw("GET", &format!("/v1/calls/{call}/transcript/stream"), &headers, b"").stream.unwrap();
    bench.delete(&format!("/v1/sub-accounts/{sub}"));
    let mut host = Host::default();
    host.pass(&mut bench, 1000);
    let (told, ended) = host.stream(stream);
    assert!(ended && told.contains("event: ended"), "{told}");
}

#[test]
fn a_call_is_assessed_without_a_webhook_and_after_its_script_is_gone() {
    let (mut bench, agent, _) = Bench::staffed();
    let script = json!({ "toNumber": "+14155550100", "lines": [{ "caller": "Hi" }], "summary": "They met.", "sentiment": "Negative", "successful": false });
    bench.ok("PUT", "/__sandbox/script", script);
    let call = bench.call(&agent);
    let path = format!("/__sandbox/calls/{call}");
    let seen = bench.get(&path);
    assert_eq!((&seen["summary"], &seen["callSuccessful"]), (&Value::Null, &Value::Null), "it goes on");
    bench.now += 60_000;
    bench.get("/v1/calls");
    // Enough scripts for unused ones to be dropped and their slots reused.
    for n in 0..200 {
        let other = json!({ "toNumber": "+14155550100", "lines": [], "summary": format!("Other {n}") });
        bench.ok("PUT", "/__sandbox/script", other);
    }
    let saved = bench.engine.snapshot();
    bench.engine.restore(&saved).unwrap();
    let seen = bench.get(&path);
    assert_eq!(
        (&seen["summary"], &seen["userSentiment"], &seen["callSuccessful"]),
        (&json!("They met."), &json!("Negative"), &json!(false))
    );
}
