//! `client.effects` and `client.settle`: what the ledger holds, looking for all of it in one pass, a person's word, a
//! webhook as a witness, and what became of a failed call without a key.

use super::content::shown;
use super::evidence::{Questions, Reach, Said};
use super::keyed_use::{Use, intent_of};
use super::ledger::{PATIENCE, Store, intent_key, key_in, read_entries, read_open, stamp, write};
use super::options::{Given, given};
use super::waiting::{Raced, race};
use crate::client::failure;
use crate::client::observe::lookups_of;
use crate::client::options::parse;
use crate::client::send::Notified;
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::core::Millis;
use crate::core::effects::events::{Policy, View, Wanted};
use crate::core::effects::intent::{Intent, Stamped, State, Value, Wall};
use crate::core::effects::judge::earliest;
use crate::core::effects::keyed::Keyed;
use crate::core::effects::record::{open_entry, view_of};
use crate::core::effects::resolve::{Refusal, Word, resolve};
use crate::core::effects::witness::Witness;
use crate::core::error::Code;
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::promise::ApiPromise;
use crate::platform::value::{get, set, text};
use crate::platform::{host, promise_future, task};
use crate::resources;
use js_sys::{Array, Object};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// Pages of a list that one pass over all of them reads: the oldest may be days old.
const MOST_PAGES_OF_ALL: usize = 1_000;
/// How often a word is written again over what others wrote meanwhile.
const MOST_TRIES: u32 = 5;
/// The operation whose calls webhooks report.
const REPORTED: &str = "calls.create";

/// What `client.effects` does, under the name that JavaScript calls it by.
pub(crate) struct Management {
    shared: Rc<Shared>,
    settings: Rc<Settings>,
    signal: Option<AbortSignal>,
    given: Given,
    /// When `totalTimeout` is over. It is of the whole use, however many lists are read.
    ends: Option<Millis>,
    /// Identifies its requests, if telemetry observes it.
    lookups: JsValue,
}

impl Management {
    /// Starts one of its methods; what comes of it settles `promise`.
    pub(crate) fn start(
        shared: &Rc<Shared>,
        in_flight: &JsValue,
        asked: &Array,
        promise: ApiPromise,
        options: &JsValue,
    ) {
        let (method, one, other) = (text(&asked.get(0)).unwrap_or_default(), asked.get(1), asked.get(2));
        let management = Self::of(shared, in_flight, &method, &one, options);
        task::spawn(async move {
            let result = match management {
                Ok(management) => management.run(&method, &one, &other).await,
                Err(refused) => Err(refused),
            };
            match result {
                Ok(value) => ApiPromise::fulfil(&promise, &value, &JsValue::UNDEFINED, 0, 0.0),
                Err((settings, error)) => {
                    ApiPromise::fail(&promise, &error);
                    settings.emit_error(&error);
                }
            }
        });
    }

    /// For one use of a method, which is passed `one`.
    pub(crate) fn of(
        shared: &Rc<Shared>,
        in_flight: &JsValue,
        method: &str,
        one: &JsValue,
        options: &JsValue,
    ) -> Result<Self, Notified> {
        // A failed request is looked for where it was sent.
        let base =
            if method == "settleRequest" { Some(Settings::of(get(one, "options"), None)) } else { None };
        let lookups = if shared.settings.is_followed() { lookups_of(in_flight) } else { JsValue::UNDEFINED };
        Self::new(shared, base.as_ref(), options, lookups)
            .map_err(|error| (Rc::clone(&shared.settings), error))
    }

    fn new(
        shared: &Rc<Shared>,
        base: Option<&Settings>,
        options: &JsValue,
        lookups: JsValue,
    ) -> Result<Self, JsValue> {
        let note = |note: String| fault(Code::Configuration, &note);
        let settings = parse(options, Some(base.unwrap_or(&shared.settings))).map_err(note)?;
        let (signal, settings) = (settings.signal(), Rc::new(settings));
        let given =
            given(&settings).ok_or_else(|| fault(Code::Configuration, "this client has no ledger"))?;
        let ends = settings.total_timeout.map(|total| host::now().saturating_add(total));
        Ok(Self { shared: Rc::clone(shared), settings, signal, given, ends, lookups })
    }

