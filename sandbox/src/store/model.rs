//! Tests the table against a plain list through random histories.

use super::{Record, Table};
use crate::random::Random;

#[derive(Debug, Clone, PartialEq)]
struct Item {
    id: String,
    group: Option<String>,
    version: u64,
}

impl Record for Item {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        self.group.iter().map(|group| (1, group.as_str())).collect()
    }
}

fn newest<'a>(items: impl Iterator<Item = &'a Item>, skip: usize) -> Vec<Item> {
    let all: Vec<&Item> = items.collect();
    all.into_iter().rev().skip(skip).take(30).cloned().collect()
}

#[test]
fn a_table_agrees_with_a_plain_list_whatever_is_done_to_it() {
    for seed in 0..4 {
        let mut random = Random::new(seed, 9);
        let mut below = |bound: u64| random.next() % bound;
        let (mut table, mut list) = (Table::default(), Vec::<Item>::new());
        for version in 0..6000 {
            let id = format!("item{}", below(3000));
            let group = Some(below(5)).filter(|g| *g > 0).map(|g| format!("group{g}"));
            let at = list.iter().position(|i| i.id == id);
            match below(10) {
                0..=5 => {
                    let item = Item { id, group, version };
                    at.map(|at| list.remove(at));
                    list.push(item.clone());
                    table.insert(item);
                }
                6 => assert_eq!(table.remove(&id), at.map(|at| list.remove(at))),
                7 => {
                    let changed = table.update(&id, |i| i.group.clone_from(&group));
                    assert_eq!(changed.is_some(), at.is_some());
                    if let Some(at) = at {
                        list[at].group = group;
                    }
                }
                8 => {
                    table.touch(&id, |i| i.version = version);
                    if let Some(at) = at {
                        let mut item = list.remove(at);
                        item.version = version;
                        list.push(item);
                    }
                }
                _ => {
                    let skip = usize::try_from(below(3000)).unwrap();
                    assert_eq!(
                        table.newest(skip).take(30).cloned().collect::<Vec<_>>(),
                        newest(list.iter(), skip)
                    );
                    let own = list.iter().filter(|i| i.group.as_deref() == Some("group2"));
                    let filed = table.by_key(1, "group2");
                    assert_eq!(filed.len(), own.clone().count());
                    let skip = skip / 8;
                    assert_eq!(filed.newest(skip).take(30).cloned().collect::<Vec<_>>(), newest(own, skip));
                    assert_eq!(table.get(&id), at.map(|at| &list[at]));
                }
            }
            assert_eq!(table.len(), list.len());
        }
        assert!(table.oldest().eq(list.iter()));
    }
}
