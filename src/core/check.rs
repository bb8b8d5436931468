//! What is checked of a caller's input before anything is sent: the bounds of the contract whose breach
//! would cost money or a round trip. Data, so that a row names its checks and no operation has code of
//! its own. Unknown fields pass: a newer API must not be blocked by an older client. So do unknown
//! values of enumerations, which the API extends more often than its bounds.
//!
//! A problem is told by the field and the rule, never by the value: values are phone numbers and texts.

use super::json::Json;
use super::rule::Rule;
use super::text::{joined, listed};

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

impl Check {
    /// What is wrong with `input`, in words that name the field.
    pub fn problem(&self, input: &impl Json) -> Option<String> {
        match *self {
            Self::Needs(field, rule) => match present(input, field) {
                Some(value) => rule.problem(field, &value),
                None => Some(joined(&[field, " is missing"])),
            },
            Self::May(field, rule) => rule.problem(field, &input.member(field)?),
            Self::MayBeNull(field, rule) => rule.problem(field, &present(input, field)?),
            Self::OneOf(fields) => {
                let given = fields.iter().filter(|field| present(input, field).is_some()).count();
                (given != 1).then(|| joined(&["exactly one of ", &listed(fields, ", "), " must be given"]))
            }
            Self::When { field, is, needs } => {
                let value = input.member(field)?.text()?;
                let value = is.iter().find(|asking| **asking == value)?;
                let missing = needs.iter().find(|needed| !says_something(input, needed))?;
                Some(joined(&[missing, " is needed when ", field, " is ", value]))
            }
            Self::BodyOrMedia => body_or_media(input).map(str::to_owned),
        }
    }

    /// True when it lets `field` be an array. In a query its items then have commas between them.
    pub fn is_of_array(&self, field: &str) -> bool {
        match *self {
            Self::Needs(name, rule) | Self::May(name, rule) | Self::MayBeNull(name, rule) => {
                name == field && matches!(rule, Rule::Items(..) | Rule::Phones(_))
            }
            Self::OneOf(_) | Self::When { .. } | Self::BodyOrMedia => false,
        }
    }
}

/// The first problem that `checks` find.
pub fn first_problem(checks: &[Check], input: &impl Json) -> Option<String> {
    checks.iter().find_map(|check| check.problem(input))
}

/// The member that is neither absent nor null.
fn present<J: Json>(input: &J, field: &str) -> Option<J> {
    input.member(field).filter(|value| !value.is_null())
}

fn says_something(input: &impl Json, field: &str) -> bool {
    present(input, field).is_some_and(|value| value.text().is_none_or(|text| !text.is_empty()))
}

fn body_or_media(input: &impl Json) -> Option<&'static str> {
    let media = present(input, "media_urls").and_then(|urls| urls.items()).map_or(0, |urls| urls.len());
    let body = says_something(input, "body");
    if media > 1 && body {
        Some("body must be left out when media_urls has 2 or more items")
    } else if media == 0 && !body && !says_something(input, "media_url") {
        Some("body or media_urls must be given")
    } else {
        None
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "check_tests.rs"]
mod tests;
