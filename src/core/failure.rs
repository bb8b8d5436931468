//! What came of one attempt that failed: the fact on which the retry decision and the error are
//! built, without the words.

use super::error_body::ErrorBody;
use super::retry_after::Wait;

/// How one attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The request did not leave this machine, or no connection came about (refused, DNS, TLS).
    NotSent,
    /// The request may have arrived; no whole answer came back (reset, cut body).
    NoAnswer,
    /// The attempt's time was up; it may have arrived.
    TimedOut,
    /// The API answered with an error.
    Answered(Answered),
    /// A success whose body is not what the contract says (HTML, broken or empty JSON).
    Unreadable,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// What its body says.
    pub body: ErrorBody,
    /// How long it asks us to wait.
    pub wait: Option<Wait>,
}
