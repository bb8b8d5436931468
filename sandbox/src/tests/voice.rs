//! Calls of webhook agents: what is asked, which responses are carried out, and that an invalid one
//! means silence.

use super::host::{Host, head, header, hook, hooked};
use super::{Bench, json_of};
use crate::SendResult;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson; charset=utf-8";

/// A call that has just said its first line; returns its id.
fn asked(bench: &mut Bench, host: &mut Host, agent: &str) -> String {
    let call = bench.call(agent);
    host.pass(bench, 2400);
    call
}

fn words(bench: &mut Bench, call: &str) -> Vec<String> {
    let transcript = bench.get(&format!("/v1/calls/{call}/transcript"));
    let turn = |t: &Value| format!("{}: {}", t["role"].as_str().unwrap(), t["content"].as_str().unwrap());
    transcript["transcript"].as_array().unwrap().iter().map(turn).collect()
}

fn inside(bench: &mut Bench, call: &str) -> Value {
    bench.get(&format!("/__sandbox/calls/{call}"))
}

#[test]
fn each_turn_is_sent_with_the_previous_ones() {
    let (mut bench, agent, number) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let first = host.reply(&mut bench, 200, JSON, r#"{"text":"Hello, this is Ann."}"#);
    assert_eq!(first["event"], "agent.message");
    assert_eq!(first["channel"], "voice");
    assert_eq!(first["agentId"], agent.as_str());
    // As in the live API: roles and words only, including the turn itself.
    assert_eq!(first["recentHistory"], json!([{ "role": "user", "content": "Hello?" }]));
    let data = &first["data"];
    assert_eq!(data["transcript"], "Hello?");
    assert_eq!((&data["callId"], &data["numberId"]), (&json!(call), &json!(number)));
    assert_eq!((&data["status"], &data["direction"]), (&json!("in-progress"), &json!("outbound")));
    assert_eq!((&data["contact"], data.get("confidence")), (&Value::Null, None));
    host.pass(&mut bench, 600);
    let second = host.reply(&mut bench, 200, JSON, "{}");
    let said = [
        json!({ "role": "user", "content": "Hello?" }),
        json!({ "role": "agent", "content": "Hello, this is Ann." }),
        json!({ "role": "user", "content": "I'm fine, thanks. What is this about?" }),
    ];
    assert_eq!(second["recentHistory"], json!(said));
}

#[test]
fn the_greeting_comes_first_in_a_call_and_in_its_history_whoever_calls() {
    let greeting = "Larkspur Bakery, hello!";
    let (mut bench, agent, _) = hooked();
    bench.ok("PATCH", &format!("/v1/agents/{agent}"), json!({ "beginMessage": greeting }));
    bench.create("/v1/contacts", json!({ "phoneNumber": "+14155550100", "name": "Ann" }));
    let placed = bench.call(&agent);
    let web = bench.ok("POST", "/v1/calls/web", json!({ "agentId": agent }));
    bench.ok("POST", "/__sandbox/web/join", json!({ "accessToken": web["accessToken"] }));
    let came = bench.create("/__sandbox/inbound/call", json!({}));
    let web = web["callId"].as_str().unwrap();
    let mut host = Host::default();
    host.pass(&mut bench, 3000);
    for call in [placed.as_str(), web, &came] {
        assert_eq!(words(&mut bench, call), [&format!("agent: {greeting}"), "user: Hello?"], "{call}");
    }
    assert_eq!(host.sends.len(), 3);
    while !host.sends.is_empty() {
        let asked = host.reply(&mut bench, 200, JSON, "{}");
        let first = json!({ "role": "agent", "content": greeting });
        let last = json!({ "role": "user", "content": asked["data"]["transcript"] });
        assert_eq!(asked["recentHistory"], json!([first, last]));
        let known = asked["data"]["from"] != "web";
        assert_eq!(asked["data"]["contact"]["name"], if known { json!("Ann") } else { Value::Null });
    }
}

#[test]
fn a_finished_call_is_reported_like_the_live_api_with_fractions_and_microseconds() {
    let (mut bench, agent, _) = hooked();
    let call = bench.call(&agent);
    let mut host = Host::default();
    host.pass(&mut bench, 300 + 1500);
    bench.now += 370;
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    let event = host.reply(&mut bench, 200, JSON, "");
    assert_eq!(event["event"], "agent.call_ended");
    assert_eq!(event["data"]["durationSeconds"], json!(0.37));
    assert_eq!(event["data"]["endedAt"], "2026-11-22T12:00:02.170000Z");
    assert_eq!(event["timestamp"], event["data"]["endedAt"]);
    assert_eq!(event["data"]["transcript"], json!([]));
}

#[test]
fn the_context_limit_of_the_webhook_cuts_the_oldest_turns() {
    let (mut bench, agent, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "contextLimit": 1 }));
    let mut host = Host::default();
    asked(&mut bench, &mut host, &agent);
    host.reply(&mut bench, 200, JSON, r#"{"text":"One."}"#);
    host.pass(&mut bench, 600);
    let second = host.reply(&mut bench, 200, JSON, "{}");
    assert_eq!(second["recentHistory"].as_array().unwrap().len(), 1);
    assert_eq!(second["recentHistory"][0]["content"], "I'm fine, thanks. What is this about?");
}

