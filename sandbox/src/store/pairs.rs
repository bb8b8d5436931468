//! Maps whose keys are no texts, as lists of pairs: the keys of a JSON object are texts only.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;

pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map)
}

pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let mut map = BTreeMap::new();
    // One by one: `collect` brings a sorting algorithm with it.
    Vec::<(K, V)>::deserialize(deserializer)?
        .into_iter()
        .for_each(|(key, value)| drop(map.insert(key, value)));
    Ok(map)
}
