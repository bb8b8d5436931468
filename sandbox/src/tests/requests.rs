//! What every request passes before its handler: keys, routes, accounts, the shape of query and body.

use super::{Bench, header, json_of, text};
use serde_json::{Value, json};

const KEY: (&str, &str) = ("authorization", "Bearer sk_live_abc");

#[test]
fn a_key_is_required_and_any_well_formed_one_is_accepted() {
    for (given, status) in [
        (None, 401),
        (Some(""), 401),
        (Some("sk_live_abc"), 401),
        (Some("Basic sk_live_abc"), 401),
        (Some("Bearer"), 401),
        (Some("Bearer "), 401),
        (Some("Bearer sk_"), 401),
        (Some("Bearer pk_live_abc"), 401),
        (Some("Bearer sk_a b"), 401),
        (Some("Bearer sk_live_abc"), 200),
        (Some("bearer sk_test_1"), 200),
    ] {
        let headers: Vec<(&str, &str)> = given.map(|v| ("Authorization", v)).into_iter().collect();
        let response = Bench::new().raw("GET", "/v1/agents", &headers, b"");
        assert_eq!(response.status, status, "{given:?}");
        if status == 401 {
            assert!(json_of(&response)["detail"].is_string(), "{given:?}");
            assert_eq!(header(&response, "www-authenticate"), Some("Bearer"));
        }
    }
}

