//! What a fault does to a response: whether the effect takes place, and what becomes of the response.

use super::kinds::{Cut, Garbage, Stall};
use super::verdict::{Effect, Verdict};
use crate::errors::ErrorForm;
use crate::http::{Action, Delivery, Response};

/// Applies a fault: decides whether the operation is performed, and changes the response.
pub(crate) fn apply(
    verdict: Option<&Verdict>,
    form: ErrorForm,
    perform: impl FnOnce() -> Response,
) -> Response {
    let Some(verdict) = verdict else { return perform() };
    let mut response = match &verdict.effect {
        Effect::Delay => perform(),
        Effect::Status(fault) => {
            if fault.effect {
                perform();
            }
            fault.response(form)
        }
        Effect::Limit(exceeded) => exceeded.response(form),
        Effect::Cut(cut) => {
            // With "before-effect" the connection broke before the server read the request.
            let mut response = if *cut == Cut::BeforeEffect { Response::empty(503) } else { perform() };
            response.delivery.action = match cut {
                Cut::BeforeEffect | Cut::BeforeHeaders => Action::CutBeforeHeaders,
                Cut::AfterHeaders => Action::CutAfterHeaders,
                Cut::MidBody => Action::CutMidBody,
            };
            response
        }
        Effect::Stall(stall) => {
            let mut response = perform();
            response.delivery.action = match stall {
                Stall::Headers => Action::StallHeaders,
                Stall::Body => Action::StallBody,
            };
            response
        }
        Effect::Slow { bytes, every_ms } => {
            let mut response = perform();
            response.delivery.action = Action::Slow { bytes: *bytes, every_ms: *every_ms };
            response
        }
        Effect::Garbage(garbage) => spoil(*garbage, perform()),
    };
    response.delivery = Delivery { delay_ms: verdict.delay_ms, ..response.delivery };
    response
}

/// A 200 response that violates the contract.
fn spoil(garbage: Garbage, real: Response) -> Response {
    const JSON: &str = "application/json";
    match garbage {
        Garbage::Html => {
            let page = "<!DOCTYPE html>\n<html><body><h1>Welcome to the hotel network</h1></body></html>\n";
            Response::new(200, "text/html; charset=utf-8", page)
        }
        Garbage::Empty => Response::new(200, JSON, ""),
        Garbage::Text => Response::new(200, "text/plain; charset=utf-8", "OK"),
        Garbage::Array => Response::new(200, JSON, "[]"),
        Garbage::Null => Response::new(200, JSON, "null"),
        Garbage::Truncated => {
            let half = real.body.len().div_ceil(2);
            let body: Vec<u8> = real.body.into_iter().take(half).collect();
            // A proxy that truncates and then recomputes the length: `content-length` is correct, the JSON is
            // not.
            Response::new(200, JSON, if body.is_empty() { b"{".to_vec() } else { body })
        }
    }
}
