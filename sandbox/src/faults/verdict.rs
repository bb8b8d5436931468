//! What a rule is asked, and what it says.

use super::kinds::{Cut, Garbage, Stall, StatusFault};
use super::race::Race;
use super::window::Exceeded;

/// What a rule can match on.
#[derive(Debug)]
pub(crate) struct Probe<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// The number that a call or text is addressed to.
    pub(crate) to_number: Option<&'a str>,
    pub(crate) now: u64,
}

/// What a matching rule asks for.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) rule: String,
    pub(crate) delay_ms: u32,
    pub(crate) effect: Effect,
    pub(crate) race: Race,
}

#[derive(Debug)]
pub(crate) enum Effect {
    /// Only the delay.
    Delay,
    Status(StatusFault),
    Cut(Cut),
    Stall(Stall),
    Slow {
        bytes: u32,
        every_ms: u32,
    },
    Garbage(Garbage),
    Limit(Exceeded),
}