#[test]
fn unknown_paths_and_wrong_methods_get_different_errors() {
    let mut bench = Bench::new();
    let missing = bench.send("GET", "/v1/nothing", Value::Null);
    assert_eq!((missing.status, text(&missing).as_str()), (404, r#"{"detail":"Not Found"}"#));
    let wrong = bench.send("DELETE", "/v1/calls/abc", Value::Null);
    assert_eq!((wrong.status, text(&wrong).as_str()), (405, r#"{"detail":"Method Not Allowed"}"#));
    assert_eq!(header(&wrong, "allow"), Some("GET"));
}

#[test]
fn every_response_has_its_own_request_id() {
    let mut bench = Bench::new();
    let ids: Vec<String> = ["/v1/agents", "/v1/nothing", "/__sandbox/health"]
        .into_iter()
        .map(|target| header(&bench.send("GET", target, Value::Null), "x-request-id").unwrap().to_owned())
        .collect();
    assert!(ids.iter().all(|id| id.starts_with("req_")), "{ids:?}");
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn sub_accounts_see_only_their_own_and_share_the_wallet() {
    let mut bench = Bench::new();
    bench.create("/v1/agents", json!({ "name": "Master" }));
    let id = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    let sub = [KEY, ("X-Sub-Account-Id", id.as_str())];
    let total = |b: &mut Bench, headers: &[(&str, &str)]| {
        json_of(&b.raw("GET", "/v1/agents", headers, b""))["total"].clone()
    };
    assert_eq!((total(&mut bench, &[KEY]), total(&mut bench, &sub)), (json!(1), json!(0)));
    bench.raw("POST", "/v1/agents", &sub, br#"{"name":"Sub"}"#);
    assert_eq!((total(&mut bench, &[KEY]), total(&mut bench, &sub)), (json!(1), json!(1)));
    let phones: Vec<Value> = [&[KEY][..], &sub[..]]
        .into_iter()
        .map(|headers| json_of(&bench.raw("POST", "/v1/numbers", headers, b""))["phoneNumber"].clone())
        .collect();
    assert_ne!(phones[0], phones[1], "a number is sold once");
    assert_eq!(bench.ledger()["moneySpentCents"], 600);
    let unknown = [KEY, ("X-Sub-Account-Id", "sub_1")];
    let refused = bench.raw("GET", "/v1/agents", &unknown, b"");
    assert_eq!((refused.status, json_of(&refused)), (404, json!({ "detail": "Sub-account not found" })));
    let nested = bench.raw("POST", "/v1/sub-accounts", &sub, br#"{"name":"Deeper"}"#);
    assert_eq!(nested.status, 403, "sub-accounts are one level deep");
}

#[test]
fn a_body_of_the_wrong_shape_gets_the_frameworks_list() {
    for (body, loc, kind) in [
        ("", json!(["body"]), "missing"),
        ("{}", json!(["body", "name"]), "missing"),
        ("[]", json!(["body"]), "dict_type"),
        ("null", json!(["body"]), "dict_type"),
        (r#"{"name":5}"#, json!(["body", "name"]), "string_type"),
        (r#"{"name":"A","voiceMode":"robot"}"#, json!(["body", "voiceMode"]), "enum"),
        (r#"{"name":"A","voiceMode":null}"#, json!(["body", "voiceMode"]), "string_type"),
        (r#"{"name":"A","language":"xx"}"#, json!(["body", "language"]), "enum"),
        (r#"{"name":"A","voiceSpeed":2.5}"#, json!(["body", "voiceSpeed"]), "less_than_equal"),
        (r#"{"name":"A","maxSilenceMs":10000.5}"#, json!(["body", "maxSilenceMs"]), "int_type"),
        (r#"{"name":"A","maxSilenceMs":9999}"#, json!(["body", "maxSilenceMs"]), "greater_than_equal"),
        (r#"{"name":"A","enableMessaging":"yes"}"#, json!(["body", "enableMessaging"]), "bool_type"),
        (
            r#"{"name":"A","customTools":[{"name":"t"}]}"#,
            json!(["body", "customTools", 0, "description"]),
            "missing",
        ),
        (r#"{"name":"#, json!(["body", 7]), "json_invalid"),
        ("{\n\"name\": oops}", json!(["body", 10]), "json_invalid"),
        (r#"{"name":"A"} trailing"#, json!(["body", 13]), "json_invalid"),
    ] {
        let mut bench = Bench::new();
        let response = bench.raw("POST", "/v1/agents", &[KEY], body.as_bytes());
        assert_eq!(response.status, 422, "{body}");
        let item = &json_of(&response)["detail"][0];
        assert_eq!((&item["loc"], &item["type"]), (&loc, &json!(kind)), "{body}");
        assert!(item["msg"].is_string());
        assert_eq!(bench.get("/v1/agents")["total"], 0, "{body}");
    }
}

#[test]
fn a_pattern_is_the_apis_own_rule_but_shape_errors_come_first() {
    let tool = |name: &str| json!({ "name": name, "description": "d", "url": "https://example.com" });
    let mut bench = Bench::new();
    let (status, body) =
        bench.fails("POST", "/v1/agents", json!({ "name": "A", "customTools": [tool("no spaces")] }));
    assert_eq!((status, &body["error"]["details"][0]["field"]), (400, &json!("customTools.0.name")));
    let (status, body) =
        bench.fails("POST", "/v1/agents", json!({ "name": 5, "customTools": [tool("no spaces")] }));
    assert_eq!((status, body["detail"].as_array().unwrap().len()), (422, 2));
}

#[test]
fn unknown_fields_are_accepted_and_five_point_zero_is_five() {
    let mut bench = Bench::new();
    bench.create("/v1/agents", json!({ "name": "A", "shoeSize": 44, "maxSilenceMs": 10000.0 }));
}

#[test]
fn a_body_declared_as_something_else_is_not_read_as_json() {
    for (content_type, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/vnd.api+json", 200),
        ("text/plain", 422),
        ("application/x-www-form-urlencoded", 422),
    ] {
        let headers = [KEY, ("Content-Type", content_type)];
        let response = Bench::new().raw("POST", "/v1/agents", &headers, br#"{"name":"A"}"#);
        assert_eq!(response.status, status, "{content_type}");
    }
}

#[test]
fn the_query_is_checked_by_the_contract() {
    let mut bench = Bench::new();
    for (query, kind) in [
        ("limit=0", "greater_than_equal"),
        ("limit=101", "less_than_equal"),
        ("limit=", "int_parsing"),
        ("limit=ten", "int_parsing"),
        ("limit=1.5", "int_parsing"),
        ("limit=5&limit=x", "int_parsing"),
        ("offset=-1", "greater_than_equal"),
    ] {
        let (status, body) = bench.fails("GET", &format!("/v1/agents?{query}"), Value::Null);
        assert_eq!((status, &body["detail"][0]["type"]), (422, &json!(kind)), "{query}");
        assert_eq!(body["detail"][0]["loc"][0], "query", "{query}");
    }
    bench.get("/v1/agents?limit=100&offset=0&unknown=1");
}

#[test]
fn a_head_request_is_handled_like_its_get() {
    assert_eq!(Bench::new().send("HEAD", "/v1/agents", Value::Null).status, 200);
}
