//! The JSON of ledger entries and of what is known of the API's objects. It knows as much as they need: texts, whole numbers and
//! lists. A general parser would be larger than all that uses it.

use crate::core::text::push_number;

/// Levels of what is read. Nothing of ours has more, and a stack is not endless.
const DEEPEST: u8 = 12;
/// Digits of the longest number: all of them fit an `i64`.
const LONGEST: usize = 16;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// A whole number, or a boolean: 0 or 1.
    Number(i64),
    /// A text.
    Text(String),
    /// The members of an array or, of an object, its names and values in turn.
    List(Vec<Self>),
}

impl Json {
    /// Reads what `JSON.stringify` has written, so without white space. `None`: it is something else, or too deep.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let first = reader.next()?;
        let value = reader.value(first, DEEPEST)?;
        reader.rest.is_empty().then_some(value)
    }

    /// The value of a name of an object.
    pub fn get(&self, name: &str) -> &Self {
        let pair = self.list().chunks_exact(2).find(|pair| pair.first().and_then(Self::str) == Some(name));
        pair.and_then(<[Self]>::last).unwrap_or(&Self::Null)
    }

    /// The member of an array.
    pub fn at(&self, index: usize) -> &Self {
        self.list().get(index).unwrap_or(&Self::Null)
    }

    /// The members; none if it is not a list.
    pub fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The text.
    pub fn str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A copy of the text.
    pub fn string(&self) -> Option<String> {
        self.str().map(str::to_owned)
    }

    /// Copies of the members, if this is a list of texts.
    pub fn strings(&self) -> Option<Vec<String>> {
        let Self::List(list) = self else { return None };
        let mut strings = Vec::with_capacity(list.len());
        for item in list {
            strings.push(item.string()?);
        }
        Some(strings)
    }

    /// The number.
    pub const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.rest.as_bytes().first()?;
        self.rest = self.rest.get(1..)?;
        Some(byte)
    }

    fn value(&mut self, first: u8, levels: u8) -> Option<Json> {
        Some(match first {
            b'"' => Json::Text(self.text()?),
            b'[' | b'{' => {
                let levels = levels.checked_sub(1)?;
                let mut items = Vec::new();
                let mut next = self.next()?;
                while !matches!(next, b']' | b'}') {
                    items.push(self.value(next, levels)?);
                    next = self.next()?;
                    if matches!(next, b',' | b':') {
                        next = self.next()?;
                    }
                }
                Json::List(items)
            }
            b'n' => self.word("ull", Json::Null)?,
            b't' => self.word("rue", Json::Number(1))?,
            b'f' => self.word("alse", Json::Number(0))?,
            _ => Json::Number(self.number(first)?),
        })
    }

    fn word(&mut self, rest: &str, value: Json) -> Option<Json> {
        self.rest = self.rest.strip_prefix(rest)?;
        Some(value)
    }

    fn number(&mut self, first: u8) -> Option<i64> {
        let is_negative = first == b'-';
        let mut digit = if is_negative { self.next()? } else { first };
        let mut number: i64 = 0;
        for _ in 0..LONGEST {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            match self.rest.as_bytes().first() {
                None | Some(b',' | b']' | b'}') => return Some(if is_negative { -number } else { number }),
                Some(_) => digit = self.next()?,
            }
        }
        None
    }

    /// What is behind the first quotation mark.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let end = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
            let (plain, rest) = self.rest.split_at_checked(end)?;
            text.push_str(plain);
            self.rest = rest;
            if self.next()? == b'"' {
                return Some(text);
            }
            text.push(match self.next()? {
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'u' => self.escaped()?,
                other => char::from(other),
            });
        }
    }

    /// `JSON.stringify` escapes control characters like this, and halves of surrogate pairs, which are not characters.
    fn escaped(&mut self) -> Option<char> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// Writes JSON, a piece after the other; commas are its own business.
#[derive(Debug, Default)]
pub struct Writer {
    /// What was written so far.
    pub out: String,
}

