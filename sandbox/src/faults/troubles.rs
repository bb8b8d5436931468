//! Magic numbers that trigger a fault rule.

use serde_json::Value;

/// A number, a description, and the fault rule it triggers.
pub(crate) type Trouble = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
pub(crate) const TROUBLES: [Trouble; 57] = [
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

/// The fault rule of a number, as a user would write it.
pub(crate) fn rule(number: &str) -> Option<(&'static str, Value)> {
    let (number, _, rule) = TROUBLES.into_iter().find(|(known, ..)| *known == number)?;
    Some((number, serde_json::from_str(rule).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_one_that_a_user_could_write() {
        for (number, _, rule) in TROUBLES {
            let raw: Value = serde_json::from_str(rule).unwrap();
            assert!(crate::faults::parse_rule(&raw, |_| None).is_ok(), "{number}");
        }
        assert_eq!(TROUBLES.into_iter().filter_map(|(number, ..)| rule(number)).count(), TROUBLES.len());
    }

    #[test]
    fn every_code_of_the_api_has_a_number() {
        let rules: Vec<Value> =
            TROUBLES.into_iter().filter_map(|(number, ..)| Some(rule(number)?.1)).collect();
        for code in crate::errors::codes() {
            assert!(rules.iter().any(|rule| rule["code"] == code), "{code}");
        }
    }
}
