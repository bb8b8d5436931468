//! The rules that a value of an input can have to obey. `check.rs` says which field has which.

use super::check::{Check, first_problem};
use super::json::Json;
use super::text::{joined, push_number};

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
    Digits(usize),
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

impl Rule {
    /// What is wrong with `value`, in words that begin with `name`.
    pub(super) fn problem(&self, name: &str, value: &impl Json) -> Option<String> {
        match *self {
            Self::Items(from, to, each) => return items(name, value, (from, to), each),
            Self::Phones(most) if value.text().is_none() => {
                return items(name, value, (1, most), &Self::Phone);
            }
            Self::Object(checks) if value.is_object() => {
                return first_problem(checks, value).map(|problem| joined(&[name, ".", &problem]));
            }
            _ => {}
        }
        (!self.holds(value)).then(|| {
            let mut text = joined(&[name, " must "]);
            self.push_words(&mut text);
            text
        })
    }

    fn holds(&self, value: &impl Json) -> bool {
        let number = |from: f64, to: f64| value.number().is_some_and(|n| n >= from && n <= to);
        if let Some(text) = value.text() {
            return self.holds_for_text(&text);
        }
        match *self {
            Self::Whole(from, to) => {
                let to = if to == ANY { f64::INFINITY } else { f64::from(to) };
                number(f64::from(from), to) && value.number().is_some_and(|n| n.trunc() == n)
            }
            Self::Tenths(from, to) => number(f64::from(from) / 10.0, f64::from(to) / 10.0),
            _ => false,
        }
    }

    fn holds_for_text(&self, text: &str) -> bool {
        match *self {
            Self::Text => true,
            Self::Length(from, to) => within(characters(text), from, to),
            Self::Phone => is_phone(text),
            Self::PhoneOrEmpty => text.is_empty() || is_phone(text),
            Self::Phones(most) => within(text.split(',').count(), 1, most) && text.split(',').all(is_phone),
            Self::Recipient => is_recipient(text),
            Self::Digits(count) => text.len() == count && text.bytes().all(|b| b.is_ascii_digit()),
            Self::Country => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Word(most) => {
                let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                within(text.len(), 1, most) && text.bytes().all(fits)
            }
            _ => false,
        }
    }

    /// The rule, in words that fit behind "must".
    fn push_words(&self, out: &mut String) {
        match *self {
            Self::Text => out.push_str("be a string"),
            Self::Length(from, to) => {
                out.push_str("be a string of ");
                push_bounds(out, from, to);
                out.push_str(" characters");
            }
            Self::Phone => out.push_str("be a phone number in E.164 form, such as +14155550100"),
            Self::PhoneOrEmpty => {
                out.push_str("be a phone number in E.164 form, such as +14155550100, or empty");
            }
            Self::Phones(most) => {
                out.push_str("be ");
                push_bounds(out, 1, most);
                out.push_str(" phone numbers in E.164 form, in an array or with commas between them");
            }
            Self::Recipient => {
                out.push_str("be a phone number, a short code, an email address or a grp_ id");
            }
            Self::Digits(count) => {
                out.push_str("be a string of ");
                push_number(out, count as u64);
                out.push_str(" digits");
            }
            Self::Country => out.push_str("be a country code of two capital letters"),
            Self::Word(most) => {
                out.push_str("be a string of ");
                push_bounds(out, 1, most);
                out.push_str(" letters, digits, _ or -");
            }
            Self::Whole(from, to) => {
                out.push_str("be a whole number, ");
                push_bounds(out, from, to);
            }
            Self::Tenths(from, to) => {
                out.push_str("be a number, ");
                push_tenths(out, from);
                out.push_str(" to ");
                push_tenths(out, to);
            }
            Self::Items(from, to, _) => {
                out.push_str("be an array of ");
                push_bounds(out, from, to);
                out.push_str(" items");
            }
            Self::Object(_) => out.push_str("be an object"),
        }
    }
}

fn items(name: &str, value: &impl Json, (from, to): (u32, u32), each: &Rule) -> Option<String> {
    let items = value.items().filter(|items| within(items.len(), from, to));
    let Some(items) = items else {
        let mut text = joined(&[name, " must "]);
        Rule::Items(from, to, &Rule::Text).push_words(&mut text);
        return Some(text);
    };
    items.iter().enumerate().find_map(|(index, item)| {
        let mut place = joined(&[name, "["]);
        push_number(&mut place, index as u64);
        place.push(']');
        each.problem(&place, item)
    })
}

fn within(count: usize, from: u32, to: u32) -> bool {
    count >= from as usize && (to == ANY || count <= to as usize)
}

/// `chars().count()` in a tenth of its code.
fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// A plus sign and up to 15 digits, of which the first is not 0.
fn is_phone(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'+')
        && matches!(bytes.next(), Some(b'1'..=b'9'))
        && within(bytes.len(), 1, 14)
        && bytes.all(|b| b.is_ascii_digit())
}

/// Generous, because the API reads phone numbers in any form: what it refuses here is no recipient by
/// any reading.
fn is_recipient(text: &str) -> bool {
    if let Some((before, after)) = text.split_once('@') {
        return !before.is_empty() && !after.is_empty();
    }
    if let Some(id) = text.strip_prefix("grp_") {
        return !id.is_empty();
    }
    text.bytes().filter(u8::is_ascii_digit).count() > 2
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.() ".contains(&b))
}

/// "at least 2" or "2 to 20".
fn push_bounds(out: &mut String, from: u32, to: u32) {
    if to == ANY {
        out.push_str("at least ");
        push_number(out, u64::from(from));
    } else {
        push_number(out, u64::from(from));
        out.push_str(" to ");
        push_number(out, u64::from(to));
    }
}

fn push_tenths(out: &mut String, value: u32) {
    push_number(out, u64::from(value / 10));
    if !value.is_multiple_of(10) {
        out.push('.');
        push_number(out, u64::from(value % 10));
    }
}
