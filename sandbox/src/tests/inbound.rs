//! Events from outside: calls, texts, reactions.

use super::host::{Host, hook};
use super::{Bench, ids};
use serde_json::{Value, json};

#[test]
fn an_inbound_call_is_answered_by_the_numbers_agent() {
    let (mut bench, agent, number) = Bench::staffed();
    let root = format!("/v1/agents/{agent}");
    let hosted =
        json!({ "voiceMode": "hosted", "systemPrompt": "Be kind.", "beginMessage": "Support, hello!" });
    bench.ok("PATCH", &root, hosted);
    let ring = json!({ "from": "+14165550123", "script": { "lines": [{ "caller": "Hi", "agent": "How can I help?" }] } });
    let call = bench.ok("POST", "/__sandbox/inbound/call", ring);
    assert_eq!((&call["status"], &call["direction"]), (&json!("ringing"), &json!("inbound")));
    assert_eq!((&call["fromNumber"], &call["phoneNumberId"]), (&json!("+14165550123"), &json!(number)));
    bench.now += 60_000;
    let call = call["id"].as_str().unwrap();
    let transcript = bench.get(&format!("/v1/calls/{call}/transcript"));
    let said: Vec<&Value> =
        transcript["transcript"].as_array().unwrap().iter().map(|t| &t["content"]).collect();
    assert_eq!(said, ["Support, hello!", "Hi", "How can I help?"]);
    let seen = bench.get(&format!("/v1/calls/{call}"));
    assert_eq!((&seen["status"], &seen["toNumber"]), (&json!("completed"), &seen["phoneNumber"]));
    assert_eq!(bench.ledger()["callsPlaced"], 0, "the client placed none");
    // 22 cents per minute of talk.
    let seconds = seen["durationSeconds"].as_u64().unwrap();
    assert_eq!(bench.ledger()["moneySpentCents"], 300 + (seconds * 22).div_ceil(60));
}

#[test]
fn the_carrier_can_lose_a_sent_text_but_not_a_received_one() {
    let (mut bench, _, number) = Bench::staffed();
    let sent = json!({ "number_id": number, "to_number": "+14165550123", "body": "Are you there?" });
    let sent = bench.ok("POST", "/v1/messages", sent);
    let fail = |id: &Value| format!("/__sandbox/messages/{}/fail", id.as_str().unwrap());
    bench.ok("POST", &fail(&sent["id"]), json!({ "reason": "Landline", "code": "30006" }));
    bench.now += 2000;
    let seen = bench.get(&format!("/v1/numbers/{number}/messages"))["data"][0].clone();
    assert_eq!((&seen["status"], &seen["failureReason"]), (&json!("failed"), &json!("Landline")));
    let came = bench.ok("POST", "/__sandbox/inbound/message", json!({ "body": "Yes" }));
    assert_eq!(bench.fails("POST", &fail(&came["id"]), json!({})).0, 409);
    assert_eq!(bench.fails("POST", &fail(&json!("none")), json!({})).0, 404);
}

#[test]
fn a_text_makes_a_conversation_and_an_event_with_its_history() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.create("/v1/contacts", json!({ "phoneNumber": "+14165550123", "name": "Ann" }));
    hook(&mut bench, "/v1/webhooks", json!({}));
    let sent = json!({ "number_id": number, "to_number": "+14165550123", "body": "Are you there?" });
    let sent = bench.ok("POST", "/v1/messages", sent);
    let thread = sent["conversation_id"].as_str().unwrap().to_owned();
    bench.ok("PATCH", &format!("/v1/conversations/{thread}"), json!({ "metadata": { "step": 2 } }));
    bench.now += 1000;
    let text = json!({ "from": "(416) 555-0123", "body": "Yes!", "replyTo": sent["id"] });
    let came = bench.ok("POST", "/__sandbox/inbound/message", text);
    assert_eq!(came["conversationId"], thread.as_str());
    let event = Host::default().reply(&mut bench, 200, "text/plain", "");
    assert_eq!((&event["event"], &event["channel"]), (&json!("agent.message"), &json!("sms")));
    assert_eq!((&event["agentId"], &event["conversationState"]), (&json!(agent), &json!({ "step": 2 })));
    let data = &event["data"];
    assert_eq!((&data["message"], &data["from"]), (&json!("Yes!"), &json!("+14165550123")));
    assert_eq!((&data["messageId"], &data["numberId"]), (&came["id"], &json!(number)));
    assert_eq!((&data["contact"]["name"], &data["direction"]), (&json!("Ann"), &json!("inbound")));
    assert_eq!(data["replyTo"]["message"], "Are you there?");
    assert!(data.get("group").is_none());
    assert_eq!(event["recentHistory"].as_array().unwrap().len(), 1);
    assert_eq!(event["recentHistory"][0]["direction"], "outbound");
    let messages = bench.get(&format!("/v1/conversations/{thread}/messages"));
    assert_eq!(ids(&messages).len(), 2);
    assert_eq!(bench.ledger()["moneySpentCents"], 300 + 2 + 2);
}

