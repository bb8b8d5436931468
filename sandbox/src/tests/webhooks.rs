//! Webhooks: who receives them, how they are signed, what is retried and when, what the log says.

use super::host::{Host, head, header, hook, hooked};
use super::{Bench, NOON};
use crate::{Output, SendResult};
use serde_json::{Value, json};

const MINUTE: u64 = 60_000;

/// A text arrives for the only number.
fn texted(bench: &mut Bench) {
    bench.ok("POST", "/__sandbox/inbound/message", json!({ "body": "Hi" }));
}

fn log(bench: &mut Bench) -> Vec<Value> {
    bench.get("/v1/webhooks/deliveries")["items"].as_array().unwrap().clone()
}

#[test]
fn every_set_returns_a_new_secret_and_delete_leaves_nothing() {
    let (mut bench, agent, _) = Bench::staffed();
    for root in ["/v1/webhooks".to_owned(), format!("/v1/agents/{agent}/webhook")] {
        assert_eq!(bench.get(&root), Value::Null, "{root}");
        assert_eq!(bench.fails("DELETE", &root, Value::Null).0, 404, "{root}");
        assert_eq!(bench.fails("POST", &format!("{root}/test"), Value::Null).0, 404, "{root}");
        let first = hook(&mut bench, &root, json!({}));
        assert!(first["secret"].as_str().unwrap().starts_with("whsec_"), "{root}");
        assert_eq!((&first["contextLimit"], &first["timeout"]), (&json!(10), &json!(30)), "{root}");
        let second = hook(&mut bench, &root, json!({ "timeout": 5, "contextLimit": 0 }));
        assert_ne!(first["secret"], second["secret"], "{root}");
        assert_eq!(bench.get(&root), second, "{root}");
        bench.delete(&root);
        assert_eq!(bench.get(&root), Value::Null, "{root}");
    }
    assert_eq!(bench.fails("GET", "/v1/agents/nobody/webhook", Value::Null).0, 404);
}

#[test]
fn an_invalid_webhook_url_is_rejected() {
    let mut bench = Bench::new();
    for url in
        ["example.com", "ftp://example.com", "https://", "https:///x", "http://a b", "https://ex\nample"]
    {
        let (status, body) = bench.fails("POST", "/v1/webhooks", json!({ "url": url }));
        assert_eq!((status, &body["error"]["details"][0]["field"]), (400, &json!("url")), "{url}");
    }
    for (body, status) in [
        (json!({}), 422),
        (json!({ "url": "https://example.com", "timeout": 4 }), 422),
        (json!({ "url": "https://example.com", "contextLimit": 51 }), 422),
    ] {
        assert_eq!(bench.fails("POST", "/v1/webhooks", body.clone()).0, status, "{body}");
    }
    assert_eq!(bench.get("/v1/webhooks"), Value::Null);
}

#[test]
fn a_delivery_is_signed_over_the_exact_bytes_with_the_current_secret() {
    use hmac::{Hmac, KeyInit, Mac};
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    let secret = hook(&mut bench, "/v1/webhooks", json!({}))["secret"].clone();
    texted(&mut bench);
    let send = Host::default().next(&mut bench);
    let timestamp = header(&send, "x-webhook-timestamp");
    assert_eq!(timestamp, (NOON / 1000).to_string());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_str().unwrap().as_bytes()).unwrap();
    mac.update(format!("{timestamp}.").as_bytes());
    mac.update(&send.body);
    let hex: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(header(&send, "x-webhook-signature"), format!("sha256={hex}"));
    assert_eq!(header(&send, "x-webhook-event"), "agent.message");
    assert_eq!(header(&send, "content-type"), "application/json");
    assert_eq!(send.url, "https://example.com/hook");
}

#[test]
fn a_failing_delivery_is_tried_six_times_on_the_documented_schedule_under_one_id() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    let mut host = Host::default();
    let mut ids = Vec::new();
    for (attempt, minute) in [0, 5, 30, 120, 360, 720].into_iter().enumerate() {
        let due = NOON + minute * MINUTE;
        if due > bench.now {
            bench.now = due - 1;
            host.pull(&mut bench);
            assert!(host.sends.is_empty(), "try {attempt} came early");
        }
        bench.now = due;
        host.pull(&mut bench);
        ids.push(header(&host.sends[0], "x-webhook-id").to_owned());
        assert_eq!(header(&host.sends[0], "x-webhook-timestamp"), (due / 1000).to_string());
        host.reply(&mut bench, 500, "text/plain", "out of order");
        let logged = &log(&mut bench)[0];
        assert_eq!(logged["attemptCount"], attempt + 1);
        assert_eq!(logged["status"], if attempt < 5 { "pending" } else { "failed" });
        assert_eq!(logged["nextRetryAt"].is_string(), attempt < 5);
    }
    assert!(ids[0].starts_with("del_") && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    host.pass(&mut bench, 100 * 60 * MINUTE);
    assert!(host.sends.is_empty(), "a seventh try");
    let logged = &log(&mut bench)[0];
    assert_eq!((&logged["httpStatus"], &logged["responseBody"]), (&json!(500), &json!("out of order")));
    assert_eq!(logged["errorMessage"], "HTTP 500");
}