impl Writer {
    fn separate(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.out.push(',');
        }
    }

    /// Ends what was written before it, if anything was, with its line.
    pub fn line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// `{` or `[`.
    pub fn open(&mut self, bracket: char) {
        self.separate();
        self.out.push(bracket);
    }

    /// `}` or `]`.
    pub fn close(&mut self, bracket: char) {
        self.out.push(bracket);
    }

    /// The name of the value that is written next.
    pub fn name(&mut self, name: &str) {
        self.text(name);
        self.out.push(':');
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.separate();
        self.out.push('"');
        // What needs no escape is copied at once.
        let mut copied = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && !matches!(byte, b'"' | b'\\') {
                continue;
            }
            self.out.push_str(text.get(copied..at).unwrap_or_default());
            copied = at.saturating_add(1);
            self.out.push('\\');
            if byte >= b' ' {
                self.out.push(char::from(byte));
            } else {
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
                self.out.push_str("u00");
                self.out.push(digit(byte >> 4));
                self.out.push(digit(byte & 15));
            }
        }
        self.out.push_str(text.get(copied..).unwrap_or_default());
        self.out.push('"');
    }

    /// A text under a name.
    pub fn pair(&mut self, name: &str, text: &str) {
        self.name(name);
        self.text(text);
    }

    /// A whole number under a name.
    pub fn count(&mut self, name: &str, number: u64) {
        self.name(name);
        self.number(number);
    }

    /// A text, or null.
    pub fn text_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.word("null"),
        }
    }

    /// A literal.
    pub fn word(&mut self, word: &str) {
        self.separate();
        self.out.push_str(word);
    }

    /// A whole number.
    pub fn number(&mut self, number: u64) {
        self.separate();
        push_number(&mut self.out, number);
    }

    /// Texts in an array.
    pub fn texts(&mut self, texts: &[String]) {
        self.open('[');
        for text in texts {
            self.text(text);
        }
        self.close(']');
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Json {
        Json::Text(text.to_owned())
    }

    #[test]
    fn what_an_engine_writes_is_read() {
        let json = r#"{"a":[1,-20,null,true,false,[],{}],"b":"x\"\\\n\t\u0001\ud800ü😀","c":1732860000000}"#;
        let read = Json::parse(json).unwrap();
        let none = Json::List(vec![]);
        let a = [Json::Number(1), Json::Number(-20), Json::Null, Json::Number(1), Json::Number(0)];
        assert_eq!(read.get("a").list(), [&a[..], &[none.clone(), none]].concat());
        assert_eq!(read.get("b"), &text("x\"\\\n\t\u{1}\u{fffd}ü😀"));
        assert_eq!(read.get("c").number(), Some(1_732_860_000_000));
        assert_eq!(read.get("d"), &Json::Null);
    }

    #[test]
    fn what_is_no_json_of_ours_is_refused_and_never_a_panic() {
        let deep = ["[".repeat(100), "]".repeat(100)].concat();
        let bad = [
            "",
            "\"",
            "[",
            "[1",
            "{\"a\"",
            "1.5",
            "1e3",
            "-",
            "99999999999999999",
            "tru",
            "\"\\u12",
            "[]x",
            "[ü]",
        ];
        for text in bad.into_iter().chain([deep.as_str()]) {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_text_is_written_is_read_by_us_and_by_others(one in any::<String>(), two in any::<String>(), number: u32) {
            let mut writer = Writer::default();
            writer.open('{');
            writer.name(&one);
            writer.texts(&[two.clone(), one.clone()]);
            writer.name("number");
            writer.number(number.into());
            writer.close('}');
            let read = Json::parse(&writer.out).unwrap();
            prop_assert_eq!(read.at(0), &text(&one));
            prop_assert_eq!(read.at(1).strings(), Some(vec![two.clone(), one.clone()]));
            prop_assert_eq!(read.at(3).number(), Some(number.into()));
            let others: serde_json::Value = serde_json::from_str(&writer.out).unwrap();
            prop_assert!(others.is_object());
            if one != "number" {
                prop_assert_eq!(&others[&one], &serde_json::json!([two, one]));
            }
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>(), json in r#"[\[\]{},:"\\0-9a-u ]{0,40}"#) {
            let _ = (Json::parse(&text), Json::parse(&json));
        }
    }
}
