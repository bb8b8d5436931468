//! All items of a list, one at a time, each once. A list that changes while it is read moves an item from
//! one page to the next; so items are known by their ids.

use super::Error;
use super::page::{Page, stuck};
use super::request::Call;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;

/// How many earlier pages an item is looked for in: enough for a list that moves, and bounded.
const REMEMBERED: usize = 2;
/// Pages in a row that hold nothing new: a list that grows while it is read may tell a page again.
const FRUITLESS: u32 = 3;

/// The items of a list. A page is asked for when the items before it have been taken.
///
/// ```no_run
/// # use agentphone_wasm::typed::{AgentPhone, Error, ListContacts};
/// # async fn f(client: AgentPhone) -> Result<(), Error> {
/// let mut contacts = client.contacts().list(&ListContacts::default()).items();
/// while let Some(contact) = contacts.next().await {
///     let _ = contact?.name;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a list is asked for when its items are"]
pub struct Items<T> {
    state: State<T>,
    ready: VecDeque<T>,
    seen: VecDeque<Vec<String>>,
    /// Pages in a row that held nothing new.
    fruitless: u32,
}

#[derive(Debug)]
enum State<T> {
    First(Call),
    After(Box<Page<T>>),
    Over,
}

impl<T: DeserializeOwned + 'static> Items<T> {
    pub(super) fn new(call: Call) -> Self {
        Self { state: State::First(call), ready: VecDeque::new(), seen: VecDeque::new(), fruitless: 0 }
    }

    /// The next item; none after the last. After an error there is no other. A future that is dropped
    /// before it is done loses no item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(Ok(item));
            }
            let loaded = match &self.state {
                State::Over => return None,
                State::First(call) => Page::load(call.clone()).await.map(Some),
                State::After(page) => page.next().await,
            };
            if let Err(error) = loaded.and_then(|page| self.take(page)) {
                self.state = State::Over;
                return Some(Err(error));
            }
        }
    }

    /// The first `limit` items.
    pub async fn take_vec(mut self, limit: usize) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        while items.len() < limit {
            match self.next().await {
                Some(item) => items.push(item?),
                None => break,
            }
        }
        Ok(items)
    }

    fn take(&mut self, page: Option<Page<T>>) -> Result<(), Error> {
        let Some(mut page) = page else {
            self.state = State::Over;
            return Ok(());
        };
        let known = |id: &String| self.seen.iter().any(|ids| ids.contains(id));
        let fresh: Vec<bool> = page.ids.iter().map(|id| !id.as_ref().is_some_and(known)).collect();
        self.fruitless = if fresh.contains(&true) { 0 } else { self.fruitless.saturating_add(1) };
        // Nothing on the page, or the same again and again: a server that takes no notice of what was asked.
        if page.has_more && (fresh.is_empty() || self.fruitless == FRUITLESS) {
            return Err(stuck(page.call()));
        }
        let items = std::mem::take(&mut page.data);
        self.ready.extend(items.into_iter().zip(fresh).filter_map(|(item, fresh)| fresh.then_some(item)));
        self.seen.push_back(page.ids.iter().flatten().cloned().collect());
        if self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
        self.state = if page.has_more { State::After(Box::new(page)) } else { State::Over };
        Ok(())
    }
}
