//! Effects that come late, are hidden, or happen twice: what the client is told, what really happens,
//! and when which list shows it.

use super::{Bench, ids, json_of};
use crate::{Action, Engine};
use serde_json::{Value, json};

const PHONE: &str = "+14155550100";

/// An operation that creates something, and the list that shows it.
struct Maker {
    operation: &'static str,
    path: String,
    body: Value,
    list: String,
    /// Whether a second one like it is rejected.
    once: bool,
}

/// A bench with everything that the makers need, and the makers.
fn makers() -> (Bench, Vec<Maker>) {
    let (mut bench, agent, number) = Bench::staffed();
    let connection = bench.create("/integrations/whatsapp/connect", json!({ "code": "abc" }));
    let templates = format!("/integrations/whatsapp/{connection}/templates");
    let maker = |operation, path: &str, body, list: &str, once| Maker {
        operation,
        path: path.to_owned(),
        body,
        list: list.to_owned(),
        once,
    };
    let texts = format!("/v1/numbers/{number}/messages");
    let call = json!({ "agentId": agent, "toNumber": PHONE });
    let text = json!({ "number_id": number, "to_number": PHONE, "body": "Hi" });
    let contact = json!({ "phoneNumber": PHONE, "name": "Ann" });
    let template = json!({ "name": "hello", "category": "UTILITY" });
    let made = vec![
        maker("messages.send", "/v1/messages", text, &texts, false),
        maker("numbers.buy", "/v1/numbers", json!({ "externalId": "mine" }), "/v1/numbers", false),
        maker("agents.create", "/v1/agents", json!({ "name": "New" }), "/v1/agents", false),
        maker("subAccounts.create", "/v1/sub-accounts", json!({ "name": "New" }), "/v1/sub-accounts", false),
        maker("sipTrunks.create", "/v1/sip-trunks", json!({ "name": "New" }), "/v1/sip-trunks", false),
        maker("contacts.create", "/v1/contacts", contact, "/v1/contacts", true),
        maker("whatsapp.templates.create", &templates, template, &templates, true),
        // Last, because a call costs something when it ends.
        maker("calls.create", "/v1/calls", call, "/v1/calls", false),
    ];
    (bench, made)
}

fn count(bench: &mut Bench, list: &str) -> usize {
    bench.get(list)["data"].as_array().unwrap().len()
}

fn effects(bench: &mut Bench, operation: &str) -> Vec<Value> {
    let all = bench.get("/__sandbox/effects")["data"].clone();
    all.as_array().unwrap().iter().filter(|e| e["operation"] == operation).cloned().collect()
}

fn performed(bench: &mut Bench, operation: &str) -> u64 {
    bench.ledger()["byOperation"][operation]["performed"].as_u64().unwrap_or(0)
}

#[test]
fn a_late_effect_does_not_happen_before_its_time_whatever_the_operation() {
    let (mut bench, all) = makers();
    for Maker { operation, path, body, list, .. } in all {
        let (before, money) = (count(&mut bench, &list), bench.ledger()["moneySpentCents"].clone());
        let (own, known) = (performed(&mut bench, operation), effects(&mut bench, operation).len());
        bench.fault(json!({ "match": { "operation": operation }, "late": { "afterMs": 7000 }, "times": 1 }));
        let asked_at = bench.now;
        let answer = bench.send("POST", &path, body);
        assert_eq!(answer.delivery.action, Action::CutBeforeHeaders, "{operation}");
        bench.now += 6999;
        assert_eq!(
            (count(&mut bench, &list), performed(&mut bench, operation)),
            (before, own),
            "{operation}"
        );
        assert_eq!(bench.ledger()["moneySpentCents"], money, "{operation}");
        bench.now += 1;
        assert_eq!(
            (count(&mut bench, &list), performed(&mut bench, operation)),
            (before + 1, own + 1),
            "{operation}"
        );
        let done = effects(&mut bench, operation)[known].clone();
        assert_eq!((&done["requestedAt"], &done["at"]), (&json!(asked_at), &json!(asked_at + 7000)));
        assert_eq!(done["id"], json!(ids(&bench.get(&list))[0]), "{operation}");
    }
}

#[test]
fn a_late_effect_is_five_seconds_late_by_default() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "late": true }));
    bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": PHONE }));
    assert_eq!(bench.engine.next_event(), Some(bench.now + 5000));
    bench.now += 5000;
    assert_eq!(bench.get("/v1/calls")["total"], 1, "a read meets no rule of this kind");
}

