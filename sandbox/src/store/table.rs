//! Objects by id, in the order in which they were added or last touched, with the indexes that the
//! API's filters need. Finding, adding, changing, removing and paging stay fast at any size.

use super::catalog::{Catalog, owned};
use super::load_errors::LoadErrors;
use super::ordered_set::{OrderedSet, Position};
use super::saver::{Persist, Saver};
use serde_json::Value;

/// Memory per object in the catalog, besides the object itself: its id, its order and a few indexes.
const CATALOG_ENTRY: u64 = 256;

/// What a table contains.
pub(crate) trait Record {
    fn id(&self) -> &str;

    /// The keys under which [`Table::by_key`] finds the object: (index, key). They are updated when the
    /// object changes.
    fn keys(&self) -> Vec<(usize, &str)> {
        Vec::new()
    }
}

/// An ordered, indexed collection.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// Indexed by the slots that the catalog assigns.
    items: Vec<Option<Box<T>>>,
    catalog: Catalog,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { items: Vec::new(), catalog: Catalog::default() }
    }
}

impl<T: Record> Table<T> {
    pub(crate) fn len(&self) -> usize {
        self.catalog.order.len()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.at(*self.catalog.ids.get(id)?)
    }

    fn at(&self, position: Position) -> Option<&T> {
        self.items.get(position.slot())?.as_deref()
    }

    /// Adds an object as the newest one. Ids are random; an object with an existing id replaces the older
    /// one.
    pub(crate) fn insert(&mut self, item: T) {
        self.remove(item.id());
        let slot = self.catalog.add(item.id(), &item.keys()).slot();
        let item = Some(Box::new(item));
        match self.items.get_mut(slot) {
            Some(free) => *free = item,
            None => self.items.push(item),
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let slot = self.catalog.ids.get(id)?.slot();
        let item = self.items.get_mut(slot)?.take()?;
        self.catalog.remove(id, &item.keys());
        Some(*item)
    }

    /// Changes an object and updates its index entries. Its id must not change.
    pub(crate) fn update<R>(&mut self, id: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let position = *self.catalog.ids.get(id)?;
        let item = self.items.get_mut(position.slot())?.as_deref_mut()?;
        let before = owned(&item.keys());
        let out = change(item);
        self.catalog.reindex(position, &before, &item.keys());
        Some(out)
    }

    /// Changes an object and makes it the newest one.
    pub(crate) fn touch<R>(&mut self, id: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut item = self.remove(id)?;
        let out = change(&mut item);
        self.insert(item);
        Some(out)
    }

    /// All objects, newest first, without the first `skip`.
    pub(crate) fn newest(&self, skip: usize) -> impl Iterator<Item = &T> {
        self.catalog.order.newest(skip).filter_map(|position| self.at(position))
    }

    pub(crate) fn oldest(&self) -> impl Iterator<Item = &T> {
        self.catalog.order.oldest().filter_map(|position| self.at(position))
    }

    /// The objects under a key of an index.
    pub(crate) fn by_key(&self, index: usize, key: &str) -> ByKey<'_, T> {
        ByKey { table: self, order: self.catalog.indexes.get(index).and_then(|keys| keys.get(key)) }
    }

    /// How many objects are `earlier`; see [`ByKey::earlier`].
    pub(crate) fn earlier(&self, earlier: impl Fn(&T) -> bool) -> usize {
        self.catalog.order.rank(&|position| self.at(position).is_some_and(&earlier))
    }
}

/// The objects under one key, in the table's order.
#[derive(Debug)]
pub(crate) struct ByKey<'a, T> {
    table: &'a Table<T>,
    order: Option<&'a OrderedSet>,
}

impl<'a, T: Record> ByKey<'a, T> {
    pub(crate) fn len(&self) -> usize {
        self.order.map_or(0, OrderedSet::len)
    }

    /// Newest first, without the first `skip`.
    pub(crate) fn newest(&self, skip: usize) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let table = self.table;
        let positions = self.order.into_iter().flat_map(move |order| order.newest(skip));
        positions.filter_map(|position| table.at(position))
    }

    pub(crate) fn oldest(&self) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let table = self.table;
        let positions = self.order.into_iter().flat_map(OrderedSet::oldest);
        positions.filter_map(|position| table.at(position))
    }

    /// How many objects are `earlier` than some instant. Objects are ordered by time, so this takes only a
    /// few comparisons.
    pub(crate) fn earlier(&self, earlier: impl Fn(&T) -> bool) -> usize {
        self.order.map_or(0, |order| order.rank(&|position| self.table.at(position).is_some_and(&earlier)))
    }
}

