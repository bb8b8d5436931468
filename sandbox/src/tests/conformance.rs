//! Checks responses against the contract with an independent JSON Schema library, so that the sandbox's
//! validator is not its own judge. One test visits every operation.

use super::host::Host;
use super::{Bench, json_of, text};
use crate::Response;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// An operation's success status, and the schema of its response if it has one.
struct Promise {
    status: u16,
    shape: Option<Validator>,
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/openapi.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
});

static PROMISES: LazyLock<BTreeMap<String, Promise>> = LazyLock::new(|| {
    let operations = DOCUMENT["paths"].as_object().unwrap().values().flat_map(|p| p.as_object().unwrap());
    operations.filter_map(|(_, o)| Some((o.get("operationId")?.as_str()?.to_owned(), promise(o)))).collect()
});

fn promise(operation: &Value) -> Promise {
    let responses = operation["responses"].as_object().unwrap();
    let (status, answer) = responses.iter().find(|(s, _)| s.starts_with('2')).unwrap();
    let shape = answer.pointer("/content/application~1json/schema").map(|schema| {
        let whole = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap()
    });
    Promise { status: status.parse().unwrap(), shape }
}

/// Panics unless a response is the success that the contract describes. Returns its body.
pub(super) fn hold(operation: &str, response: &Response) -> Value {
    let promise = &PROMISES[operation];
    assert_eq!(response.status, promise.status, "{operation}: {}", text(response));
    let Some(shape) = &promise.shape else {
        assert!(response.status != 204 || response.body.is_empty(), "{operation} answers 204 with a body");
        return Value::Null;
    };
    let body = json_of(response);
    let issues: Vec<String> =
        shape.iter_errors(&body).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert!(issues.is_empty(), "{operation} answers {body}: {issues:?}");
    body
}

#[test]
fn the_contract_check_can_fail() {
    let agent = PROMISES["agents.get"].shape.as_ref().unwrap();
    let sound = json!({
        "id": "a", "name": "A", "description": null, "voiceMode": "webhook", "voice": "v",
        "createdAt": "2026-11-22T12:00:00.000Z",
    });
    assert!(agent.is_valid(&sound));
    for (field, wrong) in [("name", Value::Null), ("voiceMode", json!("x")), ("createdAt", json!("soon"))] {
        let mut broken = sound.clone();
        broken[field] = wrong;
        assert!(!agent.is_valid(&broken), "{field}");
    }
}

#[test]
fn every_implemented_operation_responds_in_the_shape_of_the_contract() {
    let (mut bench, agent, number) = Bench::staffed();
    visit_agents_and_numbers(&mut bench, &agent, &number);
    visit_texts(&mut bench);
    visit_contacts(&mut bench);
    visit_calls(&mut bench, &agent, &number);
    visit_webhooks(&mut bench, &agent);
    visit_usage(&mut bench);
    visit_services(&mut bench);
    visit_whatsapp(&mut bench, &number);
    visit_accounts(&mut bench);
    bench.delete(&format!("/v1/numbers/{number}"));
    bench.delete(&format!("/v1/agents/{agent}"));
    let performed: BTreeSet<String> = crate::resources::performed().map(str::to_owned).collect();
    let missed: Vec<&String> = performed.difference(&bench.seen).collect();
    assert!(missed.is_empty(), "nobody visited {missed:?}");
}

fn visit_agents_and_numbers(bench: &mut Bench, agent: &str, number: &str) {
    let line = bench.create("/v1/numbers", json!({ "type": "imessage", "country": "CA" }));
    for target in [
        "/v1/agents/voices",
        "/v1/agents",
        &format!("/v1/agents/{agent}"),
        "/v1/numbers",
        &format!("/v1/numbers/{number}"),
        "/v1/numbers/available?areaCode=212&limit=3",
        "/v1/numbers/lookup?phoneNumbers=%2B14155550100,%2B18005550108,nonsense",
        &format!("/v1/numbers/{line}/contact-card"),
    ] {
        bench.get(target);
    }
    bench.ok("PATCH", &format!("/v1/agents/{agent}"), json!({ "name": "Sales" }));
    bench.ok("PATCH", &format!("/v1/numbers/{number}"), json!({ "externalId": "front desk" }));
    bench.ok("PATCH", &format!("/v1/numbers/{number}/voice-routing"), json!({ "method": "agent" }));
    bench.ok("POST", &format!("/v1/agents/{agent}/numbers"), json!({ "numberId": line }));
    bench.delete(&format!("/v1/agents/{agent}/numbers/{line}"));
    bench.ok("PUT", &format!("/v1/numbers/{line}/contact-card"), json!({ "firstName": "Ann" }));
    bench.delete(&format!("/v1/numbers/{line}/contact-card"));
}

fn visit_texts(bench: &mut Bench) {
    let agent = bench.create("/v1/agents", json!({ "name": "Texter" }));
    let line = bench.create("/v1/numbers", json!({ "type": "imessage", "agentId": agent }));
    let group = json!({ "number_id": line, "recipients": ["+14155550100", "ann@example.com"], "body": "Hi" });
    let sent = bench.ok("POST", "/v1/messages", group);
    let (message, thread) = (sent["id"].as_str().unwrap(), sent["conversation_id"].as_str().unwrap());
    bench.ok("POST", &format!("/v1/messages/{message}/reactions"), json!({ "reaction": "love" }));
    bench.now += 2000;
    for target in [
        "/v1/conversations".to_owned(),
        format!("/v1/conversations?agent_id={agent}"),
        format!("/v1/agents/{agent}/conversations"),
        format!("/v1/conversations/{thread}"),
        format!("/v1/conversations/{thread}/messages"),
        format!("/v1/numbers/{line}/messages"),
        format!("/v1/messages/{message}/media"),
    ] {
        bench.get(&target);
    }
    let thread = format!("/v1/conversations/{thread}");
    bench.ok("PATCH", &thread, json!({ "metadata": { "step": 1 }, "group_name": "Friends" }));
    bench.ok("POST", &format!("{thread}/typing"), Value::Null);
    let picture = json!({ "image_url": "https://example.com/1.png" });
    bench.ok("POST", &format!("{thread}/background"), picture);
    bench.delete(&format!("{thread}/background"));
}

