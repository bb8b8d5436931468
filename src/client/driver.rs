//! Performs the actions of a call's state machine (`core::call`) and feeds the results back as events. It decides
//! nothing: the machine decides what is sent, when, and whether again.

use super::accounts::Account;
use super::answer::{self, Failed, Success};
use super::arguments::{Prepared, Refusal};
use super::failure::{self, Lost};
use super::observe::{Hook, Line, Moment};
use super::options::supplied_key;
use super::rate_limits::SharedRateLimiter;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::call::{self, Action, Call, Event, Policy};
use crate::core::error::{CallError, Code};
use crate::core::failure::Failure;
use crate::core::operation::Facts;
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::fetch::{Exchange, Request};
use crate::platform::{host, promise_future};
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::JsValue;

/// One call in flight.
pub(super) struct Driver {
    call: Call,
    /// When the machine took its last event.
    stepped: Millis,
    shared: Rc<Shared>,
    pub(super) operation: Facts,
    pub(super) prepared: Prepared,
    /// The account whose rate limiters and retry budget apply.
    account: Rc<Account>,
    limiter: Rc<SharedRateLimiter>,
    /// The key that the supplier returned last.
    pub(super) key: JsValue,
    cancellation: Cancellation,
    alarm: Alarm,
    /// The result of the last attempt.
    success: Option<Success>,
    failed: Option<Box<Failed>>,
    /// Why there is no key.
    refusal: Option<Refusal>,
    /// Since when it has been waiting, and for what.
    waiting: Option<(Millis, &'static str)>,
}

/// What ended a wait.
enum Waited<T> {
    /// What was waited for.
    For(T),
    /// The alarm.
    Rang,
    /// The caller's signal.
    Cancelled,
}

impl Driver {
    /// `began`: when the call began.
    pub(super) fn new(shared: &Rc<Shared>, operation: Facts, prepared: Prepared, began: Millis) -> Self {
        let now = began;
        let settings = &prepared.settings;
        let account = shared.account(settings, now);
        let policy = Policy {
            effect: operation.effect,
            replay: prepared.replay,
            timeout: prepared.timeout,
            total_timeout: prepared.total_timeout,
            max_retries: settings.max_retries,
            max_retry_delay: settings.max_retry_delay,
            key_is_supplied: operation.keyed && settings.supplier.is_some(),
        };
        Self {
            call: Call::new(policy, now),
            stepped: now,
            shared: Rc::clone(shared),
            operation,
            limiter: account.limiter(operation.row),
            account,
            cancellation: Cancellation::of(prepared.signal.as_ref()),
            prepared,
            key: JsValue::UNDEFINED,
            alarm: Alarm::default(),
            success: None,
            failed: None,
            refusal: None,
            waiting: None,
        }
    }

    /// Requests sent.
    pub(super) fn attempts(&self) -> u32 {
        self.call.attempts()
    }

    /// How the last attempt failed.
    pub(super) fn last_failure(&self) -> Option<Failure> {
        self.failed.as_ref().map(|failed| failed.failure)
    }

    /// Milliseconds from the call to its last event.
    pub(super) fn elapsed(&self) -> Millis {
        self.call.elapsed(self.stepped)
    }

    /// What is left of `totalTimeout`.
    pub(super) fn time_left(&self) -> Option<Millis> {
        self.call.time_left(host::now())
    }

    /// Runs the call to its end. A box, so that all who make calls share one state machine.
    pub(super) fn run(&mut self) -> Pin<Box<dyn Future<Output = Result<Success, CallError>> + '_>> {
        Box::pin(self.perform())
    }

    async fn perform(&mut self) -> Result<Success, CallError> {
        let mut action = self.step(Event::Begin);
        loop {
            action = match action {
                Action::AskKey => self.ask_key().await,
                Action::Wait { until } => self.wait(until).await,
                Action::Announce => self.announce(),
                Action::Send => self.send().await,
                Action::Retry { after, limited } => self.retry(after, limited),
                Action::Done => {
                    return self
                        .success
                        .take()
                        .ok_or_else(|| self.call.error(&Failure::Unreadable, host::now()));
                }
                Action::Fail(error) => return Err(error),
            }
        }
    }

    fn step(&mut self, event: Event) -> Action {
        self.step_at(host::now(), event)
    }

    /// `now`: the time, from the clock or just read from it.
    fn step_at(&mut self, now: Millis, event: Event) -> Action {
        self.stepped = now;
        let chance = if matches!(event, Event::Failed(_) | Event::Woken) { host::chance() } else { 0.0 };
        let action = {
            let mut limiter = self.limiter.inner.borrow_mut();
            let mut budget = self.account.budget.borrow_mut();
            let mut shared = call::Shared { limiter: &mut limiter, budget: &mut budget, chance };
            self.call.step(event, now, &mut shared)
        };
        self.limiter.wake_ready(now);
        action
    }

