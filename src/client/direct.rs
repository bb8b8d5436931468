//! Operations as futures, for the Rust face. Dropping a future aborts its request, which a promise cannot do.

use super::answer::Success;
use super::arguments::Arguments;
use super::driver::Driver;
use super::effects::{Ended, Management};
use super::send::Notified;
use super::transcript::{self, TranscriptSource};
use super::wait::Waiter;
use super::{Client, failure, send};
use crate::core::Millis;
use crate::core::error::Code;
use crate::core::operation::{EffectClass, Facts};
use crate::platform::errors::{self, Report};
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::absent;
use crate::resources;
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The unread result of an operation.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) data: JsValue,
    response: JsValue,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Millis,
    /// The intent of a call with an idempotency key whose outcome was found and not answered.
    pub(crate) settled: JsValue,
    /// An earlier use of the idempotency key did it.
    pub(crate) replayed: bool,
}

impl Done {
    /// Of a call with an idempotency key.
    fn known(ended: Ended) -> Self {
        let response = ended.response.as_ref();
        Self {
            status: response.map_or(0, |response| response.status),
            request_id: response.and_then(|response| request_id(response)),
            response: response.map_or(JsValue::UNDEFINED, |response| response.value().clone()),
            attempts: ended.attempts,
            elapsed: ended.elapsed,
            data: ended.data,
            settled: ended.settled,
            replayed: ended.replayed,
        }
    }

    fn of(driver: &Driver, success: Success) -> Self {
        Self {
            response: success.response.value().clone(),
            status: success.response.status,
            request_id: request_id(&success.response),
            attempts: driver.attempts(),
            elapsed: driver.elapsed(),
            data: success.data,
            settled: JsValue::UNDEFINED,
            replayed: false,
        }
    }
}

fn request_id(response: &Response) -> Option<String> {
    let header = |name: &str| Some(response.header(name)).filter(|text| !text.is_empty());
    header("x-request-id").or_else(|| header("cf-ray"))
}

impl Client {
    /// Runs an operation by its id: `ids` fill its path.
    pub(crate) async fn run(
        &self,
        operation: &str,
        ids: &[&JsValue],
        input: &JsValue,
        options: &JsValue,
    ) -> Result<Done, JsValue> {
        let operation = named(operation)?;
        let ids: Array = ids.iter().collect();
        let options = Some(options).filter(|options| !absent(options));
        let given = Arguments { in_flight: &JsValue::UNDEFINED, ids: &ids, input, options };
        let call = send::prepare(&self.shared, operation, &given, host::now()).map_err(emitted)?;
        Ok(match call.run().await.map_err(emitted)? {
            send::Outcome::Answered(driver, success) => Done::of(&driver, success),
            send::Outcome::Known(ended) => Done::known(ended),
        })
    }

    /// What `client.effects` and `client.settle` do (`effects/manage.rs`).
    pub(crate) async fn manage(
        &self,
        method: &str,
        one: &JsValue,
        other: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let management = Management::of(&self.shared, &JsValue::UNDEFINED, method, one, options);
        management.map_err(emitted)?.run(method, one, other).await.map_err(emitted)
    }

    /// Waits for a call to end.
    pub(crate) async fn wait_for(&self, id: &JsValue, options: &JsValue) -> Result<Done, JsValue> {
        let operations = (named("calls.get")?, named("calls.transcript.stream")?);
        let (none, ids) = (JsValue::UNDEFINED, Array::of(std::slice::from_ref(id)));
        let options = Some(options).filter(|options| !absent(options));
        let given = Arguments { in_flight: &none, ids: &ids, input: &none, options };
        let mut waiter = Waiter::new(&self.shared, operations, &given, &none).map_err(emitted)?;
        match waiter.run().await {
            Ok((driver, success)) => Ok(Done::of(&driver, success)),
            Err(failed) => Err(emitted((Rc::clone(&waiter.settings), failed.error().clone()))),
        }
    }

    /// Begins to follow a transcript. `idle`: milliseconds, infinite for none.
    pub(crate) fn follow(
        &self,
        id: &JsValue,
        options: &JsValue,
        idle: f64,
    ) -> Result<TranscriptSource, JsValue> {
        let operation = named("calls.transcript.stream")?;
        let ids = Array::of(std::slice::from_ref(id));
        let options = Some(options).filter(|options| !absent(options));
        transcript::open(&self.shared, operation, &JsValue::UNDEFINED, &ids, options, idle)
    }
}

/// The error, once its hook has been notified.
fn emitted((settings, error): Notified) -> JsValue {
    settings.emit_error(&error);
    error
}

/// The error of a response that does not match its type. It carries the response, so that the id of a placed call is
/// not lost.
pub(crate) fn unreadable(operation: &str, note: &str, done: &Done) -> JsValue {
    let operation = match named(operation) {
        Ok(operation) => operation,
        Err(error) => return error,
    };
    errors::make(&Report {
        row: Some(operation.row),
        code: Code::InvalidResponse.as_str(),
        note,
        outcome_unknown: operation.effect == EffectClass::Effect,
        attempts: done.attempts,
        elapsed: done.elapsed,
        response: done.response.clone(),
        status: done.status,
        body: done.data.clone(),
        ..Report::default()
    })
}

/// A wrong argument of `client.effects` or `client.settle`.
pub(crate) fn invalid(note: &str) -> JsValue {
    failure::of("client.effects", Code::InvalidArgument, note, &JsValue::UNDEFINED)
}

/// An error of the client's own about an operation.
pub(crate) fn fault(operation: &str, code: Code, note: &str, cause: &JsValue) -> JsValue {
    failure::own(resources::named(operation).map(|operation| operation.row), code, note, cause)
}

fn named(id: &str) -> Result<Facts, JsValue> {
    resources::named(id)
        .ok_or_else(|| failure::own(None, Code::Internal, "unknown operation", &JsValue::UNDEFINED))
}
