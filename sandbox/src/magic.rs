//! Magic numbers: `+1 500 555 0xxx`, in an unassigned area code. They simulate problems for people who
//! try a client without writing rules. As `toNumber` of a call or `to_number` of a text they trigger an
//! error, a broken connection or a call with a certain course. The table is the documentation: `GET
//! /__sandbox/magic` returns it.

use crate::calls::{Outcome, Script};
use crate::json::json;
use serde_json::Value;

/// A number that decides the course of a call.
type Course = (&'static str, &'static str, fn() -> Script);

/// Applies the rules of [`crate::strict`] without setting an option.
pub(crate) const STRICT: &str = "+15005550009";

const COURSES: [Course; 10] = [
    ("+15005550000", "is answered and follows the built-in script", Script::default),
    ("+15005550001", "is busy", || Script::ending(Outcome::Busy)),
    ("+15005550002", "is not answered", || Script::ending(Outcome::NoAnswer)),
    ("+15005550003", "fails at the carrier", || Script::ending(Outcome::Failed)),
    ("+15005550004", "rings until you end the call", || Script::ending(Outcome::RingsOn)),
    ("+15005550005", "talks for an hour, a turn every 5 s", || Script {
        pause_ms: Some(5000),
        talk_ms: Some(3_600_000),
        ..Script::default()
    }),
    ("+15005550006", "says hello and hangs up", Script::curt),
    ("+15005550007", "picks up and says nothing until you end the call", Script::mute),
    ("+15005550008", "talks 100 times as fast as usual", || Script {
        pause_ms: Some(6),
        ..Script::default()
    }),
    (
        STRICT,
        "holds you to the rules of strict: 409 for a second call of a number that has one, 403 for an SMS until 10DLC is approved",
        Script::default,
    ),
];

