//! An ordered set of places that is added to, removed from and paged through. Kept in
//! runs of bounded length, so that skipping to a deep page or counting a span of time steps over
//! runs and not over members: a page of a million stays a matter of microseconds.

/// Members of a run. A removal moves at most this many places.
const RUN: usize = 1024;

/// Where an object is: its sequence number, by which places are ordered, and the slot in which
/// it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    sequence: u32,
    slot: u32,
}

impl Place {
    pub(super) fn new(sequence: u32, slot: u32) -> Self {
        Self { sequence, slot }
    }

    pub(super) fn slot_number(self) -> u32 {
        self.slot
    }

    pub(super) fn slot(self) -> usize {
        // No object fits into a memory that has fewer slots than this.
        usize::try_from(self.slot).unwrap_or(usize::MAX)
    }
}

/// Places in ascending order.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// None is empty; each ascends, and so do they among themselves.
    runs: Vec<Vec<Place>>,
    length: usize,
}

impl Order {
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a place, which is nearly always the last.
    pub(super) fn insert(&mut self, place: Place) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= place));
        let at = after.saturating_sub(1);
        let newest = after == self.runs.len();
        match self.runs.get_mut(at) {
            // A run that fills up at the end is left full and a new one begun.
            Some(run) if newest && run.len() >= RUN && run.last() < Some(&place) => {
                self.runs.push(vec![place])
            }
            Some(run) => {
                let Err(index) = run.binary_search(&place) else { return };
                run.insert(index, place);
                if run.len() > RUN {
                    let upper = run.split_off(RUN / 2);
                    self.runs.insert(at + 1, upper);
                }
            }
            // Most orders of an index have one place forever.
            None => self.runs.push(vec![place]),
        }
        self.length += 1;
    }

    pub(super) fn remove(&mut self, place: Place) {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| *first <= place));
        let Some(at) = after.checked_sub(1) else { return };
        let Some(run) = self.runs.get_mut(at) else { return };
        if let Ok(index) = run.binary_search(&place) {
            run.remove(index);
            self.length -= 1;
            if run.is_empty() {
                self.runs.remove(at);
            }
        }
    }

    /// From the newest on, without the first `skip`.
    pub(super) fn newest(&self, skip: usize) -> impl Iterator<Item = Place> {
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

    pub(super) fn oldest(&self) -> impl Iterator<Item = Place> {
        self.runs.iter().flatten().copied()
    }

    /// How many places stand before the first of which `earlier` is false. It must be true of all
    /// up to some number and of none after.
    pub(super) fn rank(&self, earlier: &dyn Fn(Place) -> bool) -> usize {
        let after = self.runs.partition_point(|run| run.first().is_some_and(|first| earlier(*first)));
        let Some(last) = after.checked_sub(1) else { return 0 };
        let whole: usize = self.runs.iter().take(last).map(Vec::len).sum();
        whole + self.runs.get(last).map_or(0, |run| run.partition_point(|place| earlier(*place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sequence: u32) -> Place {
        Place::new(sequence, 0)
    }

    fn filled(count: u32) -> Order {
        let mut order = Order::default();
        (0..count).for_each(|n| order.insert(place(n * 2)));
        order
    }

    fn numbers(places: impl Iterator<Item = Place>) -> Vec<u32> {
        places.map(|p| p.sequence).collect()
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
        (0..3000).filter(|n| n % 3 != 0).for_each(|n| order.remove(place(n * 2)));
        order.remove(place(1));
        order.remove(place(99_999));
        assert_eq!(order.len(), 1000);
        assert_eq!(numbers(order.oldest()), (0..1000).map(|n| n * 6).collect::<Vec<_>>());
        assert_eq!(numbers(order.newest(998)), [6, 0]);
        (0..1000).for_each(|n| order.remove(place(n * 6)));
        assert!(order.is_empty() && order.runs.is_empty());
        order.insert(place(7));
        assert_eq!(numbers(order.newest(0)), [7]);
    }

    #[test]
    fn a_late_comer_finds_its_place_however_full_the_runs_are() {
        let mut order = filled(3000);
        (0..3000).rev().for_each(|n| order.insert(place(n * 2 + 1)));
        order.insert(place(4));
        assert_eq!(order.len(), 6000);
        assert_eq!(numbers(order.oldest()), (0..6000).collect::<Vec<_>>());
        assert!(order.runs.iter().all(|run| run.len() <= RUN));
    }

    #[test]
    fn a_rank_counts_what_came_before() {
        let order = filled(3000);
        for bound in [0, 1, 2, 2047, 2048, 2049, 5998, 9999] {
            let counted = (0..3000).filter(|n| n * 2 < bound).count();
            assert_eq!(order.rank(&|p| p < place(bound)), counted, "{bound}");
        }
        assert_eq!(Order::default().rank(&|_| true), 0);
    }
}
