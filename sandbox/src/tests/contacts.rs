//! The address book.

use super::{Bench, ids};
use serde_json::{Value, json};

fn book(names: &[(&str, &str)]) -> (Bench, Vec<String>) {
    let mut bench = Bench::new();
    let add = |(phone, name): &(&str, &str)| {
        bench.create("/v1/contacts", json!({ "phoneNumber": phone, "name": name }))
    };
    let ids = names.iter().map(add).collect();
    (bench, ids)
}

#[test]
fn a_number_is_in_the_address_book_once_however_it_is_written() {
    let (mut bench, ids) = book(&[("+14155550100", "Ann"), ("+14155550101", "Bob")]);
    let again = json!({ "phoneNumber": "(415) 555-0100", "name": "Other" });
    assert_eq!(bench.fails("POST", "/v1/contacts", again.clone()).0, 409);
    let other = format!("/v1/contacts/{}", ids[1]);
    assert_eq!(bench.fails("PATCH", &other, json!({ "phoneNumber": "+14155550100" })).0, 409);
    bench.ok("PATCH", &other, json!({ "phoneNumber": "+14155550101" }));
    bench.delete(&format!("/v1/contacts/{}", ids[0]));
    bench.ok("POST", "/v1/contacts", again);
}

#[test]
fn a_patch_changes_only_named_fields_and_null_clears_only_optional_ones() {
    let (mut bench, ids) = book(&[("+14155550100", "Ann")]);
    let path = format!("/v1/contacts/{}", ids[0]);
    bench.now += 1000;
    let changed = bench.ok("PATCH", &path, json!({ "email": "ann@example.com", "notes": "VIP" }));
    assert_ne!(changed["createdAt"], changed["updatedAt"]);
    let cleared = bench.ok("PATCH", &path, json!({ "email": null, "name": null, "phoneNumber": null }));
    assert_eq!((&cleared["email"], &cleared["notes"]), (&Value::Null, &json!("VIP")));
    assert_eq!((&cleared["name"], &cleared["phoneNumber"]), (&json!("Ann"), &json!("+14155550100")));
    assert_eq!(bench.fails("PATCH", &path, json!({ "name": "" })).0, 400);
}

#[test]
fn a_search_matches_names_and_numbers_and_is_paged() {
    let (mut bench, all) =
        book(&[("+14155550100", "Ann"), ("+14155550111", "Hannah"), ("+12125550122", "Bob")]);
    assert_eq!(ids(&bench.get("/v1/contacts?search=ANN")), [&all[1], &all[0]]);
    assert_eq!(ids(&bench.get("/v1/contacts?search=1212")), [&all[2]]);
    let page = bench.get("/v1/contacts?search=ann&limit=1");
    assert_eq!((&page["hasMore"], &page["total"]), (&json!(true), &json!(2)));
    assert_eq!(bench.get("/v1/contacts?search=nobody")["total"], 0);
}

#[test]
fn an_invalid_number_is_rejected_with_its_field() {
    let mut bench = Bench::new();
    for (body, field) in [
        (json!({ "phoneNumber": "nobody", "name": "Ann" }), "phoneNumber"),
        (json!({ "phoneNumber": "46645", "name": "Ann" }), "phoneNumber"),
        (json!({ "phoneNumber": "+14155550100", "name": "" }), "name"),
    ] {
        let (status, answer) = bench.fails("POST", "/v1/contacts", body);
        assert_eq!((status, &answer["error"]["details"][0]["field"]), (400, &json!(field)));
    }
    assert_eq!(bench.fails("GET", "/v1/contacts/none", Value::Null).0, 404);
    assert_eq!(bench.fails("DELETE", "/v1/contacts/none", Value::Null).0, 404);
}

#[test]
fn capabilities_are_derived_from_the_number() {
    let mut bench = Bench::new();
    for (number, imessage, sms) in
        [("%2B14155550100", true, true), ("%2B14155550101", false, true), ("ann@example.com", true, false)]
    {
        let answer = bench.get(&format!("/v1/contacts/capabilities?phone_number={number}"));
        assert_eq!(answer["capabilities"], json!({ "imessage": imessage, "sms": sms }), "{number}");
    }
    assert_eq!(bench.fails("GET", "/v1/contacts/capabilities?phone_number=x", Value::Null).0, 400);
}
