//! The Rust face is made from the contract (`src/typed/generate`): what is made is held against the
//! contract and against the client's own table here; that it compiles and works is tests/typed.rs's.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../src/typed/generate/mod.rs"]
mod generate;

use serde_json::{Value, json};
use std::collections::BTreeSet;

fn contract() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/contract/openapi.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn operations(document: &Value) -> Vec<&Value> {
    let paths = document["paths"].as_object().unwrap().values();
    paths.flat_map(|methods| methods.as_object().unwrap().values()).collect()
}

/// The line of the method that is made of an operation, by its doc comment.
fn method<'a>(code: &'a str, id: &str) -> &'a str {
    let mark = format!("/// Operation `{id}` of the contract.\n");
    let found: Vec<_> = code.split(&mark).skip(1).collect();
    assert_eq!(found.len(), 1, "{id} is made {} times", found.len());
    found[0]
}

#[test]
fn no_operation_of_the_contract_is_without_a_method() {
    let document = contract();
    let code = generate::generate(&document).unwrap();
    let operations = operations(&document);
    for operation in &operations {
        let id = operation["operationId"].as_str().unwrap();
        let method = method(&code, id).lines().take(3).collect::<String>();
        let known = ["Request::new", "PageRequest::new", "RecordingRequest::new", "TranscriptStream::new"];
        assert!(method.starts_with("pub fn "), "{id}: {method}");
        assert!(known.iter().any(|made| method.contains(made)), "{id}: {method}");
    }
    assert_eq!(code.matches("/// Operation `").count(), operations.len());
}

#[test]
fn a_method_and_the_row_that_serves_it_agree_on_ids_input_and_pages() {
    let document = contract();
    let code = generate::generate(&document).unwrap();
    let table = agentphone_wasm::table();
    assert_eq!(table.lines().count(), operations(&document).len());
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [id, _, path, accepts, shape, pages, ..] = words[..] else { panic!("{line}") };
        let made = method(&code, id);
        let signature = made.lines().next().unwrap();
        assert_eq!(signature.matches(": &str").count(), path.matches('{').count(), "{id}: {signature}");
        assert_eq!(signature.contains("input: &"), accepts != "nothing", "{id}: {signature}");
        let expected = match (shape, pages) {
            ("bytes" | "media", _) => "-> RecordingRequest",
            ("events", _) => "-> TranscriptStream",
            (_, "none") => "-> Request<",
            _ => "-> PageRequest<",
        };
        assert!(signature.contains(expected), "{id}: {signature}");
    }
}

/// The names of all schemas that a value leads to.
fn reach(document: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next())
                && document["components"]["schemas"].get(name).is_some()
                && found.insert(name.to_owned())
            {
                reach(document, &document["components"]["schemas"][name], found);
            }
            map.values().for_each(|inner| reach(document, inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| reach(document, inner, found)),
        _ => {}
    }
}

#[test]
fn no_schema_that_an_operation_names_is_without_a_type() {
    let document = contract();
    let code = generate::generate(&document).unwrap();
    let mut names = BTreeSet::new();
    for operation in operations(&document) {
        reach(&document, &operation["requestBody"], &mut names);
        for (status, answer) in operation["responses"].as_object().unwrap() {
            if status.starts_with('2') {
                reach(&document, answer, &mut names);
            }
        }
    }
    assert!(names.len() > 90, "{} schemas reached", names.len());
    let made =
        |name: &String| ["struct", "enum"].iter().any(|kind| code.contains(&format!("pub {kind} {name} {{")));
    let missing: Vec<_> = names.iter().filter(|name| !made(name)).map(String::as_str).collect();
    // The frames of lists, in whose place stands Page, and free-form answers, which are maps.
    let lists = [
        "AgentConversationList",
        "AgentList",
        "AvailableNumberList",
        "CallList",
        "ContactList",
        "ConversationList",
        "ConversationMessageList",
        "NumberLookupList",
        "NumberMessageList",
        "PhoneNumberList",
        "RegistrationDetail",
        "SipTrunkList",
        "SubAccountList",
        "Untyped",
        "UsageByNumber",
        "VoiceList",
        "WebhookDeliveryPage",
    ];
    assert_eq!(missing, lists);
}

#[test]
fn null_and_absence_are_told_apart_where_both_may_be_sent() {
    let document = json!({
        "components": { "schemas": { "Change": { "type": "object", "required": ["id"], "properties": {
            "id": { "type": "string" },
            "note": { "type": ["string", "null"] },
            "count": { "type": "integer" },
            "mode": { "type": "string", "enum": ["on", "off"] },
        } } } },
        "paths": { "/v1/things": { "patch": {
            "operationId": "things.update",
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Change" } } } },
            "responses": { "200": { "content": { "application/json": { "schema": {
                "type": "object", "additionalProperties": true,
            } } } } },
        } } },
    });
    let code = generate::generate(&document).unwrap();
    for line in [
        "pub id: String,",
        "pub note: Patch<String>,",
        "pub count: Option<i64>,",
        "pub mode: Option<Mode>,",
        "pub fn update(&self, input: &Change) -> Request<Extra> {",
    ] {
        assert!(code.contains(line), "{line} is missing in\n{code}");
    }
}

#[test]
fn a_contract_that_names_what_it_does_not_hold_makes_no_code() {
    let mut document = contract();
    document["components"]["schemas"].as_object_mut().unwrap().remove("Agent");
    assert!(generate::generate(&document).unwrap_err().contains("Agent"));
    assert!(generate::generate(&json!({})).is_err());
}
