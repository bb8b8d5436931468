//! A request on its way through the engine: what is known about it, who sends it, under which circumstances it is performed, and
//! what comes of it.

use crate::faults::{Race, Verdict};
use crate::http::{Request, Response};
use crate::store::persist;

/// Maximum length of an idempotency key, in characters.
pub(crate) const LONGEST_KEY: usize = 255;

/// A request, and what the engine knows about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) request: &'a Request,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Whether it comes from a web page that the host does not trust.
    pub(crate) guest: bool,
    pub(crate) now: u64,
}

/// The caller. It does not contain the key, because deferred requests are saved in snapshots and the
/// key may be a real one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The account that the key belongs to.
    pub(crate) owner: String,
    /// The value of `X-Sub-Account-Id`.
    pub(crate) sub_account: String,
}

persist!(Caller { owner, sub_account });

/// The circumstances in which an operation is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// When the request was received.
    pub(crate) requested_at: u64,
    pub(crate) race: Race,
    /// Whether a client other than the user's performs it.
    pub(crate) foreign: bool,
    /// The fault rule that matched the request.
    pub(crate) fault: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

persist!(Terms { requested_at, race, foreign, fault, idempotency_key });

impl Terms {
    pub(crate) fn of(incoming: &Incoming<'_>, verdict: Option<&Verdict>) -> Self {
        let key = incoming.request.header("idempotency-key").map(str::trim).filter(|key| !key.is_empty());
        Self {
            requested_at: incoming.now,
            race: verdict.map(|v| v.race.clone()).unwrap_or_default(),
            foreign: false,
            fault: verdict.map(|v| v.rule.clone()),
            idempotency_key: key.map(|key| key.chars().take(LONGEST_KEY).collect()),
        }
    }
}

/// The response, and what was created.
#[derive(Debug)]
pub(crate) struct Performed {
    pub(crate) response: Response,
    /// The id of the created object.
    pub(crate) created_id: Option<String>,
}

impl From<Response> for Performed {
    fn from(response: Response) -> Self {
        Self { response, created_id: None }
    }
}
