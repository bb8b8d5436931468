//! The one timer of a call. Setting it to another time clears the one before, so that a call has one timer under
//! way, whatever it waits for; dropped, it leaves none.

use super::{host, timer};
use crate::core::Millis;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Waker};

#[derive(Default)]
struct Bell {
    rang: bool,
    waker: Option<Waker>,
}

/// See the head of this file.
#[derive(Default)]
pub(crate) struct Alarm {
    bell: Rc<RefCell<Bell>>,
    set: Option<(Millis, Timeout)>,
}

impl Alarm {
    /// Has it ring at a time of the clock; never, where there is none.
    pub(crate) fn set(&mut self, at: Option<Millis>) {
        if self.set.as_ref().map(|(at, _)| *at) == at {
            return;
        }
        // A bell of its own: the timer before may be one that can no longer be cleared.
        self.bell = Rc::default();
        self.set = at.map(|at| {
            let bell = Rc::clone(&self.bell);
            let ring = Box::new(move || {
                let waker = {
                    let mut bell = bell.borrow_mut();
                    bell.rang = true;
                    bell.waker.take()
                };
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
            (at, timer::after(at.saturating_sub(host::now()), ring))
        });
    }

    /// Has it ring by a time of the clock, perhaps earlier: a timer that is under way is left alone where it is early
    /// enough, because setting one for each chunk of a stream would cost more than reading it.
    pub(crate) fn set_by(&mut self, at: Option<Millis>) {
        let Some(at) = at else { return };
        if self.set.as_ref().is_none_or(|(set, _)| *set > at) {
            self.set(Some(at));
        }
    }

    /// True once it has rung; else `context` is woken when it does.
    pub(crate) fn has_rung(&mut self, context: &mut Context<'_>) -> bool {
        let rang = {
            let mut bell = self.bell.borrow_mut();
            bell.waker = Some(context.waker().clone());
            bell.rang
        };
        if rang {
            self.set(None);
        }
        rang
    }
}
