//! What the API can be asked about a request whose answer was lost, as data beside the rows of `src/resources`; and the
//! facts by which an object is recognised. Numbers and texts are compared by their digests, so that a ledger holds
//! neither.

use super::json::Json;
use crate::core::text::joined;
use sha2::{Digest, Sha256};

/// How two spellings of a fact are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id or a reference, kept as it is.
    Id,
    /// A phone number, however it is written, an address, or several of them.
    Recipient,
    /// A text or a name.
    Text,
}

/// One thing that the request says and its object says as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The field of the request.
    pub sent: &'static str,
    /// The fields of the object, of which the first that is there counts. None: it is not compared.
    pub seen: &'static [&'static str],
    /// How they are compared.
    pub kind: Kind,
    /// It tells lanes apart.
    pub is_of_lane: bool,
    /// Only this intent can have given it.
    pub is_exact: bool,
}

impl Fact {
    /// A fact that is compared and does not tell lanes apart.
    pub const fn new(sent: &'static str, seen: &'static [&'static str], kind: Kind) -> Self {
        Self { sent, seen, kind, is_of_lane: false, is_exact: false }
    }

    /// It tells lanes apart.
    #[must_use]
    pub const fn of_lane(self) -> Self {
        Self { is_of_lane: true, ..self }
    }

    /// Only this intent can have given it.
    #[must_use]
    pub const fn exact(self) -> Self {
        Self { is_exact: true, ..self }
    }
}

/// Where the objects are that might be it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a list of the account, or of the object whose ids the request had.
    List,
    /// In a list for each of the account's numbers that these facts fit.
    ListOfNumbers(&'static [Fact]),
    /// It is the one object that the operation answers.
    Object,
}

/// See the head of this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// The operation that is asked.
    pub operation: &'static str,
    /// Where its answer has the objects.
    pub place: Place,
    /// What is asked with, beside the ids, as JSON; empty where nothing can be.
    pub query: &'static str,
    /// What every object must say, where it says something about it.
    pub only: &'static [(&'static str, &'static str)],
    /// What no object may say: it is there before anything was made.
    pub except: Option<(&'static str, &'static str)>,
    /// The field in which an object says when it was made, if it says so.
    pub made_at: Option<&'static str>,
    /// What it is recognised by.
    pub facts: &'static [Fact],
    /// The operation that reads an object by its id.
    pub read: Option<&'static str>,
    /// The fields of the operation's own answer and those of the object that they are taken from. Empty: the two are alike.
    pub answer: &'static [(&'static str, &'static str)],
}

impl Witness {
    /// A list of the account.
    pub const fn list(operation: &'static str, facts: &'static [Fact]) -> Self {
        let query = r#"{"limit":100}"#;
        Self {
            operation,
            place: Place::List,
            query,
            only: &[],
            except: None,
            made_at: None,
            facts,
            read: None,
            answer: &[],
        }
    }

    /// The one object that an operation answers.
    pub const fn object(operation: &'static str, facts: &'static [Fact]) -> Self {
        Self { place: Place::Object, query: "", ..Self::list(operation, facts) }
    }

    /// Asked with another query.
    #[must_use]
    pub const fn asked(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    /// With another shape of the operation's own answer.
    #[must_use]
    pub const fn answering(self, answer: &'static [(&'static str, &'static str)]) -> Self {
        Self { answer, ..self }
    }

    /// Whose objects say in this field when they were made.
    #[must_use]
    pub const fn dated(self, field: &'static str) -> Self {
        Self { made_at: Some(field), ..self }
    }

    /// With another place of its objects.
    #[must_use]
    pub const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Only of objects that say this.
    #[must_use]
    pub const fn only(self, only: &'static [(&'static str, &'static str)]) -> Self {
        Self { only, ..self }
    }

    /// Without objects that say this.
    #[must_use]
    pub const fn except(self, field: &'static str, value: &'static str) -> Self {
        Self { except: Some((field, value)), ..self }
    }

    /// Whose objects are read by this operation.
    #[must_use]
    pub const fn read_by(self, operation: &'static str) -> Self {
        Self { read: Some(operation), ..self }
    }

    /// The facts that tell which of the account's numbers it can be. An intent holds them before the others.
    pub const fn of_numbers(&self) -> &'static [Fact] {
        match self.place {
            Place::ListOfNumbers(facts) => facts,
            Place::List | Place::Object => &[],
        }
    }

