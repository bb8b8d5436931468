//! A field of a request that may be left out, cleared or set.

use serde::{Serialize, Serializer};

/// A field that may be null: if it is left out it stays as it is, null clears it.
///
/// ```
/// use agentphone_wasm::typed::{Patch, UpdateAgentRequest};
///
/// let change = UpdateAgentRequest {
///     voice: "alloy".into(),             // set
///     transfer_number: Patch::Null,      // clear
///     ..Default::default()               // leave the rest
/// };
/// # let _ = change;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Left out.
    #[default]
    Absent,
    /// Sent as null.
    Null,
    /// Sent as this.
    Value(T),
}

impl<T> Patch<T> {
    /// True if nothing is sent.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            // A struct with such a field leaves it out if it is absent.
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}
