//! Waiting at the rate limiters that `core::gate` decides for: one for each operation of an account, because the API
//! counts its limits by key and endpoint.
//!
//! Whoever waits has a promise and a timer of their own. Requests of different callers wait here together, and what
//! one of them does for another must not run the other in its own async context (`platform::task`); and Cloudflare
//! lets go of a timer with the request that set it, so that one timer for all would leave the others waiting. There a
//! promise that another request resolves may not go on either, so that who waits looks again by itself.

use crate::core::Millis;
use crate::core::gate::{Gate, Pass, Ticket, Verdict};
use crate::platform::watch::{self, Watch};
use crate::platform::{host, timer};
use gloo_timers::callback::Timeout;
use js_sys::Function;
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
    gate: RefCell<Gate>,
    /// Each with the function that resolves its promise.
    waiting: RefCell<Vec<(Ticket, Function)>>,
}

impl RateLimiter {
    /// Waits for a permit to send. `refusals`: how often this request has been refused.
    pub(crate) fn acquire(self: &Rc<Self>, refusals: u32) -> Acquire {
        let ticket = self.gate.borrow_mut().ticket(refusals);
        Acquire { limiter: Rc::clone(self), ticket, entered: false, wakeup: None }
    }

    /// When the gate opens, if it is closed.
    pub(crate) fn opens(&self) -> Option<Millis> {
        let gate = self.gate.borrow();
        if gate.is_open() { None } else { gate.opens(host::now()) }
    }

    /// The time, which an open gate need not be told.
    fn now(&self) -> Millis {
        if self.gate.borrow().is_open() { 0 } else { host::now() }
    }

    /// Wakes those who may enter now.
    fn wake_ready(&self, now: Millis) {
        if self.waiting.borrow().is_empty() || host::keeps_requests_apart() {
            return;
        }
        let ready = self.gate.borrow_mut().ready(now);
        for ticket in ready {
            if let Some(wake) = self.forget(ticket) {
                ring(&wake);
            }
        }
    }

    fn forget(&self, ticket: Ticket) -> Option<Function> {
        let mut waiting = self.waiting.borrow_mut();
        let place = waiting.iter().position(|(waits, _)| *waits == ticket)?;
        Some(waiting.swap_remove(place).1)
    }
}

/// Resolves a promise of ours, which does not throw and runs nothing before this task is done.
fn ring(wake: &Function) {
    let _ = wake.call0(&JsValue::UNDEFINED);
}

/// What ends one wait: it was somebody's turn, or time passed.
struct Wakeup {
    promise: Watch,
    _timer: Option<Timeout>,
}

impl Wakeup {
    fn new(limiter: &RateLimiter, ticket: Ticket, now: Millis) -> Self {
        let (promise, wake) = watch::deferred();
        limiter.waiting.borrow_mut().push((ticket, wake.clone()));
        let at = {
            let gate = limiter.gate.borrow();
            let look = || now.saturating_add(LOOK);
            if host::keeps_requests_apart() {
                gate.opens(now).or_else(|| Some(look()))
            } else {
                gate.next_change(now)
            }
        };
        let timer = at.map(|at| timer::after(at.saturating_sub(now), Box::new(move || ring(&wake))));
        Self { promise, _timer: timer }
    }
}

/// A request that waits for a permit. Dropped, it gives its place up.
#[must_use = "a wait does nothing unless awaited"]
pub(crate) struct Acquire {
    limiter: Rc<RateLimiter>,
    ticket: Ticket,
    entered: bool,
    wakeup: Option<Wakeup>,
}

impl Acquire {
    /// The permit, where nothing keeps the request from being sent now.
    pub(crate) fn at_once(&mut self) -> Option<Permit> {
        let now = self.limiter.now();
        self.enter(now)
    }

    fn enter(&mut self, now: Millis) -> Option<Permit> {
        let pass = self.limiter.gate.borrow_mut().enter(self.ticket, now)?;
        self.entered = true;
        Some(Permit { limiter: Rc::clone(&self.limiter), pass: Some(pass) })
    }
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit> {
        let this = &mut *self;
        loop {
            if let Some(wakeup) = &mut this.wakeup {
                if Pin::new(&mut wakeup.promise).poll(context).is_pending() {
                    return Poll::Pending;
                }
                // It may have been the timer that resolved it.
                this.limiter.forget(this.ticket);
                this.wakeup = None;
            }
            let now = this.limiter.now();
            if let Some(permit) = this.enter(now) {
                // There may be room for more than one.
                this.limiter.wake_ready(now);
                return Poll::Ready(permit);
            }
            // By the same reading of the clock: with a later one the gate might have opened unnoticed in between.
            this.wakeup = Some(Wakeup::new(&this.limiter, this.ticket, now));
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        if !self.entered {
            self.limiter.forget(self.ticket);
            self.limiter.gate.borrow_mut().leave(self.ticket);
            self.limiter.wake_ready(self.limiter.now());
        }
    }
}

/// Leave to send one request. Dropped without a verdict, it tells the gate that nothing is known.
#[must_use = "a permit that is dropped at once lets the next request through"]
pub(crate) struct Permit {
    limiter: Rc<RateLimiter>,
    pass: Option<Pass>,
}

impl Permit {
    /// Tells the gate what came of the request. True if this refusal closed it.
    pub(crate) fn answered(mut self, verdict: Verdict) -> bool {
        self.give_back(verdict)
    }

    fn give_back(&mut self, verdict: Verdict) -> bool {
        let Some(pass) = self.pass.take() else { return false };
        let now = host::now();
        let closed = self.limiter.gate.borrow_mut().answered(pass, verdict, now);
        self.limiter.wake_ready(now);
        closed
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.give_back(Verdict::Unknown);
    }
}
