//! Lists: their pages, which objects they show, and in which order. Usually all objects, the newest first; fault
//! rules can hide objects, let a list lag and order it differently.

use super::Ctx;
use crate::account::{Account, SubAccount};
use crate::calls::Call;
use crate::faults::{Order, Race};
use crate::input::Input;
use crate::json::put;
use crate::random::Random;
use crate::records::{Agent, Connection, Contact, Conversation, Message, Number, Template, Trunk};
use crate::store::{Filed, Record, Table};
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The operations that fault rules with `lagMs` and `order` are for.
const LISTS: [&str; 13] = [
    "agents.list",
    "agents.calls.list",
    "agents.conversations.list",
    "calls.list",
    "contacts.list",
    "conversations.list",
    "conversations.messages.list",
    "numbers.list",
    "numbers.calls.list",
    "numbers.messages.list",
    "sipTrunks.list",
    "subAccounts.list",
    "whatsapp.templates.list",
];

/// The operations that make an object which fault rules can hide.
const MAKERS: [&str; 13] = [
    "agents.create",
    "agents.webhook.set",
    "calls.create",
    "calls.createWeb",
    "contacts.create",
    "messages.send",
    "numbers.buy",
    "registration.create",
    "sipTrunks.create",
    "subAccounts.create",
    "webhooks.set",
    "whatsapp.connect",
    "whatsapp.templates.create",
];

pub(crate) fn is_list(operation: &str) -> bool {
    LISTS.contains(&operation)
}

pub(crate) fn makes(operation: &str) -> bool {
    MAKERS.contains(&operation)
}

/// An object of a list.
pub(super) trait Listed: Record {
    fn made_at(&self) -> u64;
}

macro_rules! listed {
    ($($type:ident . $at:ident),+ $(,)?) => {
        $(impl Listed for $type {
            fn made_at(&self) -> u64 {
                self.$at
            }
        })+
    };
}

listed!(
    Agent.created_at,
    Call.placed_at,
    Connection.created_at,
    Contact.created_at,
    Conversation.created_at,
    Message.at,
    Number.created_at,
    SubAccount.created_at,
    Template.created_at,
    Trunk.created_at,
);

/// Something that can be paged through from its newest member on.
pub(super) trait Pages<'a, T: 'a> {
    fn total(&self) -> usize;
    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T>;
}

impl<'a, T: Record> Pages<'a, T> for &'a Table<T> {
    fn total(&self) -> usize {
        self.len()
    }

    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T> {
        self.newest(skip)
    }
}

impl<'a, T: Record> Pages<'a, T> for Filed<'a, T> {
    fn total(&self) -> usize {
        self.len()
    }

    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T> {
        self.newest(skip)
    }
}

/// What a search found, the newest first.
impl<'a, T> Pages<'a, T> for Vec<&'a T> {
    fn total(&self) -> usize {
        self.len()
    }

    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T> {
        self.iter().skip(skip).copied()
    }
}

/// What a list shows when fault rules change it.
pub(super) struct Sight<'a> {
    account: &'a Account,
    race: &'a Race,
    seed: u64,
    now: u64,
}

impl<'a> Sight<'a> {
    /// None for a list of everything, the newest first.
    pub(super) fn of(ctx: &'a Ctx<'_>) -> Option<Self> {
        let plain = ctx.account.hidden.is_empty() && ctx.race.lag_ms == 0 && ctx.race.order == Order::Newest;
        let seed = ctx.shared.config.seed;
        (!plain).then_some(Self { account: ctx.account, race: ctx.race, seed, now: ctx.now })
    }

