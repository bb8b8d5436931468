//! Builds a request path from its template. An id that is empty, `.`, `..` or no string would reach
//! another resource than the caller meant (`DELETE /v1/numbers/`), so it is refused before anything
//! is sent (hazard T5 of the official SDK).

use super::text::{find, joined};

/// Characters that RFC 3986 leaves unreserved; every other byte of an id is escaped.
fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends `text` percent-encoded (RFC 3986, section 2.1).
pub fn push_escaped(out: &mut String, text: &str) {
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

/// One path id as the caller gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A string.
    Text(String),
    /// `undefined` or `null`.
    Missing,
    /// Something else, named by its JavaScript type.
    NotText(&'static str),
}

/// Fills `template` with `ids`, in order, or says which parameter is wrong and why. The message never
/// shows the id: it may be a phone number.
pub fn build(template: &str, ids: &[Id]) -> Result<String, PathError> {
    let mut out = String::with_capacity(template.len() + 24);
    let mut rest = template;
    let mut ids = ids.iter();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        push_escaped(&mut out, check(name, ids.next().unwrap_or(&Id::Missing))?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn check<'a>(name: &str, id: &'a Id) -> Result<&'a str, PathError> {
    let problem = match id {
        Id::Text(text) if text.trim().is_empty() => "is empty",
        Id::Text(text) if find(text, "\u{fffd}").is_some() => "is no well-formed text",
        Id::Text(text) if text == "." || text == ".." => "must not be \".\" or \"..\"",
        Id::Text(text) => return Ok(text),
        Id::Missing => "is missing",
        Id::NotText(kind) => return Err(PathError::new(name, &joined(&["must be a string, not ", kind]))),
    };
    Err(PathError::new(name, problem))
}

/// A path id that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The template's name for it, e.g. `agent_id`.
    pub field: String,
    /// What is wrong with it, to follow the name.
    pub problem: String,
}

impl PathError {
    fn new(field: &str, problem: &str) -> Self {
        Self { field: field.to_owned(), problem: problem.to_owned() }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(id: &str) -> Id {
        Id::Text(id.to_owned())
    }

    #[test]
    fn an_id_that_would_reach_another_resource_is_refused() {
        for (id, problem) in [
            (text(""), "is empty"),
            (text("  "), "is empty"),
            (text("a\u{fffd}"), "is no well-formed text"),
            (text("."), "must not be \".\" or \"..\""),
            (text(".."), "must not be \".\" or \"..\""),
            (Id::Missing, "is missing"),
            (Id::NotText("a number"), "must be a string, not a number"),
        ] {
            let error = build("/v1/numbers/{number_id}", &[id]).unwrap_err();
            assert_eq!((error.field.as_str(), error.problem.as_str()), ("number_id", problem));
        }
        assert_eq!(build("/v1/a/{x}/b/{y}", &[text("1")]).unwrap_err().field, "y");
    }

    #[test]
    fn a_slash_or_a_question_mark_in_an_id_stays_inside_its_segment() {
        assert_eq!(
            build("/v1/agents/{a}/n/{b}", &[text("x/../y?z#"), text("é %")]).unwrap(),
            "/v1/agents/x%2F..%2Fy%3Fz%23/n/%C3%A9%20%25"
        );
    }

    proptest! {
        #[test]
        fn no_id_ever_adds_a_segment_or_a_query(id in "\\PC+") {
            if let Ok(path) = build("/v1/agents/{agent_id}/end", &[Id::Text(id.clone())]) {
                prop_assert_eq!(path.split('/').count(), 5);
                prop_assert!(!path.contains(['?', '#', '\\']));
                let segment = path.split('/').nth(3).unwrap();
                prop_assert!(segment != "." && segment != ".." && !segment.is_empty());
                prop_assert!(path.is_ascii());
            } else {
                let odd = id.contains('\u{fffd}');
                prop_assert!(odd || id.trim().is_empty() || id == "." || id == "..");
            }
        }
    }
}
