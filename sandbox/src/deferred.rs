//! A request that is performed after it was received: late, after its client has stopped waiting, or a second time as another
//! client. It is a scheduled task, and snapshots contain it.

use crate::http::Request;
use crate::replays::Ticket;
use crate::requests::{Caller, Incoming, Terms};
use crate::store::persist;
use serde_json::Value;

/// A request to be performed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deferred {
    pub(crate) method: String,
    pub(crate) target: String,
    /// For URLs in the response.
    host: Option<String>,
    content_type: Option<String>,
    body: String,
    pub(crate) guest: bool,
    pub(crate) caller: Caller,
    pub(crate) terms: Terms,
    pub(crate) ticket: Option<Ticket>,
}

persist!(Deferred { method, target, host, content_type, body, guest, caller, terms, ticket });

impl Deferred {
    /// None if the body is not UTF-8: it cannot be JSON, so the request would be rejected.
    pub(crate) fn of(
        incoming: &Incoming<'_>,
        caller: Caller,
        terms: Terms,
        ticket: Option<Ticket>,
    ) -> Option<Self> {
        let header = |name| incoming.request.header(name).map(str::to_owned);
        Some(Self {
            method: incoming.request.method.clone(),
            target: incoming.request.target.clone(),
            host: header("host"),
            content_type: header("content-type"),
            body: String::from_utf8(incoming.request.body.clone()).ok()?,
            guest: incoming.guest,
            caller,
            terms,
            ticket,
        })
    }

    /// Without the `externalId`, which only the user's client can know.
    pub(crate) fn without_external_id(mut self) -> Self {
        if let Ok(Value::Object(mut body)) = serde_json::from_str(&self.body)
            && body.shift_remove("externalId").is_some()
        {
            self.body = Value::Object(body).to_string();
        }
        self
    }

    pub(crate) fn request(&self) -> Request {
        let headers = [("host", &self.host), ("content-type", &self.content_type)];
        let given = |(name, value): (&str, &Option<String>)| Some((name.to_owned(), value.clone()?));
        Request {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: headers.into_iter().filter_map(given).collect(),
            body: self.body.clone().into_bytes(),
        }
    }
}
