//! One use of a key: what its machine says is done, with the ledger, the API and the request.

use super::content;
use super::evidence::{Questions, Reach, Said, Seen, id_of};
use super::ledger::{Store, Trouble, intent_key, stamp};
use super::options;
use super::waiting::{Raced, race};
use crate::client::answer::Success;
use crate::client::arguments::Prepared;
use crate::client::driver::Driver;
use crate::client::observe::{Moment, lookups_of};
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::effects::events::{Action, Done, Event, Now, Outcome, Policy, Problem, Subject, Wanted};
use crate::core::effects::intent::Intent;
use crate::core::effects::judge::{Look, TOLERANCE_OF_CLOCKS, earliest};
use crate::core::effects::keyed::Keyed;
use crate::core::effects::row::{fields_of, intent_of as intent_in};
use crate::core::effects::witness::Witness;
use crate::core::error::CallError;
use crate::core::operation::{EffectClass, Facts};
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::host;
use crate::platform::value::get;
use crate::resources;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The longest time that a request may be under way, retries included, where the caller names none.
const LONGEST: Millis = 900_000;
/// What a lease lasts longer than its request may, at least and at most: the clocks of machines differ.
const LEASE_MARGINS: [Millis; 2] = [5_000, 60_000];

/// One use of a key.
pub(in crate::client) struct Use {
    pub(super) machine: Keyed,
    pub(super) row: Option<u32>,
    /// `None`: nothing is to be sent.
    pub(super) request: Option<(Facts, Prepared)>,
    pub(super) witness: Option<&'static Witness>,
    /// The user's key.
    pub(super) key: String,
    pub(super) store: Store,
    pub(super) began: Millis,
    pub(super) cancellation: Cancellation,
    /// One for all waits: a timer for each would cost more than the rest of a write.
    pub(super) alarm: Alarm,
    /// Whose settings, signal and time it has.
    pub(super) questions: Questions,
    /// The request, and how it failed.
    pub(super) sent: Option<(Driver, Result<Success, CallError>)>,
    /// The objects of the last look.
    pub(super) seen: Vec<Seen>,
    /// What the API has said about many intents at once.
    pub(super) evidence: Option<Rc<Said>>,
    /// What the ledger failed with.
    pub(super) trouble: Option<Trouble>,
}

impl Use {
    /// The use of a key that a call has, if it has one and its operation has an effect. A mistake in it, in words.
    pub(in crate::client) fn of(
        shared: &Rc<Shared>,
        operation: Facts,
        prepared: &Prepared,
        began: Millis,
    ) -> Result<Option<Self>, String> {
        if operation.effect != EffectClass::Effect {
            return Ok(None);
        }
        let settings = &prepared.settings;
        let Some(key) = options::key_of(settings)? else { return Ok(None) };
        let Some(given) = options::given(settings) else { return Ok(None) };
        if let Some(witness) = operation.witness {
            content::add_reference(&prepared.request, witness, &key);
        }
        content::add_key(&prepared.request, &key);
        let intent = intent_of(operation, &prepared.request, &given.scope, &key, given.exclusive)?;
        let wanted = Wanted { key: intent_key(&given.scope, &key), intent };
        let questions = Questions {
            shared: Rc::clone(shared),
            settings: Rc::clone(settings),
            signal: prepared.signal.clone(),
            ends: prepared.total_timeout.map(|total| began.saturating_add(total)),
            in_flight: if settings.is_followed() {
                lookups_of(&get(&prepared.request, "inFlight"))
            } else {
                JsValue::UNDEFINED
            },
        };
        let policy = Policy {
            within: given.within,
            accepts_likely: given.accepts_likely,
            snapshot: given.snapshot && operation.witness.is_some(),
            again: given.again,
            has_witness: operation.witness.is_some(),
            lease: lease_of(prepared.total_timeout),
            ends: questions.ends,
        };
        let machine = Keyed::new(wanted, policy);
        let mut one = Self::new(Some(operation), questions, machine, key, Store::Ledger(given.ledger));
        one.request = Some((operation, prepared.clone()));
        Ok(Some(one))
    }

    pub(super) fn new(
        operation: Option<Facts>,
        questions: Questions,
        machine: Keyed,
        key: String,
        store: Store,
    ) -> Self {
        Self {
            machine,
            row: operation.map(|operation| operation.row),
            witness: operation.and_then(|operation| operation.witness),
            cancellation: Cancellation::of(questions.signal.as_ref()),
            alarm: Alarm::default(),
            questions,
            request: None,
            key,
            store,
            began: host::now(),
            sent: None,
            seen: Vec::new(),
            evidence: None,
            trouble: None,
        }
    }

    pub(in crate::client) fn settings(&self) -> &Rc<Settings> {
        &self.questions.settings
    }

    /// Looks for what became of an earlier use: the intent as users see it, settled or, as an error, not.
    pub(super) async fn settle(&mut self) -> Result<JsValue, Option<JsValue>> {
        let result = self.perform().await;
        let shown = self.machine.subject(Subject::Own).map(|intent| content::shown(&self.key, intent));
        match result {
            Ok(_) => Ok(shown.unwrap_or(JsValue::UNDEFINED)),
            Err(Problem::InDoubt(_)) => Err(shown),
            Err(_) => Err(None),
        }
    }

