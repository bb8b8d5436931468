//! The long poll: a request that is answered when a call has ended, or when its time is over.

use super::Call;
use crate::agenda::Task;
use crate::http::Response;
use crate::stage::Stage;

/// A request that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiter {
    stream: u64,
    /// Where its client found the API, for the address of the recording.
    base: String,
}

/// Answers with a call when it has ended, or with what it is after so many seconds.
pub(crate) fn wait(stage: &mut Stage<'_>, id: &str, base: &str, seconds: u64) -> Response {
    let Stage { account, scope, shared, now } = stage;
    let mut response = Response::new(200, "application/json", "");
    let stream = shared.outbox.open();
    response.stream = Some(stream);
    account.calls.update(id, |call| {
        call.waiters.retain(|waiter| shared.outbox.is_open(waiter.stream));
        call.waiters.push(Waiter { stream, base: base.to_owned() });
    });
    let due = now.saturating_add(seconds.saturating_mul(1000));
    shared.agenda.at(due, Task::WaitOver { account: (*scope).to_owned(), call: id.to_owned(), stream });
    response
}

/// Answers a request that has waited long enough.
pub(crate) fn release(stage: &mut Stage<'_>, id: &str, stream: u64) {
    let Stage { account, shared, now, .. } = stage;
    account.calls.update(id, |call| {
        let waits = call.waiters.iter().position(|waiter| waiter.stream == stream);
        if let Some(waiter) = waits.map(|at| call.waiters.remove(at)) {
            shared.outbox.finish(waiter.stream, call.whole(&waiter.base, *now).to_string());
        }
    });
}

impl Call {
    /// Answers all who wait for its end.
    pub(super) fn answer_waiters(&mut self, outbox: &mut crate::host::Outbox, now: u64) {
        for waiter in std::mem::take(&mut self.waiters) {
            outbox.finish(waiter.stream, self.whole(&waiter.base, now).to_string());
        }
    }
}
