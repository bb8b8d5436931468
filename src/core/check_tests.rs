//! What each check refuses and lets through, the words it refuses with, and that no value of a caller
//! ever stands in them.

use super::super::rule::{ANY, Rule};
use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const SENDER: Check = Check::OneOf(&["agent_id", "number_id", "from_number"]);
const SAMPLES: Rule = Rule::Items(2, 5, &Rule::Length(20, 1024));
const TOOLS: Rule = Rule::Items(
    0,
    20,
    &Rule::Object(&[
        Check::Needs("name", Rule::Word(64)),
        Check::MayBeNull("timeoutMs", Rule::Whole(1000, 120_000)),
    ]),
);

fn said(check: Check, input: &Value) -> String {
    check.problem(input).unwrap_or_default()
}

/// The words about a field that holds `value`, which is neither absent nor null.
fn of(rule: Rule, value: Value) -> String {
    said(Check::Needs("field", rule), &json!({ "field": value }))
}

#[test]
fn absence_and_null_pass_only_where_they_may() {
    for (check, absent, null) in [
        (Check::Needs("a", Rule::Text), "a is missing", "a is missing"),
        (Check::May("a", Rule::Text), "", "a must be a string"),
        (Check::MayBeNull("a", Rule::Text), "", ""),
    ] {
        assert_eq!(said(check, &json!({})), absent, "{check:?}");
        assert_eq!(said(check, &json!({ "a": null })), null, "{check:?}");
        assert_eq!(said(check, &json!({ "a": "x", "unknown": 1 })), "", "{check:?}");
        assert_eq!(said(check, &json!({ "a": 1 })), "a must be a string", "{check:?}");
    }
}

#[test]
fn an_input_that_is_no_object_breaks_only_what_is_needed() {
    for input in [json!(null), json!(7), json!("text"), json!([1])] {
        assert_eq!(said(Check::Needs("a", Rule::Text), &input), "a is missing");
        assert_eq!(said(Check::May("a", Rule::Text), &input), "");
        assert_eq!(said(SENDER, &input), "exactly one of agent_id, number_id, from_number must be given");
    }
}

#[test]
fn a_phone_number_that_no_carrier_can_ring_is_told_before_it_costs_anything() {
    let words = "field must be a phone number in E.164 form, such as +14155550100";
    for good in ["+14155550100", "+49301234567", "+123456789012345", "+12"] {
        assert_eq!(of(Rule::Phone, json!(good)), "", "{good}");
    }
    for bad in ["", "+", "+1", "14155550100", "+04155550100", "+1 415 555 0100", "+1234567890123456", "+١٢٣"]
    {
        assert_eq!(of(Rule::Phone, json!(bad)), words, "{bad}");
    }
    assert_eq!(of(Rule::Phone, json!(14_155_550_100_u64)), words);
    assert_eq!(of(Rule::PhoneOrEmpty, json!("")), "");
    assert_eq!(of(Rule::PhoneOrEmpty, json!("tel")), [words, ", or empty"].concat());
}

#[test]
fn a_text_may_go_wherever_the_api_can_send_it() {
    for good in ["+14155550100", "(415) 555-0100", "415.555.0100", "72345", "a@b.test", "grp_1"] {
        assert_eq!(of(Rule::Recipient, json!(good)), "", "{good}");
    }
    for bad in ["", "12", "Bob", "@b.test", "a@", "grp_", "agt_1", "+1415555O100"] {
        assert_eq!(
            of(Rule::Recipient, json!(bad)),
            "field must be a phone number, a short code, an email address or a grp_ id",
            "{bad}"
        );
    }
}

#[test]
fn a_lookup_takes_25_numbers_in_either_form_and_no_26th() {
    let numbers = |count: usize| vec!["+14155550100"; count];
    let rule = Rule::Phones(25);
    for count in [1, 25] {
        assert_eq!(of(rule, json!(numbers(count))), "");
        assert_eq!(of(rule, json!(numbers(count).join(","))), "");
    }
    assert_eq!(of(rule, json!(numbers(26))), "field must be an array of 1 to 25 items");
    let words = "field must be 1 to 25 phone numbers in E.164 form, in an array or with commas between them";
    for bad in [json!(numbers(26).join(",")), json!(""), json!("+12,"), json!("+12, +13")] {
        assert_eq!(of(rule, bad.clone()), words, "{bad}");
    }
    let nested = of(rule, json!(["+12", "13"]));
    assert_eq!(nested, "field[1] must be a phone number in E.164 form, such as +14155550100");
    assert_eq!(of(rule, json!(7)), "field must be an array of 1 to 25 items");
}

#[test]
fn only_what_is_checked_as_a_list_may_be_an_array_in_a_query() {
    assert!(Check::Needs("a", Rule::Phones(25)).is_of_array("a"));
    assert!(Check::May("a", SAMPLES).is_of_array("a"));
    assert!(!Check::Needs("a", Rule::Phones(25)).is_of_array("b"));
    assert!(!Check::Needs("a", Rule::Text).is_of_array("a"));
    assert!(!Check::OneOf(&["a"]).is_of_array("a"));
}