    /// Waits for `future`, at the latest until `until` or the machine's deadline. If the future is done and time is up as
    /// well, the future wins: a response is better than a timeout.
    async fn until<T>(
        &mut self,
        mut future: Pin<&mut impl Future<Output = T>>,
        until: Option<Millis>,
    ) -> Waited<T> {
        self.alarm.set([until, self.call.deadline()].into_iter().flatten().min());
        let (alarm, cancellation) = (&mut self.alarm, &mut self.cancellation);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Waited::For(output));
            }
            if cancellation.poll(context) {
                return Poll::Ready(Waited::Cancelled);
            }
            if alarm.has_rung(context) { Poll::Ready(Waited::Rang) } else { Poll::Pending }
        })
        .await
    }

    /// Waits for `future` for as long as the machine has nothing else to do.
    async fn until_done<T>(&mut self, future: impl Future<Output = T>) -> Result<T, Action> {
        let mut future = pin!(future);
        loop {
            let action = match self.until(future.as_mut(), None).await {
                Waited::For(output) => return Ok(output),
                Waited::Rang => self.step(Event::Woken),
                Waited::Cancelled => self.step(Event::Aborted),
            };
            if !matches!(action, Action::Wait { .. }) {
                return Err(action);
            }
        }
    }

    async fn wait(&mut self, until: Option<Millis>) -> Action {
        let reason = if self.call.waiter().is_some() { "rate_limit" } else { "backoff" };
        self.begin_wait(reason);
        let waited = match self.call.waiter() {
            Some(waiter) => {
                let limiter = Rc::clone(&self.limiter);
                let turn = limiter.turn(waiter);
                self.until(pin!(turn), limiter.look_at(until)).await
            }
            None => self.until(pin!(pending()), until).await,
        };
        let action =
            self.step(if matches!(waited, Waited::Cancelled) { Event::Aborted } else { Event::Woken });
        // One wait may consist of several timers: after each, the call may have to wait longer.
        if !matches!(action, Action::Wait { .. }) {
            self.end_wait();
        }
        action
    }

    fn begin_wait(&mut self, reason: &'static str) {
        self.waiting.get_or_insert_with(|| (host::now(), reason));
    }

    fn end_wait(&mut self) {
        if let Some((began, reason)) = self.waiting.take() {
            #[allow(clippy::cast_precision_loss)]
            let span = host::now().saturating_sub(began) as f64;
            self.note(Moment::Waited, span, reason);
        }
    }

    async fn ask_key(&mut self) -> Action {
        let Some(supplier) = self.prepared.settings.supplier.clone() else {
            return self.step(Event::KeyRefused);
        };
        self.begin_wait("key");
        let answer = self.until_done(promise_future::call(&supplier)).await;
        self.end_wait();
        match answer {
            Ok(given) => match key_of(given) {
                Ok(key) => self.use_key(key),
                Err(refusal) => {
                    self.refusal = Some(refusal);
                    self.step(Event::KeyRefused)
                }
            },
            Err(action) => action,
        }
    }

    fn use_key(&mut self, key: JsValue) -> Action {
        let now = host::now();
        let account =
            self.shared.account_of(&self.prepared.settings, &key.as_string().unwrap_or_default(), now);
        self.key = key;
        if !Rc::ptr_eq(&account, &self.account) {
            self.call.change_account(now, &mut self.limiter.inner.borrow_mut());
            self.limiter.wake_ready(now);
            self.limiter = account.limiter(self.operation.row);
            self.account = account;
        }
        self.step(Event::KeyGiven)
    }

    fn announce(&mut self) -> Action {
        if self.cancellation.is_cancelled() {
            return self.step(Event::Aborted);
        }
        let logged = self.log(Line::Sent, 0.0, &JsValue::UNDEFINED);
        let emitted = self.emit(Hook::Request, || (JsValue::UNDEFINED, JsValue::UNDEFINED));
        if !logged && !emitted {
            // No code of the caller has run since the last step, so no time has passed.
            return self.step_at(self.stepped, Event::Notified);
        }
        // The hook may have aborted the call: then nothing is sent.
        self.step(if self.cancellation.is_cancelled() { Event::Aborted } else { Event::Notified })
    }

    async fn send(&mut self) -> Action {
        let settings = Rc::clone(&self.prepared.settings);
        let headers = settings.headers(self.operation);
        let request = Request {
            options: &settings.options,
            prepared: &self.prepared.request,
            headers: &headers,
            key: &self.key,
            row: self.operation.row,
            attempt: self.attempts(),
        };
        let whole = !self.operation.answer.is_open();
        let mut exchange = Exchange::start(&request, whole);
        if whole && let Some(deadline) = self.call.deadline() {
            self.alarm.borrow(deadline, exchange.timer(deadline));
        }
        let (operation, sent) = (self.operation, self.prepared.request.clone());
        let read = async move {
            let read = answer::read(&mut exchange, operation, &sent, settings.browser).await;
            match read {
                // The caller reads the body.
                Ok(success) if operation.answer.is_open() => {
                    Ok(Success { exchange: Some(exchange), ..success })
                }
                read => read,
            }
        };
        let read = self.until_done(read).await;
        // The exchange has cleared its timer.
        self.alarm.set(None);
        match read {
            Ok(read) => self.settle(read),
            Err(action) => {
                self.failed = None;
                let code = if self.cancellation.is_cancelled() { Code::Aborted } else { Code::Timeout };
                self.note(Moment::Received, f64::NAN, code.as_str());
                action
            }
        }
    }

    fn settle(&mut self, read: Result<Success, Box<Failed>>) -> Action {
        match read {
            Ok(success) => {
                self.emit_response(&success.response);
                self.note(Moment::Received, f64::from(success.response.status), "");
                self.success = Some(success);
                self.step(Event::Succeeded)
            }
            Err(failed) => {
                if let Some(response) = &failed.response {
                    self.emit_response(response);
                }
                let failure = failed.failure;
                let status = failed.response.as_ref().map_or(f64::NAN, |response| f64::from(response.status));
                self.note(Moment::Received, status, self.code_of(&failure));
                self.failed = Some(failed);
                self.step(Event::Failed(failure))
            }
        }
    }

    fn retry(&mut self, after: Millis, limited: bool) -> Action {
        #[allow(clippy::cast_precision_loss)]
        let delay = after as f64;
        // Once per window: further refusals in it are not news.
        self.log(if limited { Line::Limited } else { Line::Failed }, delay, &JsValue::UNDEFINED);
        self.emit(Hook::Retry, || {
            let failure = self.failed.as_ref().map_or(Failure::TimedOut, |failed| failed.failure);
            (delay.into(), self.failure(&self.call.error(&failure, host::now())))
        });
        let failure = self.failed.take().map_or(Failure::TimedOut, |failed| failed.failure);
        self.note(Moment::Retrying, delay, self.code_of(&failure));
        self.step(Event::Notified)
    }

    /// The reason of a failed attempt for telemetry. An error response of the API has its own word.
    fn code_of(&self, failure: &Failure) -> &'static str {
        match self.call.error(failure, host::now()).code {
            Code::Refused => "REFUSED",
            code => code.as_str(),
        }
    }

    fn note(&self, moment: Moment, number: f64, word: &str) {
        let Prepared { settings, request, .. } = &self.prepared;
        settings.note(request, moment, self.operation.row, self.attempts(), number, word);
    }

    /// The JavaScript error of a call that has failed.
    pub(super) fn failure(&self, error: &CallError) -> JsValue {
        let call = Lost {
            operation: self.operation,
            prepared: &self.prepared,
            key: &self.key,
            cancellation: &self.cancellation,
            failed: self.failed.as_deref(),
            refusal: self.refusal.as_ref(),
        };
        failure::make(&call, error)
    }

    fn emit_response(&self, response: &crate::platform::fetch::Response) {
        self.log(Line::Received, f64::from(response.status), response.value());
        #[allow(clippy::cast_precision_loss)]
        self.emit(Hook::Response, || {
            (response.status.into(), (self.call.elapsed(host::now()) as f64).into())
        });
    }

    /// True if there is a log for it.
    fn log(&self, line: Line, number: f64, response: &JsValue) -> bool {
        let sent = (&self.prepared.request, &self.key);
        self.prepared.settings.log(line, self.operation.row, self.attempts(), number, response, sent)
    }

    /// True if there is a hook for it.
    fn emit(&self, hook: Hook, about: impl FnOnce() -> (JsValue, JsValue)) -> bool {
        let settings = &self.prepared.settings;
        let listens = settings.has_listener(hook);
        if listens {
            let (one, other) = about();
            settings.emit(hook, self.operation.row, self.attempts(), &one, &other);
        }
        listens
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.call.is_over() {
            return;
        }
        let now = host::now();
        self.call.abandon(now, &mut self.limiter.inner.borrow_mut());
        self.limiter.wake_ready(now);
    }
}

/// Checks the key that a supplier returned.
fn key_of(given: Result<JsValue, JsValue>) -> Result<JsValue, Refusal> {
    let refusal = |note: String, cause: JsValue| Refusal { code: "CONFIGURATION_ERROR", note, cause };
    let value = given.map_err(|thrown| refusal("the apiKey supplier failed".to_owned(), thrown))?;
    supplied_key(&value).map_err(|note| refusal(note, JsValue::UNDEFINED))
}
