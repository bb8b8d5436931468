//! Builds a query string. Values come already as text; what kind of value may become text is the
//! caller's matter, because that is a question of JavaScript.

use super::path::push_escaped;

/// A query string in the making; empty until the first pair.
#[derive(Debug, Default)]
pub struct Query {
    text: String,
}

impl Query {
    /// Adds `name=value`, both percent-encoded.
    pub fn push(&mut self, name: &str, value: &str) {
        self.text.push(if self.text.is_empty() { '?' } else { '&' });
        push_escaped(&mut self.text, name);
        self.text.push('=');
        push_escaped(&mut self.text, value);
    }

    /// The text to append to a path: empty, or beginning with `?`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_smuggle_in_another_parameter() {
        let mut query = Query::default();
        assert_eq!(query.as_str(), "");
        query.push("search", "a&limit=9 +1");
        query.push("limit", "20");
        assert_eq!(query.as_str(), "?search=a%26limit%3D9%20%2B1&limit=20");
    }
}
