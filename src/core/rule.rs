//! The rules that a value of an input can have to obey. `check.rs` says which field has which.

use super::check::Check;

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
