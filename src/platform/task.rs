//! Runs each call as a task of its own, in the async context of its caller.
//!
//! Node's `AsyncLocalStorage`, zone.js and the coming `AsyncContext` follow a promise: its reactions run in the
//! context in which they were attached. So a task begins inside the reaction of a promise created by its caller, and
//! continues inside the reaction that woke it: waking polls at once, on that stack. A queue shared by all tasks
//! would run each of them in the context of the one that woke first, and call one caller's key supplier, hooks and
//! `fetch` on behalf of another.
//!
//! The other half of the rule is up to its users: only a promise or a timer of its own may wake a task.
//! What one call does for another (opening a rate limiter, aborting a shared signal) resolves a promise of the other call.

use super::promise_future;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// A place in the list of tasks.
#[derive(Default)]
struct Entry {
    /// Distinguishes this task from those that had the place before.
    generation: u32,
    state: State,
}

#[derive(Default)]
enum State {
    #[default]
    Free,
    /// Waits to be woken.
    Idle(Work),
    /// Is being polled. `woken`: it was woken meanwhile.
    Running { woken: bool },
}

#[derive(Default)]
struct Tasks {
    entries: Vec<Entry>,
    free: Vec<usize>,
}

thread_local! {
    static TASKS: RefCell<Tasks> = const { RefCell::new(Tasks { entries: Vec::new(), free: Vec::new() }) };
}

/// Names a task instead of holding it, so that a late or repeated wake-up finds nothing and does nothing.
#[derive(Clone, Copy)]
struct Task {
    index: usize,
    generation: u32,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.run();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.run();
    }
}

/// Runs `future`, beginning in the next microtask of the caller's context.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    let turn = promise_future::microtask();
    begin(Box::pin(async move {
        let _ = turn.await;
        future.await;
    }));
}

fn begin(work: Work) {
    let task = TASKS.with_borrow_mut(|tasks| tasks.insert(work));
    // This registers with `turn` and goes no further.
    task.run();
}

impl Task {
    fn run(self) {
        let mut work = TASKS.with_borrow_mut(|tasks| tasks.take(self));
        let waker = Waker::from(Arc::new(self));
        let mut context = Context::from_waker(&waker);
        while let Some(mut running) = work.take() {
            if running.as_mut().poll(&mut context).is_ready() {
                TASKS.with_borrow_mut(|tasks| tasks.remove(self));
                // Dropped here, outside the borrow, because what a task still owns may call the host when it is dropped.
                return;
            }
            work = TASKS.with_borrow_mut(|tasks| tasks.put_back(self, running));
        }
    }
}

impl Tasks {
    fn insert(&mut self, work: Work) -> Task {
        let index = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len().saturating_sub(1)
        });
        let generation = self.entries.get_mut(index).map_or(0, |place| {
            place.state = State::Idle(work);
            place.generation
        });
        Task { index, generation }
    }

    fn get(&mut self, task: Task) -> Option<&mut Entry> {
        self.entries.get_mut(task.index).filter(|entry| entry.generation == task.generation)
    }

    /// The work of an idle task, to be polled. A task that is being polled is noted as woken instead.
    fn take(&mut self, task: Task) -> Option<Work> {
        let entry = self.get(task)?;
        match std::mem::replace(&mut entry.state, State::Running { woken: false }) {
            State::Idle(work) => Some(work),
            State::Running { .. } => {
                entry.state = State::Running { woken: true };
                None
            }
            State::Free => {
                entry.state = State::Free;
                None
            }
        }
    }

    /// Keeps the work of a task until it is woken; returns it if that has already happened.
    fn put_back(&mut self, task: Task, work: Work) -> Option<Work> {
        let entry = self.get(task)?;
        if matches!(entry.state, State::Running { woken: true }) {
            entry.state = State::Running { woken: false };
            return Some(work);
        }
        entry.state = State::Idle(work);
        None
    }

    fn remove(&mut self, task: Task) {
        let Some(entry) = self.get(task) else { return };
        entry.generation = entry.generation.wrapping_add(1);
        entry.state = State::Free;
        self.free.push(task.index);
    }
}
