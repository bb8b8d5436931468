//! Waits for a call: does what its machine says (`core::wait`).

use super::answer::Success;
use super::arguments::{self, Arguments};
use super::driver::Driver;
use super::failure;
use super::settings::Settings;
use super::shared::Shared;
use super::transcript::{self, Subject};
use crate::core::Millis;
use crate::core::error::{Code, in_words};
use crate::core::operation::Facts;
use crate::core::text::joined;
use crate::core::wait::{self, Action, Event, Wait};
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::promise::ApiPromise;
use crate::platform::value::{absent, get};
use crate::platform::{host, promise_future, task};
use js_sys::{Array, Function};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What a call is waited for.
enum Until {
    Ended,
    Status(String),
    /// Makes of a call the function that says whether it is there.
    Condition(Function),
}

/// One wait for a call.
pub(super) struct Waiter {
    shared: Rc<Shared>,
    ask: Facts,
    follow: Facts,
    in_flight: JsValue,
    /// An array of its id.
    ids: JsValue,
    until: Until,
    pub(super) settings: Rc<Settings>,
    signal: Option<AbortSignal>,
    /// `totalTimeout` is of the wait, and not of each of its requests.
    is_limited: bool,
    wait: Wait,
}

/// The operations that a wait is made of.
pub(super) type Operations = (Facts, Facts);

/// Starts a wait; what comes of it settles `promise`. `operations`: what asks for the call, and what follows its
/// transcript. `until`: undefined, a word, or a function that makes of a call the
/// function which says whether it is there.
pub(super) fn start(
    shared: &Rc<Shared>,
    operations: Operations,
    promise: ApiPromise,
    given: &Arguments<'_>,
    until: &JsValue,
) {
    let waiter = Waiter::new(shared, operations, given, until);
    task::spawn(async move {
        let (settings, failed) = match waiter {
            Ok(mut waiter) => match waiter.run().await {
                Ok((driver, success)) => return super::send::fulfil(&promise, &driver, success),
                Err(failed) => (Rc::clone(&waiter.settings), failed),
            },
            Err((settings, error)) => (settings, Failed::Ours(error)),
        };
        // First the promise, which adds the stack of its call to the error.
        ApiPromise::fail(&promise, failed.error());
        if let Failed::Ours(error) = &failed {
            settings.emit_error(error);
        }
    });
}

/// What ended a wait.
pub(super) enum Failed {
    /// An error of the client's.
    Ours(JsValue),
    /// What the caller's condition has thrown.
    Theirs(JsValue),
}

impl Failed {
    pub(super) fn error(&self) -> &JsValue {
        match self {
            Self::Ours(error) | Self::Theirs(error) => error,
        }
    }
}

impl Waiter {
    pub(super) fn new(
        shared: &Rc<Shared>,
        (ask, follow): Operations,
        given: &Arguments<'_>,
        until: &JsValue,
    ) -> Result<Self, (Rc<Settings>, JsValue)> {
        let Arguments { in_flight, ids, options, .. } = *given;
        let refused = |refusal| (Rc::clone(&shared.settings), failure::refused(ask, &refusal));
        let (settings, signal) = arguments::settings(shared, options).map_err(refused)?;
        let until = Until::of(until).map_err(|error| (Rc::clone(&settings), error))?;
        let is_limited = options.is_some_and(|options| !absent(&get(options, "totalTimeout")));
        let limit = settings.total_timeout.filter(|_| is_limited);
        let wait = Wait::new(limit, matches!(until, Until::Ended), host::now());
        Ok(Self {
            shared: Rc::clone(shared),
            ask,
            follow,
            in_flight: in_flight.clone(),
            ids: ids.clone(),
            until,
            settings,
            signal,
            is_limited,
            wait,
        })
    }

    pub(super) async fn run(&mut self) -> Result<(Driver, Success), Failed> {
        loop {
            let (driver, success) = self.ask().await.map_err(Failed::Ours)?;
            let is_there = self.is_there(&success.data).await.map_err(Failed::Theirs)?;
            let mut action = self.wait.step(Event::Answered { is_there }, host::now());
            loop {
                action = match action {
                    Action::Done => return Ok((driver, success)),
                    Action::Ask => break,
                    Action::Follow => {
                        let ended = self.follow().await;
                        self.wait.step(Event::Followed(ended), host::now())
                    }
                    Action::Pause(until) => {
                        let _ = self.race(Some(until), pending::<()>()).await;
                        self.wait.step(Event::Woken, host::now())
                    }
                    Action::OutOfTime(span) => return Err(Failed::Ours(out_of_time(span))),
                };
            }
        }
    }

