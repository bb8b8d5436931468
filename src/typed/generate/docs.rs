//! Doc comments from the contract's descriptions.

use serde_json::Value;

/// The description of a schema, or `otherwise`, as one doc comment.
pub(super) fn of(schema: &Value, otherwise: &str) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or(otherwise);
    comment(&[&sentence(text)])
}

/// Paragraphs as a doc comment.
pub(super) fn comment(paragraphs: &[&str]) -> String {
    let mut comment = String::new();
    for (index, paragraph) in paragraphs.iter().filter(|text| !text.is_empty()).enumerate() {
        if index > 0 {
            comment.push_str("///\n");
        }
        // Text of the contract must not become a link, a tag or an example here.
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace('[', "\\[").replace(']', "\\]").replace('<', "\\<");
        comment.push_str(&format!("/// {text}\n"));
    }
    comment
}

/// A text that ends like a sentence.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}
