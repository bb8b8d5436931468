//! Texts: who may send what to whom, and what it costs.

use super::Bench;
use crate::Config;
use serde_json::{Value, json};

fn lines() -> (Bench, String, String, String) {
    let (mut bench, agent, sms) = Bench::staffed();
    let imessage = bench.create("/v1/numbers", json!({ "type": "imessage" }));
    (bench, agent, sms, imessage)
}

#[test]
fn a_text_is_accepted_and_costs_two_cents() {
    let (mut bench, agent, _) = Bench::staffed();
    let sent = bench.ok(
        "POST",
        "/v1/messages",
        json!({ "agent_id": agent, "to_number": "(415) 555-0100", "body": "Hi" }),
    );
    assert_eq!((&sent["channel"], &sent["to_number"]), (&json!("sms"), &json!("+14155550100")));
    let ledger = bench.ledger();
    assert_eq!((&ledger["textsSent"], &ledger["moneySpentCents"]), (&json!(1), &json!(302)));
    assert_eq!(ledger["balanceCents"], 10_000 - 302, "a test can see what is left");
}

#[test]
fn any_of_the_three_senders_works_and_a_conversation_keeps_its_id() {
    let (mut bench, agent, sms, _) = lines();
    let phone = bench.get(&format!("/v1/numbers/{sms}"))["phoneNumber"].clone();
    let threads: Vec<Value> =
        [json!({ "agent_id": agent }), json!({ "number_id": sms }), json!({ "from_number": phone })]
            .into_iter()
            .map(|mut body| {
                body["to_number"] = json!("+14155550100");
                body["body"] = json!("Hi");
                let sent = bench.ok("POST", "/v1/messages", body);
                assert_eq!(sent["from_number"], phone);
                sent["conversation_id"].clone()
            })
            .collect();
    assert!(threads.iter().all(|t| *t == threads[0]), "{threads:?}");
}

#[test]
fn a_text_that_breaks_a_rule_is_not_sent_and_the_error_names_the_field() {
    let (mut bench, agent, sms, imessage) = lines();
    let spent = bench.ledger()["moneySpentCents"].clone();
    let to = "+14155550100";
    let pictures = json!(["https://example.com/1.png", "https://example.com/2.png"]);
    for (body, field) in [
        (json!({ "to_number": to, "body": "x" }), "agent_id"),
        (json!({ "agent_id": agent, "number_id": sms, "to_number": to, "body": "x" }), "agent_id"),
        (json!({ "number_id": imessage, "recipients": [to, "(415) 555-0100"], "body": "x" }), "recipients"),
        (json!({ "number_id": sms, "body": "x" }), "to_number"),
        (json!({ "number_id": sms, "to_number": "nobody", "body": "x" }), "to_number"),
        (json!({ "number_id": sms, "to_number": "ann@example.com", "body": "x" }), "to_number"),
        (json!({ "number_id": imessage, "to_number": to, "recipients": [to, to], "body": "x" }), "to_number"),
        (json!({ "number_id": sms, "recipients": [to, "+14155550101"], "body": "x" }), "recipients"),
        (json!({ "number_id": imessage, "recipients": [to, "nobody"], "body": "x" }), "recipients"),
        (json!({ "number_id": sms, "to_number": to }), "body"),
        (json!({ "number_id": sms, "to_number": to, "body": "" }), "body"),
        (json!({ "number_id": sms, "to_number": to, "body": "x".repeat(1601) }), "body"),
        (json!({ "number_id": sms, "to_number": to, "body": "x", "media_urls": pictures }), "body"),
    ] {
        let (status, answer) = bench.fails("POST", "/v1/messages", body.clone());
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("VALIDATION_ERROR")), "{body}");
        assert_eq!(answer["error"]["details"][0]["field"], field, "{body}");
    }
    let ledger = bench.ledger();
    assert_eq!((&ledger["textsSent"], &ledger["moneySpentCents"]), (&json!(0), &spent));
}