#[test]
fn a_text_to_a_group_names_its_sender() {
    let mut bench = Bench::new();
    let line = bench.create("/v1/numbers", json!({ "type": "imessage" }));
    hook(&mut bench, "/v1/webhooks", json!({}));
    let group = json!({ "number_id": line, "recipients": ["+14155550100", "+14155550101"], "body": "Hi" });
    let group = bench.ok("POST", "/v1/messages", group)["to_number"].clone();
    let text = json!({ "from": "+14155550101", "group": group, "body": "Hello all" });
    bench.ok("POST", "/__sandbox/inbound/message", text);
    let data = Host::default().reply(&mut bench, 200, "text/plain", "")["data"].clone();
    assert_eq!((&data["senderIdentifier"], &data["from"]), (&json!("+14155550101"), &json!("+14155550101")));
    assert_eq!((&data["group"]["groupId"], &data["group"]["isGroup"]), (&group, &json!(true)));
    assert_eq!(data["group"]["participants"].as_array().unwrap().len(), 2);
}

#[test]
fn a_tapback_is_reported_and_shown() {
    let mut bench = Bench::new();
    let line = bench.create("/v1/numbers", json!({ "type": "imessage" }));
    hook(&mut bench, "/v1/webhooks", json!({}));
    let text = json!({ "number_id": line, "to_number": "+14155550101", "body": "Lunch?" });
    let sent = bench.ok("POST", "/v1/messages", text);
    bench.ok("POST", "/__sandbox/inbound/reaction", json!({ "messageId": sent["id"], "reaction": "like" }));
    let event = Host::default().reply(&mut bench, 200, "text/plain", "");
    assert_eq!((&event["event"], &event["channel"]), (&json!("agent.reaction"), &json!("imessage")));
    let data = &event["data"];
    assert_eq!((&data["reactionType"], &data["messageId"]), (&json!("like"), &sent["id"]));
    assert_eq!((&data["fromNumber"], &data["messageBody"]), (&json!("+14155550101"), &json!("Lunch?")));
    let thread = sent["conversation_id"].as_str().unwrap();
    let shown = bench.get(&format!("/v1/conversations/{thread}/messages"));
    assert_eq!(shown["data"][0]["reactions"].as_array().unwrap().len(), 1);
}

#[test]
fn an_invalid_inbound_event_is_rejected_and_changes_nothing() {
    let (mut bench, agent, number) = Bench::staffed();
    let sms = json!({ "number_id": number, "to_number": "+14155550101", "body": "Hi" });
    let sms = bench.create("/v1/messages", sms);
    let bare = bench.create("/v1/agents", json!({ "name": "Bare" }));
    for (path, body, status, word) in [
        ("call", json!({ "to": "+19995550100" }), 404, "to"),
        ("call", json!({ "agentId": "nobody" }), 404, "agentId"),
        ("call", json!({ "agentId": bare }), 409, "agentId"),
        ("call", json!({ "from": "somebody" }), 400, "from"),
        ("call", json!({ "script": { "outcome": "x" } }), 400, "script"),
        ("call", json!({ "number": "x" }), 400, "number"),
        ("call", json!([]), 400, "object"),
        ("message", json!({}), 400, "body"),
        ("message", json!({ "body": "Hi", "group": "grp_none" }), 404, "group"),
        ("message", json!({ "body": "Hi", "from": 14155550100_u64 }), 400, "from"),
        ("message", json!({ "body": ["Hi"] }), 400, "body"),
        ("message", json!({ "body": "Hi", "to": 1 }), 400, "to"),
        ("message", json!({ "body": "Hi", "agentId": {} }), 400, "agentId"),
        ("message", json!({ "body": "Hi", "mediaUrls": "https://example.com/a.png" }), 400, "mediaUrls"),
        ("message", json!({ "body": "Hi", "mediaUrls": [1] }), 400, "mediaUrls"),
        ("message", json!({ "body": "Hi", "replyTo": 7 }), 400, "replyTo"),
        ("message", json!({ "body": "Hi", "group": true }), 400, "group"),
        ("call", json!({ "from": false }), 400, "from"),
        ("reaction", json!({ "messageId": sms, "reaction": 1 }), 400, "reaction"),
        ("reaction", json!({ "reaction": "love" }), 400, "messageId"),
        ("reaction", json!({ "messageId": "none" }), 404, "messageId"),
        ("reaction", json!({ "messageId": sms }), 409, "iMessage"),
    ] {
        let (found, answer) = bench.fails("POST", &format!("/__sandbox/inbound/{path}"), body.clone());
        assert_eq!(found, status, "{path} {body}");
        assert!(answer["detail"].as_str().unwrap().contains(word), "{path} {body}: {answer}");
    }
    assert_eq!(bench.get("/v1/calls")["total"], 0);
    bench.delete(&format!("/v1/agents/{agent}/numbers/{number}"));
    let (status, answer) = bench.fails("POST", "/__sandbox/inbound/call", Value::Null);
    assert_eq!(status, 409, "{answer}");
    bench.create("/v1/numbers", json!({}));
    assert_eq!(bench.fails("POST", "/__sandbox/inbound/call", Value::Null).0, 400, "which number?");
    assert_eq!(bench.fails("POST", "/__sandbox/inbound/call", json!("text")).0, 400);
}
