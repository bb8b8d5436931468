//! Webhooks: whether a delivery is genuine. Bytes, header values and the time come in; a verdict goes
//! out. `contract/vectors/webhooks.json` holds the cases.

pub mod reason;
pub mod signature;
pub mod timestamp;
pub mod verify;