#[test]
fn every_field_of_a_response_is_carried_out() {
    for (answer, status, reason, log) in [
        (json!({ "text": "Hi" }), "in-progress", Value::Null, ""),
        (json!({ "text": "Bye", "hangup": true }), "completed", json!("agent_hangup"), ""),
        (json!({ "text": "Bye", "action": "hangup" }), "completed", json!("agent_hangup"), ""),
        (json!({ "action": "transfer" }), "completed", json!("call_transfer"), "transferred"),
        (json!({ "digits": "12#", "press_digit": "9" }), "in-progress", Value::Null, "pressed 12#"),
        (json!({ "press_digit": "9" }), "in-progress", Value::Null, "pressed 9"),
        (json!({ "dtmf": "*" }), "in-progress", Value::Null, "pressed *"),
        (json!({ "digits": "call Ann" }), "in-progress", Value::Null, "not pressed"),
        (json!({ "hangup": "yes" }), "in-progress", Value::Null, ""),
    ] {
        let (mut bench, agent, _) = hooked();
        let transfer = json!({ "transferNumber": "+14165550199" });
        bench.ok("PATCH", &format!("/v1/agents/{agent}"), transfer);
        let mut host = Host::default();
        let call = asked(&mut bench, &mut host, &agent);
        host.reply(&mut bench, 200, JSON, &answer.to_string());
        let seen = inside(&mut bench, &call);
        assert_eq!((&seen["status"], &seen["disconnectionReason"]), (&json!(status), &reason), "{answer}");
        assert!(seen["log"].to_string().contains(log), "{answer}: {}", seen["log"]);
        let spoken = words(&mut bench, &call).len() == 2;
        assert_eq!(spoken, answer["text"].is_string(), "{answer}");
    }
}

#[test]
fn a_transfer_without_a_transfer_number_continues_the_call() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    host.reply(&mut bench, 200, JSON, r#"{"action":"transfer"}"#);
    assert_eq!(inside(&mut bench, &call)["status"], "in-progress");
    assert!(inside(&mut bench, &call)["log"].to_string().contains("no transferNumber"));
}

