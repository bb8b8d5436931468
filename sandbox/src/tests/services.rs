//! SIP trunks, codes, WhatsApp, locations, contact cards, lookups, renewals.

use super::Bench;
use crate::Config;
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;

#[test]
fn a_password_is_shown_when_created_and_never_again() {
    let mut bench = Bench::new();
    let made = bench.ok("POST", "/v1/sip-trunks", Value::Null);
    let path = format!("/v1/sip-trunks/{}", made["id"].as_str().unwrap());
    let password = made["credentials"][0]["password"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&path)["credentials"][0]["password"], Value::Null);
    let renamed = bench.ok("PATCH", &path, json!({ "name": "Office", "transfers": "none" }));
    assert_eq!((&renamed["name"], &renamed["credentials"][0]["password"]), (&json!("Office"), &Value::Null));
    assert_eq!(renamed["credentials"][0]["passwordLast4"], *password.get(16..).unwrap());
    let rotated = bench.ok("PATCH", &path, json!({}));
    assert_ne!(rotated["credentials"][0]["password"], password);
    bench.delete(&path);
    for method in ["GET", "DELETE"] {
        assert_eq!(bench.fails(method, &path, Value::Null).0, 404);
    }
}

#[test]
fn a_code_is_accepted_once_and_only_before_it_expires() {
    let mut bench = Bench::new();
    let send = |b: &mut Bench| {
        let sent = b.ok("POST", "/v1/verify/send", json!({ "phone_number": "+14155550100" }));
        sent["verification_id"].as_str().unwrap().to_owned()
    };
    let check = |b: &mut Bench, id: &str, code: &str| {
        let answer = b.ok("POST", "/v1/verify/check", json!({ "verification_id": id, "code": code }));
        (answer["status"].clone(), answer["valid"].clone())
    };
    let id = send(&mut bench);
    assert_eq!(check(&mut bench, &id, "000000"), (json!("pending"), json!(false)));
    assert_eq!(check(&mut bench, &id, "123456"), (json!("approved"), json!(true)));
    let late = send(&mut bench);
    bench.now += 600_000;
    assert_eq!(check(&mut bench, &late, "123456"), (json!("expired"), json!(false)));
    let guessed = send(&mut bench);
    (0..5).for_each(|_| drop(check(&mut bench, &guessed, "999999")));
    assert_eq!(check(&mut bench, &guessed, "123456"), (json!("expired"), json!(false)));
    assert_eq!(bench.ledger()["codesSent"], 3);
    let unknown = json!({ "verification_id": "none", "code": "123456" });
    assert_eq!(bench.fails("POST", "/v1/verify/check", unknown).0, 404);
    assert_eq!(bench.fails("POST", "/v1/verify/send", json!({ "phone_number": "x" })).0, 400);
}

#[test]
fn whatsapp_is_off_until_an_account_is_connected() {
    let (mut bench, agent, number) = Bench::staffed();
    let (status, answer) = bench.fails("GET", "/integrations/whatsapp/none/templates", Value::Null);
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("WHATSAPP_NOT_ENABLED")));
    let connect = json!({ "code": "abc", "agent_id": agent });
    let root = format!("/integrations/whatsapp/{}", bench.create("/integrations/whatsapp/connect", connect));
    assert_eq!(bench.fails("GET", "/integrations/whatsapp/none/templates", Value::Null).0, 404);
    let offered = bench.get(&format!("{root}/available-numbers"));
    assert_eq!(offered["data"][0]["phone_number_id"], number);
    let body = json!({ "phone_number_id": number });
    bench.ok("POST", &format!("{root}/numbers"), body.clone());
    assert_eq!(bench.fails("POST", &format!("{root}/numbers"), body).0, 409);
    let enabled = |b: &mut Bench| b.get(&format!("/v1/numbers/{number}"))["whatsappEnabled"].clone();
    assert_eq!(enabled(&mut bench), true);
    bench.delete(&root);
    assert_eq!(enabled(&mut bench), false);
    assert_eq!(bench.get("/integrations/whatsapp/status")["connected"], false);
}