#[test]
fn the_response_to_a_late_request_can_be_a_stall_or_an_error() {
    for (rule, action, status) in [
        (json!({ "late": true, "cut": "before-headers" }), Action::CutBeforeHeaders, None),
        (json!({ "late": true, "stall": "headers" }), Action::StallHeaders, None),
        (json!({ "late": true, "status": 504, "shape": "html" }), Action::Normal, Some(504)),
    ] {
        let (mut bench, agent, _) = Bench::staffed();
        bench.fault(rule.clone());
        let answer = bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": PHONE }));
        assert_eq!(answer.delivery.action, action, "{rule}");
        assert!(status.is_none_or(|status| answer.status == status), "{rule}");
        assert_eq!(bench.ledger()["callsPlaced"], 0, "{rule}");
        bench.now += 5000;
        assert_eq!(bench.ledger()["callsPlaced"], 1, "{rule}");
    }
}

#[test]
fn an_invalid_request_has_no_late_effect_either() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "late": true, "foreign": true }));
    let body = json!({ "agentId": agent, "toNumber": PHONE }).to_string();
    for (headers, body) in [
        (vec![], body.as_bytes()),
        (vec![("Authorization", "Bearer wrong")], body.as_bytes()),
        (vec![("Authorization", "Bearer sk_1")], b"{" as &[u8]),
        (vec![("Authorization", "Bearer sk_1")], b"{\"a\":\"\xff\"}"),
        (vec![("Authorization", "Bearer sk_1"), ("X-Sub-Account-Id", "none")], body.as_bytes()),
    ] {
        let answer = bench.raw("POST", "/v1/calls", &headers, body);
        assert_eq!(answer.delivery.action, Action::CutBeforeHeaders);
    }
    bench.now += 60_000;
    assert_eq!(bench.get("/v1/calls")["total"], 0);
}

#[test]
fn a_deferred_request_survives_a_restart_and_contains_no_key() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "late": true }));
    let headers = [("Authorization", "Bearer sk_live_secret"), ("Idempotency-Key", "order-7")];
    let body = json!({ "agentId": agent, "toNumber": PHONE }).to_string();
    bench.raw("POST", "/v1/calls", &headers, body.as_bytes());
    let saved = bench.engine.snapshot();
    assert!(!saved.contains("sk_live_secret"));
    bench.engine = Engine::new(crate::Config { limits: false, ..crate::Config::default() });
    bench.engine.restore(&saved).unwrap();
    assert_eq!(bench.engine.snapshot(), saved);
    bench.now += 5000;
    assert_eq!(bench.get("/v1/calls")["total"], 1);
    assert_eq!(effects(&mut bench, "calls.create")[0]["idempotencyKey"], "order-7");
}

#[test]
fn a_late_request_of_a_sub_account_is_performed_there() {
    let mut bench = Bench::new();
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Shop" }));
    bench.fault(json!({ "match": { "operation": "agents.create" }, "late": true }));
    let headers = [("Authorization", "Bearer sk_1"), ("X-Sub-Account-Id", sub.as_str())];
    bench.raw("POST", "/v1/agents", &headers, br#"{"name":"A"}"#);
    bench.now += 5000;
    assert_eq!(json_of(&bench.raw("GET", "/v1/agents", &headers, b""))["total"], 1);
    assert_eq!(bench.get("/v1/agents")["total"], 0);
}

#[test]
fn an_unlisted_object_is_billed_and_appears_when_its_time_is_over() {
    let (mut bench, all) = makers();
    for Maker { operation, path, body, list, .. } in all {
        let before = bench.get(&list);
        let own = performed(&mut bench, operation);
        let rule = json!({ "match": { "operation": operation }, "cut": "before-headers", "unlisted": { "forMs": 60_000 }, "times": 1 });
        bench.fault(rule);
        let answer = bench.send("POST", &path, body);
        assert_eq!(answer.delivery.action, Action::CutBeforeHeaders, "{operation}");
        assert_eq!(performed(&mut bench, operation), own + 1, "{operation}");
        assert_eq!(bench.get(&list), before, "{operation}");
        bench.now += 59_999;
        assert_eq!(ids(&bench.get(&list)), ids(&before), "{operation}");
        bench.now += 1;
        assert_eq!(ids(&bench.get(&list)).len(), ids(&before).len() + 1, "{operation}");
    }
}

#[test]
fn an_unlisted_call_is_in_no_list_search_or_read_but_in_usage_and_ledger() {
    let (mut bench, agent, number) = Bench::staffed();
    let seen = bench.call(&agent);
    bench.fault(json!({ "match": { "operation": "calls.create" }, "unlisted": true, "times": 1 }));
    let id = bench.call(&agent);
    bench.now += 60_000;
    for list in [
        "/v1/calls".to_owned(),
        "/v1/calls?search=5550100".to_owned(),
        "/v1/calls?direction=outbound&status=completed".to_owned(),
        "/v1/calls?status=completed".to_owned(),
        format!("/v1/agents/{agent}/calls"),
        format!("/v1/numbers/{number}/calls"),
    ] {
        let page = bench.get(&list);
        assert_eq!(
            (ids(&page), &page["total"], &page["hasMore"]),
            (vec![seen.as_str()], &json!(1), &json!(false))
        );
    }
    for read in ["", "/transcript", "/transcript/stream", "/recording"] {
        assert_eq!(bench.fails("GET", &format!("/v1/calls/{id}{read}"), Value::Null).0, 404, "{read}");
    }
    assert_eq!(bench.fails("POST", &format!("/v1/calls/{id}/end"), Value::Null).0, 404);
    assert_eq!(bench.get("/v1/usage")["stats"]["totalCalls"], 2);
    assert_eq!(bench.get("/v1/usage/by-number")["data"][0]["calls"], 2);
    assert_eq!(bench.ledger()["callsPlaced"], 2);
    let spent = bench.ledger()["moneySpentCents"].as_u64().unwrap();
    assert!(spent > 302, "both calls are paid for: {spent}");
    assert_eq!(
        bench.get(&format!("/__sandbox/calls/{id}"))["status"],
        "completed",
        "the controls tell the truth"
    );
}

#[test]
fn an_object_hidden_only_from_lists_is_found_by_its_id() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "unlisted": { "forMs": 10_000, "from": "lists" } }));
    let id = bench.call(&agent);
    assert_eq!(bench.get("/v1/calls")["total"], 0);
    assert_eq!(bench.get(&format!("/v1/calls/{id}"))["id"], json!(id));
    bench.now += 10_000;
    assert_eq!(ids(&bench.get("/v1/calls")), [id.as_str()]);
}

