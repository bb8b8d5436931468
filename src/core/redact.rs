//! Takes what the caller sent out of what a server says. Error answers echo input (FastAPI's do it
//! by habit), and messages end up in logs: there no phone number, message text or key of a caller
//! may stand. The words of the answer that are not the caller's stay.

use super::text::one_line;

/// What stands in place of something taken out.
const MARK: &str = "[redacted]";

/// Fields whose text is private whatever it looks like.
const PRIVATE: &[&str] = &[
    "body",
    "message",
    "text",
    "systemPrompt",
    "beginMessage",
    "initialGreeting",
    "voicemailMessage",
    "email",
    "code",
    "reaction",
];

/// How much of the beginning of a private text is enough to know it: servers cut what they quote.
const HEAD: usize = 12;

/// `text` without the strings of `sent` (a JSON text, or empty), without the other `secrets`, and
/// without phone numbers. What is taken out is found also as it stands in JSON or in a URL, with its
/// white space tidied, and cut off after a dozen characters.
pub fn redact(text: &str, sent: &str, secrets: &[&str]) -> String {
    let mut forms = strings_of(sent);
    for secret in secrets {
        if secret.len() > 3 {
            let mut escaped = String::new();
            push_escaped(&mut escaped, secret);
            push_forms(&mut forms, secret, escaped);
        }
    }
    without_phone_numbers(&without(text, &forms))
}

/// Characters that RFC 3986 leaves unreserved; every other byte of an id is escaped.
fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends `text` percent-encoded (RFC 3986, section 2.1).
fn push_escaped(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if unreserved(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(nibble)).copied().unwrap_or('0'));
            }
        }
    }
}

/// Adds a value as it is, with its white space tidied, and as it is written where it was found.
fn push_forms(forms: &mut Vec<String>, value: &str, written: String) {
    forms.push(one_line(value, usize::MAX));
    forms.push(value.to_owned());
    forms.push(written);
}

/// `text` without the values in any of their `forms`: at each place the longest that begins there.
fn without(text: &str, forms: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut longest = 0;
        for form in forms {
            longest = longest.max(known(rest, form));
        }
        if longest > 0 {
            out.push_str(MARK);
        } else {
            out.push(c);
        }
        rest = rest.get(longest.max(c.len_utf8())..).unwrap_or_default();
    }
    out
}

/// How many bytes of `value` stand at the beginning of `text`; none where it is too little to tell.
fn known(text: &str, value: &str) -> usize {
    let same = text.chars().zip(value.chars()).take_while(|(a, b)| a == b);
    let (count, bytes) = same.fold((0, 0), |(count, bytes), (c, _)| (count + 1, bytes + c.len_utf8()));
    let enough = bytes == value.len() || count >= HEAD;
    if enough { bytes } else { 0 }
}

/// The private strings of a JSON text, each in all its forms. A scanner, no parser:
/// it runs on text that `JSON.stringify` wrote, and only when a request has failed.
fn strings_of(json: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut key = String::new();
    let mut rest = json;
    while let Some((_, after)) = rest.split_once('"') {
        let Some((value, tail)) = string(after) else { break };
        if tail.trim_start().starts_with(':') {
            key = value;
        } else if private(&key, &value) {
            let length = after.len().saturating_sub(tail.len()).saturating_sub(1);
            push_forms(&mut found, &value, after.get(..length).unwrap_or_default().to_owned());
        }
        rest = tail;
    }
    found
}

/// Values of the API's own vocabulary are no secret: advice would be unreadable without them.
fn private(key: &str, value: &str) -> bool {
    value.chars().count() > 1 && (PRIVATE.contains(&key) || !is_word(value))
}

/// True for a value that could be of the API's vocabulary: `hosted`, `no-answer`, `NOT_FOUND`.
fn is_word(value: &str) -> bool {
    value.bytes().all(|c| c.is_ascii_alphabetic() || matches!(c, b'-' | b'_'))
}

/// Reads a JSON string whose opening quote has been taken; gives it back unescaped, with what follows
/// its closing quote.
fn string(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at.saturating_add(1)..)?)),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                // Surrogates that JSON.stringify escapes stand alone: no text can hold them.
                'u' => {
                    let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    out.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

/// Replaces runs that read like phone numbers: seven digits or more, with the separators that people
/// write between them. Times and dates have fewer in a row or a letter between.
fn without_phone_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() || (c == '+' && run.is_empty()) || (!run.is_empty() && separator(c)) {
            run.push(c);
        } else {
            flush(&mut out, &mut run);
            out.push(c);
        }
    }
    flush(&mut out, &mut run);
    out
}

fn separator(c: char) -> bool {
    // Hyphens and dashes of U+2010 to U+2015, and every space.
    matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}') || c.is_whitespace()
}

fn flush(out: &mut String, run: &mut String) {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    if digits >= 7 && date(run) {
        // A date may have a time behind it, which is no number either.
        out.push_str(run);
    } else if digits >= 7 {
        let tail = run.trim_end_matches(separator).len();
        out.push_str(MARK);
        out.push_str(run.get(tail..).unwrap_or(""));
    } else {
        out.push_str(run);
    }
    run.clear();
}

/// `2026-11-22`, perhaps with the hour behind it (a colon ends a run).
fn date(run: &str) -> bool {
    let (day, hour) = run.split_once(' ').unwrap_or((run, ""));
    let parts: Vec<usize> = day.trim_end_matches(separator).split('-').map(str::len).collect();
    parts == [4, 2, 2] && hour.len() <= 2
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_caller_sent_does_not_come_back_in_a_message() {
        let sent = r#"{"to_number":"+14155550100","body":"meet me at \"noon\"","voice":"hosted","n":{"x":["sk_1 2"]}}"#;
        for (said, want) in [
            ("to_number +14155550100 is bad", "to_number [redacted] is bad"),
            ("bad text: meet me at \"noon\"!", "bad text: [redacted]!"),
            ("voice must be hosted", "voice must be hosted"),
            ("seen sk_1 2", "seen [redacted]"),
            ("call (415) 555-0100 now", "call ([redacted] now"),
            (
                "limit: 5 requests per 3600s, 2026-11-22T10:00:00Z",
                "limit: 5 requests per 3600s, 2026-11-22T10:00:00Z",
            ),
        ] {
            assert_eq!(redact(said, sent, &[]), want);
        }
        assert_eq!(redact("cannot send a b", r#"{"body":"a \n b"}"#, &[]), "cannot send [redacted]");
        assert_eq!(redact("no search=Ada%20Lovelace", "", &["Ada Lovelace"]), "no search=[redacted]");
        assert_eq!(redact("bad key sk_live_x", "", &["sk_live_x"]), "bad key [redacted]");
    }

    #[test]
    fn a_text_of_one_plain_word_is_private_where_the_field_is() {
        assert_eq!(redact("hello is spam", r#"{"body":"hello"}"#, &[]), "[redacted] is spam");
        assert_eq!(redact("hosted is wrong", r#"{"voiceMode":"hosted"}"#, &[]), "hosted is wrong");
    }

    proptest! {
        #[test]
        fn no_text_that_was_sent_survives(body in "[a-z\"\\\\\n é]{3,30}", before in "[a-z ]{0,9}") {
            let sent = serde_json::json!({ "body": body }).to_string();
            let said = format!("{before}: {body} rejected");
            prop_assert!(!redact(&said, &sent, &[]).contains(&body));
        }

        #[test]
        fn no_input_breaks_the_scanner(text in "\\PC{0,80}", sent in "[\"\\\\u0-9a-z:{}, ]{0,80}") {
            let _ = redact(&text, &sent, &[]);
        }
    }
}
