//! Threads, their texts, and the rules of an iMessage line.

use super::{Bench, ids};
use crate::requests::Caller;
use crate::texting::Draft;
use crate::time::iso;
use serde_json::{Value, json};

const ANN: &str = "+14155550100";
const DAY: u64 = 86_400_000;

fn line(kind: &str) -> (Bench, String, String) {
    let mut bench = Bench::new();
    let agent = bench.create("/v1/agents", json!({ "name": "Texter" }));
    let number = bench.create("/v1/numbers", json!({ "type": kind, "agentId": agent }));
    (bench, agent, number)
}

fn send(bench: &mut Bench, number: &str, to: &str) -> Value {
    bench.now += 1;
    bench.ok("POST", "/v1/messages", json!({ "number_id": number, "to_number": to, "body": "Hi" }))
}

fn refused(bench: &mut Bench, number: &str, to: &str) -> (u16, Value) {
    let body = json!({ "number_id": number, "to_number": to, "body": "Hi" });
    let (status, answer) = bench.fails("POST", "/v1/messages", body);
    (status, answer["error"]["code"].clone())
}

fn hear(bench: &mut Bench, number: &str, from: &str) {
    let master = Caller { owner: String::new(), sub_account: String::new() };
    let (mut account, now) = (bench.engine.world.enter(&master).unwrap().1, bench.now);
    let draft = Draft {
        number_id: number.to_owned(),
        participant: from.to_owned(),
        members: Vec::new(),
        body: "Hello".into(),
        media: Vec::new(),
        inbound: true,
        reply_to: None,
        sender: None,
        failure: None,
    };
    assert!(account.store_text(&mut bench.engine.world.shared, draft, now).is_some());
    bench.engine.world.leave(String::new(), account);
}

#[test]
fn the_thread_with_the_latest_text_comes_first() {
    let (mut bench, agent, number) = line("sms");
    let first = send(&mut bench, &number, ANN)["conversation_id"].clone();
    let second = send(&mut bench, &number, "+14155550101")["conversation_id"].clone();
    assert_eq!(ids(&bench.get("/v1/conversations")), [&second, &first]);
    hear(&mut bench, &number, ANN);
    for target in ["/v1/conversations".to_owned(), format!("/v1/agents/{agent}/conversations")] {
        let page = bench.get(&target);
        assert_eq!(ids(&page), [&first, &second], "{target}");
        assert_eq!(page["data"][0]["messageCount"], 2);
        assert_eq!(page["data"][0]["lastMessagePreview"], "Hello");
    }
    assert_eq!(bench.get("/v1/conversations?agent_id=none")["total"], 0);
    assert_eq!(bench.fails("GET", "/v1/agents/none/conversations", Value::Null).0, 404);
}

#[test]
fn texts_are_paged_by_time_and_none_is_lost_or_repeated() {
    let (mut bench, _, number) = line("sms");
    let thread = (0..7).map(|_| send(&mut bench, &number, ANN)["conversation_id"].clone()).last().unwrap();
    for root in [format!("/v1/numbers/{number}"), format!("/v1/conversations/{}", thread.as_str().unwrap())] {
        let whole = bench.get(&format!("{root}/messages"));
        assert_eq!((ids(&whole).len(), &whole["hasMore"]), (7, &json!(false)));
        let mut seen = Vec::new();
        let mut before = String::new();
        loop {
            let page = bench.get(&format!("{root}/messages?limit=3{before}"));
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            before = format!(
                "&before={}",
                page["data"].as_array().unwrap().last().unwrap()["receivedAt"].as_str().unwrap()
            );
            if page["hasMore"] == false {
                break;
            }
        }
        assert_eq!(seen, ids(&whole));
        let middle = whole["data"][3]["receivedAt"].as_str().unwrap();
        assert_eq!(ids(&bench.get(&format!("{root}/messages?after={middle}"))), ids(&whole)[..3]);
    }
    let bad = format!("/v1/numbers/{number}/messages?before=yesterday");
    assert_eq!(bench.fails("GET", &bad, Value::Null).0, 422);
}

#[test]
fn a_text_is_accepted_first_and_delivered_later() {
    let (mut bench, _, number) = line("imessage");
    let sent = send(&mut bench, &number, ANN);
    let thread = format!("/v1/conversations/{}", sent["conversation_id"].as_str().unwrap());
    assert_eq!(sent["status"], "queued");
    bench.now += 1000;
    let message = bench.get(&thread)["messages"][0].clone();
    assert_eq!((&message["status"], &message["deliveredAt"]), (&json!("delivered"), &json!(iso(bench.now))));
}

#[test]
fn a_reaction_replaces_the_previous_one_and_a_reply_shows_its_parent() {
    let (mut bench, _, number) = line("imessage");
    let parent = send(&mut bench, &number, ANN);
    let id = parent["id"].as_str().unwrap();
    for reaction in ["love", "laugh"] {
        bench.ok("POST", &format!("/v1/messages/{id}/reactions"), json!({ "reaction": reaction }));
    }
    let reply = json!({ "number_id": number, "to_number": ANN, "body": "Re", "reply_to_message_id": id });
    bench.now += 1;
    bench.ok("POST", "/v1/messages", reply);
    let thread = bench.get(&format!("/v1/conversations/{}", parent["conversation_id"].as_str().unwrap()));
    let messages = thread["messages"].as_array().unwrap();
    assert_eq!(messages[0]["replyTo"], json!({ "messageId": id, "message": "Hi", "mediaUrls": [] }));
    assert_eq!(messages[1]["reactions"].as_array().unwrap().len(), 1);
    assert_eq!(messages[1]["reactions"][0]["reactionType"], "laugh");
}

