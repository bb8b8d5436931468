//! How a use of a key ends: with data, or with an error that says what is known.

use super::content::{add_settlement, shown};
use super::evidence::{Seen, answer_of};
use super::keyed_use::Use;
use super::ledger::{Trouble, code_of};
use crate::core::Millis;
use crate::core::effects::events::{Done, Problem, Subject};
use crate::core::effects::intent::{How, Intent, State};
use crate::core::error::Code;
use crate::platform::errors::{self, Report};
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::set;
use js_sys::Object;
use std::future::Future;
use std::pin::Pin;
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
    /// Runs it to its end.
    pub(in crate::client) fn run(
        mut self: Box<Self>,
    ) -> Pin<Box<dyn Future<Output = Result<Ended, JsValue>>>> {
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

    pub(super) async fn fulfilled(&mut self, done: Done) -> Result<Ended, JsValue> {
        // The answer may be another use's, which sent again what this one has lost.
        if done.how == How::Answered && matches!(self.sent, Some((_, Ok(_)))) {
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
            _ => Err(self.own_error(Code::Internal, "the request has no response", JsValue::UNDEFINED)),
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
        if let Some(found) = with_id(&self.seen, id) {
            return Some(found);
        }
        with_id(&self.find(Some(Subject::Own)).await?.1, id)
    }

    /// If nothing was found: how many objects the API counts and how many it lists, if known.
    pub(super) async fn counts(&self, problem: &Problem) -> JsValue {
        let is_absent = match problem {
            Problem::Sent(Some(intent)) | Problem::InDoubt(intent) => intent.state == State::AbsentSoFar,
            _ => false,
        };
        let none = JsValue::UNDEFINED;
        match self.witness {
            Some(witness) if is_absent && !self.is_late() && !self.cancellation.is_cancelled() => {
                self.questions.counts(witness).await.unwrap_or(none)
            }
            _ => none,
        }
    }

    /// What is known about an intent in doubt. `counts`: as above.
    fn settlement(&self, intent: &Intent, counts: &JsValue) -> JsValue {
        let settlement = shown(&self.key, intent);
        if !counts.is_undefined() {
            set(&settlement, "evidence", counts);
        }
        settlement
    }

    /// The JavaScript error of a use that failed.
    pub(super) fn failure(&self, problem: Problem, counts: &JsValue) -> JsValue {
        if let Problem::Sent(intent) = &problem
            && let Some((driver, Err(error))) = &self.sent
        {
            let thrown = driver.failure(error);
            if let Some(intent) = intent {
                add_settlement(&thrown, &self.settlement(intent, counts));
            }
            return thrown;
        }
        let reused;
        let mut cause = JsValue::UNDEFINED;
        let (code, note) = match &problem {
            Problem::Reused(names) => {
                reused = note_of_reuse(names);
                (Code::KeyReused, reused.as_str())
            }
            Problem::LedgerUnavailable => match &self.trouble {
                Some(Trouble::Foreign) => (
                    Code::Configuration,
                    "the ledger has an entry of another version of its format, which is left as it is; nothing was sent",
                ),
                Some(Trouble::Failed(failed)) => {
                    cause = failed.clone();
                    match code_of(failed).as_str() {
                        "LEDGER_CONFIGURATION" | "LEDGER_VERSION" | "INVALID_ARGUMENT" => (
                            Code::Configuration,
                            "the ledger cannot be used as it is set up: see cause; nothing was sent",
                        ),
                        _ => (Code::LedgerUnavailable, "the ledger failed; nothing was sent"),
                    }
                }
                None => (Code::LedgerUnavailable, "the ledger did not respond in time; nothing was sent"),
            },
            Problem::InDoubt(intent) => (Code::OutcomeUnknown, in_doubt(&intent.state)),
            Problem::LaneInDoubt => (
                Code::LaneInDoubt,
                "nothing was sent: another request like this one, with another idempotency key, is in doubt",
            ),
            Problem::Aborted => {
                cause = self.cancellation.reason();
                (Code::Aborted, "aborted by its signal")
            }
            Problem::OutOfTime | Problem::Sent(_) => (
                Code::Timeout,
                "nothing was sent within totalTimeout: the idempotency key or its lane was in use",
            ),
        };
        let error = self.own_error(code, note, cause);
        if let Problem::InDoubt(intent) = &problem {
            add_settlement(&error, &self.settlement(intent, counts));
        }
        error
    }

    fn own_error(&self, code: Code, note: &str, cause: JsValue) -> JsValue {
        let outcome_unknown = matches!(code, Code::OutcomeUnknown);
        errors::make(&Report {
            row: self.row,
            code: code.as_str(),
            note,
            outcome_unknown,
            retryable: code.is_retryable() && !outcome_unknown,
            attempts: self.attempts(),
            elapsed: host::now().saturating_sub(self.began),
            cause,
            ..Report::default()
        })
    }
}

fn with_id(seen: &[Seen], id: &str) -> Option<(JsValue, Rc<Response>)> {
    let found = seen.iter().find(|seen| seen.id == id)?;
    Some((found.object.clone(), Rc::clone(&found.response)))
}

fn note_of_reuse(names: &[String]) -> String {
    let mut note = String::from("this idempotency key was used before ");
    if names.is_empty() {
        note.push_str("for another operation");
        return note;
    }
    let mut before = "with other content (";
    for name in names {
        note.push_str(before);
        note.push_str(name);
        before = ", ";
    }
    note.push(')');
    note
}

fn in_doubt(state: &State) -> &'static str {
    match state {
        State::Sending { .. } => "an earlier use of this idempotency key is still under way",
        State::AbsentSoFar => {
            "the response to an earlier use of this idempotency key was lost, and its object has not been found so far"
        }
        State::Ambiguous { .. } => {
            "the response to an earlier use of this idempotency key was lost, and more than one object may be the one that it created"
        }
        _ => "the response to an earlier use of this idempotency key was lost",
    }
}