    pub(super) fn perform(&mut self) -> Pin<Box<dyn Future<Output = Result<Done, Problem>> + '_>> {
        Box::pin(async move {
            let mut action = self.step(Event::Begin);
            loop {
                if self.cancellation.is_cancelled() && !matches!(action, Action::Done(_) | Action::Fail(_)) {
                    action = match action {
                        // What came of the request is still written down.
                        Action::Write(_) | Action::Read if self.sent.is_some() => action,
                        _ => self.step(Event::Aborted),
                    };
                }
                let event = match action {
                    Action::Read => self.read().await,
                    Action::Write(changes) => self.write(&changes).await,
                    Action::Send => Event::Sent(self.send().await),
                    Action::Snapshot => self.look(None).await,
                    Action::Look(subject) => self.look(Some(subject)).await,
                    Action::Wait(until) => {
                        let began = host::now();
                        let raced = race((&mut self.alarm, &mut self.cancellation), until, true, None).await;
                        self.note_wait(began, "settle");
                        match raced {
                            Raced::Cancelled => Event::Aborted,
                            _ => Event::Woken,
                        }
                    }
                    Action::Done(done) => return Ok(done),
                    Action::Fail(problem) => return Err(problem),
                };
                action = self.step(event);
            }
        })
    }

    fn step(&mut self, event: Event) -> Action {
        let claim = self.machine.claim().map(str::to_owned);
        let mut now = Now { at: host::now(), wall: host::wall_clock(), stamp: &mut stamp };
        let action = self.machine.step(event, &mut now);
        if let Some(claim) = claim.filter(|_| !matches!(action, Action::Send)) {
            // It may have been written nevertheless.
            self.questions.shared.note_unsent(claim);
        }
        action
    }

    pub(super) fn is_late(&self) -> bool {
        self.questions.ends.is_some_and(|ends| host::now() >= ends)
    }

    pub(super) fn note_wait(&self, began: Millis, reason: &'static str) {
        if !self.settings().is_followed() {
            return;
        }
        #[allow(clippy::cast_precision_loss)]
        self.note(Moment::Waited, host::now().saturating_sub(began) as f64, reason);
    }

    /// Notifies telemetry, if it observes this call.
    pub(super) fn note(&self, moment: Moment, number: f64, word: &str) {
        if let Some((operation, prepared)) = &self.request {
            prepared.settings.note(&prepared.request, moment, operation.row, 0, number, word);
        }
    }

    /// Sends the request. Its retries are those that cannot do a thing twice, whatever the caller's `replay` says.
    async fn send(&mut self) -> Outcome {
        let Some((operation, prepared)) = &self.request else { return Outcome::Refused };
        let (operation, mut prepared) = (*operation, prepared.clone());
        let now = host::now();
        let left = self.questions.ends.map_or(LONGEST, |ends| ends.saturating_sub(now).clamp(1, LONGEST));
        prepared.total_timeout = Some(left);
        if prepared.replay == Replay::Always {
            prepared.replay = Replay::Safe;
        }
        let mut driver = Driver::new(&self.questions.shared, operation, prepared, now);
        let result = driver.run().await;
        let outcome = match &result {
            Ok(success) => Outcome::Placed(id_of(&success.data)),
            Err(error) if error.outcome_unknown => Outcome::Unknown,
            Err(_) => Outcome::Refused,
        };
        self.sent = Some((driver, result));
        outcome
    }

    /// Asks which objects may be the intent's or, without a subject, which are there before it is sent.
    async fn look(&mut self, subject: Option<Subject>) -> Event {
        let found = self.find(subject).await;
        if subject.is_none() {
            // Not all of them would be no help.
            return Event::Before(found.filter(|(look, _)| !look.is_partial).map(|(_, seen)| {
                let mut ids = Vec::new();
                for seen in seen {
                    ids.push(seen.id);
                }
                ids
            }));
        }
        if let Some((_, seen)) = &found {
            #[allow(clippy::cast_precision_loss)]
            self.note(Moment::Looked, seen.len() as f64, "");
        }
        if self.cancellation.is_cancelled() {
            return Event::Aborted;
        }
        Event::Looked(found.map(|(look, seen)| {
            self.seen = seen;
            look
        }))
    }

    pub(super) async fn find(&self, subject: Option<Subject>) -> Option<(Look, Vec<Seen>)> {
        let witness = self.witness?;
        let intent = match subject {
            Some(subject) => self.machine.subject(subject)?,
            None => self.machine.wanted(),
        };
        let since = |skew: Option<i64>| match subject {
            Some(subject) => earliest(intent, intent.skew.or(skew.filter(|_| self.machine.is_ours(subject)))),
            // With a snapshot no clock is trusted, so that it must reach as far back as is judged without one.
            None => host::wall_clock().saturating_sub(TOLERANCE_OF_CLOCKS),
        };
        let said = match &self.evidence {
            Some(said) => Rc::clone(said),
            None => {
                Rc::new(self.questions.all(witness, &intent.ids, &intent.facts, Reach::one(&since)).await?)
            }
        };
        Some(said.matching(witness, intent))
    }
}

/// How long an intent counts as under way once it is announced: longer than its request can live, which ends with the call's
/// own time. A caller with a short `totalTimeout` need not wait a minute for the key of a process that died.
fn lease_of(total: Option<Millis>) -> Millis {
    let [least, most] = LEASE_MARGINS;
    let longest = total.unwrap_or(LONGEST).min(LONGEST);
    longest.saturating_add(longest.clamp(least, most))
}

/// The intent of a prepared request; why there is none, in words.
pub(super) fn intent_of(
    operation: Facts,
    request: &JsValue,
    scope: &str,
    key: &str,
    exclusive: bool,
) -> Result<Intent, String> {
    let fields = operation.witness.map(fields_of).unwrap_or_default();
    let sent = content::sent_of(request, &fields);
    intent_in(resources::id_of(operation.row), operation.witness, &sent, scope, key, exclusive).ok_or_else(
        || "what is sent cannot be compared with what this idempotencyKey was used for before".to_owned(),
    )
}