#[test]
fn a_success_stops_the_retries_whatever_its_body() {
    for status in [200, 201, 204, 299] {
        let (mut bench, _, _) = Bench::staffed();
        hook(&mut bench, "/v1/webhooks", json!({}));
        texted(&mut bench);
        let mut host = Host::default();
        host.fail(&mut bench);
        assert_eq!(log(&mut bench)[0]["errorMessage"], "ECONNREFUSED");
        host.pass(&mut bench, 5 * MINUTE);
        host.reply(&mut bench, status, "text/html", "<h1>");
        host.pass(&mut bench, 100 * 60 * MINUTE);
        assert!(host.sends.is_empty(), "{status}");
        let logged = &log(&mut bench)[0];
        assert_eq!((&logged["status"], &logged["attemptCount"]), (&json!("success"), &json!(2)), "{status}");
        assert_eq!(logged["errorMessage"], Value::Null, "{status}");
    }
}

#[test]
fn a_server_that_never_responds_times_out() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "timeout": 7 }));
    texted(&mut bench);
    let mut host = Host::default();
    let send = host.next(&mut bench);
    head(&mut bench, send.id, 200, "text/plain");
    host.pass(&mut bench, 6999);
    assert!(!host.aborted.contains(&send.id));
    host.pass(&mut bench, 1);
    assert!(host.aborted.contains(&send.id));
    let logged = &log(&mut bench)[0];
    assert_eq!((&logged["status"], &logged["attemptCount"]), (&json!("pending"), &json!(1)));
    bench.engine.sent(send.id, SendResult::End, bench.now);
    assert_eq!(log(&mut bench)[0]["status"], "pending", "late news changes nothing");
}

#[test]
fn a_clock_jump_does_not_time_out_a_request_that_was_never_sent() {
    let (mut bench, agent, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "timeout": 5 }));
    bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550001" }));
    let mut host = Host::default();
    host.pass(&mut bench, 3_600_000);
    assert_eq!(host.sends.len(), 1);
    assert!(host.aborted.is_empty());
}

#[test]
fn a_faster_clock_does_not_time_out_requests_of_a_host_that_measures_real_time() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "timeout": 5 }));
    texted(&mut bench);
    let sent = bench.engine.take_outbox_untimed();
    let [Output::Send(send)] = sent.as_slice() else { panic!("{sent:?}") };
    bench.now += 4 * 60_000;
    bench.engine.advance(bench.now);
    assert_eq!(bench.engine.take_outbox_untimed(), [], "the clock alone ends nothing");
    bench.engine.timed_out(send.id, bench.now);
    assert_eq!(bench.engine.take_outbox_untimed(), [Output::Abort { id: send.id }]);
    let logged = &log(&mut bench)[0];
    assert_eq!((&logged["status"], &logged["attemptCount"]), (&json!("pending"), &json!(1)));
    assert_eq!(logged["errorMessage"], "No complete response within 5 s");
}

#[test]
fn an_event_goes_to_the_agents_webhook_else_to_the_projects_and_never_to_both() {
    for (own, project, expected) in [
        (true, true, Some("own")),
        (false, true, Some("project")),
        (true, false, Some("own")),
        (false, false, None),
    ] {
        let (mut bench, agent, _) = Bench::staffed();
        if project {
            bench.ok("POST", "/v1/webhooks", json!({ "url": "https://example.com/project" }));
        }
        if own {
            let root = format!("/v1/agents/{agent}/webhook");
            bench.ok("POST", &root, json!({ "url": "https://example.com/own" }));
        }
        texted(&mut bench);
        let mut host = Host::default();
        host.pull(&mut bench);
        let urls: Vec<&str> = host.sends.iter().map(|s| s.url.rsplit('/').next().unwrap()).collect();
        assert_eq!(urls, expected.into_iter().collect::<Vec<_>>(), "{own} {project}");
        assert_eq!(log(&mut bench).len(), usize::from(expected == Some("project")));
    }
}

