//! Enums of strings that the API may extend: a future value is kept as it is, because a response
//! that cannot be read is worse than an unknown value.

/// Defines such an enum: `Variant = "value"` for each known value.
macro_rules! open_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($variant:ident = $value:literal,)+ }) => {
        $(#[$about])*
        ///
        /// The set is open. The default is an empty string, which the API refuses.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`.")]
                $variant,
            )+
            /// A value that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// The value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)+
                    _ => Self::Unknown(value.to_owned()),
                }
            }
        }

        impl From<&str> for Patch<$name> {
            fn from(value: &str) -> Self {
                Self::Value(value.into())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Unknown(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(String::deserialize(deserializer)?.as_str().into())
            }
        }
    };
}
