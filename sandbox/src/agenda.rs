//! The scheduler. The engine has no clock: the host passes in the time, and every task due by then runs
//! at its own instant, so that one long jump and many small steps produce the same history.

use crate::calls::Step;
use crate::deferred::Deferred;
use crate::store::{LoadErrors, Persist, Saver, persist};
use serde_json::Value;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Pending tasks, the next one first.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    tasks: BinaryHeap<Reverse<Entry>>,
    /// Heartbeats are kept apart because a clock that jumps need not stop for them. They are not saved,
    /// since streams end with the process.
    heartbeats: BinaryHeap<Reverse<Entry>>,
    entered: u64,
}

/// A task, ordered by time and then by insertion.
#[derive(Debug)]
struct Entry {
    due: u64,
    entered: u64,
    task: Task,
}

persist!(Agenda { tasks, entered } skip { heartbeats });
persist!(Entry { due, entered, task });

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.entered).cmp(&(other.due, other.entered))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl Persist for BinaryHeap<Reverse<Entry>> {
    fn save(&self, to: &mut Saver) {
        to.items(self.iter().map(|Reverse(entry)| entry));
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        Vec::load(from, errors).into_iter().map(Reverse).collect()
    }
}

/// A scheduled change. A task that is no longer needed is not removed: when it runs, it finds that
/// there is nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// A step of a call; ignored if the call has been replanned since.
    Call { account: String, call: String, plan: u32, step: Step },
    /// Keeps an idle stream open.
    Heartbeat { stream: u64 },
    /// The user's server has run out of time to respond.
    Timeout { flight: u64 },
    /// The next attempt of a delivery.
    Retry { account: String, delivery: String },
    /// Releases a number that has expired.
    ExpireNumber { account: String, number: String },
    /// Payment for a number's next month is due.
    RenewNumber { account: String, number: String },
    /// A request that waits for the end of a call has reached its time limit.
    WaitOver { account: String, call: String, stream: u64 },
    /// Removes a deleted sub-account with everything in it.
    CloseAccount { account: String },
    /// Performs a deferred request.
    Perform { request: Box<Deferred> },
}

persist!(kinds Task {
    Call { account, call, plan, step },
    Heartbeat { stream },
    Timeout { flight },
    Retry { account, delivery },
    ExpireNumber { account, number },
    RenewNumber { account, number },
    WaitOver { account, call, stream },
    CloseAccount { account },
    Perform { request },
});

impl Task {
    /// The account that the task concerns, if any.
    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Self::Call { account, .. }
            | Self::Retry { account, .. }
            | Self::ExpireNumber { account, .. }
            | Self::RenewNumber { account, .. }
            | Self::WaitOver { account, .. }
            | Self::CloseAccount { account } => Some(account),
            Self::Heartbeat { .. } | Self::Timeout { .. } | Self::Perform { .. } => None,
        }
    }
}

impl Agenda {
    pub(crate) fn at(&mut self, due: u64, task: Task) {
        self.entered += 1;
        let heartbeats = matches!(task, Task::Heartbeat { .. });
        let heap = if heartbeats { &mut self.heartbeats } else { &mut self.tasks };
        heap.push(Reverse(Entry { due, entered: self.entered, task }));
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        let heartbeat = self.heartbeats.peek().map(|Reverse(entry)| entry.due);
        self.next_event().into_iter().chain(heartbeat).min()
    }

    /// Like `next`, without heartbeats.
    pub(crate) fn next_event(&self) -> Option<u64> {
        self.tasks.peek().map(|Reverse(entry)| entry.due)
    }

    /// Takes the next task due by `now`, with its instant. Heartbeats belong to the host's clock: their
    /// instant is `now`, so that a jump sends one heartbeat instead of all that it skips.
    pub(crate) fn take_due(&mut self, now: u64) -> Option<(u64, Task)> {
        let due = self.next_due().filter(|due| *due <= now)?;
        if self.next_event() == Some(due) {
            return self.tasks.pop().map(|Reverse(Entry { task, .. })| (due, task));
        }
        self.heartbeats.pop().map(|Reverse(Entry { task, .. })| (now, task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(name: &str) -> Task {
        Task::CloseAccount { account: name.into() }
    }

    #[test]
    fn tasks_run_in_order_of_time_and_never_early() {
        let mut agenda = Agenda::default();
        agenda.at(20, task("late"));
        agenda.at(10, task("first"));
        agenda.at(10, task("second"));
        assert_eq!(agenda.next_due(), Some(10));
        assert_eq!(agenda.take_due(9), None);
        assert_eq!(agenda.take_due(19), Some((10, task("first"))));
        assert_eq!(agenda.take_due(19), Some((10, task("second"))));
        assert_eq!(agenda.take_due(19), None);
        assert_eq!(agenda.take_due(u64::MAX), Some((20, task("late"))));
        assert_eq!(agenda.next_due(), None);
    }
}
