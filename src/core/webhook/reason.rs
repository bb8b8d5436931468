//! Why a delivery was refused. The words say what is wrong and what to do, and never show a byte of
//! the body, of a header or of a secret: they end up in logs.

/// Why a delivery was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no signature.
    MissingSignature,
    /// The signature is not of the documented form.
    MalformedSignature,
    /// There is no timestamp.
    MissingTimestamp,
    /// The timestamp is not in Unix seconds.
    MalformedTimestamp,
    /// No secret gives this signature.
    Mismatch,
    /// Genuine, but signed too long ago.
    TooOld,
    /// Genuine, but signed in the future.
    TooNew,
}

impl Reason {
    /// The name that errors carry as `reason`.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingSignature => "missing_signature",
            Self::MalformedSignature => "malformed_signature",
            Self::MissingTimestamp => "missing_timestamp",
            Self::MalformedTimestamp => "malformed_timestamp",
            Self::Mismatch => "mismatch",
            Self::TooOld => "too_old",
            Self::TooNew => "too_new",
        }
    }

    /// What is wrong and what to do.
    pub fn words(self) -> &'static str {
        match self {
            Self::MissingSignature => {
                "X-Webhook-Signature is missing: not from AgentPhone, or a proxy in front dropped the header"
            }
            Self::MalformedSignature => "X-Webhook-Signature is not sha256= and 64 hexadecimal digits",
            Self::MissingTimestamp => {
                "X-Webhook-Timestamp is missing: not from AgentPhone, or a proxy in front dropped the header"
            }
            Self::MalformedTimestamp => "X-Webhook-Timestamp is not one time in Unix seconds",
            Self::Mismatch => {
                "the signature fits none of the secrets: check the secret, and that the body is the raw one"
            }
            Self::TooOld => "genuine, but signed too long ago: a replay, or this server's clock is ahead",
            Self::TooNew => "genuine, but signed in the future: this server's clock is behind",
        }
    }
}
