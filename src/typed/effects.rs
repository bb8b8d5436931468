//! `client.effects()` and `client.settle(…)`: what the ledger holds, and what can be done about what is in doubt. The work is
//! done by the same code as for the JavaScript face (`src/client/effects/manage.rs`).

use super::read::{merged, write};
use super::request::Sending;
use super::{AgentPhone, Error, Intent, RequestOptions};
use crate::client::direct::{fault, invalid};
use crate::core::error::Code;
use crate::platform::errors::lost_with;
use crate::platform::value::{get, set};
use js_sys::{Array, Object};
use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture;
use wasm_bindgen::JsValue;

/// What came of looking for everything that is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettleResult {
    /// Intents that are settled now.
    pub settled: u32,
    /// Intents that are still in doubt, or under way.
    pub pending: u32,
}

/// A person's word on what is in doubt.
#[derive(Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It happened: the id of what was made.
    Happened(String),
    /// Nothing happened: the key may be used again.
    DidNotHappen,
}

// Not derived: an id is in no debug text.
impl fmt::Debug for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Happened(_)) { "Happened" } else { "DidNotHappen" })
    }
}

/// The ledger of a client: what became of calls with idempotency keys, of this account and sub-account. Each method can have
/// options: `client.effects().settle().options(…).await`.
#[derive(Debug, Clone)]
pub struct Effects {
    client: AgentPhone,
}

impl Effects {
    pub(super) fn new(client: &AgentPhone) -> Self {
        Self { client: client.clone() }
    }

    /// What the ledger knows of a key; `None` if it does not know the key.
    ///
    /// Errors: `LEDGER_UNAVAILABLE`.
    pub fn get(&self, key: &str) -> EffectsRequest<Option<Intent>> {
        self.request("get", Ok(key.into()), |value| Some(Intent::of(&value)))
    }

    /// Everything that is in doubt or under way, oldest first.
    ///
    /// Errors: `LEDGER_UNAVAILABLE`.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error};
    /// # async fn f(client: AgentPhone) -> Result<(), Error> {
    /// let mut pending = client.effects().pending();
    /// while let Some(intent) = pending.next().await {
    ///     let intent = intent?;
    ///     let _ = (intent.key, intent.operation, intent.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pending(&self) -> Pending {
        Pending {
            client: self.client.clone(),
            options: RequestOptions::new(),
            next: Some(JsValue::UNDEFINED),
            ready: VecDeque::new(),
        }
    }

    /// Looks once for everything that is in doubt: each list of the API is read once, whatever the number of intents. Call it
    /// when a program starts, and now and then.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error, RequestOptions};
    /// # use std::time::Duration;
    /// # async fn f(client: AgentPhone) -> Result<(), Error> {
    /// let a_minute = RequestOptions::new().total_timeout(Duration::from_secs(60));
    /// let result = client.effects().settle().options(a_minute).await?;
    /// let _ = (result.settled, result.pending);
    /// # Ok(())
    /// # }
    /// ```
    pub fn settle(&self) -> EffectsRequest<SettleResult> {
        self.settle_since(JsValue::UNDEFINED)
    }

    /// Like [`Self::settle`], but only what was sent at this time, in milliseconds since 1970, or later. A list of the API is read
    /// back to the oldest intent looked for, so that a pass over the last minutes is short.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error, Intent};
    /// # async fn f(client: AgentPhone, intent: Intent) -> Result<(), Error> {
    /// let result = client.effects().settle_sent_after(intent.sent_at).await?;
    /// # let _ = (result.settled, result.pending);
    /// # Ok(())
    /// # }
    /// ```
    pub fn settle_sent_after(&self, milliseconds: f64) -> EffectsRequest<SettleResult> {
        self.settle_since(milliseconds.into())
    }

    fn settle_since(&self, after: JsValue) -> EffectsRequest<SettleResult> {
        self.request("settle", Ok(after), |value| {
            Some(SettleResult {
                settled: count(&get(&value, "settled")),
                pending: count(&get(&value, "pending")),
            })
        })
    }

    /// Takes a verified webhook as evidence: the call that it reports may be one that is in doubt. `event` is the body of the
    /// webhook. Returns the number of intents that it settled.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error};
    /// # async fn f(client: AgentPhone, body: serde_json::Value) -> Result<(), Error> {
    /// let settled = client.effects().observe(&body).await?;
    /// # let _ = settled;
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe<E: Serialize + ?Sized>(&self, event: &E) -> EffectsRequest<u32> {
        let event = write(event).and_then(|event| {
            if event.is_object() { Ok(event) } else { Err("event must be a webhook event".to_owned()) }
        });
        self.request("observe", event, |value| Some(count(&value)))
    }

    /// A person's word on what is in doubt.
    ///
    /// Errors: `INVALID_ARGUMENT` for a key that is unknown, settled or still under way.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error, Resolution};
    /// # async fn f(client: AgentPhone) -> Result<(), Error> {
    /// let word = Resolution::Happened("call_1".to_owned());
    /// client.effects().resolve("reminder:order-42", word).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn resolve(&self, key: &str, word: Resolution) -> EffectsRequest<Intent> {
        let key = match &word {
            Resolution::Happened(id) if id.is_empty() => {
                Err("Happened must name the id of what was made".to_owned())
            }
            _ => Ok(key.into()),
        };
        let happened = match word {
            Resolution::Happened(id) => id.into(),
            Resolution::DidNotHappen => JsValue::FALSE,
        };
        let other = Object::new();
        set(&other, "happened", &happened);
        EffectsRequest { other: other.into(), ..self.request("resolve", key, |value| Intent::of(&value)) }
    }

    fn request<T>(
        &self,
        method: &'static str,
        one: Result<JsValue, String>,
        read: Read<T>,
    ) -> EffectsRequest<T> {
        let (client, options, other) = (self.client.clone(), RequestOptions::new(), JsValue::UNDEFINED);
        EffectsRequest { client, method, one, other, options, read }
    }
}

