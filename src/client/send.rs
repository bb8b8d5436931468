//! The one loop that sends every request: wait at the gate, get the key, send, read, and on a failure
//! let `core::decide` say what now. There is one such future for all operations, because each async
//! function more would be another state machine in the module.

use super::answer::{self, Failed, Success};
use super::arguments::{self, Prepared, Refusal};
use super::observe::{Hook, Line};
use super::options::{millis_in_words, supplied_key};
use super::settings::Settings;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::backoff;
use crate::core::decide::{Decision, Situation, decide, may_have_happened, time_may_cure};
use crate::core::failure::{Answered, Failure};
use crate::core::gate::Verdict;
use crate::core::operation::Facts;
use crate::core::text::joined;
use crate::platform::errors::{self, Report};
use crate::platform::fetch::{Exchange, Request};
use crate::platform::host;
use crate::platform::interrupt::{Interrupt, Stop};
use crate::platform::promise::ApiPromise;
use crate::platform::value::set;
use crate::platform::watch;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Starts an operation: `ids` fill its path, `input` is its body or its query. Whatever comes of it settles
/// `promise`.
#[inline(never)]
pub(crate) fn start(
    shared: &Rc<Shared>,
    operation: Facts,
    ids: &[&JsValue],
    input: &JsValue,
    options: &JsValue,
    promise: ApiPromise,
) {
    let prepared = arguments::settings(shared, options)
        .map_err(|refusal| (Rc::clone(&shared.settings), refusal))
        .and_then(|(settings, signal)| {
            arguments::prepare(&settings, signal, operation, ids, input)
                .map_err(|refusal| (Rc::clone(&settings), refusal))
        });
    let call = prepared.map(|mut prepared| {
        prepared.allow_wait(options);
        Call::new(shared, operation, prepared)
    });
    spawn_local(async move {
        let (settings, error) = match call {
            Ok(call) => match call.run(&promise).await {
                None => return,
                Some(failed) => failed,
            },
            // Not before the method has returned: a hook that itself makes a wrong call would call
            // itself until the stack is full.
            Err((settings, refusal)) => (settings, refused(operation, &refusal)),
        };
        settings.tell_error(&error);
        ApiPromise::fail(&promise, &error);
    });
}

pub(super) fn refused(operation: Facts, refusal: &Refusal) -> JsValue {
    errors::make(&Report {
        row: operation.row,
        code: refusal.code,
        note: &refusal.note,
        cause: refusal.cause.clone(),
        ..Report::default()
    })
}

/// How often a call may be refused for its rate without using up a retry.
const MOST_TOO_LATE: u32 = 10;

/// One call under way, over all its attempts.
pub(super) struct Call {
    shared: Rc<Shared>,
    operation: Facts,
    prepared: Prepared,
    began: Millis,
    /// Requests sent.
    pub(super) attempts: u32,
    /// How often a request was refused for its rate.
    refusals: u32,
    /// Its last refusal was the one that closed the gate.
    closed_gate: bool,
    /// Refusals that do not count as retries: another request had closed the gate already, and this one
    /// was only too late to wait there.
    too_late: u32,
    /// The key that a supplier gave last.
    key: JsValue,
    /// An earlier attempt may have happened (only with `replay: "always"`).
    earlier_unknown: bool,
}

/// How one attempt ended.
enum End {
    Done(Success),
    Failed(Box<Failed>),
    /// Nothing was sent and nothing will be: the error is ready.
    Over(JsValue),
}

impl Call {
    pub(super) fn new(shared: &Rc<Shared>, operation: Facts, prepared: Prepared) -> Self {
        Self {
            shared: Rc::clone(shared),
            operation,
            prepared,
            began: host::now(),
            attempts: 0,
            refusals: 0,
            closed_gate: false,
            too_late: 0,
            key: JsValue::UNDEFINED,
            earlier_unknown: false,
        }
    }

