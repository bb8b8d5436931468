//! Waiting at the rate limiters that `core::rate_limiter` decides for: one for each operation of an account, because the API
//! counts its limits by key and endpoint.
//!
//! Each waiter has a promise and a timer of its own. Requests of different callers wait here together, and one of them
//! must not run another in its own async context (`platform::task`). Cloudflare drops a timer together with the request
//! that set it, so a shared timer would leave the others waiting. Nor does a promise resume there when another request
//! resolves it, so waiters poll.

use crate::core::Millis;
use crate::core::rate_limiter::{RateLimiter, Waiter};
use crate::platform::host;
use crate::platform::promise_future::{self, PromiseFuture};
use js_sys::Function;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;

/// How long a waiter sleeps between two looks at an open limiter, on hosts where no other request can wake it.
const LOOK: Millis = 50;

/// A rate limiter and its waiters.
#[derive(Default)]
pub(crate) struct SharedRateLimiter {
    pub(crate) inner: RefCell<RateLimiter>,
    /// The functions that resolve their promises.
    waiting: RefCell<FxHashMap<Waiter, Function>>,
}

impl SharedRateLimiter {
    /// Resolves when this waiter may ask for its permit.
    pub(crate) fn turn(self: &Rc<Self>, waiter: Waiter) -> Turn {
        let (promise, wake) = promise_future::deferred();
        self.waiting.borrow_mut().insert(waiter, wake);
        Turn { limiter: Rc::clone(self), waiter, promise }
    }

    /// When a waiter looks again at the latest; `until` is what the limiter says.
    pub(crate) fn look_at(&self, until: Option<Millis>) -> Option<Millis> {
        if !host::keeps_requests_apart() {
            return until;
        }
        let now = host::now();
        self.inner.borrow().opens(now).or_else(|| Some(now.saturating_add(LOOK)))
    }

    /// Wakes the waiters that may go now.
    pub(crate) fn wake_ready(&self, now: Millis) {
        if self.waiting.borrow().is_empty() || host::keeps_requests_apart() {
            return;
        }
        let ready = self.inner.borrow_mut().ready(now);
        for waiter in ready {
            if let Some(wake) = self.forget(waiter) {
                // It resolves a promise of ours: it does not throw, and runs nothing before this task is done.
                let _ = wake.call0(&JsValue::UNDEFINED);
            }
        }
    }

    fn forget(&self, waiter: Waiter) -> Option<Function> {
        self.waiting.borrow_mut().remove(&waiter)
    }
}

/// Waits for a request's turn.
#[must_use = "a turn that is dropped is not waited for"]
pub(crate) struct Turn {
    limiter: Rc<SharedRateLimiter>,
    waiter: Waiter,
    promise: PromiseFuture,
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.promise).poll(context).map(|_| ())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.limiter.forget(self.waiter);
    }
}
