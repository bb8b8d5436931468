//! Waiting at the rate limiters that `core::gate` decides for: one for each operation of an account, because the API
//! counts its limits by key and endpoint.
//!
//! Whoever waits has a promise and an alarm of their own. Requests of different callers wait here together, and what
//! one of them does for another must not run the other in its own async context (`platform::task`); and Cloudflare
//! lets go of a timer with the request that set it, so that one timer for all would leave the others waiting. There a
//! promise that another request resolves may not go on either, so that who waits looks again by itself.

use crate::core::Millis;
use crate::core::gate::{Gate, Ticket};
use crate::platform::host;
use crate::platform::watch::{self, Watch};
use js_sys::Function;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;

/// How long who waits sleeps between two looks at an open gate, where nobody can wake it.
const LOOK: Millis = 50;

/// A gate and those who wait at it.
#[derive(Default)]
pub(crate) struct RateLimiter {
    pub(crate) gate: RefCell<Gate>,
    /// The functions that resolve their promises.
    waiting: RefCell<FxHashMap<Ticket, Function>>,
}

impl RateLimiter {
    /// Settles when the request with this ticket may enter.
    pub(crate) fn turn(self: &Rc<Self>, ticket: Ticket) -> Turn {
        let (promise, wake) = watch::deferred();
        self.waiting.borrow_mut().insert(ticket, wake);
        Turn { limiter: Rc::clone(self), ticket, promise }
    }

    /// When who waits looks again at the latest, where the gate says `until`.
    pub(crate) fn look_at(&self, until: Option<Millis>) -> Option<Millis> {
        if !host::keeps_requests_apart() {
            return until;
        }
        let now = host::now();
        self.gate.borrow().opens(now).or_else(|| Some(now.saturating_add(LOOK)))
    }

    /// Wakes those who may enter now.
    pub(crate) fn wake_ready(&self, now: Millis) {
        if self.waiting.borrow().is_empty() || host::keeps_requests_apart() {
            return;
        }
        let ready = self.gate.borrow_mut().ready(now);
        for ticket in ready {
            if let Some(wake) = self.forget(ticket) {
                // It resolves a promise of ours: it does not throw, and runs nothing before this task is done.
                let _ = wake.call0(&JsValue::UNDEFINED);
            }
        }
    }

    fn forget(&self, ticket: Ticket) -> Option<Function> {
        self.waiting.borrow_mut().remove(&ticket)
    }
}

/// A request's wait for its turn.
#[must_use = "a turn that is dropped is not waited for"]
pub(crate) struct Turn {
    limiter: Rc<RateLimiter>,
    ticket: Ticket,
    promise: Watch,
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.promise).poll(context).map(|_| ())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.limiter.forget(self.ticket);
    }
}