#[test]
fn an_unlisted_text_leaves_no_trace_in_its_thread() {
    let (mut bench, agent, number) = Bench::staffed();
    let send = |bench: &mut Bench, body: &str| {
        let sent = json!({ "number_id": number, "to_number": PHONE, "body": body });
        bench.ok("POST", "/v1/messages", sent)["conversation_id"].as_str().unwrap().to_owned()
    };
    bench.fault(json!({ "match": { "operation": "messages.send" }, "unlisted": true, "times": 1 }));
    let thread = send(&mut bench, "secret");
    let lists = ["/v1/conversations".to_owned(), format!("/v1/agents/{agent}/conversations")];
    for list in &lists {
        assert_eq!(bench.get(list)["total"], 0, "a thread of nothing that is shown");
    }
    for read in ["", "/messages"] {
        assert_eq!(bench.fails("GET", &format!("/v1/conversations/{thread}{read}"), Value::Null).0, 404);
    }
    assert_eq!(send(&mut bench, "open"), thread);
    bench.fault(json!({ "match": { "operation": "messages.send" }, "unlisted": true, "times": 1 }));
    send(&mut bench, "secret");
    for list in &lists {
        let shown = bench.get(list)["data"][0].clone();
        assert_eq!(
            (&shown["messageCount"], &shown["lastMessagePreview"]),
            (&json!(1), &json!("open")),
            "{list}"
        );
    }
    let whole = bench.get(&format!("/v1/conversations/{thread}"));
    assert_eq!((whole["messages"].as_array().unwrap().len(), &whole["messageCount"]), (1, &json!(1)));
    assert_eq!(count(&mut bench, &format!("/v1/conversations/{thread}/messages")), 1);
    assert_eq!(bench.get("/v1/usage")["stats"]["totalMessages"], 3);
}

#[test]
fn an_unlisted_number_webhook_or_registration_is_not_shown() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.fault(json!({ "unlisted": { "forMs": 1000 } }));
    bench.ok("POST", "/v1/numbers", json!({ "agentId": agent }));
    bench.ok("POST", "/v1/webhooks", json!({ "url": "https://example.com/a" }));
    bench.ok("POST", &format!("/v1/agents/{agent}/webhook"), json!({ "url": "https://example.com/b" }));
    bench.ok("POST", "/v1/register", super::registration::sole_proprietor());
    let views = |bench: &mut Bench| {
        let own = bench.get(&format!("/v1/agents/{agent}"))["numbers"].as_array().unwrap().len();
        let hooks = [bench.get("/v1/webhooks"), bench.get(&format!("/v1/agents/{agent}/webhook"))];
        let status = bench.get("/v1/register/status")["campaign_status"].clone();
        (own, hooks.map(|hook| hook["url"].clone()), status)
    };
    assert_eq!(views(&mut bench), (1, [Value::Null, Value::Null], json!("none")));
    assert_eq!(ids(&bench.get("/v1/numbers")), [number.as_str()]);
    assert_eq!(bench.get("/v1/usage")["numbers"]["used"], 2);
    bench.now += 1000;
    let urls = [json!("https://example.com/a"), json!("https://example.com/b")];
    assert_eq!(views(&mut bench), (2, urls, json!("pending")));
}

