//! Performs the actions of a call's state machine (`core::call`) and feeds the results back as events. It decides
//! nothing: the machine decides what is sent, when, and whether again.

use super::accounts::Account;
use super::answer::{self, Failed, Success};
use super::arguments::{Prepared, Refusal};
use super::failure;
use super::observe::{Hook, Line};
use super::options::supplied_key;
use super::rate_limits::SharedRateLimiter;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::call::{self, Action, Call, Event, Policy};
use crate::core::error::CallError;
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
    pub(super) fn new(shared: &Rc<Shared>, operation: Facts, prepared: Prepared) -> Self {
        let now = host::now();
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

    /// Milliseconds since the call was made.
    pub(super) fn elapsed(&self) -> Millis {
        self.call.elapsed(host::now())
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
        let now = host::now();
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
        let waited = match self.call.waiter() {
            Some(waiter) => {
                let limiter = Rc::clone(&self.limiter);
                let turn = limiter.turn(waiter);
                self.until(pin!(turn), limiter.look_at(until)).await
            }
            None => self.until(pin!(pending()), until).await,
        };
        self.step(if matches!(waited, Waited::Cancelled) { Event::Aborted } else { Event::Woken })
    }

    async fn ask_key(&mut self) -> Action {
        let Some(supplier) = self.prepared.settings.supplier.clone() else {
            return self.step(Event::KeyRefused);
        };
        match self.until_done(promise_future::call(&supplier)).await {
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
        self.log(Line::Sent, 0.0, &JsValue::UNDEFINED);
        self.emit(Hook::Request, || (JsValue::UNDEFINED, JsValue::UNDEFINED));
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
        };
        let mut exchange = Exchange::start(&request, &self.shared.fetch);
        let (operation, query) = (self.operation, self.prepared.query.clone());
        let read = async move {
            let read = answer::read(&mut exchange, operation, &query, settings.browser).await;
            match read {
                // The caller reads the body.
                Ok(success) if operation.answer.is_open() => {
                    Ok(Success { exchange: Some(exchange), ..success })
                }
                read => read,
            }
        };
        match self.until_done(read).await {
            Ok(read) => self.settle(read),
            Err(action) => {
                self.failed = None;
                action
            }
        }
    }

    fn settle(&mut self, read: Result<Success, Box<Failed>>) -> Action {
        match read {
            Ok(success) => {
                self.emit_response(&success.response);
                self.success = Some(success);
                self.step(Event::Succeeded)
            }
            Err(failed) => {
                if let Some(response) = &failed.response {
                    self.emit_response(response);
                }
                let failure = failed.failure;
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
        self.failed = None;
        self.step(Event::Notified)
    }

    /// The JavaScript error of a call that has failed.
    pub(super) fn failure(&self, error: &CallError) -> JsValue {
        failure::make(self, error, self.failed.as_deref(), self.refusal.as_ref())
    }

    /// The reason with which the caller's signal was aborted.
    pub(super) fn cause_of_abort(&self) -> JsValue {
        self.cancellation.reason()
    }

    fn emit_response(&self, response: &crate::platform::fetch::Response) {
        self.log(Line::Received, f64::from(response.status), response.value());
        #[allow(clippy::cast_precision_loss)]
        self.emit(Hook::Response, || (response.status.into(), (self.elapsed() as f64).into()));
    }

    fn log(&self, line: Line, number: f64, response: &JsValue) {
        let sent = (&self.prepared.request, &self.key);
        self.prepared.settings.log(line, self.operation.row, self.attempts(), number, response, sent);
    }

    fn emit(&self, hook: Hook, about: impl FnOnce() -> (JsValue, JsValue)) {
        let settings = &self.prepared.settings;
        if settings.has_listener(hook) {
            let (one, other) = about();
            settings.emit(hook, self.operation.row, self.attempts(), &one, &other);
        }
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
