//! Uses of idempotency keys: does what their machine says (`core::effects::keyed`), with the caller's ledger and the API.
//! Everything runs in the caller's task, so in the caller's async context.

mod content;
mod evidence;
mod ledger;
mod manage;
mod options;
mod outcome;

pub(super) use manage::Management;
pub(crate) use outcome::Ended;

use super::arguments::Prepared;
use super::driver::Driver;
use super::observe::{Moment, lookups_of};
use super::settings::Settings;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::effects::events::{
    Action, Done, Event, Now, Outcome, Policy, Problem, Subject, View, Wanted,
};
use crate::core::effects::intent::{Change, Intent, Stamped, Value};
use crate::core::effects::judge::{Look, TOLERANCE_OF_CLOCKS, earliest};
use crate::core::effects::keyed::Keyed;
use crate::core::effects::record::view_of;
use crate::core::effects::row::{fields_of, intent_of as intent_in};
use crate::core::effects::witness::Witness;
use crate::core::error::CallError;
use crate::core::operation::{EffectClass, Facts};
use crate::core::text::joined;
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::host;
use crate::platform::promise_future::{self, PromiseFuture};
use crate::platform::value::get;
use crate::resources;
use evidence::{Questions, Reach, Said, Seen, id_of};
use ledger::{PATIENCE, Trouble, stamp};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::JsValue;

/// The longest time that a request may be under way, retries included, where the caller names none.
const LONGEST: Millis = 900_000;
/// What a lease lasts longer than its request may, at least and at most: the clocks of machines differ.
const LEASE_MARGINS: [Millis; 2] = [5_000, 60_000];

/// Where the intents of a use are kept.
enum Store {
    /// With the caller: `Ledger` of `src/js/ledger/ledger.d.ts`.
    Ledger(JsValue),
    /// Nowhere: a failed call without a key is looked for.
    Here(Box<Stamped<Intent>>),
}

/// One use of a key.
pub(super) struct Use {
    machine: Keyed,
    row: Option<u32>,
    /// `None`: nothing is to be sent.
    request: Option<(Facts, Prepared)>,
    witness: Option<&'static Witness>,
    /// The user's key.
    key: String,
    store: Store,
    began: Millis,
    cancellation: Cancellation,
    /// One for all waits: a timer for each would cost more than the rest of a write.
    alarm: Alarm,
    /// Whose settings, signal and time it has.
    questions: Questions,
    /// The request, and how it failed.
    sent: Option<(Driver, Result<super::answer::Success, CallError>)>,
    /// The objects of the last look.
    seen: Vec<Seen>,
    /// What the API has said about many intents at once.
    evidence: Option<Rc<Said>>,
    /// What the ledger failed with.
    trouble: Option<Trouble>,
}

/// What ended a wait.
enum Raced {
    For(Result<JsValue, JsValue>),
    Late,
    Cancelled,
}

