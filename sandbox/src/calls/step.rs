//! The steps of a call, as they are planned.

use crate::store::persist;

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The other side's phone starts ringing.
    Ring,
    /// The other side picks up.
    Connect,
    /// The other side does not pick up.
    GiveUp,
    /// The agent speaks first.
    Greet,
    /// The other side says its next line, or has none left.
    Line,
    /// A hosted agent responds.
    Answer,
    HangUp,
    /// No browser joined the web call in time.
    Lapse,
}

persist!(names Step {
    Ring = "Ring", Connect = "Connect", GiveUp = "GiveUp", Greet = "Greet", Line = "Line",
    Answer = "Answer", HangUp = "HangUp", Lapse = "Lapse",
});
