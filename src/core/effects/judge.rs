//! Whether an object of the API is the one that an intent was to make.

use super::intent::{How, Intent, Lane, Wall};

/// How much older than its request an object may seem: a `Date` header has whole seconds, and lists round.
const TOLERANCE: Wall = 5_000;
/// The same where it is not known how the sender's clock differs from the API's.
pub const TOLERANCE_OF_CLOCKS: Wall = 300_000;

/// An object that has the facts of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// When it was made, by the API's clock, if it says so.
    pub made_at: Option<Wall>,
    /// It bears a reference that only this intent can have given it.
    pub is_exact: bool,
}

/// What a look at the API has brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The objects that might be it.
    pub candidates: Vec<Candidate>,
    /// How far the API's clock is ahead of ours, if it told the time.
    pub skew: Option<i64>,
    /// There is more that might be it, and that was not read: what is not found here is not absent.
    pub is_partial: bool,
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found. This is never proof that nothing happened.
    NotFound,
    /// One object.
    Found {
        /// Its id.
        id: String,
        /// `Certain` or `Likely`.
        how: How,
    },
    /// More than one.
    Ambiguous(Vec<String>),
}

/// The time by the API's clock from which on an object may be that of an intent. `skew`: how far that clock is ahead of the
/// sender's, if that is known.
pub fn earliest(intent: &Intent, skew: Option<i64>) -> Wall {
    let tolerance = if skew.is_some() && intent.before.is_none() { TOLERANCE } else { TOLERANCE_OF_CLOCKS };
    intent.sent_at.saturating_add_signed(skew.unwrap_or(0)).saturating_sub(tolerance)
}

/// Judges what was found. `skew`: as above.
pub fn judge(intent: &Intent, lane: &Lane, candidates: &[Candidate], skew: Option<i64>) -> Verdict {
    let earliest = earliest(intent, skew);
    let mut found: Vec<&Candidate> = Vec::new();
    for candidate in candidates {
        let id = &candidate.id;
        let was_there = intent.before.as_ref().is_some_and(|before| before.contains(id));
        let is_taken = lane.taken.iter().any(|(taken, _)| taken == id);
        let is_old = !candidate.is_exact && candidate.made_at.is_some_and(|at| at < earliest);
        // Pages shift while they are read.
        let is_known = found.iter().any(|one| one.id == *id);
        if !(was_there || is_taken || is_old || is_known) {
            found.push(candidate);
        }
    }
    match found.as_slice() {
        [] => Verdict::NotFound,
        [one] => {
            // Without a time it may be older than the request, unless the sender looked before.
            let is_dated = one.made_at.is_some() || intent.before.is_some();
            let is_alone = intent.exclusive && !lane.has_stray(intent.sent_at);
            let certain = one.is_exact || (is_alone && is_dated);
            Verdict::Found { id: one.id.clone(), how: if certain { How::Certain } else { How::Likely } }
        }
        several => {
            let mut ids = Vec::new();
            for candidate in several {
                ids.push(candidate.id.clone());
            }
            Verdict::Ambiguous(ids)
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "judge_tests.rs"]
mod tests;