/// Makes the result of a method from what the client returns.
type Read<T> = fn(JsValue) -> Option<T>;

/// A use of a method of [`Effects`], or of [`AgentPhone::settle`]. It begins when it is awaited.
#[must_use = "nothing happens until it is awaited"]
pub struct EffectsRequest<T> {
    client: AgentPhone,
    method: &'static str,
    /// What the method is passed; a mistake in it is reported when it is awaited.
    one: Result<JsValue, String>,
    other: JsValue,
    options: RequestOptions,
    read: Read<T>,
}

impl EffectsRequest<Intent> {
    pub(super) fn settling(client: &AgentPhone, error: &Error) -> Self {
        let lost = lost_with(error.thrown());
        let one = if lost.is_object() {
            Ok(merged(&get(&lost, "prepared"), &lost))
        } else {
            Err("there is nothing to settle: pass the error of a call with outcome_unknown".to_owned())
        };
        let sent_at = get(&lost, "sentAt");
        Self {
            other: sent_at,
            ..Effects::new(client).request("settleRequest", one, |value| Intent::of(&value))
        }
    }
}

impl<T> EffectsRequest<T> {
    /// With these options instead of the client's.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }
}

impl<T: 'static> IntoFuture for EffectsRequest<T> {
    type Output = Result<T, Error>;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let one = self.one.map_err(|note| Error::of(invalid(&note)))?;
            let core = self.client.core();
            let value = core.manage(self.method, &one, &self.other, self.options.object()).await;
            let strange = || fault("client.effects", Code::Internal, "not an intent", &JsValue::UNDEFINED);
            (self.read)(value.map_err(Error::of)?).ok_or_else(|| Error::of(strange()))
        })
    }
}

// Not derived: keys and ids are the caller's.
impl<T> fmt::Debug for EffectsRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method)
    }
}

/// Everything that is in doubt or under way, read from the ledger a page at a time.
#[must_use = "the ledger is asked when an intent is"]
pub struct Pending {
    client: AgentPhone,
    options: RequestOptions,
    /// Where the next page begins; `None` after the last.
    next: Option<JsValue>,
    ready: VecDeque<Intent>,
}

impl Pending {
    /// With these options instead of the client's.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    /// The next intent; `None` after the last, and after an error. A future that is dropped before it is done loses none.
    pub async fn next(&mut self) -> Option<Result<Intent, Error>> {
        loop {
            if let Some(intent) = self.ready.pop_front() {
                return Some(Ok(intent));
            }
            let after = self.next.clone()?;
            let core = self.client.core();
            match core.manage("page", &after, &JsValue::UNDEFINED, self.options.object()).await {
                Ok(page) => {
                    let page = Array::from(&page);
                    self.next = Some(page.get(0)).filter(|next| !next.is_undefined());
                    self.ready.extend(page.iter().skip(1).filter_map(|intent| Intent::of(&intent)));
                }
                Err(error) => {
                    self.next = None;
                    return Some(Err(Error::of(error)));
                }
            }
        }
    }
}

// Not derived: keys are the caller's.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}

/// A number of intents.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(value: &JsValue) -> u32 {
    value.as_f64().unwrap_or(0.0) as u32
}
