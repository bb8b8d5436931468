//! Reads what an error answer says, in each of the shapes that the API and its edge are known to
//! send: the documented envelope, FastAPI's list, `detail` as text or object, `message`, plain text,
//! HTML, and nothing at all. All end as one value. Vectors: `contract/vectors/errors.json`.

use super::json::Json;
use super::text::{find, joined, listed};

/// One field-level problem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    /// The offending input, e.g. `country` or `body.toNumber`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
    /// The validator's class, e.g. `value_error`.
    pub kind: String,
}

/// What an error answer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// Text for people; empty where the answer had none.
    pub message: String,
    /// The API's code, if it named one.
    pub code: Option<String>,
    /// The API's category, if it named one.
    pub category: Option<String>,
    /// Field-level problems.
    pub details: Vec<Detail>,
    /// True for the documented envelope: this is the API's own word and not an edge's in front of it.
    pub envelope: bool,
}

/// How many characters of a text are read: enough for any message, little enough for a page of a
/// megabyte.
const READ: usize = 8_000;

/// Reads the body of an error answer. `json` is absent where the text is no JSON.
pub fn read<J: Json>(json: Option<&J>, text: &str) -> ErrorBody {
    match json {
        Some(value) => from_json(value),
        None => ErrorBody { message: from_text(text), ..ErrorBody::default() },
    }
}

fn from_json<J: Json>(value: &J) -> ErrorBody {
    if let Some(error) = value.member("error") {
        if error.is_object() {
            return ErrorBody { envelope: true, ..described(&error) };
        }
        if let Some(message) = error.text() {
            return with_message(Some(message), described(value));
        }
    }
    match value.member("detail") {
        Some(detail) if detail.is_object() => {
            let nested = detail.member("error").filter(Json::is_object);
            described(nested.as_ref().unwrap_or(&detail))
        }
        Some(detail) => match detail.items() {
            Some(items) => fastapi(&items),
            None => with_message(detail.text(), described(value)),
        },
        None => with_message(value.text(), described(value)),
    }
}

fn with_message(message: Option<String>, body: ErrorBody) -> ErrorBody {
    match message {
        Some(message) => ErrorBody { message, ..body },
        None => body,
    }
}

/// `{ message, code, type, details }`, each of which may be missing or of another type.
fn described<J: Json>(value: &J) -> ErrorBody {
    let text = |name: &str| value.member(name).and_then(|v| v.text()).filter(|t| !t.trim().is_empty());
    let details = value.member("details").and_then(|v| v.items()).unwrap_or_default();
    ErrorBody {
        message: text("message").or_else(|| text("detail")).or_else(|| text("msg")).unwrap_or_default(),
        code: text("code"),
        category: text("type"),
        details: details.iter().map(detail).collect(),
        envelope: false,
    }
}

fn detail<J: Json>(item: &J) -> Detail {
    let text = |name: &str| item.member(name).and_then(|v| v.text());
    Detail {
        field: text("field").or_else(|| location(item)).unwrap_or_default(),
        message: text("message").or_else(|| text("msg")).or_else(|| item.text()).unwrap_or_default(),
        kind: text("type").unwrap_or_default(),
    }
}

/// FastAPI's path to the input, joined by dots: `["body", "items", 0]` is `body.items.0`.
fn location<J: Json>(item: &J) -> Option<String> {
    let parts = item.member("loc")?.items()?;
    let parts: Vec<String> = parts.iter().filter_map(Json::text_or_number).collect();
    Some(listed(&parts, "."))
}

fn fastapi<J: Json>(items: &[J]) -> ErrorBody {
    let details: Vec<Detail> = items.iter().map(detail).collect();
    let said: Vec<String> = details
        .iter()
        .filter(|d| !d.message.is_empty())
        .map(|d| if d.field.is_empty() { d.message.clone() } else { joined(&[&d.field, ": ", &d.message]) })
        .collect();
    ErrorBody { message: listed(&said, "; "), details, ..ErrorBody::default() }
}

/// A plain text is a message; a page is not, but its title often is. Neither is shortened or tidied
/// here: what the caller sent must first be taken out (`redact`), and would no longer be found.
fn from_text(text: &str) -> String {
    let text: String = text.trim().chars().take(READ).collect();
    if text.starts_with('{') || text.starts_with('[') {
        // JSON that could not be parsed says nothing to a person.
        return String::new();
    }
    if !text.starts_with('<') {
        return text;
    }
    let lower = text.to_ascii_lowercase();
    let title = find(&lower, "<title>").and_then(|at| {
        let rest = text.get(at.saturating_add("<title>".len())..)?;
        rest.split('<').next()
    });
    title.unwrap_or_default().to_owned()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn a_body_of_a_surprising_type_is_read_without_losing_what_it_says() {
        for (body, message) in [
            (json!({"error": "plain"}), "plain"),
            (json!("text"), "text"),
            (json!({"detail": {"message": "inside"}}), "inside"),
            (json!({"detail": {"error": {"message": "deep", "code": "X"}}}), "deep"),
            (json!({"detail": null, "message": "m"}), "m"),
            (json!({"error": null, "detail": "d"}), "d"),
            (json!([1, 2]), ""),
            (json!(null), ""),
            (json!({"error": {"message": 7, "code": 9, "details": "no"}}), ""),
        ] {
            assert_eq!(read(Some(&body), "").message, message, "{body}");
        }
    }

    #[test]
    fn a_code_beside_a_short_form_is_kept() {
        let body = read(Some(&json!({"detail": "x", "code": "DELIVERY_UNCONFIRMED"})), "");
        assert_eq!(body.code.as_deref(), Some("DELIVERY_UNCONFIRMED"));
        assert!(!body.envelope);
    }

    #[test]
    fn a_page_gives_its_title_and_never_its_markup() {
        let page = "<!doctype html><html><head><TITLE>502\n Bad Gateway</TITLE></head><body>x</body></html>";
        assert_eq!(read::<Value>(None, page).message, "502\n Bad Gateway");
        assert_eq!(read::<Value>(None, "<html>no title").message, "");
        assert_eq!(read::<Value>(None, "error code: 1010").message, "error code: 1010");
    }

    proptest! {
        #[test]
        fn no_text_at_all_breaks_the_reader(text in "\\PC{0,400}") {
            let json: Option<Value> = serde_json::from_str(&text).ok();
            let body = read(json.as_ref(), &text);
            prop_assert!(json.is_some() || body.message.chars().count() <= READ);
        }

        #[test]
        fn no_page_breaks_the_reader(text in "<(title|TITLE|é|<|>|/| ){0,20}\\PC{0,40}") {
            let _ = read::<Value>(None, &text);
        }
    }
}
