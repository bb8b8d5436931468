//! The one place where the error of a call becomes a JavaScript object: from what the machine has decided, what the
//! response says and what was thrown.

use super::answer::Failed;
use super::arguments::{Prepared, Refusal};
use crate::core::error::{CallError, Code, Reason};
use crate::core::operation::Facts;
use crate::platform::cancellation::Cancellation;
use crate::platform::errors::{self, Report};
use wasm_bindgen::JsValue;

/// A call that has failed.
pub(super) struct Lost<'a> {
    pub(super) operation: Facts,
    pub(super) prepared: &'a Prepared,
    pub(super) key: &'a JsValue,
    pub(super) cancellation: &'a Cancellation,
    /// The result of the last attempt.
    pub(super) failed: Option<&'a Failed>,
    /// Why there is no key.
    pub(super) refusal: Option<&'a Refusal>,
}

/// The error of a call that has failed.
pub(super) fn make(call: &Lost<'_>, error: &CallError) -> JsValue {
    let words = error.reason.words();
    let mut report = Report {
        row: Some(call.operation.row),
        code: error.code.as_str(),
        note: &words,
        outcome_unknown: error.outcome_unknown,
        retryable: error.retryable,
        retry_after: error.retry_after,
        attempts: error.attempts,
        elapsed: error.elapsed,
        ..Report::default()
    };
    let sent = (&call.prepared.request, &call.prepared.settings.options, call.key);
    if error.outcome_unknown {
        report.sent = Some(sent);
    }
    match (error.reason, call.failed, call.refusal) {
        (Reason::Attempt, Some(failed), _) => {
            report.note = &failed.note;
            report.cause = failed.cause.clone();
            report.body = failed.body.clone();
            report.sent = Some(sent);
            if let Some(response) = &failed.response {
                report.status = response.status;
                report.response = response.value().clone();
            }
        }
        (Reason::Supplier, _, Some(refusal)) => {
            report.note = &refusal.note;
            report.cause = refusal.cause.clone();
        }
        (Reason::Signal, ..) => report.cause = call.cancellation.reason(),
        _ => {}
    }
    errors::make(&report)
}

/// The error of a call whose arguments or options are wrong.
pub(super) fn refused(operation: Facts, refusal: &Refusal) -> JsValue {
    errors::make(&Report {
        row: Some(operation.row),
        code: refusal.code,
        note: &refusal.note,
        cause: refusal.cause.clone(),
        ..Report::default()
    })
}

/// An error of the client's own about something that is not an operation.
pub(super) fn of(subject: &'static str, code: Code, note: &str, cause: &JsValue) -> JsValue {
    errors::make(&Report {
        subject,
        code: code.as_str(),
        note,
        retryable: code.is_retryable(),
        cause: cause.clone(),
        ..Report::default()
    })
}

/// An error of the client's own about an operation.
#[cfg(feature = "typed")]
pub(super) fn own(row: Option<u32>, code: Code, note: &str, cause: &JsValue) -> JsValue {
    errors::make(&Report {
        row,
        code: code.as_str(),
        note,
        retryable: code.is_retryable(),
        cause: cause.clone(),
        ..Report::default()
    })
}
