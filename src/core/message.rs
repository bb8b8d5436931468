//! Turns a failure into what the caller reads: code, class, category, and a message of one line that
//! says what failed and what to do. `contract/vectors/errors.json` holds the cases.

use super::Millis;
use super::catalogue::{self, Kind};
use super::decide::{may_have_happened, time_may_cure};
use super::error_body::{Detail, ErrorBody};
use super::failure::{Answered, Failure};
use super::operation::Operation;
use super::redact::redact;
use super::text::{find, joined, one_line, push_number};

/// The longest message of a server that is passed on, in characters.
const LONGEST: usize = 300;
/// The longest code or category.
const LONGEST_NAME: usize = 80;

/// What a message ends with when the operation may have happened.
const LOOK_FIRST: &str = "It may have happened all the same: look before you repeat it.";

/// An error in core's terms; `platform::errors` makes the JavaScript object of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The class.
    pub kind: Kind,
    /// The API's code, one made from the status, or one of the client's own.
    pub code: String,
    /// The code as it came, where `code` replaces a deprecated spelling.
    pub raw_code: Option<String>,
    /// The category.
    pub category: String,
    /// One line.
    pub message: String,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Field-level problems.
    pub details: Vec<Detail>,
    /// How long the server asks us to wait.
    pub retry_after: Option<Millis>,
    /// Whether the operation may have happened.
    pub outcome_unknown: bool,
    /// Whether trying again later can help.
    pub retryable: bool,
}

/// What a failure's words are made of.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The operation that failed.
    pub operation: &'a Operation,
    /// What the client knows beyond the failure, e.g. "no answer within 500 ms".
    pub note: &'a str,
    /// The JSON text that was sent, to be taken out of what the server says.
    pub sent: &'a str,
    /// Ids, query values and the key, likewise.
    pub secrets: &'a [&'a str],
    /// Whether an earlier attempt of the same call may have happened.
    pub earlier_unknown: bool,
}

/// The report of an attempt that failed for good.
pub fn of_failure(failure: &Failure, context: &Context<'_>) -> Report {
    let outcome_unknown = context.earlier_unknown || may_have_happened(context.operation.effect, failure);
    let mut report = match failure {
        Failure::Answered(answer) => of_answer(answer, context, outcome_unknown),
        Failure::TimedOut => own("TIMEOUT", context.operation.id, context.note, outcome_unknown),
        Failure::Unreadable => own("INVALID_RESPONSE", context.operation.id, context.note, outcome_unknown),
        Failure::NotSent | Failure::NoAnswer => {
            own("CONNECTION_ERROR", context.operation.id, context.note, outcome_unknown)
        }
    };
    // Who repeats what is retryable must not ring a phone twice.
    report.retryable = time_may_cure(failure) && !outcome_unknown;
    report
}

/// The report of a fault that the client found itself, by its code in the catalogue. `subject` is the
/// operation, or what else failed.
pub fn own(code: &str, subject: &str, note: &str, outcome_unknown: bool) -> Report {
    let row = catalogue::find(code);
    let kind = row.map_or(Kind::Other, |row| row.kind);
    // A note may hold the name of an option, which may hold anything.
    let mut message = joined(&[subject, ": ", &one_line(note, 2 * LONGEST)]);
    close(&mut message, code, None, row.map_or("", |row| row.advice), outcome_unknown);
    Report {
        kind,
        code: code.to_owned(),
        raw_code: None,
        category: code.to_ascii_lowercase(),
        message,
        status: None,
        details: Vec::new(),
        retry_after: None,
        outcome_unknown,
        retryable: false,
    }
}

