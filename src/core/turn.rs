//! Reads a turn of a transcript without the JavaScript engine's `JSON.parse`, which takes longer than
//! all the rest of a stream. Only the documented shape is read, a role that is documented, the content
//! and the time, in this order; whatever else comes is left to the engine, which has the last word on
//! what is JSON. So this reader may refuse too much, but must never read anything otherwise than it.
//!
//! The strings of many turns are written one after the other, as one text: the engine decodes it at
//! once and cuts it at the places told, which costs no copy.

use super::scan::find_special;

/// Who has spoken, of those that are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The agent.
    Agent,
    /// The other one.
    User,
}

/// A turn whose content and time have been written to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Who has spoken.
    pub role: Role,
    /// The length of the content in UTF-16 units, as JavaScript counts.
    pub content: u32,
    /// The length of the time.
    pub created_at: u32,
}

/// Reads `{"role":…,"content":…,"createdAt":…}` and appends content and time to `text`. If it is anything
/// else, `text` is as it was.
pub fn read(data: &[u8], text: &mut Vec<u8>) -> Option<Turn> {
    let before = text.len();
    let turn = read_members(data, text);
    if turn.is_none() {
        text.truncate(before);
    }
    turn
}

fn read_members(data: &[u8], text: &mut Vec<u8>) -> Option<Turn> {
    let rest = token(data, b"{")?;
    let rest = token(token(rest, b"\"role\"")?, b":")?;
    let (role, rest) = match token(rest, b"\"agent\"") {
        Some(rest) => (Role::Agent, rest),
        None => (Role::User, token(rest, b"\"user\"")?),
    };
    let rest = after(token(token(rest, b",")?, b"\"content")?, b"\"")?;
    let (content, rest) = string(token(token(rest, b":")?, b"\"")?, text)?;
    let rest = after(token(token(rest, b",")?, b"\"created")?, b"At\"")?;
    let (created_at, rest) = string(token(token(rest, b":")?, b"\"")?, text)?;
    let rest = token(rest, b"}")?;
    token(rest, b"")?.is_empty().then_some(Turn { role, content, created_at })
}

/// What follows this token, which white space may precede.
#[inline(always)]
fn token<'d, const N: usize>(data: &'d [u8], token: &[u8; N]) -> Option<&'d [u8]> {
    let mut rest = data;
    while let [b' ' | b'\t' | b'\n' | b'\r', more @ ..] = rest {
        rest = more;
    }
    after(rest, token)
}

/// What follows these bytes. Up to eight are compared as one number; more would take a call, which
/// costs more than all else here.
#[inline(always)]
fn after<'d, const N: usize>(data: &'d [u8], bytes: &[u8; N]) -> Option<&'d [u8]> {
    const { assert!(N <= 8) };
    let (head, rest) = data.split_first_chunk::<N>()?;
    (head == bytes).then_some(rest)
}

/// Appends the text of a string to `text`, given what follows its opening quotation mark. Gives its
/// length in UTF-16 units and what follows it.
fn string<'d>(data: &'d [u8], text: &mut Vec<u8>) -> Option<(u32, &'d [u8])> {
    let mut units = 0_usize;
    // What has not been copied yet begins here.
    let mut start = data;
    let mut rest = data;
    loop {
        let found = find_special(rest)?;
        units += found;
        let tail = rest.get(found..)?;
        if let Some((bytes, more)) = foreign(tail) {
            units += if bytes == 4 { 2 } else { 1 };
            rest = more;
            continue;
        }
        text.extend_from_slice(start.get(..start.len() - tail.len())?);
        rest = match tail {
            [b'"', more @ ..] => return Some((u32::try_from(units).ok()?, more)),
            [b'\\', more @ ..] => {
                let (character, more) = escaped(more)?;
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                units += character.len_utf16();
                more
            }
            _ => return None,
        };
        start = rest;
    }
}

/// The length of the character beyond ASCII that stands here in UTF-8, and what follows it. Of broken
/// UTF-8 the engine makes U+FFFD when it decodes; how many is its business.
#[inline]
const fn foreign(data: &[u8]) -> Option<(u8, &[u8])> {
    match data {
        [0xC2..=0xDF, 0x80..=0xBF, rest @ ..] => Some((2, rest)),
        [0xE0, 0xA0..=0xBF, 0x80..=0xBF, rest @ ..]
        | [0xED, 0x80..=0x9F, 0x80..=0xBF, rest @ ..]
        | [0xE1..=0xEC | 0xEE | 0xEF, 0x80..=0xBF, 0x80..=0xBF, rest @ ..] => Some((3, rest)),
        [0xF0, 0x90..=0xBF, 0x80..=0xBF, 0x80..=0xBF, rest @ ..]
        | [0xF4, 0x80..=0x8F, 0x80..=0xBF, 0x80..=0xBF, rest @ ..]
        | [0xF1..=0xF3, 0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, rest @ ..] => Some((4, rest)),
        _ => None,
    }
}

/// The character that an escape stands for, given what follows the backslash, and what follows it. Half
/// a surrogate pair is none.
fn escaped(data: &[u8]) -> Option<(char, &[u8])> {
    let (mark, rest) = data.split_first()?;
    let character = match mark {
        b'"' | b'\\' | b'/' => char::from(*mark),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return escaped_unit(rest),
        _ => return None,
    };
    Some((character, rest))
}

fn escaped_unit(data: &[u8]) -> Option<(char, &[u8])> {
    let (high, rest) = hexadecimal(data)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character, rest));
    }
    let (low, rest) = hexadecimal(rest.strip_prefix(b"\\u")?)?;
    let (high, low) = (high.checked_sub(0xD800)?, low.checked_sub(0xDC00)?);
    // A half that comes first although it is a second one makes a number beyond all characters.
    if low >= 0x400 {
        return None;
    }
    Some((char::from_u32(0x1_0000 + (high << 10 | low))?, rest))
}

