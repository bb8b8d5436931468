//! Why a delivery was refused. The numbers are what leaves the module; `src/js/webhooks/refuse.js` has the name and the
//! words of each, in this order.

/// Why a delivery was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no signature.
    MissingSignature = 1,
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

impl Reason {
    /// Its number: 0 is no reason.
    pub fn number(self) -> u32 {
        self as u32
    }
}