#[test]
fn effects_and_replies_are_ignored_on_lines_without_them() {
    let (mut bench, _, sms, imessage) = lines();
    let sent = |bench: &mut Bench, line: &str, target: &str| {
        let body = json!({ "number_id": line, "to_number": "+14155550100", "body": "x", "send_style": "balloons", "reply_to_message_id": target });
        bench.ok("POST", "/v1/messages", body)
    };
    let first = sent(&mut bench, &sms, "none");
    assert_eq!(first["reply_to_message_id"], Value::Null, "{first}");
    let start = json!({ "number_id": imessage, "to_number": "+14155550102", "body": "x" });
    let target = bench.create("/v1/messages", start);
    let reply = sent(&mut bench, &imessage, &target);
    assert_eq!(reply["reply_to_message_id"], target, "{reply}");
}

#[test]
fn a_missing_object_gets_the_documented_error() {
    let (mut bench, _, sms, imessage) = lines();
    let to = "+14155550100";
    for (body, words) in [
        (json!({ "agent_id": "none", "to_number": to, "body": "x" }), "Agent not found"),
        (json!({ "number_id": "none", "to_number": to, "body": "x" }), "PHONE_NUMBER_NOT_FOUND"),
        (json!({ "from_number": "+14155550199", "to_number": to, "body": "x" }), "PHONE_NUMBER_NOT_FOUND"),
        (json!({ "number_id": sms, "to_number": "grp_none", "body": "x" }), "Group not found"),
        (
            json!({ "number_id": imessage, "to_number": to, "body": "x", "reply_to_message_id": "none" }),
            "Reply target not found.",
        ),
    ] {
        let (status, answer) = bench.fails("POST", "/v1/messages", body.clone());
        assert_eq!(status, 404, "{body}");
        assert!(answer["detail"] == words || answer["error"]["code"] == words, "{body}: {answer}");
    }
}

#[test]
fn an_imessage_line_makes_groups_and_a_group_can_be_written_to() {
    let (mut bench, _, _, imessage) = lines();
    let recipients = json!(["+14155550100", "ann@example.com"]);
    let first = bench.ok(
        "POST",
        "/v1/messages",
        json!({ "number_id": imessage, "recipients": recipients, "body": "x" }),
    );
    let group = first["to_number"].as_str().unwrap();
    assert!(group.starts_with("grp_"), "{group}");
    let again =
        bench.ok("POST", "/v1/messages", json!({ "number_id": imessage, "to_number": group, "body": "y" }));
    assert_eq!(again["conversation_id"], first["conversation_id"]);
}

#[test]
fn media_goes_without_a_body_and_makes_an_mms() {
    let (mut bench, _, sms, _) = lines();
    let body = json!({ "number_id": sms, "to_number": "46645", "media_url": "https://example.com/1.png" });
    let sent = bench.ok("POST", "/v1/messages", body);
    assert_eq!((&sent["channel"], &sent["to_number"]), (&json!("mms"), &json!("46645")));
    assert_eq!(sent["media_urls"], json!(["https://example.com/1.png"]));
}

#[test]
fn reactions_need_an_imessage_line_and_a_reaction_that_exists() {
    let (mut bench, _, sms, imessage) = lines();
    let mut path = |line: &str| {
        let body = json!({ "number_id": line, "to_number": "+14155550100", "body": "x" });
        format!("/v1/messages/{}/reactions", bench.create("/v1/messages", body))
    };
    let (on_sms, on_imessage) = (path(&sms), path(&imessage));
    for reaction in ["love", "question", "🎉"] {
        let answer = bench.ok("POST", &on_imessage, json!({ "reaction": reaction }));
        assert_eq!(answer["reaction_type"], reaction);
    }
    assert_eq!(bench.fails("POST", &on_imessage, json!({ "reaction": "meh" })).0, 400);
    assert_eq!(bench.fails("POST", &on_imessage, json!({ "reaction": "" })).0, 400);
    assert_eq!(bench.fails("POST", &on_sms, json!({ "reaction": "love" })).0, 400);
    assert_eq!(bench.fails("POST", "/v1/messages/none/reactions", json!({ "reaction": "love" })).0, 404);
}

