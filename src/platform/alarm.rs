//! The one timer of a call. Setting it to another time clears the one before, so that a call has one timer under
//! way, whatever it waits for; dropped, it leaves none.
//!
//! The timer resolves a promise of the call's own, because its callback may run in the async context of somebody else:
//! of whoever moves a fake clock, or wherever a library that replaces timers calls back.

use super::promise_future::{self, PromiseFuture};
use super::{host, timer};
use crate::core::Millis;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use wasm_bindgen::JsValue;

/// See the head of this file.
#[derive(Default)]
pub(crate) struct Alarm {
    /// Settles when the timer rings, and what settles it.
    bell: Option<(PromiseFuture, Function)>,
    rang: Rc<Cell<bool>>,
    set: Option<(Millis, Timeout)>,
}

impl Alarm {
    /// Has it ring at a time of the clock; never, where there is none.
    pub(crate) fn set(&mut self, at: Option<Millis>) {
        if self.set.as_ref().map(|(at, _)| *at) == at {
            return;
        }
        // One of its own: the timer before may be one that can no longer be cleared.
        self.rang = Rc::default();
        self.set = at.map(|at| {
            let rang = Rc::clone(&self.rang);
            let (_, wake) = self.bell.get_or_insert_with(promise_future::deferred);
            let wake = wake.clone();
            let ring = Box::new(move || {
                rang.set(true);
                let _ = wake.call0(&JsValue::UNDEFINED);
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
        if let Some((bell, _)) = &mut self.bell
            && Pin::new(bell).poll(context).is_ready()
        {
            self.bell = None;
            if !self.rang.get() {
                // It was the timer before this one.
                let at = self.set.take().map(|(at, _)| at);
                self.set(at);
                return self.has_rung(context);
            }
        }
        if self.rang.get() {
            self.set(None);
            return true;
        }
        false
    }
}
