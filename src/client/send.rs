//! Starts the calls that JavaScript makes, each as its own task, and settles their promises.

use super::answer::Success;
use super::arguments::{self, Arguments, Prepared};
use super::driver::Driver;
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

/// A call that may be made, or its error with the settings whose hook is notified.
pub(super) fn prepare(
    shared: &Rc<Shared>,
    operation: Facts,
    given: &Arguments<'_>,
) -> Result<Driver, (Rc<Settings>, JsValue)> {
    let refused =
        |settings: &Rc<Settings>, refusal| (Rc::clone(settings), failure::refused(operation, &refusal));
    let (settings, signal) =
        arguments::settings(shared, given.options).map_err(|refusal| refused(&shared.settings, refusal))?;
    let mut prepared = arguments::prepare(&settings, signal, operation, given)
        .map_err(|refusal| refused(&settings, refusal))?;
    prepared.allow_wait(given.options);
    Ok(Driver::new(shared, operation, prepared))
}

/// Starts an operation, whose outcome settles `promise`.
#[inline(never)]
pub(crate) fn start(shared: &Rc<Shared>, operation: Facts, given: &Arguments<'_>, promise: ApiPromise) {
    let call = prepare(shared, operation, given);
    task::spawn(async move {
        let (settings, error) = match call {
            Ok(mut driver) => match driver.run().await {
                Ok(success) => return fulfil(&promise, &driver, success),
                Err(error) => (Rc::clone(&driver.prepared.settings), driver.failure(&error)),
            },
            // Not before the method has returned: a hook that itself makes a wrong call would call
            // itself until the stack is full.
            Err(refused) => refused,
        };
        // First the promise, which sets the error's stack to that of the call.
        ApiPromise::fail(&promise, &error);
        settings.emit_error(&error);
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