#[test]
fn a_removed_webhook_gets_no_further_attempt() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    let mut host = Host::default();
    host.fail(&mut bench);
    bench.delete("/v1/webhooks");
    host.pass(&mut bench, 5 * MINUTE);
    assert!(host.sends.is_empty());
    assert_eq!(log(&mut bench)[0]["errorMessage"], "The webhook was removed");
    assert_eq!(log(&mut bench)[0]["status"], "failed");
}

#[test]
fn the_end_of_a_call_is_reported_once_even_if_that_fails() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.create("/v1/contacts", json!({ "phoneNumber": "+14155550100", "name": "Ann" }));
    let root = format!("/v1/agents/{agent}");
    bench.ok("PATCH", &root, json!({ "voiceMode": "hosted", "systemPrompt": "Be kind." }));
    hook(&mut bench, "/v1/webhooks", json!({}));
    let call = bench.call(&agent);
    let mut host = Host::default();
    host.pass(&mut bench, 60_000);
    let told = host.fail(&mut bench);
    assert_eq!((&told["event"], &told["channel"]), (&json!("agent.call_ended"), &json!("voice")));
    let data = &told["data"];
    assert_eq!((&data["callId"], &data["status"]), (&json!(call), &json!("completed")));
    assert_eq!(
        (&data["durationSeconds"], &data["disconnectionReason"]),
        (&json!(6.0), &json!("user_hangup"))
    );
    assert_eq!(data["transcript"].as_array().unwrap().len(), 8);
    assert_eq!(data["contact"]["name"], "Ann");
    assert_eq!(data["callSuccessful"], true);
    assert!(data["summary"].is_string() && data["userSentiment"].is_string());
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    host.pass(&mut bench, 100 * 60 * MINUTE);
    assert!(host.sends.is_empty());
    assert_eq!(log(&mut bench)[0]["status"], "failed");
}

