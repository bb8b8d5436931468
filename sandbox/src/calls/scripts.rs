//! The scripts in use: the default one, those of single numbers, and replaced ones that calls in progress still follow.

use super::courses;
use super::script::Script;
use crate::json::json;
use crate::store::{SortedMap, persist};
use serde_json::{Map, Value};

/// The number of scripts that is not worth cleaning up.
const MIN_CAPACITY: usize = 64;

/// The scripts in use, and replaced ones that calls in progress still follow.
#[derive(Debug)]
pub(crate) struct Scripts {
    /// None replaces a script that nothing follows any more.
    all: Vec<Option<Script>>,
    usual: usize,
    by_number: SortedMap<String, usize>,
    /// How many scripts to keep before unused ones are removed.
    capacity: usize,
}

persist!(Scripts { all, usual, by_number } skip { capacity });

impl Default for Scripts {
    fn default() -> Self {
        let mut scripts = Self {
            all: vec![Some(Script::default())],
            usual: 0,
            by_number: SortedMap::default(),
            capacity: MIN_CAPACITY,
        };
        for (number, script) in courses::scripts() {
            scripts.set(Some(number.to_owned()), script);
        }
        scripts
    }
}

impl Scripts {
    pub(crate) fn get(&self, index: usize) -> Option<&Script> {
        self.all.get(index)?.as_ref()
    }

    pub(crate) fn add(&mut self, script: Script) -> usize {
        let index = self.all.iter().position(Option::is_none).unwrap_or(self.all.len());
        match self.all.get_mut(index) {
            Some(free) => *free = Some(script),
            None => self.all.push(Some(script)),
        }
        index
    }

    /// Whether there are so many that a clean-up, which visits all of them, is due.
    pub(crate) fn are_many(&self) -> bool {
        self.all.len() >= self.capacity && !self.all.iter().any(Option::is_none)
    }

    /// Drops the scripts that neither a call nor a number uses.
    pub(crate) fn drop_all_but(&mut self, followed: &[usize]) {
        let mut keep = vec![false; self.all.len()];
        for index in followed.iter().chain(self.by_number.iter().map(|(_, at)| at)).chain([&self.usual]) {
            if let Some(keep) = keep.get_mut(*index) {
                *keep = true;
            }
        }
        let dropped = self.all.iter_mut().zip(&keep).filter(|(_, keep)| !**keep);
        dropped.for_each(|(script, _)| *script = None);
        self.capacity = keep.iter().filter(|keep| **keep).count().saturating_mul(2).max(MIN_CAPACITY);
    }

    /// Sets the script of a number, or the default script.
    pub(crate) fn set(&mut self, number: Option<String>, script: Script) {
        let index = self.add(script);
        match number {
            Some(number) => {
                self.by_number.insert(number, index);
            }
            None => self.usual = index,
        }
    }

    /// Restores the built-in scripts.
    pub(crate) fn forget(&mut self) {
        self.usual = self.add(Script::default());
        self.by_number = SortedMap::default();
        for (number, script) in courses::scripts() {
            self.set(Some(number.to_owned()), script);
        }
    }

    /// The script of the person at a number.
    pub(crate) fn of(&self, number: &str) -> usize {
        self.by_number.get(number).copied().unwrap_or(self.usual)
    }

    /// All scripts, or the default script and that of one number.
    pub(crate) fn show(&self, only: Option<&str>) -> Value {
        let script = |at: usize| self.get(at).map_or(Value::Null, Script::show);
        let own = |(number, at): (&String, &usize)| {
            let wanted = only.is_none_or(|only| only == number);
            let usual = || courses::script(number).is_some_and(|script| self.get(*at) == Some(&script));
            (wanted && !usual()).then(|| (number.clone(), script(*at)))
        };
        let by_number: Map<String, Value> = self.by_number.iter().filter_map(own).collect();
        json!({ "usual": script(self.usual), "byNumber": by_number })
    }
}
