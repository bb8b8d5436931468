//! Operations as futures, for the Rust face. A future that is dropped aborts what is under way, which a
//! promise cannot.

use super::send::Call;
use super::transcript::{self, TranscriptSource};
use super::{Client, arguments, send};
use crate::core::Millis;
use crate::core::operation::{EffectClass, Facts};
use crate::platform::errors::{self, NO_ROW, Report};
use crate::platform::host;
use crate::resources;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// What an operation gave, before anybody has read it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) data: JsValue,
    response: JsValue,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Millis,
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
        let began = host::now();
        let mut settings = Rc::clone(&self.shared.settings);
        let tell = |settings: &super::settings::Settings, error: JsValue| {
            settings.tell_error(&error);
            error
        };
        let refused = |refusal| send::refused(operation, &refusal);
        let prepared = arguments::settings(&self.shared, options).and_then(|(own, signal)| {
            settings = Rc::clone(&own);
            arguments::prepare(&own, signal, operation, ids, input)
        });
        let mut prepared = prepared.map_err(|refusal| tell(&settings, refused(refusal)))?;
        prepared.allow_wait(options);
        let mut call = Call::new(&self.shared, operation, prepared);
        let success = call.outcome().await.map_err(|error| tell(&settings, error))?;
        let header = |name: &str| Some(success.response.header(name)).filter(|text| !text.is_empty());
        Ok(Done {
            response: success.response.value().clone(),
            status: success.response.status,
            request_id: header("x-request-id").or_else(|| header("cf-ray")),
            attempts: call.attempts,
            elapsed: host::now().saturating_sub(began),
            data: success.data,
        })
    }

    /// Begins to follow a transcript.
    pub(crate) fn follow(&self, id: &JsValue, options: &JsValue) -> Result<TranscriptSource, JsValue> {
        transcript::open(&self.shared, named("calls.transcript.stream")?, id, options)
    }
}

/// The error of an answer that came and does not fit its type. It carries the answer, so that the id of a
/// call that was placed is not lost.
pub(crate) fn unreadable(operation: &str, note: &str, done: &Done) -> JsValue {
    let operation = match named(operation) {
        Ok(operation) => operation,
        Err(error) => return error,
    };
    errors::make(&Report {
        row: operation.row,
        code: "INVALID_RESPONSE",
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

/// An error of the client's own about an operation.
pub(crate) fn fault(operation: &str, code: &str, note: &str, cause: &JsValue) -> JsValue {
    failure(resources::named(operation).map_or(NO_ROW, |operation| operation.row), code, note, cause)
}

fn failure(row: u32, code: &str, note: &str, cause: &JsValue) -> JsValue {
    let retryable = matches!(code, "CONNECTION_ERROR" | "TIMEOUT");
    errors::make(&Report { row, code, note, retryable, cause: cause.clone(), ..Report::default() })
}

fn named(id: &str) -> Result<Facts, JsValue> {
    resources::named(id)
        .ok_or_else(|| failure(NO_ROW, "INTERNAL_ERROR", "there is no such operation", &JsValue::UNDEFINED))
}
