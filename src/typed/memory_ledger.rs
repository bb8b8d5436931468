//! A ledger in the memory of the program, written against the trait as one of your own would be.

use super::ledger::{Ledger, LedgerChange, LedgerEntry, LedgerError, LedgerPage};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

/// A ledger in memory, for several clients: pass each a clone of an `Rc` of it. Unlike a client's own, which forgets settled entries
/// after a day, it keeps everything until it is pruned.
#[derive(Default)]
pub struct MemoryLedger {
    // Borrowed only between awaits.
    entries: RefCell<BTreeMap<String, LedgerEntry>>,
}

impl MemoryLedger {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

// Not derived: keys are the caller's.
impl fmt::Debug for MemoryLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryLedger")
    }
}

impl Ledger for MemoryLedger {
    async fn read(&self, keys: Vec<String>) -> Result<Vec<Option<LedgerEntry>>, LedgerError> {
        let entries = self.entries.borrow();
        Ok(keys.iter().map(|key| entries.get(key).cloned()).collect())
    }

    async fn write(&self, changes: Vec<LedgerChange>) -> Result<bool, LedgerError> {
        let mut entries = self.entries.borrow_mut();
        let stamp = |key: &str| entries.get(key).map(|entry| entry.stamp.as_str());
        if changes.iter().any(|change| stamp(&change.key) != change.was.as_deref()) {
            return Ok(false);
        }
        for LedgerChange { key, entry, .. } in changes {
            match entry {
                Some(entry) => entries.insert(key, entry),
                None => entries.remove(&key),
            };
        }
        Ok(true)
    }

    async fn open(&self, page: LedgerPage) -> Result<Vec<LedgerEntry>, LedgerError> {
        let entries = self.entries.borrow();
        let is_behind = |entry: &&LedgerEntry| {
            page.after.as_ref().is_none_or(|(at, key)| {
                entry.at > *at || (entry.at.total_cmp(at).is_eq() && entry.key > *key)
            })
        };
        let mut open: Vec<&LedgerEntry> =
            entries.values().filter(|entry| entry.open).filter(is_behind).collect();
        // Stable, and the map is in the order of its keys.
        open.sort_by(|one, other| one.at.total_cmp(&other.at));
        Ok(open.into_iter().take(page.limit).cloned().collect())
    }

    async fn prune(&self, older_than: f64) -> Result<usize, LedgerError> {
        let mut entries = self.entries.borrow_mut();
        let before = entries.len();
        entries.retain(|_, entry| entry.open || entry.at >= older_than);
        Ok(before.saturating_sub(entries.len()))
    }
}
