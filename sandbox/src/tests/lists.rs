//! Lists that lag, lists in another order, and a `startedAt` that is not when the call was placed.

use super::{Bench, ids};
use serde_json::{Value, json};

/// Three calls a second apart, oldest first, with their agent and number.
fn three() -> (Bench, [String; 3], String, String) {
    let (mut bench, agent, number) = Bench::staffed();
    let calls = ["+14155550102", "+14155550103", "+14155550101"].map(|to| {
        bench.now += 1000;
        bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": to }))
    });
    (bench, calls, agent, number)
}

fn listed(bench: &mut Bench, list: &str) -> Vec<String> {
    ids(&bench.get(list)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_list_that_lags_shows_what_is_old_enough_and_a_read_by_id_does_not_lag() {
    let (mut bench, [first, second, third], agent, number) = three();
    bench.fault(json!({ "match": { "operation": "calls.list" }, "lagMs": 1000 }));
    let page = bench.get("/v1/calls?limit=1");
    assert_eq!(
        (ids(&page), &page["total"], &page["hasMore"]),
        (vec![second.as_str()], &json!(2), &json!(true))
    );
    assert_eq!(listed(&mut bench, "/v1/calls?limit=1&offset=1"), [first.as_str()]);
    assert_eq!(listed(&mut bench, "/v1/calls?search=5550101"), Vec::<String>::new());
    assert_eq!(bench.get(&format!("/v1/calls/{third}"))["id"], json!(third));
    for other in [format!("/v1/agents/{agent}/calls"), format!("/v1/numbers/{number}/calls")] {
        assert_eq!(bench.get(&other)["total"], 3, "the rule is for one list: {other}");
    }
    bench.now += 1000;
    assert_eq!(listed(&mut bench, "/v1/calls"), [third, second, first]);
}

#[test]
fn every_list_of_created_objects_can_lag() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.call(&agent);
    bench.ok(
        "POST",
        "/v1/messages",
        json!({ "number_id": number, "to_number": "+14155550100", "body": "Hi" }),
    );
    bench.create("/v1/contacts", json!({ "phoneNumber": "+14155550100", "name": "Ann" }));
    bench.create("/v1/sub-accounts", json!({ "name": "Shop" }));
    bench.create("/v1/sip-trunks", json!({}));
    let connection = bench.create("/integrations/whatsapp/connect", json!({ "code": "abc" }));
    let templates = format!("/integrations/whatsapp/{connection}/templates");
    bench.create(&templates, json!({ "name": "hello", "category": "UTILITY" }));
    let thread = bench.get("/v1/conversations")["data"][0]["id"].as_str().unwrap().to_owned();
    bench.fault(json!({ "lagMs": 5000 }));
    let lists = [
        "/v1/agents".to_owned(),
        "/v1/numbers".to_owned(),
        "/v1/calls".to_owned(),
        "/v1/contacts".to_owned(),
        "/v1/conversations".to_owned(),
        "/v1/sub-accounts".to_owned(),
        "/v1/sip-trunks".to_owned(),
        templates,
        format!("/v1/agents/{agent}/calls"),
        format!("/v1/agents/{agent}/conversations"),
        format!("/v1/numbers/{number}/calls"),
        format!("/v1/numbers/{number}/messages"),
        format!("/v1/conversations/{thread}/messages"),
    ];
    for list in &lists {
        assert_eq!(listed(&mut bench, list).len(), 0, "{list}");
    }
    bench.now += 5000;
    for list in &lists {
        assert_eq!(listed(&mut bench, list).len(), 1, "{list}");
    }
    let hits = bench.get("/__sandbox/faults")["data"][0]["hits"].clone();
    assert_eq!(hits, lists.len() * 2, "and nothing but lists meets the rule");
}

#[test]
fn a_list_can_have_another_order_and_its_pages_are_consistent() {
    for (order, expected) in [
        ("oldest", [0, 1, 2]),
        // Descending.
        ("toNumber", [1, 0, 2]),
        ("startedAt", [2, 1, 0]),
        // None of them has it, so the order stays.
        ("name", [2, 1, 0]),
    ] {
        let (mut bench, calls, ..) = three();
        bench.fault(json!({ "order": order }));
        let expected = expected.map(|place: usize| calls[place].clone());
        assert_eq!(listed(&mut bench, "/v1/calls"), expected, "{order}");
        let pages: Vec<String> = (0..3)
            .flat_map(|offset| listed(&mut bench, &format!("/v1/calls?limit=1&offset={offset}")))
            .collect();
        assert_eq!(pages, expected, "{order}");
    }
}

#[test]
fn objects_without_the_field_come_last_and_numbers_are_not_sorted_as_text() {
    let (mut bench, [first, second, third], ..) = three();
    bench.ok("POST", &format!("/v1/calls/{second}/end"), Value::Null);
    bench.now += 10_500;
    bench.ok("POST", &format!("/v1/calls/{first}/end"), Value::Null);
    bench.fault(json!({ "match": { "operation": "calls.list" }, "order": "durationSeconds" }));
    let page = bench.get("/v1/calls");
    let seconds: Vec<Option<u64>> =
        page["data"].as_array().unwrap().iter().map(|call| call["durationSeconds"].as_u64()).collect();
    assert!(seconds.is_sorted_by(|a, b| a >= b), "{seconds:?}");
    assert_eq!(ids(&page).last(), Some(&second.as_str()), "{third}");
}

#[test]
fn a_shuffled_list_has_a_new_order_that_is_the_same_each_time() {
    let (mut bench, agent, _) = Bench::staffed();
    for _ in 0..30 {
        bench.call(&agent);
    }
    let plain = listed(&mut bench, "/v1/calls?limit=100");
    bench.fault(json!({ "order": "shuffled" }));
    let shuffled = listed(&mut bench, "/v1/calls?limit=100");
    assert_eq!(listed(&mut bench, "/v1/calls?limit=100"), shuffled);
    let reversed: Vec<String> = plain.iter().rev().cloned().collect();
    assert!(shuffled != plain && shuffled != reversed);
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(shuffled), sorted(plain));
}