impl Use {
    /// The use of a key that a call has, if it has one and its operation has an effect. A mistake in it, in words.
    pub(super) fn of(
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

    fn new(
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

    pub(super) fn settings(&self) -> &Rc<Settings> {
        &self.questions.settings
    }

    /// Runs it to its end.
    pub(super) fn run(mut self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<Ended, JsValue>>>> {
        Box::pin(async move {
            match self.perform().await {
                Ok(done) => self.fulfilled(done).await,
                Err(problem) => {
                    let counts = self.counts(&problem).await;
                    Err(self.failure(problem, &counts))
                }
            }
        })
    }

    /// Looks for what became of an earlier use: the intent as users see it, settled or, as an error, not.
    async fn settle(&mut self) -> Result<JsValue, Option<JsValue>> {
        let result = self.perform().await;
        let shown = self.machine.subject(Subject::Own).map(|intent| content::shown(&self.key, intent));
        match result {
            Ok(_) => Ok(shown.unwrap_or(JsValue::UNDEFINED)),
            Err(Problem::InDoubt(_)) => Err(shown),
            Err(_) => Err(None),
        }
    }

    fn perform(&mut self) -> Pin<Box<dyn Future<Output = Result<Done, Problem>> + '_>> {
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
                        let raced = self.race(until, true, None).await;
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
            // It may have been written all the same.
            self.questions.shared.note_unsent(claim);
        }
        action
    }

    async fn read(&mut self) -> Event {
        let Store::Ledger(ledger) = &self.store else {
            let Store::Here(intent) = &self.store else { return Event::LedgerFailed };
            return Event::Read(Box::new(View { intent: Some((**intent).clone()), ..View::default() }));
        };
        let ledger = ledger.clone();
        let [own, lane] = self.machine.keys().map(str::to_owned);
        match self.view(&ledger, &own, &lane).await {
            Ok(mut view) => {
                let stamp = view.intent.as_ref().map(|intent| &intent.stamp);
                view.is_unsent = stamp.is_some_and(|stamp| self.questions.shared.is_unsent(stamp));
                Event::Read(Box::new(view))
            }
            Err(event) => event,
        }
    }

    /// What a ledger has of an intent, its lane and the intent that holds it. One place awaits the ledger, because each would be
    /// a copy of the wait.
    async fn view(&mut self, ledger: &JsValue, own: &str, lane: &str) -> Result<View, Event> {
        let mut view: Option<View> = None;
        let mut promise = ledger::read_entries(ledger, own, Some(lane));
        loop {
            // A ledger in memory need not be waited for.
            let text = match promise.as_string() {
                Some(text) => text,
                None => self.hear(&promise).await?.as_string().unwrap_or_default(),
            };
            let Some(read) = view_of(&text) else { return Err(self.is_troubled(Trouble::Foreign)) };
            if let Some(mut view) = view {
                view.holder = read.intent;
                return Ok(view);
            }
            match read.other_holder(own) {
                Some(holder) => promise = ledger::read_entries(ledger, holder, None),
                None => return Ok(read),
            }
            view = Some(read);
        }
    }

    async fn write(&mut self, changes: &[Change]) -> Event {
        let promise = match &mut self.store {
            Store::Ledger(ledger) => ledger::write(ledger, changes),
            Store::Here(kept) => {
                for change in changes {
                    if let Value::Intent(intent) = &change.value {
                        **kept = Stamped { stamp: change.stamp.clone(), value: (**intent).clone() };
                    }
                }
                return Event::Written(true);
            }
        };
        if let Some(written) = promise.as_bool() {
            return Event::Written(written);
        }
        match self.hear(&promise).await {
            Ok(written) => match written.as_bool() {
                Some(written) => Event::Written(written),
                None => self.is_troubled(Trouble::Failed(written)),
            },
            Err(event) => event,
        }
    }

    fn is_troubled(&mut self, trouble: Trouble) -> Event {
        self.trouble = Some(trouble);
        Event::LedgerFailed
    }

    fn is_late(&self) -> bool {
        self.questions.ends.is_some_and(|ends| host::now() >= ends)
    }

    /// Waits for the ledger, within its time and the caller's. What came of a request is written although the caller has
    /// aborted.
    async fn hear(&mut self, promise: &JsValue) -> Result<JsValue, Event> {
        let began = host::now();
        let patience = began.saturating_add(PATIENCE);
        let by_caller = self.sent.is_none();
        let end = self.questions.ends.filter(|ends| by_caller && *ends < patience).unwrap_or(patience);
        let raced = self.race(end, by_caller, Some(promise_future::of(promise))).await;
        self.note_wait(began, "ledger");
        Err(match raced {
            Raced::For(Ok(value)) => return Ok(value),
            Raced::For(Err(cause)) => self.is_troubled(Trouble::Failed(cause)),
            Raced::Cancelled => Event::Aborted,
            Raced::Late if self.is_late() => Event::Woken,
            Raced::Late => Event::LedgerFailed,
        })
    }

    fn note_wait(&self, began: Millis, reason: &'static str) {
        if !self.settings().is_followed() {
            return;
        }
        #[allow(clippy::cast_precision_loss)]
        self.note(Moment::Waited, host::now().saturating_sub(began) as f64, reason);
    }

    /// Notifies telemetry, if it observes this call.
    fn note(&self, moment: Moment, number: f64, word: &str) {
        if let Some((operation, prepared)) = &self.request {
            prepared.settings.note(&prepared.request, moment, operation.row, 0, number, word);
        }
    }

    /// Waits for a promise, if there is one, or until a time.
    async fn race(&mut self, until: Millis, by_signal: bool, promise: Option<PromiseFuture>) -> Raced {
        let mut promise = promise;
        self.alarm.set_by(Some(until));
        let (alarm, cancellation) = (&mut self.alarm, &mut self.cancellation);
        poll_fn(|context| {
            if let Some(promise) = &mut promise
                && let Poll::Ready(output) = Pin::new(promise).poll(context)
            {
                return Poll::Ready(Raced::For(output));
            }
            if by_signal && cancellation.poll(context) {
                return Poll::Ready(Raced::Cancelled);
            }
            while alarm.has_rung(context) {
                if host::now() >= until {
                    return Poll::Ready(Raced::Late);
                }
                // It was set for an earlier wait.
                alarm.set(Some(until));
            }
            Poll::Pending
        })
        .await
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

    async fn find(&self, subject: Option<Subject>) -> Option<(Look, Vec<Seen>)> {
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
/// own time. Whoever gives a call little time need not wait a minute for the key of a process that died.
fn lease_of(total: Option<Millis>) -> Millis {
    let [least, most] = LEASE_MARGINS;
    let longest = total.unwrap_or(LONGEST).min(LONGEST);
    longest.saturating_add(longest.clamp(least, most))
}

fn intent_key(scope: &str, key: &str) -> String {
    joined(&[scope, "/intent/", key])
}

/// The user's key of a ledger's.
fn key_in(key: &str, scope: &str) -> Option<String> {
    Some(key.strip_prefix(scope)?.strip_prefix("/intent/")?.to_owned())
}

/// The intent of a prepared request; why there is none, in words.
fn intent_of(
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
