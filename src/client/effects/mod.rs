//! Uses of idempotency keys: does what their machine says (`core::effects::keyed`), with the caller's ledger and the API.
//! Everything runs in the caller's task, so in the caller's async context.

mod content;
mod evidence;
mod ledger;
mod manage;
mod options;
mod outcome;
mod record;

pub(super) use manage::Management;
pub(crate) use outcome::Ended;

use super::arguments::Prepared;
use super::driver::Driver;
use super::settings::Settings;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::effects::events::{
    Action, Done, Event, Now, Outcome, Policy, Problem, Subject, View, Wanted,
};
use crate::core::effects::intent::{Change, Intent, Stamped, State, Value};
use crate::core::effects::keyed::Keyed;
use crate::core::effects::witness::{Witness, digest};
use crate::core::error::CallError;
use crate::core::operation::{EffectClass, Facts};
use crate::core::text::joined;
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::host;
use crate::resources;
use evidence::{Questions, Said, Seen, id_of, matching};
use ledger::{Ledger, PATIENCE, Trouble, stamp};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::JsValue;

/// The longest time that a request may be under way, retries included, where the caller names none.
const LONGEST: Millis = 900_000;
/// What a lease lasts longer than its request may, at least and at most: the clocks of machines differ.
const LEASE_MARGINS: [Millis; 2] = [5_000, 60_000];

/// Where the intents of a use are kept.
enum Store {
    /// With the caller.
    Ledger(Ledger),
    /// Nowhere: a failed call without a key is looked for.
    Here(Option<Stamped<Intent>>),
}

/// One use of a key.
pub(super) struct Use {
    machine: Keyed,
    shared: Rc<Shared>,
    row: Option<u32>,
    pub(super) settings: Rc<Settings>,
    /// `None`: nothing is to be sent.
    request: Option<(Facts, Prepared)>,
    witness: Option<&'static Witness>,
    /// The user's key.
    key: String,
    store: Store,
    ends: Option<Millis>,
    began: Millis,
    cancellation: Cancellation,
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
enum Raced<T> {
    For(T),
    Late,
    Cancelled,
}

impl Use {
    /// The use of a key that a call has, if it has one and its operation has an effect. A mistake in it, in words.
    pub(super) fn of(
        shared: &Rc<Shared>,
        operation: Facts,
        prepared: &Prepared,
    ) -> Result<Option<Self>, String> {
        if operation.effect != EffectClass::Effect {
            return Ok(None);
        }
        let settings = &prepared.settings;
        let Some(key) = options::key_of(settings)? else { return Ok(None) };
        let Some(ledger) = options::ledger_of(settings) else { return Ok(None) };
        if let Some(witness) = operation.witness {
            content::add_reference(&prepared.request, witness, &key);
        }
        content::add_key(&prepared.request, &key);
        let scope = scope_of(settings);
        let settling = options::settling_of(settings);
        let intent = intent_of(operation, prepared, &scope, &key, settling.exclusive);
        let wanted = Wanted { key: intent_key(&scope, &key), intent };
        let questions = Questions {
            shared: Rc::clone(shared),
            settings: Rc::clone(settings),
            signal: prepared.signal.clone(),
            ends: prepared.total_timeout.map(|total| host::now().saturating_add(total)),
        };
        let policy = Policy {
            within: settling.within,
            accepts_likely: settling.accepts_likely,
            snapshot: settling.snapshot && operation.witness.is_some(),
            again: settling.again,
            has_witness: operation.witness.is_some(),
            lease: lease_of(prepared.total_timeout),
            ends: questions.ends,
        };
        let machine = Keyed::new(wanted, policy);
        let mut one = Self::new(shared, Some(operation), questions, machine, key, Store::Ledger(ledger));
        one.request = Some((operation, prepared.clone()));
        Ok(Some(one))
    }

