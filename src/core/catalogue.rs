//! The catalogue of error codes: which class each belongs to, what it says about trying again, and
//! what its reader should do. One row a code, so that a new code of the API is a new row here and
//! nowhere else. `contract/vectors/errors.json` holds the same codes as the tests see them.

use super::text::push_number;

/// The class of an error, one a JavaScript subclass (`src/js/errors.js`, in the same order).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Other,
    Validation,
    NumberLimit,
    Authentication,
    InsufficientBalance,
    PermissionDenied,
    NotFound,
    PhoneNumberNotFound,
    Conflict,
    DeliveryUnconfirmed,
    RateLimit,
    MessagingLimit,
    Carrier,
    Server,
    Connection,
    Timeout,
    Abort,
    InvalidResponse,
    InvalidArgument,
    Configuration,
    WebhookVerification,
}

/// What a code says about trying again, beyond what its status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// The status decides.
    ByStatus,
    /// Only a change of input, account or conversation helps.
    NotTime,
    /// The API says that the carrier failed: the operation did not happen.
    Carrier,
    /// The API does not know whether it happened.
    Unsure,
}

/// One row of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct CodeRow {
    /// The code on the wire, or the client's own.
    pub code: &'static str,
    /// The class.
    pub kind: Kind,
    /// What it says about trying again.
    pub cure: Cure,
    /// What to do, one sentence.
    pub advice: &'static str,
}

const fn row(code: &'static str, kind: Kind, cure: Cure, advice: &'static str) -> CodeRow {
    CodeRow { code, kind, cure, advice }
}

/// The old name of [`CARRIER_ERROR`], which the API may still send.
pub const TWILIO_ERROR: &str = "TWILIO_ERROR";
/// A carrier failed.
pub const CARRIER_ERROR: &str = "CARRIER_ERROR";

/// The advice for a rate limit.
pub const WAIT: &str = "Wait for retryAfter seconds, then try again.";
/// The advice for what was not accepted.
pub const CORRECT: &str = "Correct the fields named in details.";
const CREDIT: &str = "Add funds on the Billing page or turn on auto-recharge.";
const ENDED: &str = "Time alone does not cure this: the recipient has to write first.";
/// The advice for what passes by itself.
pub const LATER: &str = "Try again later, with backoff.";

/// Every code that the API documents and every code of the client's own.
pub const CODES: &[CodeRow] = &[
    row("VALIDATION_ERROR", Kind::Validation, Cure::NotTime, CORRECT),
    row(
        "VALIDATION_ERROR_NUMBER_LIMIT",
        Kind::NumberLimit,
        Cure::NotTime,
        "Release a number or ask AgentPhone for a higher limit.",
    ),
    row("INSUFFICIENT_BALANCE", Kind::InsufficientBalance, Cure::NotTime, CREDIT),
    row("RATE_LIMIT_EXCEEDED", Kind::RateLimit, Cure::ByStatus, WAIT),
    row("RATE_LIMITED", Kind::RateLimit, Cure::ByStatus, WAIT),
    row(
        "PHONE_NUMBER_NOT_FOUND",
        Kind::PhoneNumberNotFound,
        Cure::NotTime,
        "Use a number that numbers.list returns for this account.",
    ),
    row(CARRIER_ERROR, Kind::Carrier, Cure::Carrier, LATER),
    row(
        "WHATSAPP_NOT_ENABLED",
        Kind::PermissionDenied,
        Cure::NotTime,
        "Ask AgentPhone to turn WhatsApp on for this account.",
    ),
    row("INBOUND_ONLY", Kind::PermissionDenied, Cure::NotTime, "Use another line: this one may only answer."),
    row(
        "DELIVERY_UNCONFIRMED",
        Kind::DeliveryUnconfirmed,
        Cure::Unsure,
        "Do not send again: the message may be out. Look at the conversation first.",
    ),
    row("CONVERSATION_STREAK_LIMIT", Kind::MessagingLimit, Cure::NotTime, ENDED),
    row("CONVERSATION_AWAITING_REPLY", Kind::MessagingLimit, Cure::NotTime, ENDED),
    row("CONVERSATION_INACTIVE", Kind::MessagingLimit, Cure::NotTime, ENDED),
    row(
        "OUTBOUND_LIMIT_REACHED",
        Kind::MessagingLimit,
        Cure::NotTime,
        "The quota of this line is used up: use another line or wait for the next day.",
    ),
    row(
        "NEW_CONVERSATION_LIMIT_REACHED",
        Kind::MessagingLimit,
        Cure::NotTime,
        "The day's quota of new contacts is used up (dailyNewContacts of the number).",
    ),
    row(
        "UNAUTHORIZED",
        Kind::Authentication,
        Cure::ByStatus,
        "Check the apiKey: it is missing, wrong or revoked.",
    ),
    row("PAYMENT_REQUIRED", Kind::InsufficientBalance, Cure::ByStatus, CREDIT),
    row(
        "FORBIDDEN",
        Kind::PermissionDenied,
        Cure::ByStatus,
        "This account or number may not do this: check its features and its registration.",
    ),
    row(
        "NOT_FOUND",
        Kind::NotFound,
        Cure::ByStatus,
        "Check the id: it is absent or belongs to another account.",
    ),
    row("METHOD_NOT_ALLOWED", Kind::Other, Cure::ByStatus, "The API does not offer this on this resource."),
    row("CONFLICT", Kind::Conflict, Cure::ByStatus, "Read the current state before you change it."),
    row("UNPROCESSABLE_ENTITY", Kind::Validation, Cure::ByStatus, CORRECT),
    row("INTERNAL_SERVER_ERROR", Kind::Server, Cure::ByStatus, LATER),
    row("BAD_GATEWAY", Kind::Server, Cure::ByStatus, LATER),
    row("SERVICE_UNAVAILABLE", Kind::Server, Cure::ByStatus, LATER),
    row("GATEWAY_TIMEOUT", Kind::Server, Cure::ByStatus, LATER),
    row("CONFIGURATION_ERROR", Kind::Configuration, Cure::NotTime, ""),
    row("INVALID_ARGUMENT", Kind::InvalidArgument, Cure::NotTime, ""),
    row("CONNECTION_ERROR", Kind::Connection, Cure::ByStatus, "Check the network and the baseUrl."),
    row("TIMEOUT", Kind::Timeout, Cure::ByStatus, "Raise timeout or totalTimeout if the API needs longer."),
    row("ABORTED", Kind::Abort, Cure::NotTime, ""),
    row(
        "INVALID_RESPONSE",
        Kind::InvalidResponse,
        Cure::NotTime,
        "Check that baseUrl is the API itself and not a page or a proxy in front of it.",
    ),
    // Its advice depends on the reason (webhook/reason.rs).
    row("WEBHOOK_SIGNATURE_INVALID", Kind::WebhookVerification, Cure::NotTime, ""),
    row(
        "INTERNAL_ERROR",
        Kind::Other,
        Cure::NotTime,
        "This is a defect of agentphone-wasm: please report it.",
    ),
];

