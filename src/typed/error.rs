//! The one error type of the Rust face, read from the JavaScript error that the client creates. No field contains
//! a key, an id, a phone number or a text that the caller sent.

use super::Intent;
use crate::platform::value::{get, text};
use js_sys::Array;
use serde_json::Value;
use std::fmt;
use std::ops::Deref;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident = $class:literal,)+) => {
        /// The class of an error, one for each JavaScript class.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$about])* $kind,)+
            /// None of the other kinds.
            Other,
        }

        impl ErrorKind {
            fn of_class(name: &str) -> Self {
                match name {
                    $($class => Self::$kind,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

kinds! {
    /// The API refused what was sent.
    Validation = "ValidationError",
    /// No more numbers for this account.
    NumberLimit = "NumberLimitError",
    /// The key is missing, wrong or revoked.
    Authentication = "AuthenticationError",
    /// The balance is too low.
    InsufficientBalance = "InsufficientBalanceError",
    /// This account or number may not do this.
    PermissionDenied = "PermissionDeniedError",
    /// No such object.
    NotFound = "NotFoundError",
    /// No such phone number.
    PhoneNumberNotFound = "PhoneNumberNotFoundError",
    /// The state does not allow it.
    Conflict = "ConflictError",
    /// The message may be out.
    DeliveryUnconfirmed = "DeliveryUnconfirmedError",
    /// Too many requests; waiting helps.
    RateLimit = "RateLimitError",
    /// A messaging limit that waiting does not lift.
    MessagingLimit = "MessagingLimitError",
    /// The carrier failed.
    Carrier = "CarrierError",
    /// The API failed.
    Server = "ServerError",
    /// There was no response.
    Connection = "ConnectionError",
    /// There was no response in time.
    Timeout = "TimeoutError",
    /// Aborted by its signal.
    Abort = "AbortError",
    /// The response does not match the contract.
    InvalidResponse = "InvalidResponseError",
    /// A wrong argument; nothing was sent.
    InvalidArgument = "InvalidArgumentError",
    /// An idempotency key was used with other content, is in doubt, or its ledger does not work; nothing was sent.
    Idempotency = "IdempotencyError",
    /// A wrong option.
    Configuration = "ConfigurationError",
    /// The signature of a webhook is wrong.
    WebhookVerification = "WebhookVerificationError",
}

/// One field-level problem.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The offending input.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
    /// The validator's class.
    pub r#type: String,
}

/// Every failure of the client. Its fields are those of [`ErrorFields`]: `error.code`.
#[derive(Clone)]
pub struct Error {
    // Boxed, because every result has room for it.
    fields: Box<ErrorFields>,
    thrown: JsValue,
}

impl Deref for Error {
    type Target = ErrorFields;

    fn deref(&self) -> &ErrorFields {
        &self.fields
    }
}

/// The fields of an error.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ErrorFields {
    /// The class.
    pub kind: ErrorKind,
    /// The API's code; if the response has none, one derived from the status; or one of the client's own.
    pub code: String,
    /// The API's category, likewise.
    pub r#type: String,
    /// One line that says what failed and what to do.
    pub message: String,
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// Field-level problems.
    pub details: Vec<ErrorDetail>,
    /// How long the API asks to wait.
    pub retry_after: Option<Duration>,
    /// True when the operation has an effect in the world and may have happened. Never repeat it
    /// blindly: a person could be called twice.
    pub outcome_unknown: bool,
    /// Whether trying again later can help.
    pub retryable: bool,
    /// Requests sent.
    pub attempts: u32,
    /// From the call to this error.
    pub elapsed: Duration,
    /// HTTP method.
    pub method: Option<String>,
    /// Path template; never the ids.
    pub path: Option<String>,
    /// The operation, e.g. `calls.create`.
    pub operation: Option<String>,
    /// The API's id of the request.
    pub request_id: Option<String>,
    /// The received code, if `code` replaces a deprecated spelling.
    pub raw_code: Option<String>,
}

impl Error {
    /// Reads what the client threw.
    pub(super) fn of(thrown: JsValue) -> Self {
        let string = |name: &str| text(&get(&thrown, name));
        let number = |name: &str| get(&thrown, name).as_f64();
        let flag = |name: &str| get(&thrown, name).is_truthy();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let fields = ErrorFields {
            kind: ErrorKind::of_class(&string("name").unwrap_or_default()),
            code: string("code").unwrap_or_default(),
            r#type: string("type").unwrap_or_default(),
            message: string("message").unwrap_or_default(),
            status: number("status").map(|status| status as u16),
            details: details(&get(&thrown, "details")),
            retry_after: number("retryAfter").and_then(|s| Duration::try_from_secs_f64(s).ok()),
            outcome_unknown: flag("outcomeUnknown"),
            retryable: flag("retryable"),
            attempts: number("attempts").unwrap_or(0.0) as u32,
            elapsed: Duration::from_millis(number("elapsed").unwrap_or(0.0) as u64),
            method: string("method"),
            path: string("path"),
            operation: string("operation"),
            request_id: string("requestId"),
            raw_code: string("rawCode"),
        };
        Self { fields: Box::new(fields), thrown }
    }

    /// The body of the response, if there was one. May contain what the caller sent.
    #[must_use]
    pub fn body(&self) -> Option<Value> {
        let body = get(&self.thrown, "body");
        if body.is_undefined() { None } else { serde_wasm_bindgen::from_value(body).ok() }
    }

    /// What is known of a call with an idempotency key that is in doubt.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, CreateCallRequest, Error, RequestOptions};
    /// # async fn f(client: AgentPhone, reminder: CreateCallRequest) -> Result<(), Error> {
    /// let keyed = RequestOptions::new().idempotency_key("reminder:order-42");
    /// if let Err(error) = client.calls().create(&reminder).options(keyed).await
    ///     && let Some(intent) = error.settlement()
    /// {
    ///     // Never another key for it: it may have happened.
    ///     let _ = (intent.state, intent.evidence);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn settlement(&self) -> Option<Intent> {
        Intent::of(&get(&self.thrown, "settlement"))
    }

    /// What the client threw.
    pub(super) fn thrown(&self) -> &JsValue {
        &self.thrown
    }
}

fn details(list: &JsValue) -> Vec<ErrorDetail> {
    let Some(list) = list.dyn_ref::<Array>() else { return Vec::new() };
    let field = |item: &JsValue, name: &str| text(&get(item, name)).unwrap_or_default();
    let read = |item: JsValue| ErrorDetail {
        field: field(&item, "field"),
        message: field(&item, "message"),
        r#type: field(&item, "type"),
    };
    list.iter().map(read).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

// Not derived: the JavaScript error knows the body of the response, which may contain what the caller sent.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields.fmt(f)
    }
}

impl std::error::Error for Error {}

/// So that an exported function of a Rust front end can use `?`: its caller gets the client's own error.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        error.thrown
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn no_javascript_class_is_without_a_kind() {
        let classes: Vec<_> = [include_str!("../js/errors/error.js"), include_str!("../js/errors/errors.js")]
            .iter()
            .flat_map(|file| file.split("named(\"").skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|name| *name != "AgentPhoneError")
            .collect();
        assert!(classes.len() >= 20, "{classes:?}");
        for class in classes {
            assert_ne!(ErrorKind::of_class(class), ErrorKind::Other, "{class}");
        }
    }
}