    /// `questions`: whose settings, signal and time it has.
    fn new(
        shared: &Rc<Shared>,
        operation: Option<Facts>,
        questions: Questions,
        machine: Keyed,
        key: String,
        store: Store,
    ) -> Self {
        Self {
            machine,
            shared: Rc::clone(shared),
            row: operation.map(|operation| operation.row),
            witness: operation.and_then(|operation| operation.witness),
            settings: Rc::clone(&questions.settings),
            cancellation: Cancellation::of(questions.signal.as_ref()),
            ends: questions.ends,
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

    /// Runs it to its end.
    pub(super) async fn run(mut self) -> Result<Ended, JsValue> {
        match self.perform().await {
            Ok(done) => self.fulfilled(done).await,
            Err(problem) => Err(self.failure(problem)),
        }
    }

    /// Looks for what became of an earlier use: the intent as users see it, settled or, as an error, not.
    async fn settle(&mut self) -> Result<JsValue, Option<JsValue>> {
        let result = self.perform().await;
        let shown = self.machine.subject(Subject::Own).map(|intent| record::shown(&self.key, intent));
        match result {
            Ok(_) => Ok(shown.unwrap_or(JsValue::UNDEFINED)),
            Err(Problem::InDoubt(_)) => Err(shown),
            Err(_) => Err(None),
        }
    }

    async fn perform(&mut self) -> Result<Done, Problem> {
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
                Action::Snapshot => Event::Before(self.before().await),
                Action::Read => self.read().await,
                Action::Write(changes) => self.write(&changes).await,
                Action::Send => Event::Sent(self.send().await),
                Action::Look(subject) => self.look(subject).await,
                Action::Wait(until) => self.wait(until).await,
                Action::Done(done) => return Ok(done),
                Action::Fail(problem) => return Err(problem),
            };
            action = self.step(event);
        }
    }

    fn step(&mut self, event: Event) -> Action {
        let claim = self.machine.claim().map(str::to_owned);
        let mut now = Now { at: host::now(), wall: host::wall_clock(), stamp: &mut stamp };
        let action = self.machine.step(event, &mut now);
        if let Some(claim) = claim.filter(|_| action != Action::Send) {
            // It may have been written all the same.
            self.shared.note_unsent(claim);
        }
        action
    }

    async fn before(&mut self) -> Option<Vec<String>> {
        let intent = self.machine.wanted().clone();
        // With a snapshot no clock is trusted, so that it must reach as far back as is judged without one.
        let intent = Intent { sent_at: host::wall_clock(), before: Some(Vec::new()), ..intent };
        let look = self.questions.look(self.witness?, &intent, false).await?.0;
        if look.is_partial {
            return None;
        }
        Some(look.candidates.into_iter().map(|candidate| candidate.id).collect())
    }

    async fn read(&mut self) -> Event {
        let ledger = match &self.store {
            Store::Ledger(ledger) => ledger.clone(),
            Store::Here(intent) => {
                return Event::Read(Box::new(View { intent: intent.clone(), ..View::default() }));
            }
        };
        let keys = self.machine.keys().map(str::to_owned);
        let [own, lane] = &keys;
        let view = self.in_time(ledger.view([own, lane])).await;
        self.heard(view, |own, view| {
            let stamp = view.intent.as_ref().map(|intent| intent.stamp.as_str());
            let is_unsent = stamp.is_some_and(|stamp| own.shared.is_unsent(stamp));
            Event::Read(Box::new(View { is_unsent, ..view }))
        })
    }

    async fn write(&mut self, changes: &[Change]) -> Event {
        let ledger = match &mut self.store {
            Store::Ledger(ledger) => ledger.clone(),
            Store::Here(kept) => {
                for change in changes {
                    if let Value::Intent(intent) = &change.value {
                        *kept = Some(Stamped { stamp: change.stamp.clone(), value: (**intent).clone() });
                    }
                }
                return Event::Written(true);
            }
        };
        let written = self.in_time(ledger.put(changes)).await;
        self.heard(written, |_, event| event)
    }

    /// What the ledger said, as an event.
    fn heard<T>(&mut self, raced: Raced<Result<T, Trouble>>, event: impl FnOnce(&Self, T) -> Event) -> Event {
        match raced {
            Raced::For(Ok(value)) => event(self, value),
            Raced::For(Err(trouble)) => {
                self.trouble = Some(trouble);
                Event::LedgerFailed
            }
            Raced::Cancelled => Event::Aborted,
            Raced::Late if self.is_late() => Event::Woken,
            Raced::Late => Event::LedgerFailed,
        }
    }

    fn is_late(&self) -> bool {
        self.ends.is_some_and(|ends| host::now() >= ends)
    }

    /// Waits for the ledger, within its time and the caller's. What came of a request is written although the caller has
    /// aborted.
    async fn in_time<T>(&mut self, future: impl Future<Output = T>) -> Raced<T> {
        let patience = host::now().saturating_add(PATIENCE);
        let end = if self.sent.is_some() { Some(patience) } else { self.ends };
        self.race(Some(end.map_or(patience, |end| end.min(patience))), self.sent.is_none(), future).await
    }

