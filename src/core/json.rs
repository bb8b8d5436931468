//! A read-only view of a JSON value. The JavaScript engine parses answers, and does it faster than
//! any parser that we could ship; through this trait the rules in `core` read its values, and
//! native tests read those of `serde_json`.

/// A JSON value that can be looked into.
pub trait Json: Sized {
    /// The member of an object, if this is an object that has it.
    fn member(&self, name: &str) -> Option<Self>;
    /// The items, if this is an array.
    fn items(&self) -> Option<Vec<Self>>;
    /// The text, if this is a string.
    fn text(&self) -> Option<String>;
    /// The text of a string or a whole number, as FastAPI's `loc` mixes them.
    fn text_or_number(&self) -> Option<String>;
    /// The number, if this is one.
    fn number(&self) -> Option<f64>;
    /// True for an object (and neither for an array nor for null).
    fn is_object(&self) -> bool;
    /// True for null.
    fn is_null(&self) -> bool;
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
impl Json for serde_json::Value {
    fn member(&self, name: &str) -> Option<Self> {
        self.as_object()?.get(name).cloned()
    }
    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn text_or_number(&self) -> Option<String> {
        self.text().or_else(|| self.as_u64().map(|n| n.to_string()))
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn is_object(&self) -> bool {
        Self::is_object(self)
    }
    fn is_null(&self) -> bool {
        Self::is_null(self)
    }
}