    /// The visible ones of the items, which come the newest first, in the order of the list.
    pub(super) fn pick<'b, T: Listed>(
        &self,
        items: impl Iterator<Item = &'b T>,
        render: &dyn Fn(&T) -> Value,
    ) -> Vec<&'b T> {
        let all: Vec<&T> = items.collect();
        let marks: Vec<(&str, u64)> = all.iter().map(|item| (item.id(), item.made_at())).collect();
        let show = |place: usize| all.get(place).map(|item| render(item)).unwrap_or_default();
        let places = self.places(&marks, &show);
        places.into_iter().filter_map(|place| all.get(place).copied()).collect()
    }

    /// The places of the visible items, given by id and time. Not generic, so that the module contains it once and
    /// not once for each kind of object.
    fn places(&self, marks: &[(&str, u64)], show: &dyn Fn(usize) -> Value) -> Vec<usize> {
        let sees = |(_, (id, made_at)): &(usize, &(&str, u64))| {
            !self.account.hides(id, self.now)
                && (self.race.lag_ms == 0 || made_at.saturating_add(self.race.lag_ms) <= self.now)
        };
        let seen = marks.iter().enumerate().filter(sees);
        let key = |(place, (id, _)): (usize, &(&str, u64))| match self.race.order {
            Order::By(field) => (show(place).get(field).and_then(sort_key), place),
            _ => (Some(format!("{:020}", draw(self.seed, id))), place),
        };
        match self.race.order {
            Order::Newest => seen.map(|(place, _)| place).collect(),
            Order::Oldest => seen.rev().map(|(place, _)| place).collect(),
            Order::Shuffled | Order::By(_) => greatest_first(seen.map(key)),
        }
    }
}

/// A pseudo-random number for an id.
fn draw(seed: u64, id: &str) -> u64 {
    let mixed = id.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Random::new(mixed, 4).next()
}

/// A text that sorts as the value does.
fn sort_key(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(format!("{:020}", number.as_u64().unwrap_or_default())),
        _ => None,
    }
}

/// The places in descending order of their keys; equal keys keep their order, and missing ones come last. With a heap,
/// because the standard library's sort adds a hundredth to the module.
fn greatest_first(keyed: impl Iterator<Item = (Option<String>, usize)>) -> Vec<usize> {
    let mut heap: BinaryHeap<_> = keyed.map(|(key, place)| (key, Reverse(place))).collect();
    let mut places = Vec::with_capacity(heap.len());
    while let Some((_, Reverse(place))) = heap.pop() {
        places.push(place);
    }
    places
}

/// The items of a page by `limit` and `offset`, and how many there are in all.
pub(super) fn choose<'a, T: Listed + 'a>(
    ctx: &Ctx<'_>,
    items: impl Pages<'a, T>,
    render: &dyn Fn(&T) -> Value,
) -> (Vec<&'a T>, usize) {
    let (limit, offset) = window(ctx.input);
    match Sight::of(ctx) {
        None => (items.newest_from(offset).take(limit).collect(), items.total()),
        Some(sight) => {
            let seen = sight.pick(items.newest_from(0), render);
            let total = seen.len();
            (seen.into_iter().skip(offset).take(limit).collect(), total)
        }
    }
}

/// One page by `limit` and `offset`.
pub(super) fn page<'a, T: Listed + 'a>(
    ctx: &Ctx<'_>,
    items: impl Pages<'a, T>,
    render: impl Fn(&T) -> Value,
) -> Value {
    let (_, offset) = window(ctx.input);
    let (chosen, total) = choose(ctx, items, &render);
    let data: Vec<Value> = chosen.into_iter().map(render).collect();
    let more = offset.saturating_add(data.len()) < total;
    let mut out = rows(data);
    put(&mut out, "hasMore", more.into());
    put(&mut out, "total", total.into());
    Value::Object(out)
}

/// A list without pages.
pub(super) fn whole<'a, T: Listed + 'a>(
    ctx: &Ctx<'_>,
    items: impl Iterator<Item = &'a T>,
    render: impl Fn(&T) -> Value,
) -> Value {
    let data = match Sight::of(ctx) {
        None => items.map(render).collect(),
        Some(sight) => sight.pick(items, &render).into_iter().map(render).collect(),
    };
    Value::Object(rows(data))
}

/// The items that are not hidden.
pub(super) fn shown<'a, T: Record + 'a>(
    ctx: &Ctx<'_>,
    items: impl Iterator<Item = &'a T>,
) -> impl Iterator<Item = &'a T> {
    items.filter(|item| !ctx.hides(item.id()))
}

/// The beginning of a page. `json!` would copy the rows.
pub(super) fn rows(data: Vec<Value>) -> Map<String, Value> {
    let mut out = Map::new();
    put(&mut out, "data", Value::Array(data));
    out
}

/// `limit` and `offset`; the contract gives their defaults.
pub(super) fn window(input: &Input) -> (usize, usize) {
    (input.query_count("limit").unwrap_or(20), input.query_count("offset").unwrap_or(0))
}