    async fn race<T>(
        &mut self,
        until: Option<Millis>,
        by_signal: bool,
        future: impl Future<Output = T>,
    ) -> Raced<T> {
        let mut future = pin!(future);
        let mut alarm = Alarm::default();
        alarm.set(until);
        let cancellation = &mut self.cancellation;
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Raced::For(output));
            }
            if by_signal && cancellation.poll(context) {
                return Poll::Ready(Raced::Cancelled);
            }
            if alarm.has_rung(context) { Poll::Ready(Raced::Late) } else { Poll::Pending }
        })
        .await
    }

    async fn wait(&mut self, until: Millis) -> Event {
        match self.race(Some(until), true, pending::<()>()).await {
            Raced::Cancelled => Event::Aborted,
            _ => Event::Woken,
        }
    }

    /// Sends the request. Its retries are those that cannot do a thing twice, whatever the caller's `replay` says.
    async fn send(&mut self) -> Outcome {
        let Some((operation, prepared)) = &self.request else { return Outcome::Refused };
        let (operation, mut prepared) = (*operation, prepared.clone());
        let now = host::now();
        let left = self.ends.map_or(LONGEST, |ends| ends.saturating_sub(now).clamp(1, LONGEST));
        prepared.total_timeout = Some(left);
        if prepared.settings.replay == Replay::Always {
            prepared.settings = Rc::new(Settings { replay: Replay::Safe, ..(*prepared.settings).clone() });
        }
        let mut driver = Driver::new(&self.shared, operation, prepared);
        let result = driver.run().await;
        let outcome = match &result {
            Ok(success) => Outcome::Placed(id_of(&success.data)),
            Err(error) if error.outcome_unknown => Outcome::Unknown,
            Err(_) => Outcome::Refused,
        };
        self.sent = Some((driver, result));
        outcome
    }

    async fn look(&mut self, subject: Subject) -> Event {
        let intent = self.machine.subject(subject).cloned();
        let (Some(witness), Some(intent)) = (self.witness, intent) else { return Event::Looked(None) };
        let looked = match &self.evidence {
            Some(said) => Some(matching(witness, &intent, said)),
            None => self.questions.look(witness, &intent, self.machine.is_ours(subject)).await,
        };
        if self.cancellation.is_cancelled() {
            return Event::Aborted;
        }
        Event::Looked(looked.map(|(look, seen)| {
            self.seen = seen;
            look
        }))
    }
}

/// How long an intent counts as under way once it is announced: longer than its request can live, which ends with the call's
/// own time. Whoever gives a call little time need not wait a minute for the key of a process that died.
fn lease_of(total: Option<Millis>) -> Millis {
    let [least, most] = LEASE_MARGINS;
    let longest = total.unwrap_or(LONGEST).min(LONGEST);
    longest.saturating_add(longest.clamp(least, most))
}

/// The part of a ledger's keys that keeps accounts apart: the address and the sub-account.
fn scope_of(settings: &Settings) -> String {
    let account =
        crate::platform::value::get(&settings.options, "subAccount").as_string().unwrap_or_default();
    digest(&joined(&[&settings.base_url, "\n", &account]))
}

fn intent_key(scope: &str, key: &str) -> String {
    joined(&[scope, "/intent/", key])
}

/// The user's key of a ledger's.
fn key_in(key: &str, scope: &str) -> Option<String> {
    Some(key.strip_prefix(scope)?.strip_prefix("/intent/")?.to_owned())
}

/// The intent of a prepared request. Its lane is what its witness tells lanes by.
fn intent_of(operation: Facts, prepared: &Prepared, scope: &str, key: &str, exclusive: bool) -> Intent {
    let id = resources::id_of(operation.row);
    let facts =
        operation.witness.map(|witness| content::facts_of(&prepared.request, witness)).unwrap_or_default();
    let ids = content::ids_of(&prepared.request);
    let mut lane = String::from(id);
    for id in &ids {
        lane.push('\n');
        lane.push_str(id);
    }
    match operation.witness {
        Some(witness) => {
            for (_, fact) in witness.all().zip(&facts).filter(|(fact, _)| fact.is_of_lane) {
                lane.push('\n');
                lane.push_str(fact.as_deref().unwrap_or_default());
            }
        }
        // Nothing can be attributed to it, so it need not wait for others.
        None => {
            lane.push('\n');
            lane.push_str(key);
        }
    }
    Intent {
        operation: id.to_owned(),
        ids,
        content: content::content_of(&prepared.request),
        facts,
        lane: joined(&[scope, "/lane/", &digest(&lane)]),
        state: State::Unknown,
        sent_at: 0,
        skew: None,
        before: None,
        exclusive,
        sends: 0,
    }
}
