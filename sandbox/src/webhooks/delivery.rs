//! The delivery log and its statistics.

use crate::json::json;
use crate::store::{Record, SortedMap, persist};
use crate::time::iso;
use serde_json::{Map, Value};

/// Number of attempts, and the time of each after the event.
pub(crate) const RETRIED: usize = 6;
const MINUTE: u64 = 60_000;
pub(crate) const TRIES_AT: [u64; RETRIED] =
    [0, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE, 720 * MINUTE];
/// For events that are delivered once and not retried.
pub(crate) const ONCE: usize = 1;

const HOUR_MS: u64 = 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Success,
    Failed,
}

persist!(names State { Pending = "Pending", Success = "Success", Failed = "Failed" });

#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    /// The agent whose own webhook receives it; None for the project's.
    pub(crate) agent_id: Option<String>,
    pub(crate) message_id: Option<String>,
    pub(crate) event: String,
    pub(crate) channel: String,
    /// The exact bytes that are signed, kept as long as they may be sent again.
    pub(crate) body: String,
    pub(crate) state: State,
    pub(crate) tries: usize,
    pub(crate) attempts: usize,
    pub(crate) http_status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) tried_at: Option<u64>,
    /// When the last attempt was finished.
    pub(crate) decided_at: Option<u64>,
    pub(crate) retry_at: Option<u64>,
    pub(crate) created_at: u64,
}

persist!(Delivery {
    id,
    agent_id,
    message_id,
    event,
    channel,
    body,
    state,
    tries,
    attempts,
    http_status,
    error,
    answer,
    tried_at,
    decided_at,
    retry_at,
    created_at
});

impl Delivery {
    /// Index by route: the agent's id, or empty for the project.
    pub(crate) const BY_ROUTE: usize = 0;
    /// Index by state.
    pub(crate) const BY_STATE: usize = 1;

    /// Includes both spellings of fields that the documented examples name differently.
    pub(crate) fn render(&self) -> Value {
        let success = self.state == State::Success;
        let took = self.decided_at.zip(self.tried_at).map(|(decided, tried)| decided.saturating_sub(tried));
        json!({
            "id": self.id,
            "messageId": self.message_id,
            "eventType": self.event,
            "channel": self.channel,
            "status": self.state.name(),
            "httpStatus": self.http_status,
            "errorMessage": self.error,
            "responseBody": self.answer,
            "attemptCount": self.attempts,
            "lastAttemptAt": self.tried_at.map(iso),
            "nextRetryAt": self.retry_at.map(iso),
            "createdAt": iso(self.created_at),
            "event": self.event,
            "statusCode": self.http_status,
            "success": success,
            "deliveredAt": self.decided_at.filter(|_| success).map(iso),
            "responseMs": took,
        })
    }
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failed => "failed",
        }
    }
}

impl Record for Delivery {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        vec![
            (Self::BY_ROUTE, self.agent_id.as_deref().unwrap_or_default()),
            (Self::BY_STATE, self.state.name()),
        ]
    }
}

#[derive(Debug, Default)]
struct Counts {
    total: u64,
    success: u64,
    failed: u64,
    pending: u64,
}

impl Counts {
    fn count(&mut self, state: State) {
        self.total += 1;
        *match state {
            State::Pending => &mut self.pending,
            State::Success => &mut self.success,
            State::Failed => &mut self.failed,
        } += 1;
    }

    /// Percentage of finished deliveries that succeeded; 100 if there are none.
    fn rate(&self) -> f64 {
        let decided = self.success + self.failed;
        if decided == 0 {
            return 100.0;
        }
        // Rounded to two decimals in integers, so that every machine gives the same result.
        let hundredths = (self.success * 10_000 + decided / 2) / decided;
        hundredths as f64 / 100.0
    }

    fn render(&self) -> Value {
        json!({ "total": self.total, "success": self.success, "failed": self.failed, "pending": self.pending })
    }
}

pub(crate) fn stats<'a>(deliveries: impl Iterator<Item = &'a Delivery>) -> Value {
    let mut all = Counts::default();
    let mut events: SortedMap<&str, Counts> = SortedMap::default();
    let mut hours: SortedMap<u64, Counts> = SortedMap::default();
    for delivery in deliveries {
        all.count(delivery.state);
        let rows = [events.of(delivery.event.as_str()), hours.of(delivery.created_at / HOUR_MS)];
        rows.into_iter().flatten().for_each(|counts| counts.count(delivery.state));
    }
    let by_event: Map<String, Value> =
        events.iter().map(|(name, counts)| ((*name).to_owned(), counts.render())).collect();
    let by_hour: Vec<Value> = hours
        .iter()
        .map(|(hour, counts)| {
            let mut row = counts.render();
            if let Some(map) = row.as_object_mut() {
                map.insert("hour".into(), iso(hour * HOUR_MS).into());
            }
            row
        })
        .collect();
    let mut out = all.render();
    if let Some(map) = out.as_object_mut() {
        map.insert("successRate".into(), all.rate().into());
        map.insert("byEventType".into(), by_event.into());
        map.insert("byHour".into(), by_hour.into());
    }
    out
}

pub(crate) fn all_time<'a>(deliveries: impl Iterator<Item = &'a Delivery>) -> Value {
    let mut all = Counts::default();
    deliveries.for_each(|d| all.count(d.state));
    json!({ "total": all.total, "success": all.success, "failed": all.failed, "successRate": all.rate() })
}
