//! A map for at most a few hundred entries, as a sorted list. Each instance of `BTreeMap` adds several
//! kilobytes to the module; it is used where there may be many thousands of entries.

use super::load_errors::LoadErrors;
use super::saver::{Persist, Saver};
use serde_json::Value;
use std::borrow::Borrow;

#[derive(Debug, Clone)]
pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(own, _)| own.borrow().cmp(key))
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(self.find(key).ok()?).map(|(_, value)| value)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// The value of a key, inserted with its default if the key is new.
    pub(crate) fn of(&mut self, key: K) -> Option<&mut V>
    where
        V: Default,
    {
        let at = self.find(&key).unwrap_or_else(|at| {
            self.0.insert(at, (key, V::default()));
            at
        });
        self.0.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(at) => {
                if let Some(place) = self.0.get_mut(at) {
                    *place = (key, value);
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Keeps the entries for which `keep` is true.
    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| keep(value));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<K: Persist + Ord, V: Persist> Persist for SortedMap<K, V> {
    fn save(&self, to: &mut Saver) {
        self.0.save(to);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        let mut pairs: Vec<(K, V)> = Persist::load(from, errors);
        // Saved maps are sorted; sorting others here would add code for invalid snapshots only.
        if !pairs.is_sorted_by(|(before, _), (after, _)| before < after) {
            errors.note("keys are out of order");
            pairs.clear();
        }
        Self(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::SortedMap;

    #[test]
    fn the_last_value_of_a_key_wins_and_keys_stay_sorted() {
        let mut map: SortedMap<String, u32> =
            [("b", 1), ("a", 2), ("c", 3), ("b", 4)].map(|(k, v)| (k.to_owned(), v)).into_iter().collect();
        assert_eq!(
            map.iter().map(|(k, v)| (k.as_str(), *v)).collect::<Vec<_>>(),
            [("a", 2), ("b", 4), ("c", 3)]
        );
        if let Some(value) = map.get_mut("a") {
            *value = 5;
        }
        assert_eq!((map.remove("b"), map.remove("b"), map.get("a")), (Some(4), None, Some(&5)));
        map.retain(|v| *v < 5);
        assert_eq!((map.get("a"), map.get("c")), (None, Some(&3)));
    }
}
