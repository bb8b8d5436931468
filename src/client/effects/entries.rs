//! What a use reads from its ledger and writes into it.

use super::keyed_use::Use;
use super::ledger::{PATIENCE, Store, Trouble, read_entries, write};
use super::waiting::{Raced, race};
use crate::core::effects::events::{Event, View};
use crate::core::effects::intent::{Change, Stamped, Value};
use crate::core::effects::record::view_of;
use crate::platform::{host, promise_future};
use wasm_bindgen::JsValue;

impl Use {
    pub(super) async fn read(&mut self) -> Event {
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
    pub(super) async fn view(&mut self, ledger: &JsValue, own: &str, lane: &str) -> Result<View, Event> {
        let mut view: Option<View> = None;
        let mut promise = read_entries(ledger, own, Some(lane));
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
                Some(holder) => promise = read_entries(ledger, holder, None),
                None => return Ok(read),
            }
            view = Some(read);
        }
    }

    pub(super) async fn write(&mut self, changes: &[Change]) -> Event {
        let promise = match &mut self.store {
            Store::Ledger(ledger) => write(ledger, changes),
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

    pub(super) fn is_troubled(&mut self, trouble: Trouble) -> Event {
        self.trouble = Some(trouble);
        Event::LedgerFailed
    }

    /// Waits for the ledger, within its time and the caller's. The outcome of a request is written even if the caller has
    /// aborted.
    pub(super) async fn hear(&mut self, promise: &JsValue) -> Result<JsValue, Event> {
        let began = host::now();
        let patience = began.saturating_add(PATIENCE);
        let by_caller = self.sent.is_none();
        let end = self.questions.ends.filter(|ends| by_caller && *ends < patience).unwrap_or(patience);
        let raced = race(
            (&mut self.alarm, &mut self.cancellation),
            end,
            by_caller,
            Some(promise_future::of(promise)),
        )
        .await;
        self.note_wait(began, "ledger");
        Err(match raced {
            Raced::For(Ok(value)) => return Ok(value),
            Raced::For(Err(cause)) => self.is_troubled(Trouble::Failed(cause)),
            Raced::Cancelled => Event::Aborted,
            Raced::Late if self.is_late() => Event::Woken,
            Raced::Late => Event::LedgerFailed,
        })
    }
}