    /// Does it.
    pub(crate) async fn run(
        &self,
        method: &str,
        one: &JsValue,
        other: &JsValue,
    ) -> Result<JsValue, Notified> {
        let result = self.perform(method, one, other).await;
        result.map_err(|error| (Rc::clone(&self.settings), error))
    }

    async fn perform(&self, method: &str, one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue> {
        match method {
            "get" => {
                let key = text(one).unwrap_or_default();
                let view = self.view(&intent_key(&self.given.scope, &key), true).await?;
                Ok(view.intent.map_or(JsValue::UNDEFINED, |entry| shown(&key, &entry.value)))
            }
            "page" => {
                let (intents, next) = self.open(one, false).await?;
                let page = Array::of(&[next]);
                for (key, intent) in intents {
                    page.push(&shown(&key, &intent));
                }
                Ok(page.into())
            }
            "settle" => {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let after = one.as_f64().map_or(0, |after| after as Wall);
                let (settled, left) = self.pass(None, after).await?;
                let result = Object::new();
                set(&result, "settled", &settled.into());
                set(&result, "pending", &left.into());
                Ok(result.into())
            }
            "observe" => {
                let said = witness_of(REPORTED).and_then(|witness| Said::by(one, witness));
                let Some(said) = said else { return Ok(0.into()) };
                Ok(self.pass(Some(Rc::new(said)), 0).await?.0.into())
            }
            "resolve" => self.resolve(&text(one).unwrap_or_default(), other).await,
            _ => self.settle_request(one, other).await,
        }
    }

    /// Waits for the ledger, within its time and the caller's.
    async fn hear(&self, promise: JsValue) -> Result<JsValue, JsValue> {
        let (mut alarm, mut cancellation) = (Alarm::default(), Cancellation::of(self.signal.as_ref()));
        let patience = host::now().saturating_add(PATIENCE);
        let end = self.ends.map_or(patience, |ends| ends.min(patience));
        let wait = race((&mut alarm, &mut cancellation), end, true, Some(promise_future::of(&promise)));
        match wait.await {
            Raced::For(Ok(value)) => Ok(value),
            Raced::For(Err(cause)) => {
                Err(failure::of(SUBJECT, Code::LedgerUnavailable, "the ledger failed", &cause))
            }
            Raced::Late => Err(fault(Code::LedgerUnavailable, "the ledger did not respond in time")),
            Raced::Cancelled => Err(aborted(&cancellation)),
        }
    }

    fn is_late(&self) -> bool {
        self.ends.is_some_and(|ends| host::now() >= ends)
    }

    /// The intent of a key and, unless it is wanted alone, its lane and the intent that holds that. One place awaits the ledger,
    /// as for a use of a key.
    async fn view(&self, own: &str, is_alone: bool) -> Result<View, JsValue> {
        let ledger = &self.given.ledger;
        let mut view: Option<View> = None;
        let mut has_lane = false;
        let mut promise = read_entries(ledger, own, None);
        loop {
            let text = text(&self.hear(promise).await?).unwrap_or_default();
            let read = view_of(&text).ok_or_else(|| {
                fault(
                    Code::Configuration,
                    "the ledger has an entry of another version of its format, which is left as it is",
                )
            })?;
            if let Some(mut view) = view {
                view.holder = read.intent;
                return Ok(view);
            }
            promise = match (&read.intent, read.other_holder(own)) {
                (Some(intent), _) if !has_lane && !is_alone => {
                    has_lane = true;
                    read_entries(ledger, own, Some(&intent.value.lane))
                }
                (_, Some(holder)) => {
                    let promise = read_entries(ledger, holder, None);
                    view = Some(read);
                    promise
                }
                _ => return Ok(read),
            };
        }
    }

    /// Intents of this account that are in doubt, behind a place, and where there may be more.
    async fn open(&self, after: &JsValue, is_all: bool) -> Result<(Vec<(String, Intent)>, JsValue), JsValue> {
        let entries = self.hear(read_open(&self.given.ledger, after, is_all)).await?;
        let entries = entries.unchecked_into::<Array>().to_vec();
        let mut intents = Vec::new();
        for entry in &entries {
            let Some((key, intent)) = text(entry).and_then(|entry| open_entry(&entry)) else { continue };
            if let Some(key) = key_in(&key, &self.given.scope) {
                intents.push((key, intent));
            }
        }
        Ok((intents, entries.into_iter().next().unwrap_or_default()))
    }

    /// One pass over all that is in doubt, with what a webhook has reported or the API says: each list is read once, whatever the
    /// number of intents. Those sent before `after` are left alone. How many were settled, and how many were not: when time is
    /// up, the others stay as they are.
    async fn pass(&self, reported: Option<Rc<Said>>, after: Wall) -> Result<(u32, u32), JsValue> {
        let (open, _) = self.open(&JsValue::UNDEFINED, true).await?;
        let mut answers: Vec<(&Intent, Option<Rc<Said>>)> = Vec::new();
        let (mut settled, mut left): (u32, u32) = (0, 0);
        let cancellation = Cancellation::of(self.signal.as_ref());
        for (key, intent) in &open {
            if cancellation.is_cancelled() {
                break;
            }
            left = left.saturating_add(1);
            let Some(witness) = witness_of(&intent.operation).filter(|_| !self.is_late()) else { continue };
            if intent.sent_at < after || intent.state.is_under_way(host::wall_clock()) {
                continue;
            }
            let said = match &reported {
                Some(said) => {
                    let fits = intent.operation == REPORTED && !said.matching(witness, intent).1.is_empty();
                    fits.then(|| Rc::clone(said))
                }
                None => match answers.iter().find(|(other, _)| is_alike(other, intent, witness)) {
                    Some((_, said)) => said.clone(),
                    None => {
                        let alike = open
                            .iter()
                            .filter(|(_, other)| other.sent_at >= after && is_alike(other, intent, witness));
                        let oldest = alike.map(|(_, other)| earliest(other, other.skew)).min().unwrap_or(0);
                        let reach = Reach { since: &|_| oldest, most_pages: MOST_PAGES_OF_ALL };
                        // Without facts, of all numbers.
                        let questions = self.questions();
                        let said = questions.all(witness, &intent.ids, &[], reach).await.map(Rc::new);
                        answers.push((intent, said.clone()));
                        said
                    }
                },
            };
            if let Some(said) = said
                && self.look_for(key, intent.clone(), said).await
            {
                settled = settled.saturating_add(1);
                left = left.saturating_sub(1);
            }
        }
        // The intents that were not looked for are counted nowhere.
        if cancellation.is_cancelled() { Err(aborted(&cancellation)) } else { Ok((settled, left)) }
    }

    fn questions(&self) -> Questions {
        Questions {
            shared: Rc::clone(&self.shared),
            settings: Rc::clone(&self.settings),
            signal: self.signal.clone(),
            ends: self.ends,
            in_flight: self.lookups.clone(),
        }
    }

    /// Looks once for one intent, in what the API has said. True where it is settled now.
    async fn look_for(&self, key: &str, intent: Intent, said: Rc<Said>) -> bool {
        let mut policy = self.policy(&intent);
        policy.within = Some(0);
        let wanted = Wanted { key: intent_key(&self.given.scope, key), intent };
        let mut one =
            self.using(Keyed::settling(wanted, policy), key, Store::Ledger(self.given.ledger.clone()));
        one.evidence = Some(said);
        one.settle().await.is_ok()
    }

    fn policy(&self, intent: &Intent) -> Policy {
        let Given { within, accepts_likely, .. } = self.given;
        Policy {
            within,
            accepts_likely,
            snapshot: false,
            again: false,
            has_witness: witness_of(&intent.operation).is_some(),
            lease: 0,
            ends: self.ends,
        }
    }

    fn using(&self, machine: Keyed, key: &str, store: Store) -> Use {
        let operation = resources::named(&machine.wanted().operation);
        Use::new(operation, self.questions(), machine, key.to_owned(), store)
    }

    async fn resolve(&self, key: &str, word: &JsValue) -> Result<JsValue, JsValue> {
        let own = intent_key(&self.given.scope, key);
        for _ in 0..MOST_TRIES {
            let word = text(&get(word, "happened")).map_or(Word::DidNotHappen, Word::Happened);
            let view = self.view(&own, false).await?;
            let changes = match resolve(&own, &view, word, host::wall_clock(), &mut stamp) {
                Ok(changes) => changes,
                Err(refusal) => return Err(fault(Code::InvalidArgument, refused(refusal))),
            };
            if self.hear(write(&self.given.ledger, &changes)).await?.is_truthy() {
                let intent = changes.iter().find_map(|change| match &change.value {
                    Value::Intent(intent) => Some(shown(key, intent)),
                    _ => None,
                });
                return Ok(intent.unwrap_or_default());
            }
        }
        Err(fault(Code::LedgerUnavailable, "others keep changing this intent"))
    }

    /// What became of a failed call without a key. `found`: what its error remembers of it.
    async fn settle_request(&self, found: &JsValue, sent_at: &JsValue) -> Result<JsValue, JsValue> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let operation = get(found, "row").as_f64().and_then(|row| resources::row(row as u32));
        let operation = operation.ok_or_else(|| fault(Code::Internal, "unknown operation"))?;
        let intent = intent_of(operation, found, &self.given.scope, "", self.given.exclusive);
        let intent = intent.map_err(|note| fault(Code::Internal, &note))?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let sent_at = sent_at.as_f64().unwrap_or(0.0) as Wall;
        let intent = Intent { state: State::Unknown, sent_at, sends: 1, ..intent };
        let policy = self.policy(&intent);
        let here = Stamped { stamp: String::new(), value: intent.clone() };
        let machine = Keyed::settling(Wanted { key: String::new(), intent }, policy);
        let mut one = self.using(machine, "", Store::Here(Box::new(here)));
        match one.settle().await {
            Ok(shown) => Ok(shown),
            Err(Some(shown)) => Ok(shown),
            Err(None) => {
                let cancellation = Cancellation::of(self.signal.as_ref());
                let note = "the API could not be asked within totalTimeout";
                let is_aborted = cancellation.is_cancelled();
                Err(if is_aborted { aborted(&cancellation) } else { fault(Code::Timeout, note) })
            }
        }
    }
}

/// What an operation can be looked for with.
fn witness_of(operation: &str) -> Option<&'static Witness> {
    resources::named(operation)?.witness
}

/// True if the witness of `intent` says what became of `other` as well.
fn is_alike(other: &Intent, intent: &Intent, witness: &Witness) -> bool {
    other.ids == intent.ids
        && witness_of(&other.operation).is_some_and(|other| other.operation == witness.operation)
}

const fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown => "the ledger has no intent under this key",
        Refusal::UnderWay => "the request of this key may still be under way: wait until it is in doubt",
        Refusal::Settled => "the intent of this key is not in doubt",
    }
}

const SUBJECT: &str = "client.effects";

fn fault(code: Code, note: &str) -> JsValue {
    failure::of(SUBJECT, code, note, &JsValue::UNDEFINED)
}

fn aborted(cancellation: &Cancellation) -> JsValue {
    failure::of(SUBJECT, Code::Aborted, "aborted by its signal", &cancellation.reason())
}