    /// The settings of a request, whose time is what is left of all of it.
    fn settings(&self) -> Settings {
        let settings = (*self.settings).clone();
        if !self.is_limited {
            return settings;
        }
        let left = self.wait.time_left(host::now()).map(|left| left.max(1));
        Settings { total_timeout: left, ..settings }
    }

    async fn ask(&self) -> Result<(Driver, Success), JsValue> {
        let (none, settings) = (JsValue::UNDEFINED, Rc::new(self.settings()));
        let signal = self.signal.clone();
        let prepared = arguments::prepare(
            &settings,
            signal,
            self.ask,
            &Arguments { in_flight: &self.in_flight, ids: &self.ids, input: &none, options: None },
        )
        .map_err(|refusal| failure::refused(self.ask, &refusal))?;
        let mut driver = Driver::new(&self.shared, self.ask, prepared, host::now());
        match driver.run().await {
            Ok(success) => Ok((driver, success)),
            Err(error) => Err(match self.wait.out_of_time(host::now()) {
                // Reported as the time of the whole wait, not of its last request.
                Some(span) if error.code == Code::Timeout => out_of_time(span),
                _ => driver.failure(&error),
            }),
        }
    }

    async fn is_there(&self, call: &JsValue) -> Result<bool, JsValue> {
        let status = get(call, "status").as_string().unwrap_or_default();
        if wait::is_over(&status, get(call, "endedAt").is_truthy()) {
            return Ok(true);
        }
        match &self.until {
            Until::Ended => Ok(false),
            Until::Status(wanted) => Ok(*wanted == status),
            Until::Condition(condition) => {
                let ask = condition.call1(&JsValue::UNDEFINED, call)?;
                let now = host::now();
                let end = self.wait.time_left(now).map(|left| now.saturating_add(left));
                // One that never settles outlives neither the time nor the signal.
                match self.race(end, promise_future::call(ask.unchecked_ref())).await {
                    Some(answer) => Ok(answer?.is_truthy()),
                    None => Ok(false),
                }
            }
        }
    }

    /// Follows the transcript; false where it failed. On one connection: what holds it back must not keep us blind for
    /// minutes.
    async fn follow(&self) -> bool {
        let settings = Settings { max_retries: 0, ..self.settings() };
        let settings = Rc::new(settings.without_error_hook());
        let subject = Subject {
            shared: Rc::clone(&self.shared),
            operation: self.follow,
            in_flight: self.in_flight.clone(),
            ids: self.ids.clone(),
            settings,
        };
        let source = transcript::follow(subject, self.signal.as_ref());
        loop {
            let promise = ApiPromise::pending();
            source.next(promise.clone());
            let Ok(events) = promise_future::of(&promise).await else { return false };
            let Ok(events) = events.dyn_into::<Array>() else { return true };
            if get(&events.at(-1), "event").as_string().as_deref() == Some("ended") {
                return true;
            }
        }
    }

    /// The output of `future`, or none if that time comes or the signal fires first; the next step finds out which.
    async fn race<T>(&self, until: Option<Millis>, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let mut cancellation = Cancellation::of(self.signal.as_ref());
        let mut alarm = Alarm::default();
        alarm.set(until);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            if cancellation.poll(context) || alarm.has_rung(context) {
                return Poll::Ready(None);
            }
            Poll::Pending
        })
        .await
    }
}

impl Until {
    fn of(value: &JsValue) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self::Ended);
        }
        if let Some(condition) = value.dyn_ref::<Function>() {
            return Ok(Self::Condition(condition.clone()));
        }
        match value.as_string() {
            Some(word) if word == "ended" => Ok(Self::Ended),
            Some(word) if wait::is_known(&word) => Ok(Self::Status(word)),
            _ => {
                let note = "until must be \"ended\", a status of a call or a function";
                Err(failure::of("calls.wait", Code::InvalidArgument, note, &JsValue::UNDEFINED))
            }
        }
    }
}

fn out_of_time(span: Millis) -> JsValue {
    let note = joined(&["the call did not get there within totalTimeout (", &in_words(span), ")"]);
    failure::of("calls.wait", Code::Timeout, &note, &JsValue::UNDEFINED)
}
