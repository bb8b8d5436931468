//! What is checked of a caller's input before anything is sent: the bounds of the contract whose breach
//! would cost money or a round trip. Data, so that a row names its checks and no operation has code of
//! its own. Unknown fields pass: a newer API must not be blocked by an older client.

use super::json::Json;

/// One check of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The field must be present and not null.
    Needs(&'static str),
}

impl Check {
    /// What is wrong with `input`, in words that name the field.
    pub fn problem(&self, input: &impl Json) -> Option<String> {
        match *self {
            Self::Needs(field) => {
                let missing = input.member(field).is_none_or(|value| value.is_null());
                missing.then(|| [field, " is missing"].concat())
            }
        }
    }
}
