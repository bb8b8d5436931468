//! Lists: their pages, which objects they show, and in which order. The default is all objects, newest
//! first; fault rules can hide objects, let a list lag and reorder it.

use super::ctx::Ctx;
use crate::account::{Account, SubAccount};
use crate::calls::Call;
use crate::faults::{Order, Race};
use crate::input::Input;
use crate::json::put;
use crate::random::Random;
use crate::records::{Agent, Connection, Contact, Conversation, Message, Number, Template, Trunk};
use crate::store::{ByKey, Record, Table};
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

/// Something that can be paged through, newest first.
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

impl<'a, T: Record> Pages<'a, T> for ByKey<'a, T> {
    fn total(&self) -> usize {
        self.len()
    }

    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T> {
        self.newest(skip)
    }
}

/// The results of a search, newest first.
impl<'a, T> Pages<'a, T> for Vec<&'a T> {
    fn total(&self) -> usize {
        self.len()
    }

    fn newest_from(&self, skip: usize) -> impl Iterator<Item = &'a T> {
        self.iter().skip(skip).copied()
    }
}

/// How fault rules change what a list shows.
pub(super) struct ListView<'a> {
    account: &'a Account,
    race: &'a Race,
    seed: u64,
    now: u64,
}

impl<'a> ListView<'a> {
    /// None if the list shows everything, newest first.
    pub(super) fn of(ctx: &'a Ctx<'_>) -> Option<Self> {
        let plain = ctx.account.hidden.is_empty() && ctx.race.lag_ms == 0 && ctx.race.order == Order::Newest;
        let seed = ctx.shared.config.seed;
        (!plain).then_some(Self { account: ctx.account, race: ctx.race, seed, now: ctx.now })
    }

    /// The visible items in the list's order. The input is newest first.
    pub(super) fn pick<'b, T: Listed>(
        &self,
        items: impl Iterator<Item = &'b T>,
        render: &dyn Fn(&T) -> Value,
    ) -> Vec<&'b T> {
        let all: Vec<&T> = items.collect();
        let marks: Vec<(&str, u64)> = all.iter().map(|item| (item.id(), item.made_at())).collect();
        let show = |index: usize| all.get(index).map(|item| render(item)).unwrap_or_default();
        let indexes = self.indexes(&marks, &show);
        indexes.into_iter().filter_map(|index| all.get(index).copied()).collect()
    }

    /// The indexes of the visible items, given by id and time. Not generic, so that the module contains
    /// this code only once.
    fn indexes(&self, marks: &[(&str, u64)], show: &dyn Fn(usize) -> Value) -> Vec<usize> {
        let sees = |(_, (id, made_at)): &(usize, &(&str, u64))| {
            !self.account.hides(id, self.now)
                && (self.race.lag_ms == 0 || made_at.saturating_add(self.race.lag_ms) <= self.now)
        };
        let seen = marks.iter().enumerate().filter(sees);
        let key = |(index, (id, _)): (usize, &(&str, u64))| match self.race.order {
            Order::By(field) => (show(index).get(field).and_then(sort_key), index),
            _ => (Some(format!("{:020}", draw(self.seed, id))), index),
        };
        match self.race.order {
            Order::Newest => seen.map(|(index, _)| index).collect(),
            Order::Oldest => seen.rev().map(|(index, _)| index).collect(),
            Order::Shuffled | Order::By(_) => greatest_first(seen.map(key)),
        }
    }
}

/// A pseudo-random number derived from an id.
fn draw(seed: u64, id: &str) -> u64 {
    let mixed = id.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Random::new(mixed, 4).next()
}

/// A string that sorts like the value.
fn sort_key(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(format!("{:020}", number.as_u64().unwrap_or_default())),
        _ => None,
    }
}

/// Indexes in descending order of their keys; equal keys keep their order, and missing ones come last.
/// Uses a heap, because the standard library's sort would make the module noticeably larger.
fn greatest_first(keyed: impl Iterator<Item = (Option<String>, usize)>) -> Vec<usize> {
    let mut heap: BinaryHeap<_> = keyed.map(|(key, index)| (key, Reverse(index))).collect();
    let mut indexes = Vec::with_capacity(heap.len());
    while let Some((_, Reverse(index))) = heap.pop() {
        indexes.push(index);
    }
    indexes
}

/// The items of a page by `limit` and `offset`, and the total number of items.
pub(super) fn choose<'a, T: Listed + 'a>(
    ctx: &Ctx<'_>,
    items: impl Pages<'a, T>,
    render: &dyn Fn(&T) -> Value,
) -> (Vec<&'a T>, usize) {
    let (limit, offset) = window(ctx.input);
    match ListView::of(ctx) {
        None => (items.newest_from(offset).take(limit).collect(), items.total()),
        Some(view) => {
            let seen = view.pick(items.newest_from(0), render);
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

/// A list without paging.
pub(super) fn whole<'a, T: Listed + 'a>(
    ctx: &Ctx<'_>,
    items: impl Iterator<Item = &'a T>,
    render: impl Fn(&T) -> Value,
) -> Value {
    let data = match ListView::of(ctx) {
        None => items.map(render).collect(),
        Some(view) => view.pick(items, &render).into_iter().map(render).collect(),
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

/// The start of a page object. `json!` would copy the rows.
pub(super) fn rows(data: Vec<Value>) -> Map<String, Value> {
    let mut out = Map::new();
    put(&mut out, "data", Value::Array(data));
    out
}

/// `limit` and `offset`; the contract defines their defaults.
pub(super) fn window(input: &Input) -> (usize, usize) {
    (input.query_count("limit").unwrap_or(20), input.query_count("offset").unwrap_or(0))
}