fn visit_contacts(bench: &mut Bench) {
    let contact = bench.create("/v1/contacts", json!({ "phoneNumber": "+14155550100", "name": "Ann" }));
    let contact = format!("/v1/contacts/{contact}");
    for target in ["/v1/contacts", "/v1/contacts/capabilities?phone_number=4155550100", &contact] {
        bench.get(target);
    }
    bench.ok("PATCH", &contact, json!({ "email": "ann@example.com" }));
    bench.delete(&contact);
}

fn visit_calls(bench: &mut Bench, agent: &str, number: &str) {
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    let call = bench.call(agent);
    bench.ok("POST", "/v1/calls/web", json!({ "agentId": agent }));
    bench.now += 5000;
    for target in [
        "/v1/calls".to_owned(),
        format!("/v1/agents/{agent}/calls"),
        format!("/v1/numbers/{number}/calls"),
        format!("/v1/calls/{call}"),
        format!("/v1/calls/{call}/transcript"),
        format!("/v1/calls/{call}/transcript/stream"),
    ] {
        bench.get(&target);
    }
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    bench.get(&format!("/v1/calls/{call}/recording"));
}

fn visit_webhooks(bench: &mut Bench, agent: &str) {
    let own = format!("/v1/agents/{agent}/webhook");
    for root in ["/v1/webhooks", &own] {
        bench.get(root);
        bench.ok("POST", root, json!({ "url": "https://example.com/hook" }));
        bench.get(root);
        let asked = bench.send("POST", &format!("{root}/test"), Value::Null);
        let tested = Host::default().answer(bench, asked, 200, "thank you");
        let operation = if root == own { "agents.webhook.test" } else { "webhooks.test" };
        assert_eq!(hold(operation, &tested)["success"], true, "{root}");
        bench.seen.insert(operation.to_owned());
        bench.get(&format!("{root}/deliveries"));
    }
    bench.get("/v1/webhooks/deliveries/stats");
    bench.get("/v1/webhooks/deliveries/all-time");
    bench.delete("/v1/webhooks");
    bench.delete(&own);
}

fn visit_usage(bench: &mut Bench) {
    for target in [
        "/v1/usage",
        "/v1/usage/daily",
        "/v1/usage/monthly",
        "/v1/usage/by-number",
        "/v1/usage/by-agent?period=month",
    ] {
        bench.get(target);
    }
}

fn visit_services(bench: &mut Bench) {
    bench.get("/v1/register");
    bench.get("/v1/register/status");
    bench.ok("POST", "/v1/register", super::registration::sole_proprietor());
    bench.get("/v1/register");
    bench.get("/v1/register/status");
    bench.ok("PATCH", "/v1/register", json!({ "use_cases": ["marketing"] }));
    let phone = bench.get("/v1/numbers")["data"][0]["phoneNumber"].as_str().unwrap().to_owned();
    bench.get(&format!("/v1/location/{phone}"));
    bench.ok("POST", "/v1/location/refresh", Value::Null);
    bench.now += 20_000;
    bench.get(&format!("/v1/location/{phone}"));
    let trunk = bench.create("/v1/sip-trunks", json!({ "name": "Office" }));
    bench.get("/v1/sip-trunks");
    bench.get(&format!("/v1/sip-trunks/{trunk}"));
    bench.ok("PATCH", &format!("/v1/sip-trunks/{trunk}"), json!({}));
    bench.delete(&format!("/v1/sip-trunks/{trunk}"));
    bench.ok("POST", "/v1/feedback", json!({ "category": "bug", "note": "Hello" }));
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    bench.get("/auth/me");
}

fn visit_whatsapp(bench: &mut Bench, number: &str) {
    let connection = bench.create("/integrations/whatsapp/connect", json!({ "code": "abc" }));
    let root = format!("/integrations/whatsapp/{connection}");
    bench.get("/integrations/whatsapp/status");
    bench.get(&format!("{root}/available-numbers"));
    bench.ok("POST", &format!("{root}/numbers"), json!({ "phone_number_id": number }));
    let template = json!({ "name": "hello", "category": "utility" });
    bench.ok("POST", &format!("{root}/templates"), template);
    bench.get(&format!("{root}/templates?status=PENDING"));
    bench.delete(&format!("{root}/templates?name=hello"));
    bench.delete(&root);
}

fn visit_accounts(bench: &mut Bench) {
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    bench.get("/v1/sub-accounts?stats_days=90&limit=500");
    bench.ok("PATCH", &format!("/v1/sub-accounts/{sub}"), json!({ "name": "Other" }));
    bench.delete(&format!("/v1/sub-accounts/{sub}"));
    let sent = bench.ok("POST", "/v1/verify/send", json!({ "phone_number": "+14155550100" }));
    let check = json!({ "verification_id": sent["verification_id"], "code": "123456" });
    bench.ok("POST", "/v1/verify/check", check);
    let sent = bench.ok("POST", "/v0/agent/sign-up", json!({ "human_email": "ann@example.com" }));
    let verify = json!({ "verification_id": sent["verification_id"], "otp_code": "123456" });
    bench.ok("POST", "/v0/agent/verify", verify);
}