/// A number, a description, and the fault rule it triggers.
type Trouble = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const TROUBLES: [Trouble; 57] = [
    ("+15005550101", "VALIDATION_ERROR", r#"{"status":400,"code":"VALIDATION_ERROR"}"#),
    ("+15005550102", "VALIDATION_ERROR_NUMBER_LIMIT", r#"{"status":400,"code":"VALIDATION_ERROR_NUMBER_LIMIT"}"#),
    ("+15005550103", "INSUFFICIENT_BALANCE", r#"{"status":402,"code":"INSUFFICIENT_BALANCE"}"#),
    ("+15005550104", "RATE_LIMIT_EXCEEDED, Retry-After 1 s", r#"{"status":429,"code":"RATE_LIMIT_EXCEEDED","headers":{"retry-after":"1","x-ratelimit-limit":"100","x-ratelimit-remaining":"0"}}"#),
    ("+15005550105", "RATE_LIMITED, Retry-After 1 s", r#"{"status":429,"code":"RATE_LIMITED","headers":{"retry-after":"1"}}"#),
    ("+15005550106", "PHONE_NUMBER_NOT_FOUND", r#"{"status":404,"code":"PHONE_NUMBER_NOT_FOUND"}"#),
    ("+15005550107", "CARRIER_ERROR", r#"{"status":502,"code":"CARRIER_ERROR"}"#),
    ("+15005550108", "TWILIO_ERROR, its older name", r#"{"status":502,"code":"TWILIO_ERROR"}"#),
    ("+15005550109", "WHATSAPP_NOT_ENABLED", r#"{"status":403,"code":"WHATSAPP_NOT_ENABLED"}"#),
    ("+15005550110", "INBOUND_ONLY", r#"{"status":400,"code":"INBOUND_ONLY"}"#),
    ("+15005550111", "DELIVERY_UNCONFIRMED, and it did go out", r#"{"status":409,"code":"DELIVERY_UNCONFIRMED","effect":true}"#),
    ("+15005550112", "CONVERSATION_STREAK_LIMIT", r#"{"status":429,"code":"CONVERSATION_STREAK_LIMIT"}"#),
    ("+15005550113", "CONVERSATION_AWAITING_REPLY", r#"{"status":429,"code":"CONVERSATION_AWAITING_REPLY"}"#),
    ("+15005550114", "CONVERSATION_INACTIVE", r#"{"status":429,"code":"CONVERSATION_INACTIVE"}"#),
    ("+15005550115", "OUTBOUND_LIMIT_REACHED", r#"{"status":429,"code":"OUTBOUND_LIMIT_REACHED"}"#),
    ("+15005550116", "NEW_CONVERSATION_LIMIT_REACHED", r#"{"status":429,"code":"NEW_CONVERSATION_LIMIT_REACHED"}"#),
    ("+15005550117", "INBOUND_ONLY with status 422", r#"{"status":422,"code":"INBOUND_ONLY"}"#),
    ("+15005550118", "RATE_LIMIT_EXCEEDED, Retry-After an hour", r#"{"status":429,"code":"RATE_LIMIT_EXCEEDED","headers":{"retry-after":"3600"}}"#),
    ("+15005550119", "one request a second passes, the others get RATE_LIMIT_EXCEEDED", r#"{"limit":{"requests":1,"perMs":1000}}"#),
    ("+15005550201", "the response is lost: the connection breaks after the effect", r#"{"cut":"before-headers"}"#),
    ("+15005550202", "the connection breaks before the effect", r#"{"cut":"before-effect"}"#),
    ("+15005550203", "the connection breaks after the headers, and after the effect", r#"{"cut":"after-headers"}"#),
    ("+15005550204", "the connection breaks in the middle of the body, after the effect", r#"{"cut":"mid-body"}"#),
    ("+15005550205", "no headers ever come, though the effect took place", r#"{"stall":"headers"}"#),
    ("+15005550206", "the body stops half-way, though the effect took place", r#"{"stall":"body"}"#),
    ("+15005550207", "the body drips, 10 bytes every 100 ms", r#"{"slow":{"bytes":10,"everyMs":100}}"#),
    ("+15005550208", "a 200 with the page of a hotel network", r#"{"garbage":"html"}"#),
    ("+15005550209", "a 200 with an empty body", r#"{"garbage":"empty"}"#),
    ("+15005550210", "a 200 with half a JSON", r#"{"garbage":"truncated"}"#),
    ("+15005550211", "a 200 with the text OK", r#"{"garbage":"text"}"#),
    ("+15005550212", "a 200 with an array", r#"{"garbage":"array"}"#),
    ("+15005550213", "a 200 with null", r#"{"garbage":"null"}"#),
    ("+15005550214", "the response comes 5 s late", r#"{"delayMs":5000}"#),
    ("+15005550215", "a 500 after the effect", r#"{"status":500,"shape":"detail","effect":true}"#),
    ("+15005550216", "a 504 of the edge after the effect", r#"{"status":504,"shape":"html","effect":true}"#),
    ("+15005550217", "one request in two, by seeded dice, breaks before the effect", r#"{"cut":"before-effect","probability":0.5}"#),
    ("+15005550218", "the connection breaks, and 5 s later it happens after all", r#"{"late":true}"#),
    ("+15005550219", "a 504 of the edge, and 5 s later it happens after all", r#"{"status":504,"shape":"html","late":true}"#),
    ("+15005550220", "the response is lost, and nothing shows for a minute what was done", r#"{"cut":"before-headers","unlisted":{"forMs":60000}}"#),
    ("+15005550221", "the response is lost, and nothing but the bill ever shows what was done", r#"{"cut":"before-headers","unlisted":true}"#),
    ("+15005550222", "the response is lost, and lists show what was done 10 s later", r#"{"cut":"before-headers","unlisted":{"forMs":10000,"from":"lists"}}"#),
    ("+15005550223", "the response is lost, and a second later somebody else does the same", r#"{"foreign":true}"#),
    ("+15005550224", "the connection breaks before the effect, and a second later somebody else does the same", r#"{"cut":"before-effect","foreign":true}"#),
    ("+15005550225", "the connection breaks, a second later somebody else does the same, and 4 s after that it happens after all", r#"{"late":true,"foreign":true}"#),
    ("+15005550226", "the call has no startedAt until it is answered, and then the time of that", r#"{"startedAt":"answered"}"#),
    ("+15005550401", "401", r#"{"status":401,"shape":"detail"}"#),
    ("+15005550402", "402 without a code", r#"{"status":402,"shape":"detail"}"#),
    ("+15005550403", "403 of the edge, as plain text", r#"{"status":403,"shape":"text","message":"error code: 1010"}"#),
    ("+15005550404", "404 without a code", r#"{"status":404,"shape":"detail"}"#),
    ("+15005550408", "408", r#"{"status":408,"shape":"empty"}"#),
    ("+15005550409", "409 without a code", r#"{"status":409,"shape":"detail"}"#),
    ("+15005550422", "422 of the framework", r#"{"status":422,"shape":"fastapi"}"#),
    ("+15005550429", "429 without a code and without Retry-After", r#"{"status":429,"shape":"detail"}"#),
    ("+15005550500", "500", r#"{"status":500,"shape":"message"}"#),
    ("+15005550502", "502 of the edge", r#"{"status":502,"shape":"html"}"#),
    ("+15005550503", "503, Retry-After 1 s", r#"{"status":503,"shape":"object","headers":{"retry-after":"1"}}"#),
    ("+15005550504", "504 with broken JSON", r#"{"status":504,"shape":"broken"}"#),
];

/// A number whose texts are accepted but not delivered: the carrier's message and code.
type Loss = (&'static str, &'static str, &'static str);

const LOSSES: [Loss; 3] = [
    ("+15005550301", "Unreachable destination handset", "30003"),
    ("+15005550302", "Message filtered by the carrier", "30007"),
    ("+15005550303", "Landline or unreachable carrier", "30006"),
];

/// Why an accepted text is not delivered, if it is not.
pub(crate) fn undelivered(number: &str) -> Option<(String, String)> {
    let found = LOSSES.iter().find(|(known, ..)| *known == number);
    found.map(|(_, reason, code)| ((*reason).to_owned(), (*code).to_owned()))
}

/// The scripts of these numbers.
pub(crate) fn scripts() -> impl Iterator<Item = (&'static str, Script)> {
    COURSES.into_iter().map(|(number, _, script)| (number, script()))
}

/// The script of a number, if it is one of these.
pub(crate) fn script(number: &str) -> Option<Script> {
    COURSES.iter().find(|(known, ..)| *known == number).map(|(.., script)| script())
}

/// The fault rule of a number, as a user would write it.
pub(crate) fn rule(number: &str) -> Option<(&'static str, Value)> {
    let (number, _, rule) = TROUBLES.into_iter().find(|(known, ..)| *known == number)?;
    Some((number, serde_json::from_str(rule).ok()?))
}

const BOTH: &[&str] = &["calls.create", "messages.send"];
const CALLS: &[&str] = &["calls.create"];

/// The table, for documentation and pages.
pub(crate) fn table() -> Value {
    let courses = COURSES.iter().map(|(number, what, script)| {
        let script = script().show();
        let on: &[&str] = if *number == STRICT { BOTH } else { CALLS };
        json!({ "number": number, "what": what, "on": on, "script": script })
    });
    let troubles = TROUBLES.iter().map(|(number, what, rule)| {
        let rule: Value = serde_json::from_str(rule).unwrap_or_default();
        // Only calls have this field.
        let on: &[&str] = if rule.get("startedAt").is_some() { CALLS } else { BOTH };
        json!({ "number": number, "what": what, "on": on, "rule": rule })
    });
    let losses = LOSSES.iter().map(|(number, reason, code)| {
        let what = format!("the text is accepted and fails a second later: {reason} ({code})");
        json!({ "number": number, "what": what, "on": ["messages.send"] })
    });
    courses.chain(troubles).chain(losses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn rules() -> impl Iterator<Item = (&'static str, Value)> {
        TROUBLES.into_iter().filter_map(|(number, ..)| rule(number))
    }

    #[test]
    fn every_number_can_be_called_and_is_in_the_table_once() {
        let table = table();
        let numbers: Vec<&str> =
            table.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
        for number in &numbers {
            assert!(number.starts_with("+15005550") && number.len() == 12, "{number}");
            assert_eq!(crate::phone::refuse_call(number), None, "{number}");
        }
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }

    #[test]
    fn every_rule_is_one_that_a_user_could_write() {
        for (number, _, rule) in TROUBLES {
            let raw: Value = serde_json::from_str(rule).unwrap();
            assert!(crate::faults::parse_rule(&raw, |_| None).is_ok(), "{number}");
        }
        assert_eq!(rules().count(), TROUBLES.len());
    }

    #[test]
    fn every_code_of_the_api_has_a_number() {
        for code in crate::errors::codes() {
            let found = rules().any(|(_, rule)| rule["code"] == code);
            assert!(found, "{code}");
        }
    }
}