/// A snapshot contains the objects in order; ids and indexes are rebuilt from them.
impl<T: Record + Persist> Persist for Table<T> {
    fn save(&self, to: &mut Saver) {
        to.burden(CATALOG_ENTRY.saturating_mul(u64::try_from(self.len()).unwrap_or(u64::MAX)));
        to.items(self.oldest());
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        let mut table = Self::default();
        Vec::load(from, errors).into_iter().for_each(|item| table.insert(item));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::persist;

    #[derive(Debug, Clone, PartialEq)]
    struct Pet {
        id: String,
        owner: Option<String>,
        born: u64,
    }

    persist!(Pet { id, owner, born });

    impl Record for Pet {
        fn id(&self) -> &str {
            &self.id
        }

        fn keys(&self) -> Vec<(usize, &str)> {
            self.owner.iter().map(|owner| (0, owner.as_str())).collect()
        }
    }

    fn pets(count: u64) -> Table<Pet> {
        let mut table = Table::default();
        for born in 0..count {
            let owner = (born % 3 != 0).then(|| format!("owner{}", born % 3));
            table.insert(Pet { id: format!("pet{born}"), owner, born });
        }
        table
    }

    fn names<'a>(pets: impl Iterator<Item = &'a Pet>) -> Vec<&'a str> {
        pets.map(|pet| pet.id.as_str()).collect()
    }

    #[test]
    fn objects_are_found_by_id_and_paged_from_the_newest() {
        let table = pets(10);
        assert_eq!(table.get("pet3").map(|p| p.born), Some(3));
        assert_eq!(names(table.newest(2).take(3)), ["pet7", "pet6", "pet5"]);
        assert_eq!(names(table.by_key(0, "owner1").newest(1)), ["pet4", "pet1"]);
        assert_eq!(names(table.by_key(0, "owner2").oldest()), ["pet2", "pet5", "pet8"]);
        assert_eq!(table.by_key(0, "nobody").len() + table.by_key(9, "x").newest(0).count(), 0);
    }

    #[test]
    fn a_changed_key_moves_the_object_between_lists_and_keeps_its_position() {
        let mut table = pets(6);
        table.update("pet1", |p| p.owner = Some("owner2".into()));
        table.update("pet2", |p| p.owner = None);
        assert_eq!(names(table.by_key(0, "owner1").oldest()), ["pet4"]);
        assert_eq!(names(table.by_key(0, "owner2").oldest()), ["pet1", "pet5"]);
        assert_eq!(names(table.oldest()), ["pet0", "pet1", "pet2", "pet3", "pet4", "pet5"]);
        assert!(table.update("none", |_| ()).is_none());
    }

    #[test]
    fn a_removed_object_is_in_no_list() {
        let mut table = pets(5);
        assert_eq!(table.remove("pet4").map(|p| p.born), Some(4));
        assert!(table.remove("pet4").is_none() && table.get("pet4").is_none());
        assert_eq!(names(table.newest(0)), ["pet3", "pet2", "pet1", "pet0"]);
        assert_eq!(names(table.by_key(0, "owner1").newest(0)), ["pet1"]);
        table.remove("pet1");
        assert!(!table.catalog.indexes[0].contains_key("owner1"), "an empty list would stay for ever");
    }

    #[test]
    fn a_touched_object_is_the_newest_everywhere() {
        let mut table = pets(6);
        table.touch("pet1", |p| p.born = 99);
        assert_eq!(names(table.newest(0).take(2)), ["pet1", "pet5"]);
        assert_eq!(names(table.by_key(0, "owner1").newest(0)), ["pet1", "pet4"]);
    }

    #[test]
    fn objects_before_a_time_are_counted_without_visiting_all() {
        let table = pets(10_000);
        let looked = std::cell::Cell::new(0);
        let count = table.earlier(|p| {
            looked.set(looked.get() + 1);
            p.born < 7000
        });
        assert_eq!(count, 7000);
        assert!(looked.get() < 40, "{} looks", looked.get());
        assert_eq!(table.by_key(0, "owner1").earlier(|p| p.born < 7), 2);
    }

    #[test]
    fn a_snapshot_restores_order_and_indexes() {
        let mut table = pets(6);
        table.touch("pet1", |_| ());
        table.remove("pet5");
        let mut saver = Saver::default();
        table.save(&mut saver);
        let mut back: Table<Pet> = crate::store::load(&saver.into_text()).unwrap();
        assert_eq!(names(back.newest(0)), names(table.newest(0)));
        assert_eq!(names(back.by_key(0, "owner1").newest(0)), ["pet1", "pet4"]);
        back.insert(Pet { id: "new".into(), owner: None, born: 7 });
        assert_eq!(names(back.newest(0).take(1)), ["new"]);
    }
}