fn of_answer(answer: &Answered, context: &Context<'_>, outcome_unknown: bool) -> Report {
    let Answered { status, body, wait } = answer;
    // First redacted, then shortened: the head of a secret would no longer be known as one.
    let shown = |text: &str, limit| one_line(&redact(text, context.sent, context.secrets), limit);
    let clean = |text: &str| shown(text, LONGEST);
    let name = |text: &str| name(text, context);
    // A code that we know is a code, whatever the caller sent.
    let known = |code: &str| code == catalogue::TWILIO_ERROR || catalogue::find(code).is_some();
    let raw = body.code.as_deref().map(|code| if known(code) { code.to_owned() } else { name(code) });
    let (code, raw_code) = match raw {
        Some(raw) if raw == catalogue::TWILIO_ERROR => (catalogue::CARRIER_ERROR.to_owned(), Some(raw)),
        Some(raw) => (raw, None),
        None => (catalogue::code_of_status(*status), None),
    };
    let (kind_of_status, category_of_status) = catalogue::of_status(*status);
    let row = catalogue::find(&code);
    let advice = row.map_or_else(|| catalogue::advice_of_status(*status), |row| row.advice);
    // Without a time to wait for, or fields to correct, the advice would point at nothing.
    let advice = match advice {
        catalogue::WAIT if wait.is_none() => catalogue::LATER,
        catalogue::CORRECT if body.details.is_empty() => "Correct the request.",
        advice => advice,
    };
    let said = clean(&with_first_detail(body));
    let mut message = joined(&[context.operation.id, ": "]);
    message.push_str(if said.is_empty() { "the API refused the request" } else { &said });
    close(&mut message, &code, Some(*status), advice, outcome_unknown);
    Report {
        kind: row.map_or(kind_of_status, |row| row.kind),
        code,
        raw_code,
        category: body.category.as_deref().map_or_else(|| category_of_status.to_owned(), name),
        message,
        status: Some(*status),
        details: body
            .details
            .iter()
            .map(|d| Detail { field: clean(&d.field), message: clean(&d.message), kind: clean(&d.kind) })
            .collect(),
        retry_after: wait.map(|wait| wait.millis),
        outcome_unknown,
        retryable: false,
    }
}

/// What the API says and, where its message leaves it to the details, the first of them.
fn with_first_detail(body: &ErrorBody) -> String {
    match body.details.first() {
        Some(detail) if !detail.message.is_empty() && find(&body.message, &detail.message).is_none() => {
            joined(&[body.message.as_str(), ": ", &detail.field, ": ", &detail.message])
        }
        _ => body.message.clone(),
    }
}

/// A name of a server's, such as a code or a request id: redacted and short.
pub fn name(text: &str, context: &Context<'_>) -> String {
    one_line(&redact(text, context.sent, context.secrets), LONGEST_NAME)
}