    /// Fulfils `promise`; of a call that fails it gives the error, and whose hook is told.
    async fn run(mut self, promise: &ApiPromise) -> Option<(Rc<Settings>, JsValue)> {
        let outcome = self.outcome().await;
        match outcome {
            Ok(success) => {
                #[allow(clippy::cast_precision_loss)]
                let elapsed = self.elapsed() as f64;
                if let Some(exchange) = success.exchange {
                    #[allow(clippy::cast_precision_loss)]
                    let number = |millis: Option<Millis>| JsValue::from(millis.map(|millis| millis as f64));
                    set(&success.data, "timeout", &number(self.prepared.timeout));
                    set(&success.data, "left", &number(self.time_left()));
                    set(&success.data, "controller", &exchange.hand_over());
                }
                ApiPromise::fulfil(promise, &success.data, success.response.value(), self.attempts, elapsed);
                None
            }
            Err(error) => Some((Rc::clone(&self.prepared.settings), error)),
        }
    }

    /// Makes requests until one succeeds or the call has failed.
    pub(super) async fn outcome(&mut self) -> Result<Success, JsValue> {
        let settings = Rc::clone(&self.prepared.settings);
        let interrupt = Interrupt::new(self.prepared.signal.as_ref(), settings.total_timeout);
        loop {
            let failed = match self.attempt(&interrupt).await {
                End::Done(success) => {
                    self.shared.budget.borrow_mut().refund();
                    return Ok(success);
                }
                End::Over(error) => return Err(error),
                End::Failed(failed) => failed,
            };
            interrupt.forget_attempt();
            let after = match self.decide(&failed) {
                Decision::Fail => return Err(self.error(&failed)),
                Decision::Retry { after, gate } => {
                    self.tell_retry(&failed, after);
                    self.earlier_unknown |= may_have_happened(self.operation.effect, &failed.failure);
                    if gate && !self.closed_gate && self.too_late < MOST_TOO_LATE {
                        self.too_late = self.too_late.saturating_add(1);
                    }
                    if gate { None } else { Some(after) }
                }
            };
            match after {
                None => self.refusals = self.refusals.saturating_add(1),
                Some(after) => {
                    if let Err(stop) = interrupt.rest(after).await {
                        return Err(self.stopped(stop, false));
                    }
                }
            }
        }
    }

    /// Sends one request, once the gate lets it.
    async fn attempt(&mut self, interrupt: &Interrupt) -> End {
        let settings = Rc::clone(&self.prepared.settings);
        let door = self.shared.gates.of(&settings.base_url, self.operation.row);
        if let Some(error) = self.too_late_for(door.opens()) {
            return End::Over(error);
        }
        let leave = match interrupt.race(door.pass(self.refusals)).await {
            Ok(leave) => leave,
            Err(stop) => return End::Over(self.stopped(stop, false)),
        };
        if let Some(stop) = interrupt.raised() {
            return End::Over(self.stopped(stop, false));
        }
        let _clock = interrupt.attempt(self.prepared.timeout);
        if let Some(supplier) = &settings.supplier
            && self.operation.keyed
        {
            match interrupt.race(supplied(supplier)).await {
                Ok(Ok(key)) => self.key = key,
                Ok(Err(refusal)) => return End::Over(self.refused(&refusal)),
                Err(Stop::AttemptTime) => return End::Over(self.refused(&slow_supplier())),
                Err(stop) => return End::Over(self.stopped(stop, false)),
            }
        }
        self.attempts = self.attempts.saturating_add(1);
        self.tell_request();
        // The supplier or the hook may have aborted it: then nothing is sent.
        if let Some(stop) = interrupt.raised() {
            self.attempts = self.attempts.saturating_sub(1);
            return End::Over(self.stopped(stop, false));
        }
        let read = async {
            let request = Request {
                options: &settings.options,
                prepared: &self.prepared.request,
                headers: &settings.headers(self.operation),
                key: &self.key,
            };
            let mut exchange = Exchange::start(&request, &self.shared.fetch);
            let read =
                answer::read(&mut exchange, self.operation, &self.prepared.query, settings.browser).await;
            match read {
                // The body is read by whoever asked for it.
                Ok(success) if self.operation.answer.is_open() => {
                    Ok(Success { exchange: Some(exchange), ..success })
                }
                read => read,
            }
        };
        let end = match interrupt.race(read).await {
            Ok(Ok(success)) => End::Done(success),
            Ok(Err(failed)) => End::Failed(failed),
            Err(stop @ Stop::AttemptTime) => {
                End::Failed(Failed::bare(Failure::TimedOut, self.time_note(&stop), JsValue::UNDEFINED))
            }
            Err(stop) => {
                let unknown = may_have_happened(self.operation.effect, &Failure::TimedOut);
                End::Over(self.stopped(stop, unknown))
            }
        };
        self.closed_gate = leave.answered(self.verdict(&end));
        self.tell_response(&end);
        end
    }