#[test]
fn texts_between_two_times_can_lag_and_be_reversed_too() {
    let (mut bench, _, number) = Bench::staffed();
    let sent: Vec<String> = (0..4)
        .map(|n| {
            bench.now += 1000;
            let text = json!({ "number_id": number, "to_number": "+14155550100", "body": n.to_string() });
            bench.create("/v1/messages", text)
        })
        .collect();
    let list = format!("/v1/numbers/{number}/messages");
    let times: Vec<String> = bench.get(&list)["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text["receivedAt"].as_str().unwrap().to_owned())
        .collect();
    bench.fault(
        json!({ "match": { "operation": "numbers.messages.list" }, "lagMs": 1000, "order": "oldest" }),
    );
    assert_eq!(listed(&mut bench, &list), sent[..3]);
    assert_eq!(listed(&mut bench, &format!("{list}?after={}", times[3])), sent[1..3]);
    assert_eq!(listed(&mut bench, &format!("{list}?before={}", times[1])), sent[..2]);
    let page = bench.get(&format!("{list}?limit=2"));
    assert_eq!((ids(&page).len(), &page["hasMore"]), (2, &json!(true)));
    let page = bench.get(&format!("{list}?limit=2&offset=2"));
    assert_eq!((ids(&page), &page["hasMore"]), (vec![sent[2].as_str()], &json!(false)));
}

#[test]
fn a_page_that_lags_can_also_be_lost() {
    let (mut bench, ..) = three();
    bench.fault(json!({ "match": { "operation": "calls.list" }, "status": 503, "times": 1 }));
    bench.fault(json!({ "match": { "operation": "calls.list" }, "lagMs": 1000, "delayMs": 40 }));
    assert_eq!(bench.send("GET", "/v1/calls", Value::Null).status, 503);
    let late = bench.send("GET", "/v1/calls", Value::Null);
    assert_eq!((late.delivery.delay_ms, super::json_of(&late)["total"].clone()), (40, json!(2)));
}

#[test]
fn started_at_can_be_the_time_of_the_answer() {
    for (word, before) in [("answered", Some(Value::Null)), ("missing", None)] {
        let (mut bench, agent, _) = Bench::staffed();
        bench.ok("POST", "/v1/webhooks", json!({ "url": "https://example.com" }));
        bench.fault(json!({ "match": { "toNumber": "+14155550111" }, "startedAt": word }));
        let body = json!({ "agentId": agent, "toNumber": "+14155550111" });
        let placed = super::json_of(&bench.send("POST", "/v1/calls", body));
        assert_eq!(placed.get("startedAt"), before.as_ref(), "{word}");
        let path = format!("/v1/calls/{}", placed["id"].as_str().unwrap());
        let seen = |bench: &mut Bench, path: &str| super::json_of(&bench.send("GET", path, Value::Null));
        assert_eq!(seen(&mut bench, "/v1/calls")["data"][0].get("startedAt"), before.as_ref(), "{word}");
        let asked = bench.now;
        bench.now += 60_000;
        // 300 ms until it rings, 1500 until it is answered.
        let answered = json!(crate::time::iso(asked + 1800));
        assert_eq!(seen(&mut bench, &path)["startedAt"], answered, "{word}");
        assert_eq!(seen(&mut bench, "/v1/calls")["data"][0]["startedAt"], answered, "{word}");
        // Other calls are unaffected.
        let now = crate::time::iso(bench.now);
        assert_eq!(
            bench.ok("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }))["startedAt"],
            now
        );
    }
}
