//! What is checked of a caller's input before anything is sent: the bounds of the contract whose breach
//! would cost money or a round trip. Data, so that a row names its checks and no operation has code of
//! its own. Unknown fields pass: a newer API must not be blocked by an older client. So do unknown
//! values of enumerations, which the API extends more often than its bounds.
//!
//! Here it is only said; `table.rs` writes it down for `src/js/input/checks.js`, which checks.

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

/// The upper bound of what has none.
pub const ANY: u32 = u32::MAX;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A string.
    Text,
    /// A string of so many characters, from and to.
    Length(u32, u32),
    /// A phone number in E.164 form.
    Phone,
    /// The same, or empty.
    PhoneOrEmpty,
    /// Up to so many phone numbers in E.164 form: an array, or a string with commas between them.
    Phones(u32),
    /// Whom a text may go to: a phone number however it is written, a short code, an email address or
    /// the id of a group.
    Recipient,
    /// A string of so many decimal digits.
    Digits(u32),
    /// A two-letter country code.
    Country,
    /// A string of up to so many letters, digits, `_` and `-`.
    Word(u32),
    /// A whole number, from and to.
    Whole(u32, u32),
    /// A number, from and to, in tenths.
    Tenths(u32, u32),
    /// An array of so many items, from and to, each of which obeys a rule.
    Items(u32, u32, &'static Rule),
    /// An object that passes these checks.
    Object(&'static [Check]),
}
