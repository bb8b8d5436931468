//! The part of a table that does not depend on what it contains: ids, order and indexes. Apart from the
//! table, so that the module has it once and not once for each kind of object.

use super::order::{Order, Place};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) ids: BTreeMap<Box<str>, Place>,
    pub(super) order: Order,
    pub(super) indexes: Vec<BTreeMap<Box<str>, Order>>,
    /// The sequence number of the next object.
    next: u32,
    /// Slots of objects that are gone.
    free: Vec<u32>,
    slots: u32,
}

/// Keys that outlive a change of the object.
pub(super) fn owned(keys: &[(usize, &str)]) -> Vec<(usize, Box<str>)> {
    keys.iter().map(|(index, key)| (*index, (*key).into())).collect()
}

impl Catalog {
    /// Gives a new object its place, after all others.
    pub(super) fn add(&mut self, id: &str, keys: &[(usize, &str)]) -> Place {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        let place = Place::new(self.next, slot);
        self.next += 1;
        self.ids.insert(id.into(), place);
        self.order.insert(place);
        self.file(place, keys);
        place
    }

    pub(super) fn remove(&mut self, id: &str, keys: &[(usize, &str)]) {
        let Some(place) = self.ids.remove(id) else { return };
        self.order.remove(place);
        keys.iter().for_each(|(index, key)| self.unfile(place, *index, key));
        self.free.push(place.slot_number());
    }

    pub(super) fn refile(&mut self, place: Place, before: &[(usize, Box<str>)], after: &[(usize, &str)]) {
        if !before.iter().map(|(index, key)| (*index, &**key)).eq(after.iter().copied()) {
            before.iter().for_each(|(index, key)| self.unfile(place, *index, key));
            self.file(place, after);
        }
    }

    fn file(&mut self, place: Place, keys: &[(usize, &str)]) {
        for (index, key) in keys {
            if self.indexes.len() <= *index {
                self.indexes.resize_with(index + 1, BTreeMap::new);
            }
            let Some(known) = self.indexes.get_mut(*index) else { continue };
            match known.get_mut(*key) {
                Some(order) => order.insert(place),
                None => {
                    let mut order = Order::default();
                    order.insert(place);
                    known.insert((*key).into(), order);
                }
            }
        }
    }

    /// A key without objects is forgotten.
    fn unfile(&mut self, place: Place, index: usize, key: &str) {
        let Some(known) = self.indexes.get_mut(index) else { return };
        if let Some(order) = known.get_mut(key) {
            order.remove(place);
            if order.is_empty() {
                known.remove(key);
            }
        }
    }
}
