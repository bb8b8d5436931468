//! An ordered set of sequence numbers that is added to, removed from and paged through. Kept in
//! runs of bounded length, so that skipping to a deep page or counting a span of time steps over
//! runs and not over members: a page of a million stays a matter of microseconds.

/// Members of a run. A removal moves at most this many numbers.
const RUN: usize = 1024;

/// Ascending sequence numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// None is empty; each ascends, and so do they among themselves.
    runs: Vec<Vec<u64>>,
    length: usize,
}

impl Order {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a number, which is nearly always the greatest.
    pub(crate) fn insert(&mut self, seq: u64) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= seq));
        let at = after.saturating_sub(1);
        let newest = after == self.runs.len();
        match self.runs.get_mut(at) {
            // A run that fills up at the end is left full and a new one begun.
            Some(run) if newest && run.len() >= RUN && run.last() < Some(&seq) => self.runs.push(vec![seq]),
            Some(run) => {
                let Err(place) = run.binary_search(&seq) else { return };
                run.insert(place, seq);
                if run.len() > RUN {
                    let upper = run.split_off(RUN / 2);
                    self.runs.insert(at + 1, upper);
                }
            }
            // Most orders of an index hold one number for ever.
            None => self.runs.push(vec![seq]),
        }
        self.length += 1;
    }

    pub(crate) fn remove(&mut self, seq: u64) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= seq));
        let Some(at) = after.checked_sub(1) else { return };
        let Some(run) = self.runs.get_mut(at) else { return };
        if let Ok(place) = run.binary_search(&seq) {
            run.remove(place);
            self.length -= 1;
            if run.is_empty() {
                self.runs.remove(at);
            }
        }
    }

    /// From the newest on, without the first `skip`.
    pub(crate) fn newest(&self, skip: usize) -> impl Iterator<Item = u64> {
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

    pub(crate) fn oldest(&self) -> impl Iterator<Item = u64> {
        self.runs.iter().flatten().copied()
    }

    /// How many numbers stand before the first of which `earlier` is false. It must be true of all
    /// up to some number and of none after.
    pub(crate) fn rank(&self, earlier: impl Fn(u64) -> bool) -> usize {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| earlier(*first)));
        let Some(last) = after.checked_sub(1) else { return 0 };
        let whole: usize = self.runs.iter().take(last).map(Vec::len).sum();
        whole + self.runs.get(last).map_or(0, |run| run.partition_point(|seq| earlier(*seq)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: u64) -> Order {
        let mut order = Order::default();
        (0..count).for_each(|seq| order.insert(seq * 2));
        order
    }

    #[test]
    fn a_deep_page_is_the_same_as_walking_to_it() {
        let order = filled(5000);
        for skip in [0, 1, 1023, 1024, 1025, 2500, 4999, 5000, 9000] {
            let walked: Vec<u64> = (0..5000_u64).rev().map(|n| n * 2).skip(skip).take(30).collect();
            assert_eq!(order.newest(skip).take(30).collect::<Vec<_>>(), walked, "{skip}");
        }
    }

    #[test]
    fn removals_leave_no_hole_and_no_empty_run() {
        let mut order = filled(3000);
        (0..3000).filter(|n| n % 3 != 0).for_each(|n| order.remove(n * 2));
        order.remove(1);
        order.remove(99_999);
        assert_eq!(order.len(), 1000);
        assert_eq!(order.oldest().collect::<Vec<_>>(), (0..1000).map(|n| n * 6).collect::<Vec<_>>());
        assert_eq!(order.newest(998).collect::<Vec<_>>(), [6, 0]);
        (0..1000).for_each(|n| order.remove(n * 6));
        assert!(order.is_empty() && order.runs.is_empty());
        order.insert(7);
        assert_eq!(order.newest(0).collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn a_late_comer_finds_its_place_however_full_the_runs_are() {
        let mut order = filled(3000);
        (0..3000).rev().for_each(|n| order.insert(n * 2 + 1));
        order.insert(4);
        assert_eq!(order.len(), 6000);
        assert_eq!(order.oldest().collect::<Vec<_>>(), (0..6000).collect::<Vec<_>>());
        assert!(order.runs.iter().all(|run| run.len() <= RUN));
    }

    #[test]
    fn a_rank_counts_what_came_before() {
        let order = filled(3000);
        for bound in [0, 1, 2, 2047, 2048, 2049, 5998, 9999] {
            let counted = (0..3000).filter(|n| n * 2 < bound).count();
            assert_eq!(order.rank(|seq| seq < bound), counted, "{bound}");
        }
        assert_eq!(Order::default().rank(|_| true), 0);
    }
}