#[test]
fn an_empty_wallet_sends_no_text() {
    let mut bench = Bench::with(Config { balance_cents: 301, ..Config::default() });
    let line = bench.create("/v1/numbers", json!({}));
    let (status, _) =
        bench.fails("POST", "/v1/messages", json!({ "number_id": line, "to_number": "46645", "body": "x" }));
    assert_eq!(status, 402);
    assert_eq!(bench.ledger()["textsSent"], 0);
}

#[test]
fn with_a_stopped_clock_no_text_is_lost_between_two_pages() {
    let (mut bench, _, sms) = Bench::staffed();
    for n in 0..7 {
        let text = json!({ "number_id": sms, "to_number": "+14155550100", "body": format!("Text {n}") });
        bench.ok("POST", "/v1/messages", text);
    }
    let root = format!("/v1/numbers/{sms}/messages?limit=3");
    let mut seen: Vec<String> = Vec::new();
    let mut page = bench.get(&root);
    loop {
        let texts = page["data"].as_array().unwrap().clone();
        seen.extend(texts.iter().map(|m| m["body"].as_str().unwrap().to_owned()));
        if page["hasMore"] == false {
            break;
        }
        let before = texts.last().unwrap()["receivedAt"].as_str().unwrap().to_owned();
        page = bench.get(&format!("{root}&before={before}"));
    }
    let all: Vec<String> = (0..7).rev().map(|n| format!("Text {n}")).collect();
    assert_eq!(seen, all);
}

#[test]
fn an_offset_skips_texts_within_the_requested_range() {
    let (mut bench, _, number) = Bench::staffed();
    for words in ["one", "two", "three", "four", "five"] {
        bench.ok("POST", "/__sandbox/inbound/message", json!({ "body": words }));
        bench.now += 1000;
    }
    let root = format!("/v1/numbers/{number}/messages");
    let whole = bench.get(&root);
    let before = whole["data"][0]["receivedAt"].as_str().unwrap().to_owned();
    for (query, expected, more) in [
        ("limit=2&offset=0".to_owned(), vec!["five", "four"], true),
        ("limit=2&offset=2".to_owned(), vec!["three", "two"], true),
        ("limit=2&offset=4".to_owned(), vec!["one"], false),
        ("offset=9".to_owned(), vec![], false),
        (format!("limit=1&offset=1&before={before}"), vec!["three"], true),
    ] {
        let page = bench.get(&format!("{root}?{query}"));
        let words: Vec<&str> =
            page["data"].as_array().unwrap().iter().map(|m| m["body"].as_str().unwrap()).collect();
        assert_eq!((words, &page["hasMore"]), (expected, &json!(more)), "{query}");
    }
    let text = &whole["data"][0];
    assert_eq!(text["from"], text["from_"], "both spellings");
}

#[test]
fn media_can_be_read_without_a_key_from_any_account() {
    let (mut bench, _, number) = Bench::staffed();
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Branch" }));
    let inside = [("authorization", "Bearer sk_test_1"), ("x-sub-account-id", sub.as_str())];
    let line = super::json_of(&bench.raw("POST", "/v1/numbers", &inside, b"{}"));
    let main = bench.get(&format!("/v1/numbers/{number}"))["phoneNumber"].clone();
    for to in [&main, &line["phoneNumber"]] {
        for (media, kind) in
            [(json!(["https://example.com/cat.jpg"]), "image/png"), (json!([]), "image/svg+xml")]
        {
            let text = json!({ "to": to, "body": "Look", "mediaUrls": media });
            let id = bench.ok("POST", "/__sandbox/inbound/message", text)["id"].as_str().unwrap().to_owned();
            let answer = bench.raw("GET", &format!("/v1/messages/{id}/media"), &[], b"");
            assert_eq!((answer.status, super::header(&answer, "content-type")), (200, Some(kind)));
            assert!(answer.body.len() > 60);
        }
    }
    assert_eq!(bench.raw("GET", "/v1/messages/none/media", &[], b"").status, 404);
}