/// Ends `message` with its code, its status and the advice. To what may have happened, "try again"
/// would be the wrong one.
fn close(message: &mut String, code: &str, status: Option<u16>, advice: &str, outcome_unknown: bool) {
    let end = message.trim_end_matches(['.', '!', ' ']).len();
    message.truncate(end);
    message.push_str(" (");
    message.push_str(code);
    if let Some(status) = status {
        message.push_str(", HTTP ");
        push_number(message, u64::from(status));
    }
    message.push_str(").");
    let advice = if outcome_unknown && advice == catalogue::LATER { "" } else { advice };
    // DELIVERY_UNCONFIRMED says it in its own words.
    let look = if outcome_unknown && code != "DELIVERY_UNCONFIRMED" { LOOK_FIRST } else { "" };
    for sentence in [advice, look] {
        if !sentence.is_empty() {
            message.push(' ');
            message.push_str(sentence);
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::error_body;
    use crate::core::operation::{Input, Method, Operation};
    use crate::core::retry_after::{self, WaitHeaders};
    use serde_json::Value;

    const SEND: Operation =
        Operation::effect("messages.send", Method::Post, "/v1/messages", Input::OptionalBody);

    fn context<'a>(operation: &'a Operation, sent: &'a str) -> Context<'a> {
        Context { operation, note: "no answer", sent, secrets: &[], earlier_unknown: false }
    }

    #[test]
    fn every_documented_code_and_status_is_reported_as_the_contract_says() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../contract/vectors/errors.json")).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        for case in cases {
            let text = case["text"].as_str();
            let body = error_body::read(text.is_none().then_some(&case["body"]), text.unwrap_or(""));
            let wait = retry_after::read(
                &WaitHeaders {
                    retry_after: case["headers"]["retry-after"].as_str().map(str::to_owned),
                    ..WaitHeaders::default()
                },
                0,
            );
            let status = case["status"].as_u64().unwrap() as u16;
            let failure = Failure::Answered(Answered { status, body, wait });
            let report = of_failure(&failure, &context(&SEND, ""));
            let want = &case["error"];
            assert_eq!(report.code, want["code"].as_str().unwrap(), "{case}");
            assert_eq!(report.raw_code.as_deref(), want["rawCode"].as_str(), "{case}");
            assert_eq!(report.category, want["type"].as_str().unwrap(), "{case}");
            assert_eq!(format!("{:?}", report.kind), want["class"].as_str().unwrap(), "{case}");
            assert_eq!(report.retryable, want["retryable"] == true, "{case}");
            assert_eq!(report.outcome_unknown, want["outcomeUnknown"] == true, "{case}");
            assert_eq!(report.retry_after, want["retryAfterMs"].as_u64(), "{case}");
            assert_eq!(report.details.len() as u64, want["details"].as_u64().unwrap_or(0), "{case}");
            if let Some(said) = want["says"].as_str() {
                assert!(report.message.contains(said), "{} in {case}", report.message);
            }
            assert!(!report.message.contains('\n') && report.message.starts_with("messages.send: "));
        }
        for row in catalogue::CODES.iter().take(15) {
            assert!(cases.iter().any(|case| case["error"]["code"] == row.code), "{} has no case", row.code);
        }
    }

    #[test]
    fn a_caller_who_repeats_what_is_retryable_never_repeats_an_effect() {
        for failure in [Failure::NoAnswer, Failure::TimedOut, Failure::Unreadable] {
            let report = of_failure(&failure, &context(&SEND, ""));
            assert!(report.outcome_unknown && !report.retryable, "{failure:?}");
            assert!(report.message.contains("look before you repeat"));
        }
        let report = of_failure(&Failure::NotSent, &context(&SEND, ""));
        assert!(report.retryable && !report.outcome_unknown);
    }

    #[test]
    fn a_code_that_equals_what_was_sent_is_still_a_code() {
        let body = serde_json::json!({"error": {"message": "x", "code": "RATE_LIMITED"}});
        let answer = Answered { status: 429, body: error_body::read(Some(&body), ""), wait: None };
        let report = of_failure(&Failure::Answered(answer), &context(&SEND, r#"{"body":"RATE_LIMITED"}"#));
        assert_eq!((report.code.as_str(), report.kind), ("RATE_LIMITED", Kind::RateLimit));
    }

    #[test]
    fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
        let earlier = Context { earlier_unknown: true, ..context(&SEND, "") };
        assert!(of_failure(&Failure::NotSent, &earlier).outcome_unknown);
    }

    #[test]
    fn no_number_and_no_text_of_the_caller_stands_in_a_message_or_a_detail() {
        let sent = r#"{"to_number":"+14155550100","body":"secret plan"}"#;
        let body = serde_json::json!({"detail": [
            {"loc": ["body", "to_number"], "msg": "+1 (415) 555-0100 is not valid", "type": "value_error"},
            {"loc": ["body", "body"], "msg": "cannot send secret plan", "type": "value_error"},
        ]});
        let answer = Answered { status: 422, body: error_body::read(Some(&body), ""), wait: None };
        let report = of_failure(&Failure::Answered(answer), &context(&SEND, sent));
        let all = format!("{report:?}");
        assert!(!all.contains("0100") && !all.contains("secret plan"), "{all}");
        assert_eq!(report.details[0].field, "body.to_number");
    }
}
