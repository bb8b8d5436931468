//! A transcript as server-sent events. Each connection receives the whole call again from its
//! beginning, then what is said while it lasts, and is closed after the end.

use super::Call;
use crate::agenda::Task;
use crate::http::Response;
use crate::stage::Stage;
use serde_json::Value;

const HEARTBEAT_MS: u64 = 15_000;
/// A comment, which readers of events skip; it keeps proxies from closing a silent connection.
const HEARTBEAT: &str = ": heartbeat\n\n";

fn frame(event: &str, data: &Value) -> String {
    // JSON on one line: a line feed inside a text is escaped.
    format!("event: {event}\ndata: {data}\n\n")
}

/// Answers with the stream of a call.
pub(crate) fn watch(stage: &mut Stage<'_>, id: &str) -> Option<Response> {
    let Stage { account, shared, now, .. } = stage;
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

/// The next heartbeat of a stream, as long as it is being read.
pub(crate) fn beat(shared: &mut crate::state::Shared, stream: u64, now: u64) {
    if shared.outbox.is_open(stream) {
        shared.outbox.chunk(stream, HEARTBEAT);
        shared.agenda.at(now.saturating_add(HEARTBEAT_MS), Task::Heartbeat { stream });
    }
}

impl Call {
    /// Tells those who watch what was said last.
    pub(super) fn tell(&mut self, outbox: &mut crate::host::Outbox) {
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

    /// Tells them the end, and closes their streams.
    pub(super) fn dismiss(&mut self, outbox: &mut crate::host::Outbox, now: u64) {
        let told = frame("ended", &self.ended(now));
        for stream in std::mem::take(&mut self.watchers) {
            outbox.finish(stream, told.as_str());
        }
    }
}
