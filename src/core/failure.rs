//! What came of one attempt that failed: the fact on which the retry decision and the error are
//! built, without the words.

use super::catalogue::Cure;
use super::retry_after::Wait;

/// How one attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The request did not leave this machine, or no connection was established (refused, DNS, TLS).
    NotSent,
    /// The request may have arrived; no complete response arrived (reset, cut body).
    NoAnswer,
    /// The attempt's time was up; it may have arrived.
    TimedOut,
    /// The API answered with an error.
    Answered(Answered),
    /// A success whose body is not what the contract says (HTML, broken or empty JSON).
    Unreadable,
}

/// An error answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// What its code says about trying again.
    pub cure: Cure,
    /// True for the documented envelope: this is the API's own word and not an edge's in front of it.
    pub envelope: bool,
    /// How long it asks us to wait.
    pub wait: Option<Wait>,
}

impl Failure {
    /// How long the API asks to wait.
    pub fn wait(&self) -> Option<Wait> {
        match self {
            Self::Answered(answer) => answer.wait,
            _ => None,
        }
    }
}