#[test]
fn a_test_event_is_marked_and_its_response_has_the_outcome() {
    let (mut bench, agent, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    hook(&mut bench, &format!("/v1/agents/{agent}/webhook"), json!({}));
    let path = format!("/v1/webhooks/test?agentId={agent}");
    let body = json!({ "from": "+14165550123", "message": "Knock", "channel": "imessage" });
    let asked = bench.send("POST", &path, body);
    let mut host = Host::default();
    let event = host.reply(&mut bench, 204, "text/plain", "");
    assert_eq!((&event["test"], &event["channel"]), (&json!(true), &json!("imessage")));
    assert_eq!(event["agentId"], agent.as_str());
    assert_eq!(
        (&event["data"]["from"], &event["data"]["message"]),
        (&json!("+14165550123"), &json!("Knock"))
    );
    let told = super::json_of(&host.whole(asked));
    let both = json!({ "statusCode": 204, "error": null, "responseMs": 0 });
    assert_eq!(told, merged(json!({ "success": true, "httpStatus": 204, "errorMessage": null }), both));
    assert_eq!(log(&mut bench).len(), 1, "the project's, though the agent has one");

    let asked = bench.send("POST", "/v1/webhooks/test", Value::Null);
    host.fail(&mut bench);
    let told = super::json_of(&host.whole(asked));
    let both = json!({ "statusCode": null, "error": "ECONNREFUSED", "responseMs": 0 });
    assert_eq!(
        told,
        merged(json!({ "success": false, "httpStatus": null, "errorMessage": "ECONNREFUSED" }), both)
    );
    host.pass(&mut bench, 100 * 60 * MINUTE);
    assert!(host.sends.is_empty(), "a test is not tried again");
}

#[test]
fn the_log_is_paged_windowed_and_counted() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    let mut host = Host::default();
    texted(&mut bench);
    host.reply(&mut bench, 200, "text/plain", "");
    host.pass(&mut bench, 90 * MINUTE);
    texted(&mut bench);
    host.reply(&mut bench, 200, "text/plain", "");
    texted(&mut bench);
    host.fail(&mut bench);
    for (query, total, items) in [
        ("", 3, 3),
        ("?limit=1", 3, 1),
        ("?limit=2&offset=2", 3, 1),
        ("?offset=5", 3, 0),
        ("?hours=1", 2, 2),
        ("?hours=1&limit=50&offset=1", 2, 1),
    ] {
        let page = bench.get(&format!("/v1/webhooks/deliveries{query}"));
        assert_eq!(
            (&page["total"], page["items"].as_array().unwrap().len()),
            (&json!(total), items),
            "{query}"
        );
    }
    let stats = bench.get("/v1/webhooks/deliveries/stats?hours=1");
    assert_eq!((&stats["total"], &stats["success"], &stats["pending"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(stats["byEventType"]["agent.message"]["total"], 2);
    let day = bench.get("/v1/webhooks/deliveries/stats");
    assert_eq!((&day["total"], day["byHour"].as_array().unwrap().len()), (&json!(3), 2));
    let all = bench.get("/v1/webhooks/deliveries/all-time");
    assert_eq!(all, json!({ "total": 3, "success": 2, "failed": 0, "successRate": 100.0 }));
}

#[test]
fn the_deliveries_of_an_agent_are_a_bare_array() {
    let (mut bench, agent, _) = Bench::staffed();
    let root = format!("/v1/agents/{agent}/webhook");
    hook(&mut bench, &root, json!({}));
    hook(&mut bench, "/v1/webhooks", json!({}));
    for _ in 0..3 {
        texted(&mut bench);
        bench.now += 60 * MINUTE;
    }
    for (query, count) in [("", 3), ("?limit=2", 2), ("?hours=2", 2)] {
        let found = bench.get(&format!("{root}/deliveries{query}"));
        assert_eq!(found.as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(log(&mut bench).len(), 0);
}

#[test]
fn a_request_in_flight_at_a_restart_is_retried() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    Host::default().next(&mut bench);
    let mut other = Bench { now: bench.now, ..Bench::new() };
    other.engine.restore(&bench.engine.snapshot()).unwrap();
    assert_eq!(log(&mut other)[0]["errorMessage"], "The sandbox was restarted");
    let mut host = Host::default();
    host.pass(&mut other, 5 * MINUTE);
    assert_eq!(host.sends.len(), 1);
}

#[test]
fn a_rule_delivers_a_webhook_twice_under_one_id_and_only_the_first_response_counts() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({ "timeout": 5 }));
    let event = json!({ "event": "agent.message" });
    bench.fault(json!({ "match": event, "duplicate": true, "times": 1 }));
    texted(&mut bench);
    let mut host = Host::default();
    let (first, second) = (host.next(&mut bench), host.next(&mut bench));
    assert_ne!(first.id, second.id);
    assert_eq!((&first.url, &first.headers, &first.body), (&second.url, &second.headers, &second.body));
    head(&mut bench, first.id, 200, "text/plain");
    bench.engine.sent(first.id, SendResult::End, bench.now);
    head(&mut bench, second.id, 500, "text/plain");
    host.pass(&mut bench, 5000);
    assert!(host.aborted.contains(&second.id), "it has its timeout too");
    let logged = log(&mut bench);
    assert_eq!((logged.len(), &logged[0]["status"]), (1, &json!("success")));
    texted(&mut bench);
    host.next(&mut bench);
    assert!(host.sends.is_empty(), "the rule is spent");
}

#[test]
fn a_rule_for_webhooks_names_its_event_and_affects_no_request() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    bench.fault(json!({ "match": { "event": "agent.reaction" }, "duplicate": true }));
    texted(&mut bench);
    let mut host = Host::default();
    host.pull(&mut bench);
    assert_eq!(host.sends.len(), 1);
    for (rule, word) in [
        (json!({ "duplicate": false }), "duplicate"),
        (json!({ "duplicate": true, "match": { "event": "agent.call" } }), "match.event"),
        (json!({ "duplicate": true, "match": { "operation": "calls.create" } }), "match.operation"),
        (json!({ "status": 500, "match": { "event": "agent.message" } }), "match.event"),
    ] {
        let (status, body) = bench.fails("POST", "/__sandbox/faults", rule.clone());
        assert_eq!(status, 400, "{rule}");
        assert!(body["detail"].as_str().unwrap().contains(word), "{rule}: {body}");
    }
}

#[test]
fn usage_counts_deliveries() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    texted(&mut bench);
    let mut host = Host::default();
    host.reply(&mut bench, 200, "text/plain", "");
    let stats = bench.get("/v1/usage")["stats"].clone();
    assert_eq!(
        (&stats["totalWebhookDeliveries"], &stats["successfulWebhookDeliveries"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(bench.get("/v1/usage/daily?days=1")["data"][0]["webhooks"], 2);
}

#[test]
fn deleting_an_agent_deletes_its_webhook() {
    let (mut bench, agent, _) = Bench::staffed();
    hook(&mut bench, &format!("/v1/agents/{agent}/webhook"), json!({}));
    let call = bench.call(&agent);
    bench.delete(&format!("/v1/agents/{agent}"));
    let mut host = Host::default();
    host.pass(&mut bench, 60_000);
    assert!(host.sends.is_empty());
    assert_eq!(bench.get(&format!("/v1/calls/{call}"))["status"], "completed");
}

/// Merges the fields of two objects.
fn merged(mut one: Value, other: Value) -> Value {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

#[test]
fn deliveries_have_both_documented_spellings() {
    let (mut bench, agent, _) = hooked();
    hook(&mut bench, "/v1/webhooks", json!({}));
    let mut host = Host::default();
    let asked = bench.send("POST", "/v1/webhooks/test", Value::Null);
    bench.now += 250;
    host.answer(&mut bench, asked, 200, "");
    let asked = bench.send("POST", &format!("/v1/agents/{agent}/webhook/test"), Value::Null);
    host.answer(&mut bench, asked, 500, "");
    let page = bench.get("/v1/webhooks/deliveries");
    assert_eq!(page["data"], page["items"]);
    assert_eq!((&page["hasMore"], &page["total"]), (&json!(false), &json!(1)));
    let one = &page["data"][0];
    assert_eq!((&one["event"], &one["statusCode"]), (&one["eventType"], &json!(200)));
    assert_eq!((&one["success"], &one["responseMs"]), (&json!(true), &json!(250)));
    assert_eq!(one["deliveredAt"], "2026-11-22T12:00:00.250Z");
    let failed = bench.get(&format!("/v1/agents/{agent}/webhook/deliveries"))[0].clone();
    assert_eq!((&failed["success"], &failed["deliveredAt"]), (&json!(false), &Value::Null));
    assert_eq!((&failed["statusCode"], &failed["httpStatus"]), (&json!(500), &json!(500)));
}

#[test]
fn a_finished_delivery_is_sent_again_once_with_the_kept_body_and_a_new_signature() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    let mut host = Host::default();
    let first = host.next(&mut bench);
    let id = header(&first, "x-webhook-id").to_owned();
    let path = format!("/__sandbox/deliveries/{id}/resend");
    let kept = json!({ "body": String::from_utf8(first.body.clone()).unwrap() });
    assert_eq!(bench.fails("POST", &path, kept.clone()).0, 409, "an attempt is under way");
    head(&mut bench, first.id, 200, "text/plain");
    bench.engine.sent(first.id, SendResult::End, bench.now);
    assert_eq!(bench.fails("POST", &path, json!({})).0, 409, "nothing is left to send");
    host.pass(&mut bench, 100 * 60 * MINUTE);
    bench.ok("POST", &path, kept);
    let again = host.next(&mut bench);
    assert_eq!((&again.body, header(&again, "x-webhook-id")), (&first.body, id.as_str()));
    assert_eq!(header(&again, "x-webhook-timestamp"), (bench.now / 1000).to_string());
    assert_ne!(header(&again, "x-webhook-signature"), header(&first, "x-webhook-signature"));
    assert_eq!(log(&mut bench)[0]["status"], "pending");
    head(&mut bench, again.id, 500, "text/plain");
    bench.engine.sent(again.id, SendResult::End, bench.now);
    let logged = log(&mut bench)[0].clone();
    assert_eq!((&logged["status"], &logged["attemptCount"]), (&json!("failed"), &json!(2)));
    host.pass(&mut bench, 100 * 60 * MINUTE);
    assert!(host.sends.is_empty(), "it is not tried on its own again");
}

#[test]
fn a_pending_delivery_sent_again_keeps_its_schedule_and_an_unknown_or_orphaned_one_is_refused() {
    let (mut bench, _, _) = Bench::staffed();
    hook(&mut bench, "/v1/webhooks", json!({}));
    texted(&mut bench);
    let mut host = Host::default();
    host.fail(&mut bench);
    let id = log(&mut bench)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/__sandbox/deliveries/{id}/resend");
    bench.ok("POST", &path, Value::Null);
    host.fail(&mut bench);
    let logged = log(&mut bench)[0].clone();
    assert_eq!((&logged["status"], &logged["attemptCount"]), (&json!("pending"), &json!(2)));
    host.pass(&mut bench, 30 * MINUTE);
    host.reply(&mut bench, 200, "text/plain", "");
    assert_eq!(log(&mut bench)[0]["attemptCount"], 3);
    assert_eq!(bench.fails("POST", "/__sandbox/deliveries/del_0/resend", Value::Null).0, 404);
    bench.delete("/v1/webhooks");
    assert_eq!(bench.fails("POST", &path, json!({ "body": "{}" })).0, 409);
    assert_eq!(bench.fails("GET", &path, Value::Null).0, 405);
}
