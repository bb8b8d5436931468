//! 10DLC registration: its price and its course.

use super::Bench;
use crate::Config;
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;

pub(super) fn sole_proprietor() -> Value {
    json!({
        "registration_type": "sole_proprietor",
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@example.com",
        "phone_number": "+14155550100",
        "street_address": "1 Main Street",
        "city": "San Francisco",
        "state": "CA",
        "zip_code": "94105",
        "description": "Reminders of appointments for the guests of a small salon.",
        "use_cases": ["customer_care"],
        "message_samples": ["Your appointment is tomorrow at ten.", "Your appointment was moved to noon."],
        "consent_flow": "Guests tick a box on the paper form when they book an appointment.",
        "opt_in_image_url": "https://example.com/form.png",
    })
}

fn state(bench: &mut Bench) -> (Value, Value) {
    let answer = bench.get("/v1/register/status");
    (answer["campaign_status"].clone(), answer["stage"].clone())
}

#[test]
fn a_registration_progresses_with_time() {
    let mut bench = Bench::new();
    assert_eq!(state(&mut bench).0, "none");
    let filed = bench.ok("POST", "/v1/register", sole_proprietor());
    assert_eq!((&filed["fee_cents"], &bench.ledger()["moneySpentCents"]), (&json!(2500), &json!(2500)));
    let start = bench.now;
    for (days, status, stage) in [
        (0, "pending", json!("brand_review")),
        (2, "pending", json!("campaign_review")),
        (7, "approved", Value::Null),
    ] {
        bench.now = start + days * DAY;
        assert_eq!(state(&mut bench), (json!(status), stage), "day {days}");
    }
    assert_eq!(bench.get("/v1/register")["city"], "San Francisco");
}

#[test]
fn a_registration_is_paid_once_and_a_second_one_is_rejected() {
    let mut bench = Bench::new();
    bench.ok("POST", "/v1/register", sole_proprietor());
    assert_eq!(bench.fails("POST", "/v1/register", sole_proprietor()).0, 409);
    assert_eq!(bench.ledger()["moneySpentCents"], 2500);
}

#[test]
fn a_rejected_registration_can_be_filed_again() {
    let mut bench = Bench::new();
    let mut body = sole_proprietor();
    body["email"] = json!("rejected@example.com");
    bench.ok("POST", "/v1/register", body);
    bench.now += 7 * DAY;
    assert_eq!(state(&mut bench).0, "rejected");
    bench.ok("POST", "/v1/register", sole_proprietor());
}

#[test]
fn a_sub_account_is_created_unless_declined() {
    let mut bench = Bench::new();
    let mut body = sole_proprietor();
    body["create_sub_account"] = json!(false);
    assert_eq!(bench.ok("POST", "/v1/register", body)["sub_account_id"], Value::Null);
    let mut bench = Bench::new();
    let made = bench.ok("POST", "/v1/register", sole_proprietor())["sub_account_id"].clone();
    let known = bench.get("/v1/sub-accounts");
    assert_eq!((&known["data"][0]["id"], &known["data"][0]["name"]), (&made, &json!("Ann Lee")));
}

#[test]
fn a_brand_needs_more_fields_and_high_volume_costs_more() {
    let mut bench = Bench::new();
    let mut body = sole_proprietor();
    body["registration_type"] = json!("high_volume");
    let (status, answer) = bench.fails("POST", "/v1/register", body.clone());
    assert_eq!((status, answer["error"]["details"].as_array().unwrap().len()), (400, 6));
    for (field, value) in [
        ("business_name", "Salon"),
        ("organization_type", "llc"),
        ("contact_title", "ceo"),
        ("ein", "12-3456789"),
        ("privacy_policy_url", "https://example.com/privacy"),
        ("terms_of_service_url", "https://example.com/terms"),
    ] {
        body[field] = json!(value);
    }
    assert_eq!(bench.ok("POST", "/v1/register", body)["fee_cents"], 7000);
}

#[test]
fn only_a_pending_registration_can_change_and_filing_needs_money() {
    let mut bench = Bench::with(Config { balance_cents: 2499, ..Config::default() });
    assert_eq!(bench.fails("POST", "/v1/register", sole_proprietor()).0, 402);
    assert_eq!(bench.fails("PATCH", "/v1/register", json!({ "brand_name": "x" })).0, 404);
    let mut bench = Bench::new();
    bench.ok("POST", "/v1/register", sole_proprietor());
    let changed = bench.ok("PATCH", "/v1/register", json!({ "brand_name": "Salon Lee" }));
    assert_eq!(changed["brand_name"], "Salon Lee");
    bench.now += 7 * DAY;
    assert_eq!(bench.fails("PATCH", "/v1/register", json!({ "brand_name": "x" })).0, 400);
}
