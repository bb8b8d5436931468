//! A request to the user's server that is in flight.

use crate::store::persist;

/// The purpose of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    Event,
    /// The user requested a test and waits for its outcome on a stream.
    Test {
        stream: u64,
    },
    /// A voice turn: the response is what the agent says next.
    Turn {
        call: String,
    },
}

persist!(kinds Purpose { Event {}, Test { stream }, Turn { call } });

/// A request in flight.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) account: String,
    pub(crate) delivery: String,
    pub(crate) purpose: Purpose,
    pub(crate) status: Option<u16>,
    /// The response consists of lines that are carried out one by one.
    pub(crate) lines: bool,
    /// Received data that has not been carried out yet.
    pub(crate) buffer: Vec<u8>,
    /// The beginning of the response, for the log.
    pub(crate) answer: Vec<u8>,
    pub(crate) timeout: u64,
}

persist!(Attempt { account, delivery, purpose, status, lines, buffer, answer, timeout });