/// The row of a code, if the catalogue has it.
pub fn find(code: &str) -> Option<&'static CodeRow> {
    CODES.iter().find(|row| row.code == code)
}

/// The code of a status whose answer named none.
pub fn code_of_status(status: u16) -> String {
    let known = match status {
        401 => "UNAUTHORIZED",
        402 => "PAYMENT_REQUIRED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        409 => "CONFLICT",
        422 => "UNPROCESSABLE_ENTITY",
        500 => "INTERNAL_SERVER_ERROR",
        502 => "BAD_GATEWAY",
        503 => "SERVICE_UNAVAILABLE",
        504 => "GATEWAY_TIMEOUT",
        _ => {
            let mut code = String::from("HTTP_");
            push_number(&mut code, u64::from(status));
            return code;
        }
    };
    known.to_owned()
}

/// The class and the category of a status, for codes that the catalogue does not know.
pub const fn of_status(status: u16) -> (Kind, &'static str) {
    match status {
        400 | 422 => (Kind::Validation, "validation_error"),
        401 => (Kind::Authentication, "authentication_error"),
        402 => (Kind::InsufficientBalance, "billing_error"),
        403 => (Kind::PermissionDenied, "permission_error"),
        404 => (Kind::NotFound, "not_found"),
        409 => (Kind::Conflict, "conflict"),
        429 => (Kind::RateLimit, "rate_limit_error"),
        408 | 500.. => (Kind::Server, "server_error"),
        _ => (Kind::Other, "http_error"),
    }
}

/// The advice for a status whose code the catalogue does not know.
pub const fn advice_of_status(status: u16) -> &'static str {
    match status {
        400 | 422 => "Correct the request: see details and body.",
        429 => WAIT,
        408 | 500.. => LATER,
        300..=399 => "Redirects are not followed: set baseUrl to the final address.",
        _ => "See body for what the API says.",
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_twice_and_each_api_code_has_advice() {
        for (i, row) in CODES.iter().enumerate() {
            assert!(CODES.iter().skip(i + 1).all(|other| other.code != row.code), "{}", row.code);
            let own = matches!(
                row.kind,
                Kind::Configuration | Kind::InvalidArgument | Kind::Abort | Kind::WebhookVerification
            );
            assert_eq!(row.advice.is_empty(), own, "{}", row.code);
        }
    }

    #[test]
    fn a_status_without_a_code_still_gets_one_whose_class_fits() {
        for status in 100..600 {
            let code = code_of_status(status);
            if let Some(row) = find(&code) {
                let by_status = of_status(status).0;
                assert!(row.kind == by_status, "{code}: {:?} and {by_status:?}", row.kind);
            } else {
                assert_eq!(code, format!("HTTP_{status}"));
            }
        }
    }
}
