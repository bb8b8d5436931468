//! An ordered set of positions, kept in runs of bounded length. Skipping to a deep page and counting a
//! time span visit runs instead of members, which keeps paging fast in large tables.

/// Maximum length of a run. A removal moves at most this many members.
const RUN: usize = 1024;

/// Where an object is stored: its sequence number, which determines the order, and its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    sequence: u32,
    slot: u32,
}

impl Position {
    pub(super) fn new(sequence: u32, slot: u32) -> Self {
        Self { sequence, slot }
    }

    pub(super) fn slot_number(self) -> u32 {
        self.slot
    }

    pub(super) fn slot(self) -> usize {
        // Memory cannot hold more objects than `usize` counts.
        usize::try_from(self.slot).unwrap_or(usize::MAX)
    }
}

/// Places in ascending order.
#[derive(Debug, Clone, Default)]
pub(super) struct OrderedSet {
    /// No run is empty; runs and their members are in ascending order.
    runs: Vec<Vec<Position>>,
    length: usize,
}

impl OrderedSet {
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a position, which is usually the last.
    pub(super) fn insert(&mut self, position: Position) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= position));
        let at = after.saturating_sub(1);
        let newest = after == self.runs.len();
        match self.runs.get_mut(at) {
            // A full run at the end stays full, and a new one is started.
            Some(run) if newest && run.len() >= RUN && run.last() < Some(&position) => {
                self.runs.push(vec![position])
            }
            Some(run) => {
                let Err(index) = run.binary_search(&position) else { return };
                run.insert(index, position);
                if run.len() > RUN {
                    let upper = run.split_off(RUN / 2);
                    self.runs.insert(at + 1, upper);
                }
            }
            // Most keys of an index have only ever one position.
            None => self.runs.push(vec![position]),
        }
        self.length += 1;
    }

    pub(super) fn remove(&mut self, position: Position) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= position));
        let Some(at) = after.checked_sub(1) else { return };
        let Some(run) = self.runs.get_mut(at) else { return };
        if let Ok(index) = run.binary_search(&position) {
            run.remove(index);
            self.length -= 1;
            if run.is_empty() {
                self.runs.remove(at);
            }
        }
    }

    /// Newest first, without the first `skip`.
    pub(super) fn newest(&self, skip: usize) -> impl Iterator<Item = Position> {
        let mut left = skip;
        let mut whole = 0;
        for run in self.runs.iter().rev() {
            if left < run.len() {
                break;
            }
            left -= run.len();
            whole += 1;
        }
        self.runs.iter().rev().skip(whole).flat_map(|run| run.iter().rev().copied()).skip(left)
    }

    pub(super) fn oldest(&self) -> impl Iterator<Item = Position> {
        self.runs.iter().flatten().copied()
    }

    /// How many positions precede the first one for which `earlier` is false. It must be true for all positions
    /// before some point and false for all after it.
    pub(super) fn rank(&self, earlier: &dyn Fn(Position) -> bool) -> usize {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| earlier(*first)));
        let Some(last) = after.checked_sub(1) else { return 0 };
        let whole: usize = self.runs.iter().take(last).map(Vec::len).sum();
        whole + self.runs.get(last).map_or(0, |run| run.partition_point(|position| earlier(*position)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(sequence: u32) -> Position {
        Position::new(sequence, 0)
    }

    fn filled(count: u32) -> OrderedSet {
        let mut order = OrderedSet::default();
        (0..count).for_each(|n| order.insert(position(n * 2)));
        order
    }

    fn numbers(positions: impl Iterator<Item = Position>) -> Vec<u32> {
        positions.map(|p| p.sequence).collect()
    }

    #[test]
    fn a_deep_page_is_the_same_as_walking_to_it() {
        let order = filled(5000);
        for skip in [0, 1, 1023, 1024, 1025, 2500, 4999, 5000, 9000] {
            let walked: Vec<u32> = (0..5000).rev().map(|n| n * 2).skip(skip).take(30).collect();
            assert_eq!(numbers(order.newest(skip).take(30)), walked, "{skip}");
        }
    }

    #[test]
    fn removals_leave_no_hole_and_no_empty_run() {
        let mut order = filled(3000);
        (0..3000).filter(|n| n % 3 != 0).for_each(|n| order.remove(position(n * 2)));
        order.remove(position(1));
        order.remove(position(99_999));
        assert_eq!(order.len(), 1000);
        assert_eq!(numbers(order.oldest()), (0..1000).map(|n| n * 6).collect::<Vec<_>>());
        assert_eq!(numbers(order.newest(998)), [6, 0]);
        (0..1000).for_each(|n| order.remove(position(n * 6)));
        assert!(order.is_empty() && order.runs.is_empty());
        order.insert(position(7));
        assert_eq!(numbers(order.newest(0)), [7]);
    }

    #[test]
    fn a_late_insertion_keeps_the_order_however_full_the_runs_are() {
        let mut order = filled(3000);
        (0..3000).rev().for_each(|n| order.insert(position(n * 2 + 1)));
        order.insert(position(4));
        assert_eq!(order.len(), 6000);
        assert_eq!(numbers(order.oldest()), (0..6000).collect::<Vec<_>>());
        assert!(order.runs.iter().all(|run| run.len() <= RUN));
    }

    #[test]
    fn a_rank_counts_the_earlier_positions() {
        let order = filled(3000);
        for bound in [0, 1, 2, 2047, 2048, 2049, 5998, 9999] {
            let counted = (0..3000).filter(|n| n * 2 < bound).count();
            assert_eq!(order.rank(&|p| p < position(bound)), counted, "{bound}");
        }
        assert_eq!(OrderedSet::default().rank(&|_| true), 0);
    }
}
