//! What is checked of a caller's input before anything is sent: the bounds of the contract whose breach
//! would cost money or a round trip. Data, so that a row names its checks and no operation has code of
//! its own. Unknown fields pass: a newer API must not be blocked by an older client. So do unknown
//! values of enumerations, which the API extends more often than its bounds.
//!
//! Here it is only said; `table.rs` writes it down for `src/js/input/checks.js`, which checks.

use super::rule::Rule;

/// One check of an input. An absent field breaks no rule unless it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The field must be present, not null, and obey the rule.
    Needs(&'static str, Rule),
    /// The field may be absent, not null.
    May(&'static str, Rule),
    /// The field may be absent or null.
    MayBeNull(&'static str, Rule),
    /// One of these fields, and no other of them, must be present and not null.
    OneOf(&'static [&'static str]),
    /// Where the field has one of these values, the fields in `needs` must be texts that say something.
    When {
        /// The field that decides.
        field: &'static str,
        /// Its values that ask for more.
        is: &'static [&'static str],
        /// What they ask for.
        needs: &'static [&'static str],
    },
    /// A text has a `body` or media; with two or more `media_urls`, a carousel, it has no `body`.
    BodyOrMedia,
}
