//! Runs futures. `wasm_bindgen_futures::spawn_local` does the same with a closure and a search for the global
//! object of its own, which weigh more than this. A task that is woken runs when whoever has woken it has
//! returned to the engine, never inside.

use super::watch;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

type Running = Pin<Box<dyn Future<Output = ()>>>;

/// A place for a task; a wake that is meant for one that has ended does the next one no harm.
struct Place {
    /// Absent while it runs.
    task: Option<Running>,
    waker: Waker,
    woken: bool,
}

struct Tasks {
    places: Vec<Place>,
    free: Vec<usize>,
    /// Who has been woken, in order.
    woken: Vec<usize>,
    /// Who runs now, the first at the end.
    due: Vec<usize>,
    /// The engine has been asked to call [`run`].
    asked: bool,
}

thread_local! {
    static TASKS: RefCell<Tasks> = const {
        RefCell::new(Tasks {
            places: Vec::new(),
            free: Vec::new(),
            woken: Vec::new(),
            due: Vec::new(),
            asked: false,
        })
    };
}

struct Number(usize);

impl Wake for Number {
    fn wake(self: Arc<Self>) {
        wake(self.0);
    }
}

fn wake(number: usize) {
    let ask = TASKS.with_borrow_mut(|tasks| {
        if let Some(place) = tasks.places.get_mut(number)
            && !std::mem::replace(&mut place.woken, true)
        {
            tasks.woken.push(number);
        }
        !std::mem::replace(&mut tasks.asked, true)
    });
    if ask {
        watch::soon();
    }
}

/// Runs a future to its end, beginning when the caller has returned to the engine.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    let task: Running = Box::pin(future);
    let number = TASKS.with_borrow_mut(|tasks| {
        let number = tasks.free.pop().unwrap_or(tasks.places.len());
        match tasks.places.get_mut(number) {
            Some(place) => place.task = Some(task),
            None => {
                let waker = Waker::from(Arc::new(Number(number)));
                tasks.places.push(Place { task: Some(task), waker, woken: false });
            }
        }
        number
    });
    wake(number);
}

/// Runs the tasks that have been woken. Those that are woken meanwhile run the next time.
pub(super) fn run() {
    TASKS.with_borrow_mut(|tasks| {
        tasks.asked = false;
        let mut due = std::mem::take(&mut tasks.woken);
        due.reverse();
        // What a fault has left from the last time comes first.
        due.append(&mut tasks.due);
        tasks.due = due;
    });
    loop {
        let next = TASKS.with_borrow_mut(|tasks| {
            let number = tasks.due.pop()?;
            let place = tasks.places.get_mut(number)?;
            place.woken = false;
            Some((number, place.task.take(), place.waker.clone()))
        });
        let Some((number, task, waker)) = next else { return };
        let Some(mut task) = task else { continue };
        // Nothing is borrowed while it runs, or is dropped.
        let pending = match task.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => Some(task),
            Poll::Ready(()) => {
                drop(task);
                None
            }
        };
        TASKS.with_borrow_mut(|tasks| {
            if pending.is_none() {
                tasks.free.push(number);
            }
            if let Some(place) = tasks.places.get_mut(number) {
                place.task = pending;
            }
        });
    }
}