#[test]
fn a_response_that_is_not_an_object_is_silence_and_the_caller_continues() {
    for (status, kind, body) in [
        (200, JSON, "\"Hi\""),
        (200, JSON, "[]"),
        (200, JSON, "null"),
        (200, JSON, ""),
        (200, JSON, "{\"text\":"),
        (200, "text/html", "<html>"),
        (500, JSON, r#"{"text":"Hi"}"#),
        (302, JSON, r#"{"text":"Hi"}"#),
        (200, LINES, "nonsense\n"),
    ] {
        let (mut bench, agent, _) = hooked();
        let mut host = Host::default();
        let call = asked(&mut bench, &mut host, &agent);
        host.reply(&mut bench, status, kind, body);
        assert_eq!(words(&mut bench, &call), ["user: Hello?"], "{status} {body}");
        assert!(inside(&mut bench, &call)["log"].to_string().contains("silence"), "{status} {body}");
        host.pass(&mut bench, 600);
        assert_eq!(words(&mut bench, &call).len(), 2, "{status} {body}");
        assert_eq!(host.sends.len(), 1, "the next turn is asked: {status} {body}");
    }
}

#[test]
fn a_late_response_is_silence_and_is_ignored() {
    let (mut bench, agent, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "timeout": 5 }));
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let send = host.next(&mut bench);
    assert_eq!(send.timeout_ms, 5000);
    host.pass(&mut bench, 4999);
    assert!(!host.aborted.contains(&send.id));
    host.pass(&mut bench, 1);
    assert!(host.aborted.contains(&send.id));
    head(&mut bench, send.id, 200, JSON);
    bench.engine.sent(send.id, SendResult::Body(br#"{"text":"Too late"}"#.to_vec()), bench.now);
    bench.engine.sent(send.id, SendResult::End, bench.now);
    assert_eq!(words(&mut bench, &call), ["user: Hello?"]);
    let logged = bench.get("/v1/webhooks/deliveries")["items"][0].clone();
    assert_eq!((&logged["status"], &logged["nextRetryAt"]), (&json!("failed"), &Value::Null));
    assert_eq!(logged["errorMessage"], "No complete response within 5 s");
}

#[test]
fn lines_are_spoken_as_they_come_and_the_first_without_interim_ends_the_turn() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let send = host.next(&mut bench);
    let piece = |bench: &mut Bench, text: &str| {
        bench.engine.sent(send.id, SendResult::Body(text.as_bytes().to_vec()), bench.now);
    };
    head(&mut bench, send.id, 200, LINES);
    piece(&mut bench, "{\"text\":\"Let me look.\",\"interim\":true}\n{\"text\":\"Still");
    assert_eq!(words(&mut bench, &call), ["user: Hello?", "agent: Let me look."]);
    bench.now += 700;
    piece(&mut bench, " looking.\",\"interim\":true}\n\n");
    piece(&mut bench, "{\"text\":\"Done.\"}\n{\"text\":\"Never heard.\"}\n");
    assert_eq!(words(&mut bench, &call)[2..], ["agent: Still looking.", "agent: Done."]);
    host.pull(&mut bench);
    assert!(host.aborted.contains(&send.id), "nobody reads on");
    let pair = bench.get(&format!("/v1/calls/{call}"))["transcripts"][0].clone();
    assert_eq!(pair["response"], "Let me look. Still looking. Done.");
    host.pass(&mut bench, 600);
    assert_eq!(host.sends.len(), 1, "the next turn is asked once");
}

#[test]
fn a_last_line_counts_without_its_line_feed_and_lines_may_stop_early() {
    for (body, expected) in [
        ("{\"text\":\"One.\",\"interim\":true}\n{\"text\":\"Two.\"}", 3),
        ("{\"text\":\"One.\",\"interim\":true}\n", 2),
        ("{\"text\":\"One.\",\"interim\":true}", 2),
        ("{\"text\":\"One.\",\"interim\":true}\n{\"te", 2),
    ] {
        let (mut bench, agent, _) = hooked();
        let mut host = Host::default();
        let call = asked(&mut bench, &mut host, &agent);
        host.reply(&mut bench, 200, LINES, body);
        assert_eq!(words(&mut bench, &call).len(), expected, "{body}");
        host.pass(&mut bench, 600);
        assert_eq!(host.sends.len(), 1, "the call goes on: {body}");
    }
}

#[test]
fn a_hangup_in_a_line_ends_the_call_and_later_lines_are_ignored() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    host.reply(&mut bench, 200, LINES, "{\"text\":\"Bye.\",\"hangup\":true}\n{\"text\":\"Hm?\"}\n");
    let seen = inside(&mut bench, &call);
    assert_eq!(
        (&seen["status"], &seen["disconnectionReason"]),
        (&json!("completed"), &json!("agent_hangup"))
    );
    assert_eq!(words(&mut bench, &call).len(), 2);
}

#[test]
fn a_call_that_ends_aborts_its_request() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let send = host.next(&mut bench);
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    host.pull(&mut bench);
    assert!(host.aborted.contains(&send.id));
    assert_eq!(header(&host.next(&mut bench), "x-webhook-event"), "agent.call_ended");
    head(&mut bench, send.id, 200, JSON);
    host.pass(&mut bench, 600_000);
    assert_eq!(words(&mut bench, &call), ["user: Hello?"]);
}