    /// What the gate learns of an attempt.
    fn verdict(&self, end: &End) -> Verdict {
        match end {
            End::Done(_) => Verdict::Accepted,
            End::Failed(failed) => match &failed.failure {
                Failure::Answered(Answered { status: 429, wait, .. }) => match wait {
                    Some(wait)
                        if time_may_cure(&failed.failure)
                            && wait.millis <= self.prepared.settings.max_retry_delay =>
                    {
                        Verdict::Limited(wait.millis)
                    }
                    _ => Verdict::Unknown,
                },
                Failure::Answered(_) | Failure::Unreadable => Verdict::Accepted,
                Failure::NotSent | Failure::NoAnswer | Failure::TimedOut => Verdict::Unknown,
            },
            End::Over(_) => Verdict::Unknown,
        }
    }

    fn decide(&self, failed: &Failed) -> Decision {
        let settings = &self.prepared.settings;
        let situation = Situation {
            effect: self.operation.effect,
            replay: settings.replay,
            failure: &failed.failure,
            attempts: self.attempts.saturating_sub(self.too_late).max(1),
            max_retries: settings.max_retries,
            max_delay: settings.max_retry_delay,
            time_left: self.time_left(),
            backoff: backoff::delay(self.attempts, host::chance()).min(settings.max_retry_delay),
        };
        decide(&situation, &mut self.shared.budget.borrow_mut())
    }

    fn elapsed(&self) -> Millis {
        host::now().saturating_sub(self.began)
    }

    fn time_left(&self) -> Option<Millis> {
        Some(self.prepared.settings.total_timeout?.saturating_sub(self.elapsed()))
    }

    /// The error, if the gate opens only after the call's time is up: no useless wait.
    fn too_late_for(&self, opens: Option<Millis>) -> Option<JsValue> {
        let wait = opens?.saturating_sub(host::now());
        if wait < self.time_left()? {
            return None;
        }
        Some(errors::make(&Report {
            code: "TIMEOUT",
            note: "the rate limit lasts longer than totalTimeout allows",
            retryable: !self.earlier_unknown,
            retry_after: Some(wait),
            ..self.report()
        }))
    }

    fn time_note(&self, stop: &Stop) -> String {
        let settings = &self.prepared.settings;
        let (name, span) = match stop {
            Stop::AttemptTime => ("timeout", self.prepared.timeout),
            Stop::TotalTime | Stop::Aborted(_) => ("totalTimeout", settings.total_timeout),
        };
        joined(&["no whole answer within ", name, " (", &millis_in_words(span.unwrap_or(0)), ")"])
    }

    /// The error of a call that was interrupted. `unknown`: the interrupted request may have happened.
    fn stopped(&self, stop: Stop, unknown: bool) -> JsValue {
        let outcome_unknown = unknown || self.earlier_unknown;
        match stop {
            Stop::Aborted(cause) => errors::make(&Report {
                code: "ABORTED",
                note: "aborted by its signal",
                outcome_unknown,
                cause,
                ..self.report()
            }),
            stop => errors::make(&Report {
                code: "TIMEOUT",
                note: &self.time_note(&stop),
                outcome_unknown,
                retryable: !outcome_unknown,
                ..self.report()
            }),
        }
    }