fn hexadecimal(data: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = data.split_first_chunk::<4>()?;
    let mut value = 0;
    for digit in digits {
        value = value << 4 | char::from(*digit).to_digit(16)?;
    }
    Some((value, rest))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// What is read, put together again as the engine would.
    fn reread(data: &str) -> Option<Value> {
        let mut text = b"before".to_vec();
        let Some(turn) = read(data.as_bytes(), &mut text) else {
            assert_eq!(text, b"before");
            return None;
        };
        let units: Vec<u16> = String::from_utf8(text).unwrap().encode_utf16().skip(6).collect();
        let (content, created_at) = units.split_at(turn.content as usize);
        assert_eq!(created_at.len(), turn.created_at as usize);
        let role = if turn.role == Role::Agent { "agent" } else { "user" };
        Some(json!({
            "role": role,
            "content": String::from_utf16(content).unwrap(),
            "createdAt": String::from_utf16(created_at).unwrap(),
        }))
    }

    fn turn(content: &str) -> String {
        format!(r#"{{"role":"user","content":{content},"createdAt":"2026-11-22T10:00:00Z"}}"#)
    }

    #[test]
    fn every_escape_means_what_it_means_in_json() {
        for content in [
            r#""""#,
            r#""a""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e9\u2019\u0000\uD83D\uDc4b!\ufeff""#,
            r#""é ж 漢字 👋🏽 long enough for several words""#,
        ] {
            let data = turn(content);
            assert_eq!(reread(&data), Some(serde_json::from_str(&data).unwrap()), "{content}");
        }
    }

    #[test]
    fn white_space_may_stand_where_json_allows_it() {
        let data = "\r\n{ \"role\" :\t\"agent\" , \"content\": \"a\",\n\"createdAt\":\"b\" } \n";
        assert_eq!(reread(data), Some(serde_json::from_str(data).unwrap()));
    }

    #[test]
    fn what_is_not_the_documented_shape_is_left_to_the_engine() {
        for content in [
            "\"a\nb\"",
            r#""\x""#,
            r#""\u12""#,
            r#""\u12g4""#,
            r#""\u+123""#,
            r#""\uD83D""#,
            r#""\uDC4B""#,
            r#""\uD83D\u0041""#,
            r#""\uD83D\uD83D""#,
            r#""\uD83D\uE000""#,
            r#""\uDC4B\uDC4B""#,
            "null",
            "1",
            "[]",
            r#""a"b"#,
            "\"a",
            r#""a\"#,
            "\"a\\\"",
            r#""a","content":"b""#,
            r#""a","more":1"#,
        ] {
            assert_eq!(reread(&turn(content)), None, "{content}");
        }
        for data in [
            "",
            "{}",
            "[]",
            r#"{"role":"user","content":"a"}"#,
            r#"{"role":"tool","content":"a","createdAt":"b"}"#,
            r#"{"content":"a","role":"user","createdAt":"b"}"#,
            r#"{"role":"user","content":"a","createdAt":null}"#,
            r#"{"role":"user","content":"a","createdAt":"b","id":"c"}"#,
            r#"{"role":"user","content":"a","createdAt":"b"} 1"#,
            r#"{"role":"user","content":"a","createdAt":"b",}"#,
            r#"{"role":"user" "content":"a","createdAt":"b"}"#,
            "\u{c}{\"role\":\"user\",\"content\":\"a\",\"createdAt\":\"b\"}",
        ] {
            assert_eq!(reread(data), None, "{data}");
        }
    }

    #[test]
    fn broken_utf_8_is_left_to_the_engine() {
        let mut text = Vec::new();
        for broken in [&b"\xff"[..], b"\xe2\x82", b"\xf0\x9f\x91", b"\xed\xa0\x80", b"\xc0\x80"] {
            let data =
                [&b"{\"role\":\"user\",\"content\":\"a"[..], broken, b"\",\"createdAt\":\"b\"}"].concat();
            assert_eq!(read(&data, &mut text), None);
        }
        assert!(text.is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_engine_reads_it(content in any::<String>(), ascii: bool, created_at in "\\PC{0,9}") {
            let value = json!({ "role": "agent", "content": content, "createdAt": created_at });
            let plain = format!(
                r#"{{"role":"agent","content":{},"createdAt":{}}}"#, value["content"], value["createdAt"],
            );
            let escape = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let data: String =
                plain.chars().map(|c| if ascii && !c.is_ascii() { escape(c) } else { c.to_string() }).collect();
            prop_assert_eq!(reread(&data), Some(value));
        }

        #[test]
        fn utf_8_is_what_the_standard_library_takes_for_it(
            bytes in proptest::collection::vec(prop_oneof![0x7fu8..=0xFF, Just(0xE0), Just(0xED), Just(0xF0), Just(0xF4), Just(0x8F), Just(0x90), Just(0x9F), Just(0xA0)], 0..6),
        ) {
            let data = [&b"{\"role\":\"user\",\"content\":\""[..], &bytes, b"\",\"createdAt\":\"b\"}"].concat();
            let mut text = Vec::new();
            prop_assert_eq!(read(&data, &mut text).is_some(), str::from_utf8(&bytes).is_ok());
        }

        #[test]
        fn what_is_read_is_json_and_means_the_same(content in "[\"\\\\u0-9a-dDn \n\té👋,:}]{0,12}") {
            let data = turn(&format!("\"{content}\""));
            if let Some(value) = reread(&data) {
                prop_assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), value);
            }
        }
    }
}
