//! What the API can be asked about a request whose answer was lost, as data beside the rows of `src/resources`; and the
//! facts by which an object is recognised. Numbers and texts are compared by their digests, so that a ledger holds
//! neither.

use super::json::Json;
use crate::core::text::{joined, push_number};
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
    /// The addresses of pictures and other media. The API may show them where they were, or where it has stored them.
    Media,
}

/// One thing that the request says and its object says as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The field of the request.
    pub sent: &'static str,
    /// Another field that may say it instead; empty where there is none.
    pub or_sent: &'static str,
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
        Self { sent, or_sent: "", seen, kind, is_of_lane: false, is_exact: false }
    }

    /// Another field of the request may say it instead.
    #[must_use]
    pub const fn or_sent(self, or_sent: &'static str) -> Self {
        Self { or_sent, ..self }
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
    /// The operation that counts all objects, billed and not listed ones too.
    pub counter: Option<&'static str>,
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
            counter: None,
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

    /// Whose objects are counted by this operation.
    #[must_use]
    pub const fn counted_by(self, operation: &'static str) -> Self {
        Self { counter: Some(operation), ..self }
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
    if kind == Kind::Media {
        return matches!(values, Json::List(_)).then(|| media_of(values.list()));
    }
    let sorted = sorted_by(values.list(), if kind == Kind::Recipient { recipient } else { str::to_owned });
    if sorted.is_empty() {
        return None;
    }
    Some(if kind == Kind::Id { sorted } else { digest(&sorted) })
}

/// Texts in one spelling and in one order, a line each. Empty ones are left out.
fn sorted_by(values: &[Json], spelled: fn(&str) -> String) -> String {
    let mut sorted: Vec<String> = Vec::new();
    for value in values {
        let value = spelled(value.str().unwrap_or_default());
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
    joined
}

/// How many media there are, at which hosts and at which addresses.
fn media_of(values: &[Json]) -> String {
    let mut media = String::new();
    push_number(&mut media, values.len() as u64);
    for part in [sorted_by(values, host), sorted_by(values, str::to_owned)] {
        media.push(' ');
        media.push_str(&digest(&part));
    }
    media
}

/// The host of an address, and what precedes it. Byte by byte, because searching and slicing a text can panic.
fn host(address: &str) -> String {
    let mut host = String::new();
    let mut is_scheme = true;
    for byte in address.bytes() {
        let so_far = host.as_bytes();
        let is_separator = byte == b'/' && is_scheme && (so_far.ends_with(b":") || so_far.ends_with(b":/"));
        if !is_separator && matches!(byte, b'/' | b'?' | b'#') {
            break;
        }
        host.push(char::from(byte.to_ascii_lowercase()));
        is_scheme = is_scheme && !host.as_bytes().ends_with(b"://");
    }
    host
}

/// True where an object says what the intent said. What the caller did not send is not compared.
pub fn fits(kind: Kind, sent: Option<&str>, seen: Option<&str>) -> bool {
    match (sent, seen) {
        (None, _) => true,
        (Some(sent), Some(seen)) if kind == Kind::Media => fits_media(sent, seen),
        // Not every list shows media.
        (Some(_), None) if kind == Kind::Media => true,
        (sent, seen) => sent == seen,
    }
}

/// True where media are as many, and at the same addresses unless they are at other hosts: then the API has stored them itself.
fn fits_media(sent: &str, seen: &str) -> bool {
    let [mut sent_parts, mut seen_parts] =
        [sent, seen].map(|text| text.as_bytes().split(|byte| *byte == b' '));
    sent == seen || (sent_parts.next() == seen_parts.next() && sent_parts.next() != seen_parts.next())
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
        assert!(fits(Kind::Id, None, Some("agt_1")));
        assert!(fits(Kind::Id, Some("agt_1"), Some("agt_1")));
        assert!(!fits(Kind::Id, Some("agt_1"), Some("agt_2")));
        assert!(!fits(Kind::Id, Some("agt_1"), None));
    }

    fn media(addresses: &[&str]) -> Option<String> {
        fact_of(
            Kind::Media,
            &Json::List(addresses.iter().map(|address| Json::Text((*address).to_owned())).collect()),
        )
    }

    fn fits_seen(sent: &[&str], seen: &[&str]) -> bool {
        fits(Kind::Media, media(sent).as_deref(), media(seen).as_deref())
    }

    #[test]
    fn another_picture_at_the_same_host_is_another_text() {
        let (one, two) = ("https://shop.example/1.png", "https://shop.example/2.png");
        assert!(fits_seen(&[one], &[one]));
        assert!(!fits_seen(&[one], &[two]));
        assert!(!fits_seen(&[one], &["https://SHOP.example/1.PNG"]));
        assert!(fits_seen(&[one, two], &[two, one]));
        assert!(!fits_seen(&[one, two], &[one, one]));
    }

    #[test]
    fn media_that_the_api_has_stored_itself_are_only_counted() {
        let (one, two) = ("https://shop.example/1.png", "https://shop.example/2.png");
        assert!(fits_seen(&[one], &["https://cdn.example/a?b=1"]));
        assert!(fits_seen(&[one, two], &["https://cdn.example/a", "https://cdn.example/b"]));
        assert!(!fits_seen(&[one, two], &["https://cdn.example/a"]));
        assert!(!fits_seen(&[one], &[]));
        assert!(!fits_seen(&[], &["https://cdn.example/a"]));
        assert!(fits_seen(&[], &[]));
    }

    #[test]
    fn a_list_that_says_nothing_of_media_excludes_no_text() {
        assert_eq!(fact_of(Kind::Media, &Json::Null), None);
        assert!(fits(Kind::Media, media(&["https://shop.example/1.png"]).as_deref(), None));
        assert!(fits(Kind::Media, media(&[]).as_deref(), None));
    }

    #[test]
    fn a_host_is_what_precedes_path_query_and_fragment() {
        for rest in ["", "/", "/a/b", "?a=https://b", "#a"] {
            assert_eq!(host(&joined(&["HTTPS://Shop.example:8443", rest])), "https://shop.example:8443");
        }
        assert_eq!((host("shop.example/a"), host("")), ("shop.example".to_owned(), String::new()));
        assert!(!media(&["https://shop.example/1.png"]).unwrap().contains("shop"));
    }

    #[test]
    fn several_recipients_are_one_fact_in_any_order() {
        let list = |values: [&str; 2]| Json::List(values.map(|value| Json::Text(value.to_owned())).to_vec());
        let of = |values| fact_of(Kind::Recipient, &list(values));
        assert_eq!(of(["+14155550123", "+14155550124"]), of(["+14155550124", "4155550123"]));
        assert_eq!(fact_of(Kind::Text, &Json::Null), None);
    }
}
