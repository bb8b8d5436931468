//! Values by their ids. Those that have not been used for a while are forgotten: they are swept when their number has
//! doubled, so that each step takes the same time on average, however many tenants there are.

use super::Millis;
use rustc_hash::FxHashMap;

/// As many values are kept before the idle ones are first looked for.
const FEW: usize = 16;

/// Identifies a key without containing it.
pub(crate) type Id = u64;

#[derive(Debug)]
struct Entry<T> {
    used: Millis,
    value: T,
}

/// See the head of this file.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    entries: FxHashMap<Id, Entry<T>>,
    /// How many there may be before the next sweep.
    room: usize,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { entries: FxHashMap::default(), room: FEW }
    }
}

impl<T: Clone + Default> Recent<T> {
    /// The value of an id, made where there is none. Before there are too many, those go that have not been used for
    /// `idle` and that are not `held`.
    pub(crate) fn of(&mut self, id: Id, now: Millis, idle: Millis, held: impl Fn(&T) -> bool) -> T {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.used = now;
            return entry.value.clone();
        }
        if self.entries.len() >= self.room {
            self.entries.retain(|_, entry| held(&entry.value) || now < entry.used.saturating_add(idle));
            self.room = self.entries.len().saturating_mul(2).max(FEW);
        }
        let value = T::default();
        self.entries.insert(id, Entry { used: now, value: value.clone() });
        value
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    const IDLE: Millis = 60_000;

    #[test]
    fn a_hundred_thousand_keys_cost_a_few_steps_each() {
        let mut known = Recent::<Rc<()>>::default();
        let looked = Cell::new(0_usize);
        let held = |_: &Rc<()>| {
            looked.set(looked.get() + 1);
            false
        };
        for number in 0..100_000 {
            let _ = known.of(number, 1, IDLE, held);
        }
        assert_eq!(known.entries.len(), 100_000);
        assert!(looked.get() < 400_000, "{} values were looked at to forget them", looked.get());
    }

    #[test]
    fn the_value_of_an_id_stays_while_it_is_used_or_held() {
        let mut known = Recent::<Rc<Cell<u64>>>::default();
        let held = |value: &Rc<Cell<u64>>| Rc::strong_count(value) > 1;
        let mine = known.of(1, 0, IDLE, held);
        mine.set(7);
        known.of(2, 0, IDLE, held).set(8);
        known.of(3, 0, IDLE, held).set(9);
        for number in 10..1_000 {
            let _ = known.of(3, number * IDLE, IDLE, held);
            let _ = known.of(number, number * IDLE, IDLE, held);
        }
        assert_eq!(known.of(1, 1_000 * IDLE, IDLE, held).get(), 7, "held");
        assert_eq!(known.of(3, 1_000 * IDLE, IDLE, held).get(), 9, "used");
        assert_eq!(known.of(2, 1_000 * IDLE, IDLE, held).get(), 0, "neither");
        assert!(known.entries.len() < 100, "{} are kept", known.entries.len());
    }
}