#[test]
fn imessage_features_are_rejected_on_other_lines() {
    let (mut bench, _, number) = line("sms");
    let sent = send(&mut bench, &number, ANN);
    let thread = format!("/v1/conversations/{}", sent["conversation_id"].as_str().unwrap());
    assert_eq!(bench.fails("POST", &format!("{thread}/typing"), Value::Null).0, 400);
    let background = format!("{thread}/background");
    assert_eq!(bench.fails("POST", &background, json!({ "image_url": "https://example.com/1.png" })).0, 400);
    assert_eq!(bench.fails("DELETE", &background, Value::Null).0, 400);
    assert_eq!(bench.fails("PATCH", &thread, json!({ "group_name": "x" })).0, 400);
    assert_eq!(bench.fails("GET", &format!("/v1/numbers/{number}/contact-card"), Value::Null).0, 400);
    assert_eq!(bench.fails("GET", "/v1/conversations/none", Value::Null).0, 404);
}

#[test]
fn metadata_of_a_thread_is_set_cleared_and_left_alone() {
    let (mut bench, _, number) = line("imessage");
    let group = json!({ "number_id": number, "recipients": [ANN, "+14155550101"], "body": "x" });
    let sent = bench.ok("POST", "/v1/messages", group);
    let thread = format!("/v1/conversations/{}", sent["conversation_id"].as_str().unwrap());
    bench.ok("PATCH", &thread, json!({ "metadata": { "step": 2 } }));
    let named = bench.ok("PATCH", &thread, json!({ "group_name": "Friends" }));
    assert_eq!((&named["metadata"], &named["groupName"]), (&json!({ "step": 2 }), &json!("Friends")));
    assert_eq!((&named["isGroup"], &named["groupId"]), (&json!(true), &sent["to_number"]));
    let cleared = bench.ok("PATCH", &thread, json!({ "metadata": null }));
    assert_eq!((&cleared["metadata"], &cleared["groupName"]), (&Value::Null, &json!("Friends")));
}

#[test]
fn setting_the_same_background_again_changes_nothing() {
    let (mut bench, _, number) = line("imessage");
    let sent = send(&mut bench, &number, ANN);
    let path = format!("/v1/conversations/{}/background", sent["conversation_id"].as_str().unwrap());
    let mut set = |url: &str| bench.ok("POST", &path, json!({ "image_url": url }));
    let first = set("https://example.com/1.png");
    let same = set("https://example.com/1.png");
    let other = set("https://example.com/2.png");
    assert_eq!(
        (&first["changed"], &same["changed"], &other["changed"]),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!((&same["backgroundId"], &other["backgroundVersion"]), (&first["backgroundId"], &json!(2)));
}

#[test]
fn texts_to_a_person_who_never_replies_are_limited() {
    let (mut bench, _, number) = line("imessage");
    (0..5).for_each(|_| drop(send(&mut bench, &number, ANN)));
    assert_eq!(refused(&mut bench, &number, ANN), (429, json!("CONVERSATION_AWAITING_REPLY")));
    hear(&mut bench, &number, ANN);
    (0..20).for_each(|_| drop(send(&mut bench, &number, ANN)));
    assert_eq!(refused(&mut bench, &number, ANN), (429, json!("CONVERSATION_STREAK_LIMIT")));
    hear(&mut bench, &number, ANN);
    bench.now += 91 * DAY;
    assert_eq!(refused(&mut bench, &number, ANN), (429, json!("CONVERSATION_INACTIVE")));
    assert_eq!(bench.ledger()["textsSent"], 25);
}

#[test]
fn a_line_can_text_fifty_new_people_a_day_and_reports_how_many_it_has() {
    let (mut bench, _, number) = line("imessage");
    (0..50).for_each(|n| drop(send(&mut bench, &number, &format!("+1415555{:04}", 1000 + n))));
    assert_eq!(refused(&mut bench, &number, ANN), (429, json!("NEW_CONVERSATION_LIMIT_REACHED")));
    let met = |b: &mut Bench| b.get(&format!("/v1/numbers/{number}"))["dailyNewContacts"].clone();
    assert_eq!(met(&mut bench), json!({ "used": 50, "limit": 50 }));
    // It may still write to people it already knows, up to the line's quota.
    (0..200).for_each(|n| drop(send(&mut bench, &number, &format!("+1415555{:04}", 1000 + n % 50))));
    assert_eq!(refused(&mut bench, &number, "+14155551000"), (429, json!("OUTBOUND_LIMIT_REACHED")));
    bench.now += DAY;
    assert_eq!(met(&mut bench), json!({ "used": 0, "limit": 50 }));
    send(&mut bench, &number, ANN);
}

#[test]
fn these_rules_do_not_apply_to_an_sms_line() {
    let (mut bench, _, number) = line("sms");
    (0..300).for_each(|n| drop(send(&mut bench, &number, &format!("+1415555{:04}", 1000 + n % 60))));
}

#[test]
fn an_inbound_only_line_starts_nothing() {
    let (mut bench, agent, _) = line("sms");
    let body = json!({ "type": "imessage", "imessageType": "inbound", "agentId": agent });
    let number = bench.create("/v1/numbers", body);
    assert_eq!(refused(&mut bench, &number, ANN), (400, json!("INBOUND_ONLY")));
    let call = json!({ "agentId": agent, "toNumber": ANN, "fromNumberId": number });
    assert_eq!(bench.fails("POST", "/v1/calls", call).1["error"]["code"], "INBOUND_ONLY");
    hear(&mut bench, &number, ANN);
    send(&mut bench, &number, ANN);
}
