//! What the machine of a key (`keyed.rs`) takes, and what it asks for.

use super::intent::{Change, How, Intent, Lane, Stamped, Wall};
use super::judge::Look;
use crate::core::Millis;

/// What a caller wants once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The ledger's key of the intent.
    pub key: String,
    /// The intent as it will be written; its state and times are set here.
    pub intent: Intent,
}

/// How a lost response is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long to look for what became of a lost answer. `None`: not at all.
    pub within: Option<Millis>,
    /// An object that another client might have made counts as found.
    pub accepts_likely: bool,
    /// The API is asked before the request which objects are there.
    pub snapshot: bool,
    /// What was not found `within` this time is sent again: the caller's explicit choice.
    pub again: bool,
    /// The operation has a witness.
    pub has_witness: bool,
    /// How long a request may be under way.
    pub lease: Millis,
    /// All of it must be over by then.
    pub ends: Option<Millis>,
}

/// Whose intent is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// That of this key.
    Own,
    /// The one that holds the lane.
    Holder,
}

/// What the ledger holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Under the key.
    pub intent: Option<Stamped<Intent>>,
    /// The lane of the wanted intent.
    pub lane: Option<Stamped<Lane>>,
    /// The intent that holds the lane, if it is another one.
    pub holder: Option<Stamped<Intent>>,
    /// The entry under the key is known to be of a write of our own whose request never left.
    pub is_unsent: bool,
}

impl View {
    /// The ledger's key of the intent that holds the lane, if that is another one than this: it must be read as well.
    pub fn other_holder(&self, own: &str) -> Option<&str> {
        let holder = self.lane.as_ref().and_then(|lane| lane.value.holder.as_deref());
        holder.filter(|holder| *holder != own)
    }
}

/// What came of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Placed(String),
    /// It is proven that nothing happened.
    Refused,
    /// It may or may not have happened.
    Unknown,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The operation was called.
    Begin,
    /// The objects that are there; `None`: they cannot be read, or not all of them.
    Before(Option<Vec<String>>),
    /// The ledger was read.
    Read(Box<View>),
    /// The write took place or, where false, an entry had changed before.
    Written(bool),
    /// The ledger failed.
    LedgerFailed,
    /// The request is over.
    Sent(Outcome),
    /// The API was asked; `None`: it could not be.
    Looked(Option<Look>),
    /// Time has passed.
    Woken,
    /// The caller's signal fired. Where the request is to be sent, it has not left.
    Aborted,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the driver must do what the machine says"]
pub enum Action {
    /// Ask the API which objects are there.
    Snapshot,
    /// Read the ledger.
    Read,
    /// Write to the ledger.
    Write(Vec<Change>),
    /// Send the request.
    Send,
    /// Ask the API for what might be it.
    Look(Subject),
    /// Wait until this time.
    Wait(Millis),
    /// It is known what became of it.
    Done(Done),
    /// It is not, or nothing was sent.
    Fail(Problem),
}

/// How it ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The object's id.
    pub id: String,
    /// How it is known that it happened.
    pub how: How,
    /// This use of the key sent no request.
    pub replayed: bool,
}

/// Why it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The key was used with other content, in these fields.
    Reused(Vec<String>),
    /// Nothing was sent, because the ledger does not answer.
    LedgerUnavailable,
    /// The request itself failed. With what the ledger knows of it, where the outcome is unknown.
    Sent(Option<Box<Intent>>),
    /// An earlier use of the key is in doubt.
    InDoubt(Box<Intent>),
    /// Another intent of the lane is in doubt or under way; nothing was sent.
    LaneInDoubt,
    /// The caller's signal fired before anything was sent.
    Aborted,
    /// Time was up before anything was sent.
    OutOfTime,
}

/// The time, and stamps for entries.
#[allow(missing_debug_implementations)]
pub struct Now<'a> {
    /// On the clock that never goes back.
    pub at: Millis,
    /// On the wall.
    pub wall: Wall,
    /// Makes a stamp that no other write has.
    pub stamp: &'a mut dyn FnMut() -> String,
}
