//! Touches the host: fetch, timers, abort signals, clock, randomness. It knows nothing
//! of the API. Everything that it starts is owned by a value, and dropping that value stops it: a timer is
//! cleared, a listener removed, a request aborted.
//!
//! Any JavaScript value may come from outside (`abort("text")`, `throw 1`, a `fetch` that returns
//! nonsense), so nothing here assumes an `Error`, a `Promise` or a `Response`.

pub(crate) mod alarm;
pub(crate) mod cancellation;
pub(crate) mod errors;
pub(crate) mod events;
#[cfg(feature = "fault-for-tests")]
pub(crate) mod fault;
pub(crate) mod fetch;
pub(crate) mod host;
pub(crate) mod in_flight;
pub(crate) mod promise;
pub(crate) mod promise_future;
pub(crate) mod task;
pub(crate) mod timer;
pub(crate) mod value;