#[test]
fn another_client_does_the_same_whether_or_not_the_client_did() {
    for (rule, own) in [
        (json!({ "foreign": { "afterMs": 1500 } }), 1),
        (json!({ "foreign": { "afterMs": 1500 }, "cut": "before-effect" }), 0),
        (json!({ "foreign": { "afterMs": 1500 }, "status": 503 }), 0),
        (json!({ "foreign": { "afterMs": 1500 }, "stall": "headers" }), 1),
    ] {
        let (mut bench, all) = makers();
        for Maker { operation, path, body, list, once } in all {
            let (before, known) = (count(&mut bench, &list), effects(&mut bench, operation).len());
            let mut rule = rule.clone();
            rule["match"] = json!({ "operation": operation });
            rule["times"] = json!(1);
            bench.fault(rule.clone());
            bench.send("POST", &path, body);
            bench.now += 1499;
            assert_eq!(count(&mut bench, &list), before + own, "{operation} {rule}");
            bench.now += 1;
            // What can only exist once exists once, whoever was first.
            let both = if once { 1 } else { own + 1 };
            assert_eq!(count(&mut bench, &list), before + both, "{operation} {rule}");
            let done = effects(&mut bench, operation);
            let of: Vec<Value> = done.iter().skip(known).map(|e| e["foreign"].clone()).collect();
            let expected = [false, true];
            let expected = &expected[1 - own..1 - own + both];
            assert_eq!(of, *expected, "{operation} {rule}");
        }
        let ledger = bench.ledger();
        for counter in ["callsPlaced", "textsSent"] {
            assert_eq!((&ledger[counter], &ledger["foreign"][counter]), (&json!(own), &json!(1)), "{rule}");
        }
    }
}

#[test]
fn an_effect_of_another_client_lacks_only_what_the_client_alone_knows() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.fault(json!({ "foreign": true }));
    let headers = [("Authorization", "Bearer sk_1"), ("Idempotency-Key", "order-7")];
    let call = json!({ "agentId": agent, "toNumber": PHONE, "initialGreeting": "Hello" }).to_string();
    bench.raw("POST", "/v1/calls", &headers, call.as_bytes());
    bench.raw("POST", "/v1/numbers", &headers, br#"{"externalId":"mine","country":"CA"}"#);
    bench.now += 1000;
    let calls = bench.get("/v1/calls")["data"].clone();
    for field in ["agentId", "phoneNumberId", "fromNumber", "toNumber", "direction"] {
        assert_eq!(calls[0][field], calls[1][field], "{field}");
    }
    let numbers = bench.get("/v1/numbers")["data"].clone();
    let tags: Vec<&Value> = numbers.as_array().unwrap().iter().map(|n| &n["externalId"]).collect();
    assert_eq!(tags, [&Value::Null, &json!("mine"), &Value::Null]);
    assert_eq!((&numbers[0]["country"], &numbers[2]["id"]), (&json!("CA"), &json!(number)));
    let keys: Vec<Value> =
        effects(&mut bench, "calls.create").iter().map(|e| e["idempotencyKey"].clone()).collect();
    assert_eq!(keys, [json!("order-7"), Value::Null]);
}

#[test]
fn another_client_can_be_first() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "late": { "afterMs": 4000 }, "foreign": true, "times": 1 }));
    bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": PHONE }));
    bench.now += 1000;
    assert_eq!(
        (bench.get("/v1/calls")["total"].clone(), bench.ledger()["callsPlaced"].clone()),
        (json!(1), json!(0))
    );
    bench.now += 3000;
    assert_eq!(
        (bench.get("/v1/calls")["total"].clone(), bench.ledger()["callsPlaced"].clone()),
        (json!(2), json!(1))
    );
}

#[test]
fn only_the_clients_own_object_is_unlisted() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "unlisted": true, "foreign": true, "times": 1 }));
    bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": PHONE }));
    bench.now += 1000;
    let done = effects(&mut bench, "calls.create");
    assert_eq!(bench.get("/v1/calls")["data"].as_array().unwrap().len(), 1);
    assert_eq!(bench.get("/v1/calls")["data"][0]["id"], done[1]["id"]);
    assert_eq!((&done[0]["foreign"], &done[1]["foreign"]), (&json!(false), &json!(true)));
}
