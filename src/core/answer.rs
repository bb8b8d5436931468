//! Whether the body of a successful answer is what the contract says. A 200 that carries a login page
//! or an empty body is no success: given to the caller as data it would fail far from its cause
//! (hazard T9 of the official SDK).

use super::operation::AnswerShape;

/// What a body turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// Nothing.
    Empty,
    /// No JSON, though it looks like a page.
    Html,
    /// No JSON.
    Text,
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// JSON null.
    Null,
    /// A JSON string, number or boolean.
    Scalar,
}

impl BodyKind {
    /// The kind of a text that is no JSON.
    pub fn of_text(text: &str) -> Self {
        let text = text.trim_start();
        if text.is_empty() {
            Self::Empty
        } else if text.starts_with('<') {
            Self::Html
        } else {
            Self::Text
        }
    }

    /// In words, to follow "the answer is".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Html => "an HTML page",
            Self::Text => "no valid JSON",
            Self::Object => "a JSON object",
            Self::Array => "a JSON array",
            Self::Null => "JSON null",
            Self::Scalar => "a single JSON value",
        }
    }

    /// True where this is what `shape` asks for.
    pub const fn fits(self, shape: AnswerShape) -> bool {
        match shape {
            AnswerShape::Object => matches!(self, Self::Object),
            AnswerShape::ObjectOrNull => matches!(self, Self::Object | Self::Null),
            AnswerShape::List => matches!(self, Self::Object | Self::Array),
            AnswerShape::Empty => matches!(self, Self::Empty),
            AnswerShape::Json => !matches!(self, Self::Empty | Self::Html | Self::Text),
            // Not read as JSON at all.
            AnswerShape::Bytes | AnswerShape::Events => true,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_an_object_passes_for_an_object() {
        use BodyKind::*;
        for kind in [Empty, Html, Text, Object, Array, Null, Scalar] {
            assert_eq!(kind.fits(AnswerShape::Object), kind == Object, "{kind:?}");
            assert_eq!(kind.fits(AnswerShape::List), matches!(kind, Object | Array), "{kind:?}");
            assert_eq!(kind.fits(AnswerShape::Empty), kind == Empty, "{kind:?}");
            assert_eq!(kind.fits(AnswerShape::Json), !matches!(kind, Empty | Html | Text), "{kind:?}");
            assert_eq!(kind.fits(AnswerShape::ObjectOrNull), matches!(kind, Object | Null), "{kind:?}");
        }
    }

    #[test]
    fn a_page_is_told_from_broken_json() {
        assert_eq!(BodyKind::of_text("\n <html>"), BodyKind::Html);
        assert_eq!(BodyKind::of_text("{\"a\":"), BodyKind::Text);
        assert_eq!(BodyKind::of_text("  "), BodyKind::Empty);
    }
}
