//! Sub-accounts, one level deep: their contents are separate, the wallet is shared. The API does not
//! document their details; the shapes are what a client can expect.

use super::ctx::{Ctx, Row};
use super::listing::page;
use super::usage;
use crate::account::{Account, SubAccount};
use crate::agenda::Task;
use crate::errors::Failure;
use crate::json::json;
use crate::rules::DAY_MS;
use crate::time::iso;
use serde_json::Value;
use std::ops::Range;

pub(crate) const ROWS: &[Row] = &[
    ("subAccounts.list", list),
    ("subAccounts.create", create),
    ("subAccounts.update", update),
    ("subAccounts.delete", delete),
];

pub(super) const LIMIT: usize = 500;

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let days = ctx.input.query_count("stats_days");
    Ok(page(ctx, &ctx.account.sub_accounts, |sub| {
        let mut out = render(sub);
        if let (Some(days), Some(map)) = (days, out.as_object_mut()) {
            map.insert(
                "stats".into(),
                stats(ctx.others.get(&sub.id).map(|account| &**account), days, ctx.now),
            );
        }
        out
    }))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let name = ctx.input.text("name").unwrap_or_default().to_owned();
    let made = open(ctx, name)?;
    ctx.created_id = Some(made.id.clone());
    Ok(render(&made))
}

/// Creates a sub-account of the current account.
pub(super) fn open(ctx: &mut Ctx<'_>, name: String) -> Result<SubAccount, Failure> {
    if ctx.is_sub_account() {
        return Err(Failure::detail(403, "A sub-account cannot have sub-accounts"));
    }
    if ctx.account.sub_accounts.len() >= LIMIT {
        return Err(Failure::field("name", format!("At most {LIMIT} sub-accounts")));
    }
    let made = SubAccount { id: ctx.shared.id(), name, created_at: ctx.now };
    ctx.account.sub_accounts.insert(made.clone());
    Ok(made)
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let name = ctx.input.text("name").unwrap_or_default().to_owned();
    let change = |sub: &mut SubAccount| {
        sub.name = name;
        render(sub)
    };
    ctx.account.sub_accounts.update(ctx.input.path("sub_account_id"), change).ok_or_else(unknown)
}

/// Deletes its contents too: numbers are released, calls end.
fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let gone = ctx.account.sub_accounts.remove(ctx.input.path("sub_account_id")).ok_or_else(unknown)?;
    ctx.shared.agenda.at(ctx.now, Task::CloseAccount { account: gone.id });
    Ok(json!({ "success": true }))
}

fn render(sub: &SubAccount) -> Value {
    json!({ "id": sub.id, "name": sub.name, "status": "active", "createdAt": iso(sub.created_at) })
}

/// The names of these counters are the sandbox's own; the API's are not published.
fn stats(account: Option<&Account>, days: usize, now: u64) -> Value {
    let since = now.saturating_sub(DAY_MS.saturating_mul(days as u64))..u64::MAX;
    let count = |counts: fn(&Account, Range<u64>) -> usize| account.map_or(0, |a| counts(a, since.clone()));
    json!({ "days": days, "messages": count(usage::texts), "calls": count(usage::calls) })
}

fn unknown() -> Failure {
    Failure::detail(404, "Sub-account not found")
}
