//! How a use of a key ends: with data, or with an error that says what is known.

use super::content::{add_settlement, shown};
use super::evidence::{Seen, answer_of};
use super::ledger::{Trouble, code_of};
use super::{Subject, Use};
use crate::core::Millis;
use crate::core::effects::events::{Done, Problem};
use crate::core::effects::intent::{How, State};
use crate::core::error::Code;
use crate::platform::errors::{self, Report};
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::set;
use js_sys::Object;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// How a use of a key ended well.
pub(crate) struct Ended {
    pub(crate) data: JsValue,
    /// The response that the data came with, if there was one.
    pub(crate) response: Option<Rc<Response>>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Millis,
    /// The intent, where its outcome was found and not answered.
    pub(crate) settled: JsValue,
    /// This use of the key sent no request.
    pub(crate) replayed: bool,
}

impl Use {
    pub(super) async fn fulfilled(&mut self, done: Done) -> Result<Ended, JsValue> {
        if done.how == How::Answered && !done.replayed {
            return self.answered();
        }
        let (attempts, elapsed) = (self.attempts(), host::now().saturating_sub(self.began));
        let settled = match self.machine.subject(Subject::Own) {
            Some(intent) => shown(&self.key, intent),
            None => JsValue::UNDEFINED,
        };
        let (data, response) = match self.object(&done.id).await {
            Some((object, response)) => {
                let data = self.witness.map_or(JsValue::UNDEFINED, |witness| answer_of(witness, &object));
                (data, Some(response))
            }
            None => {
                let data = Object::new();
                if !done.id.is_empty() {
                    set(&data, "id", &JsValue::from_str(&done.id));
                }
                (data.into(), None)
            }
        };
        Ok(Ended { data, response, attempts, elapsed, settled, replayed: done.replayed })
    }

    fn answered(&mut self) -> Result<Ended, JsValue> {
        let elapsed = host::now().saturating_sub(self.began);
        match self.sent.take() {
            Some((driver, Ok(success))) => Ok(Ended {
                data: success.data,
                response: Some(Rc::new(success.response)),
                attempts: driver.attempts(),
                elapsed,
                settled: JsValue::UNDEFINED,
                replayed: false,
            }),
            _ => {
                Err(self.own_error(Code::Internal, "a request without an answer", false, &JsValue::UNDEFINED))
            }
        }
    }

    fn attempts(&self) -> u32 {
        self.sent.as_ref().map_or(0, |(driver, _)| driver.attempts())
    }

    /// The object of a placed intent: read by its id where the API can, else out of the list. It may be of an earlier
    /// use of the key, and not to be read now: then the id is all there is.
    async fn object(&self, id: &str) -> Option<(JsValue, Rc<Response>)> {
        let witness = self.witness?;
        if !id.is_empty()
            && let Some(read) = self.questions.read(witness, id).await
        {
            return Some(read);
        }
        let by_id = |seen: &[Rc<Seen>]| {
            let found = seen.iter().find(|seen| seen.id() == id)?;
            Some((found.object.clone(), Rc::clone(&found.response)))
        };
        match by_id(&self.seen) {
            Some(found) => Some(found),
            None => by_id(&self.find(Some(Subject::Own)).await?.1),
        }
    }

    /// The JavaScript error of a use that failed.
    pub(super) fn failure(&self, problem: Problem) -> JsValue {
        let none = JsValue::UNDEFINED;
        if let Problem::Sent(intent) = &problem
            && let Some((driver, Err(error))) = &self.sent
        {
            let thrown = driver.failure(error);
            if let Some(intent) = intent {
                add_settlement(&thrown, &shown(&self.key, intent));
            }
            return thrown;
        }
        match problem {
            Problem::Reused(names) => {
                let mut note = String::from("this idempotency key was used before ");
                note.push_str(if names.is_empty() {
                    "for another operation"
                } else {
                    "with other content ("
                });
                for (at, name) in names.iter().enumerate() {
                    note.push_str(if at == 0 { "" } else { ", " });
                    note.push_str(name);
                }
                note.push_str(if names.is_empty() { "" } else { ")" });
                self.own_error(Code::KeyReused, &note, false, &none)
            }
            Problem::LedgerUnavailable => self.of_ledger(),
            Problem::InDoubt(intent) => {
                let note = in_doubt(&intent.state);
                let error = self.own_error(Code::OutcomeUnknown, note, true, &none);
                add_settlement(&error, &shown(&self.key, &intent));
                error
            }
            Problem::LaneInDoubt => {
                let note = "nothing was sent: another request like this one, with another idempotency key, is in doubt";
                self.own_error(Code::LaneInDoubt, note, false, &none)
            }
            Problem::Aborted => {
                self.own_error(Code::Aborted, "aborted by its signal", false, &self.cancellation.reason())
            }
            Problem::OutOfTime | Problem::Sent(_) => {
                let note = "nothing was sent within totalTimeout: the idempotency key or its lane was in use";
                self.own_error(Code::Timeout, note, false, &none)
            }
        }
    }

    fn of_ledger(&self) -> JsValue {
        let (cause, note) = match &self.trouble {
            Some(Trouble::Foreign) => {
                let note = "the ledger has an entry of another version of its format, which is left as it is; nothing was sent";
                return self.own_error(Code::Configuration, note, false, &JsValue::UNDEFINED);
            }
            Some(Trouble::Failed(cause)) => (cause.clone(), "the ledger failed; nothing was sent"),
            None => (JsValue::UNDEFINED, "the ledger did not answer in time; nothing was sent"),
        };
        let is_wrong = matches!(
            code_of(&cause).as_str(),
            "LEDGER_CONFIGURATION" | "LEDGER_VERSION" | "INVALID_ARGUMENT"
        );
        if is_wrong {
            let note = "the ledger cannot be used as it is set up: see cause; nothing was sent";
            return self.own_error(Code::Configuration, note, false, &cause);
        }
        self.own_error(Code::LedgerUnavailable, note, false, &cause)
    }

    fn own_error(&self, code: Code, note: &str, outcome_unknown: bool, cause: &JsValue) -> JsValue {
        errors::make(&Report {
            row: self.row,
            code: code.as_str(),
            note,
            outcome_unknown,
            retryable: code.is_retryable() && !outcome_unknown,
            attempts: self.attempts(),
            elapsed: host::now().saturating_sub(self.began),
            cause: cause.clone(),
            ..Report::default()
        })
    }
}

fn in_doubt(state: &State) -> &'static str {
    match state {
        State::Sending { .. } => "an earlier use of this idempotency key is still under way",
        State::AbsentSoFar => {
            "an earlier use of this idempotency key lost its answer, and what it did was not found so far"
        }
        State::Ambiguous { .. } => {
            "an earlier use of this idempotency key lost its answer, and more than one object may be its"
        }
        _ => "an earlier use of this idempotency key lost its answer",
    }
}
