//! Long polling: a request that is answered when a call ends, or after a time limit.

use crate::account_scope::AccountScope;
use crate::agenda::Task;
use crate::calls::{Call, Waiter};
use crate::host::Outbox;
use crate::http::Response;

/// Responds with the call when it ends, or with its current state after so many seconds.
pub(crate) fn wait(scope: &mut AccountScope<'_>, id: &str, base: &str, seconds: u64) -> Response {
    let AccountScope { account, account_name, shared, now } = scope;
    let mut response = Response::new(200, "application/json", "");
    let stream = shared.outbox.open();
    response.stream = Some(stream);
    account.calls.update(id, |call| {
        call.waiters.retain(|waiter| shared.outbox.is_open(waiter.stream));
        call.waiters.push(Waiter { stream, base: base.to_owned() });
    });
    let due = now.saturating_add(seconds.saturating_mul(1000));
    shared
        .agenda
        .at(due, Task::WaitOver { account: (*account_name).to_owned(), call: id.to_owned(), stream });
    response
}

/// Answers a request whose time limit has passed.
pub(crate) fn release(scope: &mut AccountScope<'_>, id: &str, stream: u64) {
    let AccountScope { account, shared, now, .. } = scope;
    account.calls.update(id, |call| {
        let waits = call.waiters.iter().position(|waiter| waiter.stream == stream);
        if let Some(waiter) = waits.map(|at| call.waiters.remove(at)) {
            shared.outbox.finish(waiter.stream, call.whole(&waiter.base, *now).to_string());
        }
    });
}

impl Call {
    /// Answers all requests that wait for the call to end.
    pub(super) fn answer_waiters(&mut self, outbox: &mut Outbox, now: u64) {
        for waiter in std::mem::take(&mut self.waiters) {
            outbox.finish(waiter.stream, self.whole(&waiter.base, now).to_string());
        }
    }
}
