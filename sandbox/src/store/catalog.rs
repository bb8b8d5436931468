//! The part of a table that does not depend on the type of its objects: ids, order and indexes.
//! Separate from the table, so that the module contains this code only once.

use super::ordered_set::{OrderedSet, Position};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) ids: BTreeMap<Box<str>, Position>,
    pub(super) order: OrderedSet,
    pub(super) indexes: Vec<BTreeMap<Box<str>, OrderedSet>>,
    /// The sequence number of the next object.
    next: u32,
    /// Free slots.
    free: Vec<u32>,
    slots: u32,
}

/// Owned copies of keys, to compare with after the object has changed.
pub(super) fn owned(keys: &[(usize, &str)]) -> Vec<(usize, Box<str>)> {
    keys.iter().map(|(index, key)| (*index, (*key).into())).collect()
}

impl Catalog {
    /// Adds a new object, after all others.
    pub(super) fn add(&mut self, id: &str, keys: &[(usize, &str)]) -> Position {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        let position = Position::new(self.next, slot);
        self.next += 1;
        self.ids.insert(id.into(), position);
        self.order.insert(position);
        self.add_keys(position, keys);
        position
    }

    pub(super) fn remove(&mut self, id: &str, keys: &[(usize, &str)]) {
        let Some(position) = self.ids.remove(id) else { return };
        self.order.remove(position);
        keys.iter().for_each(|(index, key)| self.remove_key(position, *index, key));
        self.free.push(position.slot_number());
    }

    pub(super) fn reindex(
        &mut self,
        position: Position,
        before: &[(usize, Box<str>)],
        after: &[(usize, &str)],
    ) {
        if !before.iter().map(|(index, key)| (*index, &**key)).eq(after.iter().copied()) {
            before.iter().for_each(|(index, key)| self.remove_key(position, *index, key));
            self.add_keys(position, after);
        }
    }

    fn add_keys(&mut self, position: Position, keys: &[(usize, &str)]) {
        for (index, key) in keys {
            if self.indexes.len() <= *index {
                self.indexes.resize_with(index + 1, BTreeMap::new);
            }
            let Some(known) = self.indexes.get_mut(*index) else { continue };
            match known.get_mut(*key) {
                Some(order) => order.insert(position),
                None => {
                    let mut order = OrderedSet::default();
                    order.insert(position);
                    known.insert((*key).into(), order);
                }
            }
        }
    }

    /// Removes an index entry; a key without objects is dropped.
    fn remove_key(&mut self, position: Position, index: usize, key: &str) {
        let Some(known) = self.indexes.get_mut(index) else { return };
        if let Some(order) = known.get_mut(key) {
            order.remove(position);
            if order.is_empty() {
                known.remove(key);
            }
        }
    }
}
