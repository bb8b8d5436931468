//! A transcript as server-sent events. Each connection gets the whole call from the beginning, then
//! each turn as it is said, and is closed when the call ends.

use crate::account_scope::AccountScope;
use crate::agenda::Task;
use crate::calls::Call;
use crate::host::Outbox;
use crate::http::Response;
use crate::state::Shared;
use serde_json::Value;

const HEARTBEAT_MS: u64 = 15_000;
/// A comment, which clients ignore. It keeps proxies from closing an idle connection.
const HEARTBEAT: &str = ": heartbeat\n\n";

fn frame(event: &str, data: &Value) -> String {
    // JSON on one line: line feeds inside strings are escaped.
    format!("event: {event}\ndata: {data}\n\n")
}

/// Responds with the stream of a call.
pub(crate) fn open_stream(scope: &mut AccountScope<'_>, id: &str) -> Option<Response> {
    let AccountScope { account, shared, now, .. } = scope;
    let call = account.calls.get(id)?;
    let mut told = frame("connected", &call.connected());
    for turn in &call.turns {
        told.push_str(&frame("turn", &turn.render()));
    }
    let live = !call.is_over();
    if !live {
        told.push_str(&frame("ended", &call.ended(*now)));
    }
    let mut response = Response::new(200, "text/event-stream; charset=utf-8", "");
    response.set("cache-control", "no-cache, no-transform");
    let stream = shared.outbox.open();
    response.stream = Some(stream);
    if live {
        shared.outbox.chunk(stream, told);
        shared.agenda.at(now.saturating_add(HEARTBEAT_MS), Task::Heartbeat { stream });
        account.calls.update(id, |call| call.watchers.push(stream));
    } else {
        shared.outbox.finish(stream, told);
    }
    Some(response)
}

/// Sends the next heartbeat of a stream, as long as it is open.
pub(crate) fn heartbeat(shared: &mut Shared, stream: u64, now: u64) {
    if shared.outbox.is_open(stream) {
        shared.outbox.chunk(stream, HEARTBEAT);
        shared.agenda.at(now.saturating_add(HEARTBEAT_MS), Task::Heartbeat { stream });
    }
}

impl Call {
    /// Sends the latest turn to the call's streams.
    pub(super) fn send_turn(&mut self, outbox: &mut Outbox) {
        if self.watchers.is_empty() {
            return;
        }
        self.watchers.retain(|stream| outbox.is_open(*stream));
        let Some(turn) = self.turns.last() else { return };
        let told = frame("turn", &turn.render());
        for stream in &self.watchers {
            outbox.chunk(*stream, told.as_str());
        }
    }

    /// Sends the end of the call to its streams and closes them.
    pub(super) fn close_streams(&mut self, outbox: &mut Outbox, now: u64) {
        let told = frame("ended", &self.ended(now));
        for stream in std::mem::take(&mut self.watchers) {
            outbox.finish(stream, told.as_str());
        }
    }
}