    fn refused(&self, refusal: &Refusal) -> JsValue {
        let Refusal { code, note, cause } = refusal;
        errors::make(&Report { code, note, cause: cause.clone(), ..self.report() })
    }

    /// What all errors of the call tell.
    fn report(&self) -> Report<'_> {
        Report {
            row: self.operation.row,
            outcome_unknown: self.earlier_unknown,
            attempts: self.attempts,
            elapsed: self.elapsed(),
            ..Report::default()
        }
    }

    /// The error of an attempt that failed for good.
    fn error(&self, failed: &Failed) -> JsValue {
        let failure = failed.failure;
        let outcome_unknown = self.earlier_unknown || may_have_happened(self.operation.effect, &failure);
        let mut report = Report {
            code: match failure {
                Failure::Answered(_) => "",
                Failure::TimedOut => "TIMEOUT",
                Failure::Unreadable => "INVALID_RESPONSE",
                Failure::NotSent | Failure::NoAnswer => "CONNECTION_ERROR",
            },
            note: &failed.note,
            outcome_unknown,
            // Who repeats what is retryable must not ring a phone twice.
            retryable: time_may_cure(&failure) && !outcome_unknown,
            cause: failed.cause.clone(),
            body: failed.body.clone(),
            sent: Some((&self.prepared.request, &self.prepared.settings.options, &self.key)),
            ..self.report()
        };
        if let Failure::Answered(answer) = failure {
            report.retry_after = answer.wait.map(|wait| wait.millis);
        }
        if let Some(response) = &failed.response {
            report.status = response.status;
            report.response = response.value().clone();
        }
        errors::make(&report)
    }

    fn log(&self, line: Line, number: f64, response: &JsValue) {
        self.prepared.settings.log(line, self.operation.row, self.attempts, number, response);
    }

    fn tell_request(&self) {
        self.log(Line::Sent, 0.0, &JsValue::UNDEFINED);
        self.tell(Hook::Request, || (JsValue::UNDEFINED, JsValue::UNDEFINED));
    }

    fn tell_response(&self, end: &End) {
        let response = match end {
            End::Done(success) => Some(&success.response),
            End::Failed(failed) => failed.response.as_ref(),
            End::Over(_) => None,
        };
        let Some(response) = response else { return };
        self.log(Line::Answered, f64::from(response.status), response.value());
        #[allow(clippy::cast_precision_loss)]
        self.tell(Hook::Response, || (response.status.into(), (self.elapsed() as f64).into()));
    }

    fn tell_retry(&self, failed: &Failed, after: Millis) {
        #[allow(clippy::cast_precision_loss)]
        let delay = after as f64;
        // Once a window: the others that are refused in it have nothing new to tell.
        let line = if self.closed_gate { Line::Limited } else { Line::Failed };
        self.log(line, delay, &JsValue::UNDEFINED);
        self.tell(Hook::Retry, || (delay.into(), self.error(failed)));
    }

    fn tell(&self, hook: Hook, about: impl FnOnce() -> (JsValue, JsValue)) {
        let settings = &self.prepared.settings;
        if settings.hears(hook) {
            let (one, other) = about();
            settings.tell(hook, self.operation.row, self.attempts, &one, &other);
        }
    }
}

fn slow_supplier() -> Refusal {
    let note = "the apiKey supplier did not answer within timeout; nothing was sent".to_owned();
    Refusal { code: "TIMEOUT", note, cause: JsValue::UNDEFINED }
}

/// Asks the caller's supplier for the key.
async fn supplied(supplier: &js_sys::Function) -> Result<JsValue, Refusal> {
    let refusal = |note: String, cause: JsValue| Refusal { code: "CONFIGURATION_ERROR", note, cause };
    let failed = |thrown: JsValue| refusal("the apiKey supplier failed".to_owned(), thrown);
    let value = watch::call(supplier).await.map_err(failed)?;
    supplied_key(&value).map_err(|note| refusal(note, JsValue::UNDEFINED))
}
