//! A map for dozens or hundreds of entries, as a sorted list: a tree of the standard library costs the
//! module nine kilobytes for each pair of types. What may hold many thousands is a tree or a table.

use super::{Kept, Misfits, Saver};
use serde_json::Value;
use std::borrow::Borrow;

#[derive(Debug, Clone)]
pub(crate) struct Small<K, V>(Vec<(K, V)>);

impl<K, V> Default for Small<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Small<K, V> {
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

    /// The value of a key, which a new key has by default.
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

    /// Keeps the entries of which `keep` is true.
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

impl<K: Ord, V> FromIterator<(K, V)> for Small<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<K: Kept + Ord, V: Kept> Kept for Small<K, V> {
    fn save(&self, to: &mut Saver) {
        self.0.save(to);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        let mut pairs: Vec<(K, V)> = Kept::load(from, misfits);
        // One by one they would be in order too; a sorting algorithm is not brought in for them.
        if !pairs.is_sorted_by(|(before, _), (after, _)| before < after) {
            misfits.note("keys are out of order");
            pairs.clear();
        }
        Self(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::Small;

    #[test]
    fn the_last_value_of_a_key_counts_and_keys_stay_in_order() {
        let mut map: Small<String, u32> =
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