#[test]
fn a_system_prompt_makes_the_call_hosted_and_the_webhook_is_not_called() {
    let (mut bench, agent, _) = hooked();
    let body = json!({ "agentId": agent, "toNumber": "+14155550100", "systemPrompt": "Be kind." });
    let call = bench.create("/v1/calls", body);
    let mut host = Host::default();
    host.pass(&mut bench, 60_000);
    assert_eq!(words(&mut bench, &call).len(), 8);
    let sent: Vec<&str> = host.sends.iter().map(|s| header(s, "x-webhook-event")).collect();
    assert_eq!(sent, ["agent.call_ended"]);
}

#[test]
fn an_initial_greeting_is_spoken_before_the_webhook_is_called() {
    let (mut bench, agent, _) = hooked();
    let body = json!({ "agentId": agent, "toNumber": "+14155550100", "initialGreeting": "Good day!" });
    let call = bench.create("/v1/calls", body);
    let mut host = Host::default();
    host.pass(&mut bench, 3000);
    assert_eq!(words(&mut bench, &call), ["agent: Good day!", "user: Hello?"]);
    let pairs = bench.get(&format!("/v1/calls/{call}"))["transcripts"].clone();
    assert_eq!((&pairs[0]["transcript"], &pairs[0]["response"]), (&json!(""), &json!("Good day!")));
    assert_eq!(host.sends.len(), 1);
}

#[test]
fn an_endless_response_is_cut_off() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let send = host.next(&mut bench);
    head(&mut bench, send.id, 200, JSON);
    for _ in 0..300 {
        bench.engine.sent(send.id, SendResult::Body(vec![b' '; 1024]), bench.now);
    }
    host.pull(&mut bench);
    assert!(host.aborted.contains(&send.id));
    assert!(inside(&mut bench, &call)["log"].to_string().contains("too long"));
}

#[test]
fn a_request_lost_in_a_restart_is_silence_and_the_call_continues() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let saved = bench.engine.snapshot();
    let mut other = Bench { now: bench.now, ..Bench::new() };
    other.engine.restore(&saved).unwrap();
    let mut host = Host::default();
    host.pass(&mut other, 600);
    assert_eq!(words(&mut other, &call).len(), 2);
    assert_eq!(host.sends.len(), 1);
    let shown = json_of(&other.send("GET", &format!("/v1/agents/{agent}/webhook/deliveries"), Value::Null));
    assert_eq!(shown[1]["errorMessage"], "The sandbox was restarted");
}

#[test]
fn a_caller_who_keeps_talking_gets_one_response_and_the_old_request_is_aborted() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    let old = host.next(&mut bench);
    bench.ok("POST", &format!("/__sandbox/calls/{call}/say"), json!({ "text": "Are you there?" }));
    host.pull(&mut bench);
    assert!(host.aborted.contains(&old.id));
    head(&mut bench, old.id, 200, JSON);
    bench.engine.sent(old.id, SendResult::Body(br#"{"text":"Old."}"#.to_vec()), bench.now);
    bench.engine.sent(old.id, SendResult::End, bench.now);
    host.reply(&mut bench, 200, JSON, r#"{"text":"I am."}"#);
    assert_eq!(words(&mut bench, &call), ["user: Hello?", "user: Are you there?", "agent: I am."]);
    host.pass(&mut bench, 600);
    assert_eq!(host.sends.len(), 1, "the script goes on once");
}

#[test]
fn a_call_that_a_line_has_ended_says_nothing_more() {
    let (mut bench, agent, _) = hooked();
    let mut host = Host::default();
    let call = asked(&mut bench, &mut host, &agent);
    // The transcript has room for less than the next line.
    for characters in [vec![300_000; 13], vec![200_000]].concat() {
        bench.ok("POST", &format!("/__sandbox/calls/{call}/say"), json!({ "text": "x".repeat(characters) }));
    }
    let send = host.next(&mut bench);
    head(&mut bench, send.id, 200, LINES);
    let long = "y".repeat(150_000);
    for line in [
        format!("{{\"text\":\"{long}\",\"interim\":true}}\n"),
        "{\"text\":\"Late.\",\"interim\":true}\n".into(),
    ] {
        bench.engine.sent(send.id, SendResult::Body(line.into_bytes()), bench.now);
    }
    assert_eq!(inside(&mut bench, &call)["status"], "completed");
    assert!(!words(&mut bench, &call).iter().any(|said| said.contains("Late.")));
    host.pull(&mut bench);
    assert!(host.aborted.contains(&send.id), "nothing reads on");
}