#[test]
fn each_rule_names_its_bounds() {
    for (rule, bad, words) in [
        (Rule::Length(1, 100), json!(""), "field must be a string of 1 to 100 characters"),
        (Rule::Length(40, ANY), json!("short"), "field must be a string of at least 40 characters"),
        (Rule::Digits(3), json!("41"), "field must be a string of 3 digits"),
        (Rule::Country, json!("usa"), "field must be a country code of two capital letters"),
        (Rule::Word(64), json!("a b"), "field must be a string of 1 to 64 letters, digits, _ or -"),
        (Rule::Whole(5, 120), json!(4), "field must be a whole number, 5 to 120"),
        (Rule::Whole(1, ANY), json!(0), "field must be a whole number, at least 1"),
        (Rule::Whole(5, 120), json!(5.5), "field must be a whole number, 5 to 120"),
        (Rule::Tenths(5, 20), json!(2.01), "field must be a number, 0.5 to 2"),
        (Rule::Tenths(5, 20), json!("1"), "field must be a number, 0.5 to 2"),
        (Rule::Items(2, ANY, &Rule::Text), json!(["x"]), "field must be an array of at least 2 items"),
        (Rule::Items(2, 5, &Rule::Text), json!({}), "field must be an array of 2 to 5 items"),
        (Rule::Object(&[]), json!([]), "field must be an object"),
    ] {
        assert_eq!(of(rule, bad), words);
    }
}

#[test]
fn a_problem_inside_a_list_is_told_with_its_place() {
    let good = "twenty characters and more";
    assert_eq!(of(SAMPLES, json!([good, good])), "");
    assert_eq!(of(SAMPLES, json!([good, "short"])), "field[1] must be a string of 20 to 1024 characters");
    assert_eq!(of(TOOLS, json!([])), "");
    assert_eq!(of(TOOLS, json!([{ "name": "a-b_1" }, {}])), "field[1].name is missing");
    assert_eq!(of(TOOLS, json!([{ "name": "a", "timeoutMs": null }])), "");
    assert_eq!(
        of(TOOLS, json!([{ "name": "a", "timeoutMs": 999 }])),
        "field[0].timeoutMs must be a whole number, 1000 to 120000"
    );
}

#[test]
fn a_text_has_one_sender_and_no_second() {
    let words = "exactly one of agent_id, number_id, from_number must be given";
    assert_eq!(said(SENDER, &json!({ "agent_id": "a" })), "");
    assert_eq!(said(SENDER, &json!({ "agent_id": "a", "number_id": null })), "");
    assert_eq!(said(SENDER, &json!({ "number_id": null })), words);
    assert_eq!(said(SENDER, &json!({ "agent_id": "a", "from_number": "+12" })), words);
}

#[test]
fn a_carousel_has_no_body_and_nothing_empty_is_sent() {
    let check = Check::BodyOrMedia;
    for good in [
        json!({ "body": "x" }),
        json!({ "media_url": "u" }),
        json!({ "media_urls": ["u"], "body": "x" }),
        json!({ "media_urls": ["u", "v"] }),
        json!({ "media_urls": ["u", "v"], "body": "" }),
    ] {
        assert_eq!(said(check, &good), "", "{good}");
    }
    for bad in [json!({}), json!({ "body": "" }), json!({ "body": null, "media_urls": [] })] {
        assert_eq!(said(check, &bad), "body or media_urls must be given", "{bad}");
    }
    assert_eq!(
        said(check, &json!({ "media_urls": ["u", "v"], "body": "x" })),
        "body must be left out when media_urls has 2 or more items"
    );
}

#[test]
fn what_a_value_asks_for_is_asked_for_only_then() {
    let check = Check::When { field: "voiceMode", is: &["hosted"], needs: &["systemPrompt"] };
    let words = "systemPrompt is needed when voiceMode is hosted";
    for (input, want) in [
        (json!({}), ""),
        (json!({ "voiceMode": "webhook" }), ""),
        (json!({ "voiceMode": 7 }), ""),
        (json!({ "voiceMode": "hosted", "systemPrompt": "x" }), ""),
        (json!({ "voiceMode": "hosted" }), words),
        (json!({ "voiceMode": "hosted", "systemPrompt": null }), words),
        (json!({ "voiceMode": "hosted", "systemPrompt": "" }), words),
    ] {
        assert_eq!(said(check, &input), want, "{input}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[+0-9a-z@_é]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,4}|field|name", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const RULES: [Rule; 13] = [
    Rule::Text,
    Rule::Length(3, 5),
    Rule::Phone,
    Rule::PhoneOrEmpty,
    Rule::Phones(2),
    Rule::Recipient,
    Rule::Digits(3),
    Rule::Country,
    Rule::Word(4),
    Rule::Whole(2, ANY),
    Rule::Tenths(5, 20),
    SAMPLES,
    TOOLS,
];

proptest! {
    #[test]
    fn no_input_brings_a_check_down_or_is_quoted(input in any_json(), secret in "[A-Z]{12}") {
        for rule in RULES {
            for check in [Check::Needs("field", rule), Check::May("field", rule), SENDER, Check::BodyOrMedia] {
                let _ = check.problem(&input);
            }
            let words = of(rule, json!(secret));
            prop_assert!(!words.contains(&secret));
            let words = of(rule, json!([secret, { "name": secret, "timeoutMs": secret }]));
            prop_assert!(!words.contains(&secret));
        }
    }

    #[test]
    fn a_length_is_counted_in_characters_as_json_schema_counts_them(text in "\\PC{0,12}") {
        let count = text.chars().count();
        prop_assert_eq!(of(Rule::Length(3, 9), json!(text)).is_empty(), (3..=9).contains(&count));
    }

    #[test]
    fn a_number_passes_exactly_within_its_bounds(value in -10.0_f64..200.0) {
        let whole = value.trunc();
        prop_assert_eq!(of(Rule::Whole(5, 120), json!(whole)).is_empty(), (5.0..=120.0).contains(&whole));
        prop_assert_eq!(of(Rule::Tenths(5, 20), json!(value)).is_empty(), (0.5..=2.0).contains(&value));
        prop_assert!(value == whole || !of(Rule::Whole(0, ANY), json!(value)).is_empty());
    }
}
