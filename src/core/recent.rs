//! Values by their ids, of which those are forgotten that nobody has used for a while. Each step takes the same time
//! however many there are, on the average: with a sorted list, a hundred thousand tenants would pay for each other.

use super::Millis;

/// As many values are kept before the idle ones are first looked for.
const FEW: usize = 16;

/// Stands for a key without holding it. Its bits must be as good as random: they choose the place.
pub type Id = u64;

#[derive(Debug)]
struct Entry<T> {
    id: Id,
    used: Millis,
    value: T,
}

/// See the head of this file.
#[derive(Debug)]
pub struct Recent<T> {
    /// As many as there may be values before the next sweep.
    buckets: Vec<Vec<Entry<T>>>,
    count: usize,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { buckets: Vec::new(), count: 0 }
    }
}

impl<T: Clone + Default> Recent<T> {
    /// The value of an id, made where there is none. Before there are too many for their places, those go that have not
    /// been used for `idle` and that are not `held` by anybody.
    pub fn of(&mut self, id: Id, now: Millis, idle: Millis, held: impl Fn(&T) -> bool) -> T {
        if let Some(entry) = self.bucket(id).and_then(|bucket| bucket.iter_mut().find(|entry| entry.id == id))
        {
            entry.used = now;
            return entry.value.clone();
        }
        if self.count >= self.buckets.len() {
            self.sweep(|entry| held(&entry.value) || now < entry.used.saturating_add(idle));
        }
        let value = T::default();
        if let Some(bucket) = self.bucket(id) {
            bucket.push(Entry { id, used: now, value: value.clone() });
            self.count = self.count.saturating_add(1);
        }
        value
    }

    fn bucket(&mut self, id: Id) -> Option<&mut Vec<Entry<T>>> {
        let places = Id::try_from(self.buckets.len()).unwrap_or(Id::MAX);
        let place = id.checked_rem(places)?;
        self.buckets.get_mut(usize::try_from(place).ok()?)
    }

    /// Forgets, and makes room for as many again.
    fn sweep(&mut self, keeps: impl Fn(&Entry<T>) -> bool) {
        let kept: Vec<_> = std::mem::take(&mut self.buckets).into_iter().flatten().filter(keeps).collect();
        self.count = kept.len();
        self.buckets.resize_with(self.count.saturating_mul(2).max(FEW), Vec::new);
        for entry in kept {
            if let Some(bucket) = self.bucket(entry.id) {
                bucket.push(entry);
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    const IDLE: Millis = 60_000;

    /// Bits as good as random.
    fn id(number: u64) -> Id {
        let once =
            (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(0x9e37_79b9_7f4a_7c15);
        (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
    }

    #[test]
    fn a_hundred_thousand_keys_cost_a_few_steps_each() {
        let mut known = Recent::<Rc<()>>::default();
        let looked = Cell::new(0_usize);
        let held = |_: &Rc<()>| {
            looked.set(looked.get() + 1);
            false
        };
        for number in 0..100_000 {
            let _ = known.of(id(number), 1, IDLE, held);
        }
        assert_eq!(known.count, 100_000);
        assert!(looked.get() < 400_000, "{} values were looked at to forget them", looked.get());
        let longest = known.buckets.iter().map(Vec::len).max();
        assert!(longest < Some(24), "{longest:?} values share one place");
    }

    #[test]
    fn the_value_of_an_id_stays_while_it_is_used_or_held() {
        let mut known = Recent::<Rc<Cell<u64>>>::default();
        let held = |value: &Rc<Cell<u64>>| Rc::strong_count(value) > 1;
        let mine = known.of(id(1), 0, IDLE, held);
        mine.set(7);
        known.of(id(2), 0, IDLE, held).set(8);
        known.of(id(3), 0, IDLE, held).set(9);
        for number in 10..1_000 {
            let _ = known.of(id(3), number * IDLE, IDLE, held);
            let _ = known.of(id(number), number * IDLE, IDLE, held);
        }
        assert_eq!(known.of(id(1), 1_000 * IDLE, IDLE, held).get(), 7, "held");
        assert_eq!(known.of(id(3), 1_000 * IDLE, IDLE, held).get(), 9, "used");
        assert_eq!(known.of(id(2), 1_000 * IDLE, IDLE, held).get(), 0, "neither");
        assert!(known.count < 100, "{} are kept", known.count);
    }
}