    /// All facts, in the order in which an intent holds them.
    pub fn all(&self) -> impl Iterator<Item = &'static Fact> + use<> {
        self.of_numbers().iter().chain(self.facts)
    }
}

/// A fact as it is stored and compared. `values`: a list of texts, which have no order.
pub fn fact_of(kind: Kind, values: &Json) -> Option<String> {
    let mut sorted: Vec<String> = Vec::new();
    for value in values.list() {
        let value = value.str().unwrap_or_default();
        let value = if kind == Kind::Recipient { recipient(value) } else { value.to_owned() };
        if !value.is_empty() {
            let place = sorted.iter().take_while(|other| **other < value).count();
            sorted.insert(place, value);
        }
    }
    let mut joined = String::new();
    for value in sorted {
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(&value);
    }
    if joined.is_empty() {
        return None;
    }
    Some(if kind == Kind::Id { joined } else { digest(&joined) })
}

/// True where an object says what the intent said. What the caller did not send is not compared.
pub fn fits(sent: Option<&str>, seen: Option<&str>) -> bool {
    sent.is_none() || sent == seen
}

/// A recipient in one spelling: digits with their country code, or an address or id in lower case.
fn recipient(text: &str) -> String {
    let text = text.trim_ascii();
    let mut digits = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            digits.push(char::from(byte));
        }
    }
    // What has no digit is compared as it is: what was sent must not count as not sent. The tables of Unicode would be larger
    // than all this, and no address of the API needs them.
    if digits.is_empty() || text.bytes().any(|byte| byte == b'@' || byte.is_ascii_alphabetic()) {
        return text.to_ascii_lowercase();
    }
    // North America is what the API means where no country is named.
    if digits.len() == 10 && !text.starts_with('+') { joined(&["1", &digits]) } else { digits }
}

/// The first 16 bytes of a SHA-256, in hexadecimal.
pub fn digest(text: &str) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    let mut out = String::with_capacity(32);
    for byte in Sha256::digest(text).iter().take(16) {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 15));
    }
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn of(kind: Kind, value: &str) -> Option<String> {
        fact_of(kind, &Json::List(vec![Json::Text(value.to_owned())]))
    }

    #[test]
    fn one_number_in_two_spellings_is_one_recipient() {
        for spelling in ["+1 (415) 555-0123", "4155550123", "1-415-555-0123", " +14155550123 "] {
            assert_eq!(of(Kind::Recipient, spelling), of(Kind::Recipient, "+14155550123"), "{spelling}");
        }
        assert_ne!(of(Kind::Recipient, "+44155550123"), of(Kind::Recipient, "+14155550123"));
        assert_eq!(of(Kind::Recipient, "Ada@Example.com"), of(Kind::Recipient, "ada@example.com"));
        assert_ne!(of(Kind::Recipient, "grp_1"), of(Kind::Recipient, "1"));
        assert_ne!(of(Kind::Recipient, "٤١٥٥٥٥٠١٢٣"), None);
    }

    #[test]
    fn no_number_and_no_text_is_stored() {
        assert!(!of(Kind::Recipient, "+14155550123").unwrap().contains("4155550123"));
        assert!(!of(Kind::Text, "Your table is ready").unwrap().contains("table"));
        assert_eq!(of(Kind::Id, "agt_1").as_deref(), Some("agt_1"));
    }

    #[test]
    fn what_was_not_sent_is_not_compared_and_what_was_must_be_seen() {
        assert!(fits(None, Some("agt_1")));
        assert!(fits(Some("agt_1"), Some("agt_1")));
        assert!(!fits(Some("agt_1"), Some("agt_2")));
        assert!(!fits(Some("agt_1"), None));
    }

    #[test]
    fn several_recipients_are_one_fact_in_any_order() {
        let list = |values: [&str; 2]| Json::List(values.map(|value| Json::Text(value.to_owned())).to_vec());
        let of = |values| fact_of(Kind::Recipient, &list(values));
        assert_eq!(of(["+14155550123", "+14155550124"]), of(["+14155550124", "4155550123"]));
        assert_eq!(fact_of(Kind::Text, &Json::Null), None);
    }
}
