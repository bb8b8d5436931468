//! Why a delivery was refused. `src/webhooks` names the reasons, and `src/js/webhooks/refuse.js` has the words of each.

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
    /// The secret does not give this signature.
    Mismatch,
    /// Genuine, but signed too long ago.
    TooOld,
    /// Genuine, but signed in the future.
    TooNew,
}
