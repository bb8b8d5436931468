//! Why a call failed: the one error type of the client, without a word of JavaScript. What a response of the API says
//! stays where it was read; `client/failure.rs` makes the error that the caller sees from both.

use super::Millis;
use super::text::{joined, push_number};

/// What an error is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The API refused: the error is called as the answer says.
    Refused,
    /// The API has limited the rate, which another request of the same key found out.
    RateLimited,
    /// A wrong or missing option.
    Configuration,
    /// An argument that cannot be sent.
    InvalidArgument,
    /// No answer, because the connection failed.
    Connection,
    /// No answer in time.
    Timeout,
    /// The caller's signal fired.
    Aborted,
    /// An answer that is not what the contract says.
    InvalidResponse,
    /// The client itself broke.
    Internal,
    /// An idempotency key was used with other content.
    KeyReused,
    /// The ledger failed before anything was sent.
    LedgerUnavailable,
    /// An earlier use of an idempotency key is in doubt.
    OutcomeUnknown,
    /// Another intent of the lane is in doubt; nothing was sent.
    LaneInDoubt,
}

impl Code {
    /// As callers read it; empty where the answer has the word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "",
            Self::RateLimited => "RATE_LIMIT_EXCEEDED",
            Self::Configuration => "CONFIGURATION_ERROR",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::Connection => "CONNECTION_ERROR",
            Self::Timeout => "TIMEOUT",
            Self::Aborted => "ABORTED",
            Self::InvalidResponse => "INVALID_RESPONSE",
            Self::Internal => "INTERNAL_ERROR",
            Self::KeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::LedgerUnavailable => "LEDGER_UNAVAILABLE",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::LaneInDoubt => "LANE_IN_DOUBT",
        }
    }

    /// The code of a name, for what JavaScript has found; a name that is none is our own mistake.
    pub fn named(name: &str) -> Self {
        let all = [
            Self::Configuration,
            Self::InvalidArgument,
            Self::Connection,
            Self::Timeout,
            Self::Aborted,
            Self::InvalidResponse,
        ];
        all.into_iter().find(|code| code.as_str() == name).unwrap_or(Self::Internal)
    }

    /// True where the same call may succeed at another time, if nothing more is known.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Connection
                | Self::Timeout
                | Self::RateLimited
                | Self::LedgerUnavailable
                | Self::LaneInDoubt
        )
    }
}

/// What the client knows beyond the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is the last attempt's to say.
    Attempt,
    /// It is the key supplier's to say.
    Supplier,
    /// The supplier took longer than an attempt may.
    SlowSupplier,
    /// `timeout` is over.
    AttemptTime(Millis),
    /// `totalTimeout` is over.
    TotalTime(Millis),
    /// `totalTimeout` would be over before the rate limit is.
    RateLimit,
    /// The rate limit lasts longer than `maxRetryDelay`.
    LongRateLimit,
    /// The caller's signal fired.
    Signal,
}

impl Reason {
    /// In words; empty where the attempt or the supplier has them.
    pub fn words(self) -> String {
        let time = |option: &str, span| {
            joined(&["no complete response within ", option, " (", &in_words(span), ")"])
        };
        match self {
            Self::Attempt | Self::Supplier => String::new(),
            Self::SlowSupplier => {
                "the apiKey supplier did not return within timeout; nothing was sent".to_owned()
            }
            Self::AttemptTime(span) => time("timeout", span),
            Self::TotalTime(span) => time("totalTimeout", span),
            Self::RateLimit => "the rate limit lasts longer than totalTimeout allows".to_owned(),
            Self::LongRateLimit => {
                "the rate limit of the API lasts longer than maxRetryDelay; nothing was sent".to_owned()
            }
            Self::Signal => "aborted by its signal".to_owned(),
        }
    }
}

/// `5 ms`.
pub fn in_words(span: Millis) -> String {
    let mut words = String::new();
    push_number(&mut words, span);
    words.push_str(" ms");
    words
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallError {
    /// What it is called.
    pub code: Code,
    /// What is known beyond that.
    pub reason: Reason,
    /// The operation may have happened.
    pub outcome_unknown: bool,
    /// Trying again later can help, and cannot do a thing twice.
    pub retryable: bool,
    /// How long the API asks to wait.
    pub retry_after: Option<Millis>,
    /// Requests sent.
    pub attempts: u32,
    /// Milliseconds from the call to its error.
    pub elapsed: Millis,
}
