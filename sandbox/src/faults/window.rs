//! A rate limit with a fixed window, which opens with the first request after the previous window has
//! closed.

use crate::errors::{ErrorForm, Failure};
use crate::http::Response;
use crate::store::persist;

/// The number of requests allowed per window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) per_ms: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Window {
    opened_at: Option<u64>,
    used: u32,
}

persist!(Window { opened_at, used });

/// A request over the limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    limit: Limit,
    now: u64,
    closes_at: u64,
}

impl Window {
    /// Counts a request, and rejects it when the window is full.
    pub(crate) fn admit(&mut self, limit: Limit, now: u64) -> Option<Exceeded> {
        // A clock that was set back opens a new window as well.
        let opened_at = self
            .opened_at
            .filter(|opened| (*opened..opened.saturating_add(limit.per_ms.into())).contains(&now))
            .unwrap_or_else(|| {
                self.used = 0;
                now
            });
        self.opened_at = Some(opened_at);
        if self.used < limit.requests {
            self.used += 1;
            return None;
        }
        Some(Exceeded { limit, now, closes_at: opened_at.saturating_add(limit.per_ms.into()) })
    }
}

impl Exceeded {
    pub(crate) fn response(&self, form: ErrorForm) -> Response {
        let Limit { requests, per_ms } = self.limit;
        // Integer arithmetic: formatting floats would add noticeably to the module's size.
        let window = format!("{}.{:03}", per_ms / 1000, per_ms % 1000);
        let seconds = window.trim_end_matches('0').trim_end_matches('.');
        let failure = Failure::code("RATE_LIMIT_EXCEEDED");
        let message = format!("Rate limit exceeded. Limit: {requests} requests per {seconds}s");
        let mut response = failure.saying(message).response(form);
        // Rounded up, so that a client that waits exactly this long is never too early.
        response.set("retry-after", (self.closes_at - self.now).div_ceil(1000).to_string());
        response.set("x-ratelimit-limit", requests.to_string());
        response.set("x-ratelimit-remaining", "0");
        response.set("x-ratelimit-reset", self.closes_at.div_ceil(1000).to_string());
        response
    }
}