#[test]
fn a_template_is_reviewed_filtered_and_unique_per_language() {
    let mut bench = Bench::new();
    let connection = bench.create("/integrations/whatsapp/connect", json!({ "code": "abc" }));
    let root = format!("/integrations/whatsapp/{connection}/templates");
    let template = |language: &str| json!({ "name": "hello", "category": "UTILITY", "language": language });
    let german = bench.create(&root, template("de"));
    bench.create(&root, template("en_US"));
    assert_eq!(bench.fails("POST", &root, template("de")).0, 409);
    let count =
        |b: &mut Bench, query: &str| b.get(&format!("{root}{query}"))["data"].as_array().unwrap().len();
    assert_eq!((count(&mut bench, "?language=de"), count(&mut bench, "?status=APPROVED")), (1, 0));
    bench.now += 60_000;
    assert_eq!(count(&mut bench, "?status=approved&category=utility"), 2);
    bench.delete(&format!("{root}?name=hello&hsm_id={german}"));
    assert_eq!(count(&mut bench, ""), 1);
    bench.delete(&format!("{root}?name=hello"));
    assert_eq!(bench.fails("DELETE", &format!("{root}?name=hello"), Value::Null).0, 404);
    for body in [json!({ "name": "No Good", "category": "UTILITY" }), json!({ "name": "x", "category": "y" })]
    {
        assert_eq!(bench.fails("POST", &root, body).0, 400);
    }
}

#[test]
fn a_location_is_available_twenty_seconds_after_the_request() {
    let mut bench = Bench::new();
    let phone = bench.ok("POST", "/v1/numbers", json!({}))["phoneNumber"].as_str().unwrap().to_owned();
    let path = format!("/v1/location/{phone}");
    let status = |b: &mut Bench| b.get(&path)["status"].clone();
    assert_eq!(status(&mut bench), "unknown");
    bench.ok("POST", "/v1/location/refresh", Value::Null);
    bench.now += 19_999;
    bench.ok("POST", "/v1/location/refresh", Value::Null);
    assert_eq!(status(&mut bench), "pending");
    bench.now += 1;
    assert_eq!(status(&mut bench), "available");
    assert!(bench.get(&path)["latitude"].is_number());
    let (code, answer) = bench.fails("GET", "/v1/location/+14155550100", Value::Null);
    assert_eq!((code, &answer["error"]["code"]), (404, &json!("PHONE_NUMBER_NOT_FOUND")));
}

#[test]
fn a_contact_card_is_replaced_as_a_whole() {
    let mut bench = Bench::new();
    let line = bench.create("/v1/numbers", json!({ "type": "imessage" }));
    let path = format!("/v1/numbers/{line}/contact-card");
    bench.ok("PUT", &path, json!({ "firstName": "Ann", "avatarUrl": "https://example.com/1.png" }));
    bench.ok("PUT", &path, json!({ "lastName": "Lee" }));
    let card = bench.get(&path);
    let expected = json!({ "firstName": null, "lastName": "Lee", "displayName": null, "hasAvatar": false });
    assert_eq!(card, expected);
    bench.delete(&path);
    assert_eq!(bench.get(&path)["lastName"], Value::Null);
}

#[test]
fn a_lookup_accepts_at_most_twenty_five_numbers() {
    let mut bench = Bench::new();
    let list = |count: usize| vec!["%2B14155550107"; count].join(",");
    let found = bench.get(&format!("/v1/numbers/lookup?phoneNumbers={}", list(25)));
    assert_eq!(found["data"].as_array().unwrap().len(), 25);
    assert_eq!((&found["data"][0]["lineType"], &found["data"][0]["country"]), (&json!("voip"), &json!("US")));
    let many = format!("/v1/numbers/lookup?phoneNumbers={}", list(26));
    assert_eq!(bench.fails("GET", &many, Value::Null).0, 400);
    assert_eq!(bench.fails("GET", "/v1/numbers/lookup?phoneNumbers=,", Value::Null).0, 400);
}

#[test]
fn the_recording_add_on_is_charged_each_time_it_is_enabled() {
    let mut bench = Bench::with(Config { balance_cents: 1000, ..Config::default() });
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    assert_eq!(bench.ledger()["moneySpentCents"], 1000);
    assert_eq!(bench.fails("POST", "/credits/recording/enable", Value::Null).0, 402);
}

#[test]
fn a_number_is_paid_each_month_and_lost_after_a_month_unpaid() {
    let mut bench = Bench::with(Config { balance_cents: 700, ..Config::default() });
    let path = format!("/v1/numbers/{}", bench.create("/v1/numbers", json!({})));
    for (days, spent, status) in [
        (29, 300, "active"),
        (30, 600, "active"),
        (60, 600, "active"),
        (89, 600, "active"),
        (90, 600, "released"),
    ] {
        bench.now = super::NOON + days * DAY;
        assert_eq!(bench.get(&path)["status"], status, "day {days}");
        assert_eq!(bench.ledger()["moneySpentCents"], spent, "day {days}");
    }
}
