//! What is to happen when. The engine has no clock: the host passes it the time, and then every task is done
//! that fell due until then, each at its own instant, so that one long jump and many small steps
//! make the same history.

use crate::calls::Step;
use crate::deferred::Deferred;
use crate::store::{Kept, Misfits, Saver, kept};
use serde_json::Value;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The tasks to come, the next one on top.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    tasks: BinaryHeap<Reverse<Entry>>,
    /// Heartbeats, apart because a clock that jumps need not stop for them. Streams outlive no run.
    beats: BinaryHeap<Reverse<Entry>>,
    entered: u64,
}

/// A task in the order of instants, then of entry.
#[derive(Debug)]
struct Entry {
    due: u64,
    entered: u64,
    task: Task,
}

kept!(Agenda { tasks, entered } skip { beats });
kept!(Entry { due, entered, task });

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

impl Kept for BinaryHeap<Reverse<Entry>> {
    fn save(&self, to: &mut Saver) {
        to.items(self.iter().map(|Reverse(entry)| entry));
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        Vec::load(from, misfits).into_iter().map(Reverse).collect()
    }
}

/// Something that time brings about. A task that has become pointless is not taken off the agenda:
/// it finds, when it is due, that there is nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// A step of a call, void when the call has made another plan since.
    Call { account: String, call: String, plan: u32, step: Step },
    /// A sign of life on a stream.
    Heartbeat { stream: u64 },
    /// The user's server has had its time for an answer.
    Timeout { flight: u64 },
    /// A delivery is tried again.
    Retry { account: String, delivery: String },
    /// A number whose time is up is released.
    ExpireNumber { account: String, number: String },
    /// The next month of a number is to be paid.
    RenewNumber { account: String, number: String },
    /// A request has waited for the end of a call as long as it was to.
    WaitOver { account: String, call: String, stream: u64 },
    /// A sub-account that was deleted goes, with all that is in it.
    CloseAccount { account: String },
    /// A deferred request is performed.
    Perform { request: Box<Deferred> },
}

kept!(kinds Task {
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
    /// The name of the account that it is about, if it is about one.
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
        let beats = matches!(task, Task::Heartbeat { .. });
        let heap = if beats { &mut self.beats } else { &mut self.tasks };
        heap.push(Reverse(Entry { due, entered: self.entered, task }));
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        let beat = self.beats.peek().map(|Reverse(entry)| entry.due);
        self.next_event().into_iter().chain(beat).min()
    }

    /// The same without heartbeats.
    pub(crate) fn next_event(&self) -> Option<u64> {
        self.tasks.peek().map(|Reverse(entry)| entry.due)
    }

    /// The next task that is due by `now`, with its instant. A heartbeat is for the reader, who lives in
    /// the host's time: its instant is `now`, so that a jump makes one and not all that it passes over.
    pub(crate) fn take_due(&mut self, now: u64) -> Option<(u64, Task)> {
        let due = self.next_due().filter(|due| *due <= now)?;
        if self.next_event() == Some(due) {
            return self.tasks.pop().map(|Reverse(Entry { task, .. })| (due, task));
        }
        self.beats.pop().map(|Reverse(Entry { task, .. })| (now, task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(name: &str) -> Task {
        Task::CloseAccount { account: name.into() }
    }

    #[test]
    fn tasks_come_in_the_order_of_their_instants_and_never_early() {
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
