//! Waits at the rate gates that `core::gate` keeps: one gate an operation and host, because the API
//! counts its limits by endpoint. All who wait at a gate share one timer, and when the last of them
//! has gone the timer goes too, so that nothing holds a process open.

use crate::core::Millis;
use crate::core::gate::{Gate, Pass, Ticket, Verdict};
use crate::platform::{host, timer};
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

/// The gates of one client.
#[derive(Default)]
pub(crate) struct Gates {
    list: RefCell<Vec<(String, u32, Rc<Door>)>>,
}

impl Gates {
    /// The gate of an operation at a host.
    pub(crate) fn of(&self, base_url: &str, operation: u32) -> Rc<Door> {
        let mut list = self.list.borrow_mut();
        let known = list.iter().find(|(url, row, _)| *row == operation && url == base_url);
        if let Some((.., door)) = known {
            return Rc::clone(door);
        }
        let door = Rc::new(Door::default());
        list.push((base_url.to_owned(), operation, Rc::clone(&door)));
        door
    }
}

/// A gate and those who wait at it.
#[derive(Default)]
pub(crate) struct Door {
    gate: RefCell<Gate>,
    waiting: RefCell<Vec<(Ticket, Waker)>>,
    opening: RefCell<Option<(Millis, Timeout)>>,
}

impl Door {
    /// Waits for leave to send. `refusals`: how often this request has been refused.
    pub(crate) fn pass(self: &Rc<Self>, refusals: u32) -> Waiting {
        Waiting { door: Rc::clone(self), ticket: self.gate.borrow_mut().ticket(refusals), waits: false }
    }

    /// When the gate opens, if it is closed.
    pub(crate) fn opens(&self) -> Option<Millis> {
        let gate = self.gate.borrow();
        if gate.is_open() { None } else { gate.opens(host::now()) }
    }

    fn wake_ready(&self, now: Millis) {
        let ready = self.gate.borrow_mut().ready(now);
        for ticket in ready {
            let waiting = self.waiting.borrow();
            let waker = waiting.iter().find(|(t, _)| *t == ticket).map(|(_, waker)| waker.clone());
            drop(waiting);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    fn forget(&self, ticket: Ticket) {
        self.waiting.borrow_mut().retain(|(t, _)| *t != ticket);
    }

    /// Whatever has changed: sees to it that nobody waits for ever. While somebody waits, a timer is set
    /// to when the gate lets somebody through of itself, and those who may enter now are woken. `now` is
    /// the reading by which the gate was asked: with a later one it might be open to nobody's knowledge.
    fn tend(self: &Rc<Self>, now: Millis) {
        self.set_timer(now);
        self.wake_ready(now);
    }

    #[inline(never)]
    fn rung(self: &Rc<Self>) {
        let now = host::now();
        self.opening.replace(None);
        // The timer may have rung a moment early: then it is set again.
        self.tend(now);
    }

    fn set_timer(self: &Rc<Self>, now: Millis) {
        let change = self.gate.borrow().next_change(now).filter(|_| !self.waiting.borrow().is_empty());
        let mut opening = self.opening.borrow_mut();
        let Some(at) = change else {
            *opening = None;
            return;
        };
        if opening.as_ref().is_some_and(|(set, _)| *set == at) {
            return;
        }
        let door: Weak<Self> = Rc::downgrade(self);
        let ring = move || {
            if let Some(door) = door.upgrade() {
                door.rung();
            }
        };
        let timer = timer::after(at.saturating_sub(now), Box::new(ring));
        *opening = Some((at, timer));
    }
}

/// A request that waits for leave. Dropped, it gives its place up.
#[must_use = "a wait does nothing unless awaited"]
pub(crate) struct Waiting {
    door: Rc<Door>,
    ticket: Ticket,
    waits: bool,
}

impl Future for Waiting {
    type Output = Leave;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Leave> {
        let open = self.door.gate.borrow().is_open();
        let now = if open { 0 } else { host::now() };
        let entered = self.door.gate.borrow_mut().enter(self.ticket, now);
        match entered {
            Some(pass) => {
                if self.waits {
                    self.waits = false;
                    self.door.forget(self.ticket);
                    self.door.tend(now);
                }
                Poll::Ready(Leave { door: Rc::clone(&self.door), pass: Some(pass) })
            }
            None => {
                self.waits = true;
                self.door.forget(self.ticket);
                self.door.waiting.borrow_mut().push((self.ticket, context.waker().clone()));
                self.door.tend(now);
                Poll::Pending
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.waits {
            self.door.forget(self.ticket);
            self.door.gate.borrow_mut().leave(self.ticket);
            let now = host::now();
            self.door.tend(now);
        }
    }
}

/// Leave to send one request. Dropped without a verdict, it tells the gate that nothing is known.
#[must_use = "leave that is dropped at once lets the next request through"]
pub(crate) struct Leave {
    door: Rc<Door>,
    pass: Option<Pass>,
}

impl Leave {
    /// Tells the gate what came of the request.
    /// True if this refusal closed it.
    pub(crate) fn answered(mut self, verdict: Verdict) -> bool {
        self.give_back(verdict)
    }

    fn give_back(&mut self, verdict: Verdict) -> bool {
        let Some(pass) = self.pass.take() else { return false };
        let now = host::now();
        let closed = self.door.gate.borrow_mut().answered(pass, verdict, now);
        if !self.door.waiting.borrow().is_empty() {
            self.door.tend(now);
        }
        closed
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.give_back(Verdict::Unknown);
    }
}
