//! Starts the calls that JavaScript makes, each as its own task, and settles their promises.

use super::answer::Success;
use super::arguments::{self, Arguments, Prepared, Refusal};
use super::driver::Driver;
use super::effects::{Ended, Use};
use super::failure;
use super::settings::Settings;
use super::shared::Shared;
use crate::core::Millis;
use crate::core::operation::Facts;
use crate::platform::promise::ApiPromise;
use crate::platform::task;
use crate::platform::value::set;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// An error, with the settings whose hook is notified.
pub(super) type Notified = (Rc<Settings>, JsValue);

/// A call that may be made.
pub(super) enum Ready {
    /// An ordinary one.
    Plain(Box<Driver>),
    /// One with an idempotency key.
    Keyed(Box<Use>),
}

/// How a call ended well.
pub(super) enum Outcome {
    /// By its own answer.
    Answered(Box<Driver>, Success),
    /// By what the ledger and the API know of it.
    Known(Ended),
}

/// A call that may be made, or its error.
pub(super) fn prepare(
    shared: &Rc<Shared>,
    operation: Facts,
    given: &Arguments<'_>,
    began: Millis,
) -> Result<Ready, Notified> {
    let refused =
        |settings: &Rc<Settings>, refusal| (Rc::clone(settings), failure::refused(operation, &refusal));
    let (settings, signal) =
        arguments::settings(shared, given.options).map_err(|refusal| refused(&shared.settings, refusal))?;
    let mut prepared = arguments::prepare(&settings, signal, operation, given)
        .map_err(|refusal| refused(&settings, refusal))?;
    prepared.allow_wait(given.options);
    let wrong = |note| {
        let refusal = Refusal { code: "INVALID_ARGUMENT", note, cause: JsValue::UNDEFINED };
        refused(&settings, refusal)
    };
    Ok(match Use::of(shared, operation, &prepared, began).map_err(wrong)? {
        Some(keyed) => Ready::Keyed(Box::new(keyed)),
        None => Ready::Plain(Box::new(Driver::new(shared, operation, prepared, began))),
    })
}

impl Ready {
    /// Makes the call.
    pub(super) async fn run(self) -> Result<Outcome, Notified> {
        match self {
            Self::Plain(mut driver) => match driver.run().await {
                Ok(success) => Ok(Outcome::Answered(driver, success)),
                Err(error) => Err((Rc::clone(&driver.prepared.settings), driver.failure(&error))),
            },
            Self::Keyed(keyed) => {
                let settings = Rc::clone(keyed.settings());
                keyed.run().await.map(Outcome::Known).map_err(|error| (settings, error))
            }
        }
    }
}

/// Starts an operation, which began at this time and whose outcome settles `promise`.
#[inline(never)]
pub(crate) fn start(
    shared: &Rc<Shared>,
    operation: Facts,
    given: &Arguments<'_>,
    began: Millis,
    promise: ApiPromise,
) {
    let call = prepare(shared, operation, given, began);
    task::spawn(async move {
        let result = match call {
            Ok(call) => call.run().await,
            // Not before the method has returned: a hook that itself makes a wrong call would call
            // itself until the stack is full.
            Err(refused) => Err(refused),
        };
        match result {
            Ok(Outcome::Answered(driver, success)) => fulfil(&promise, &driver, success),
            Ok(Outcome::Known(ended)) => {
                ApiPromise::known(&promise, &ended.settled, ended.replayed);
                #[allow(clippy::cast_precision_loss)]
                let elapsed = ended.elapsed as f64;
                let none = JsValue::UNDEFINED;
                let response = ended.response.as_ref().map_or(&none, |response| response.value());
                ApiPromise::fulfil(&promise, &ended.data, response, ended.attempts, elapsed);
            }
            Err((settings, error)) => {
                // First the promise, which sets the error's stack to that of the call.
                ApiPromise::fail(&promise, &error);
                settings.emit_error(&error);
            }
        }
    });
}

pub(super) fn fulfil(promise: &ApiPromise, driver: &Driver, success: Success) {
    #[allow(clippy::cast_precision_loss)]
    let number = |millis: Option<Millis>| JsValue::from(millis.map(|millis| millis as f64));
    if let Some(exchange) = success.exchange {
        let Prepared { timeout, .. } = driver.prepared;
        set(&success.data, "timeout", &number(timeout));
        set(&success.data, "left", &number(driver.time_left()));
        set(&success.data, "controller", &exchange.hand_over());
    }
    #[allow(clippy::cast_precision_loss)]
    let elapsed = driver.elapsed() as f64;
    ApiPromise::fulfil(promise, &success.data, success.response.value(), driver.attempts(), elapsed);
}
