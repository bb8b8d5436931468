//! Agents. Their fields and defaults are those of `CreateAgentRequest` in the contract, so that a
//! field added there is kept, patched and shown here without a change.

use super::{Ctx, Row, no_agent, window};
use crate::account::Account;
use crate::contract::Contract;
use crate::errors::Failure;
use crate::json::json;
use crate::phone;
use crate::records::{Agent, Number};
use crate::time::iso;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, to_vec};

pub(crate) const ROWS: &[Row] = &[
    ("agents.list", list),
    ("agents.create", create),
    ("agents.get", get),
    ("agents.update", update),
    ("agents.delete", delete),
];

/// The documented page of agents lacks `hasMore`.
fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (limit, offset) = window(ctx.input);
    let fields: Vec<_> = fields_of(ctx.contract).collect();
    let agents = ctx.account.agents.newest(offset).take(limit);
    let data = agents.map(|agent| Shown { agent, fields: &fields, account: ctx.account }).collect();
    ctx.written = to_vec(&Page { data, total: ctx.account.agents.len() }).ok();
    Ok(Value::Null)
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let name = ctx.input.body.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut agent =
        Agent { id: String::new(), name: name.to_owned(), fields: Map::new(), created_at: ctx.now };
    change(&mut agent, ctx.contract, &ctx.input.body);
    check(&agent)?;
    agent.id = ctx.shared.id();
    let answer = render(ctx, &agent);
    ctx.account.agents.insert(agent);
    Ok(answer)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agents.get(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    Ok(render(ctx, agent))
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("agent_id");
    let mut changed = ctx.account.agents.get(id).ok_or_else(no_agent)?.clone();
    // A name cannot be cleared.
    if let Some(name) = ctx.input.body.get("name").and_then(Value::as_str) {
        changed.name = name.to_owned();
    }
    change(&mut changed, ctx.contract, &ctx.input.body);
    check(&changed)?;
    let answer = render(ctx, &changed);
    ctx.account.agents.update(id, |agent| *agent = changed);
    Ok(answer)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agents.remove(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    let numbers: Vec<String> = ctx.account.numbers_of(&agent.id).map(|n| n.id.clone()).collect();
    for number in &numbers {
        ctx.account.numbers.update(number, |n| n.agent_id = None);
    }
    ctx.account.agent_webhooks.remove(&agent.id);
    Ok(json!({ "success": true, "id": agent.id, "name": agent.name }))
}

/// The fields an agent has beside its name, each with its default or null.
fn fields_of(contract: &Contract) -> impl Iterator<Item = (&String, &Value)> {
    let schema = contract.schemas.get("CreateAgentRequest");
    let properties = schema.and_then(|s| s.get("properties")).and_then(Value::as_object);
    let all = properties.into_iter().flatten().filter(|(name, _)| *name != "name");
    all.map(|(name, p)| (name, p.get("default").unwrap_or(&Value::Null)))
}

/// Null clears, back to the default where there is one.
fn change(agent: &mut Agent, contract: &Contract, body: &Map<String, Value>) {
    for (name, default) in fields_of(contract) {
        match body.get(name) {
            None => {}
            Some(value) if value.is_null() || value == default => {
                agent.fields.shift_remove(name);
            }
            Some(value) => {
                agent.fields.insert(name.clone(), value.clone());
            }
        }
    }
}

fn check(agent: &Agent) -> Result<(), Failure> {
    if agent.is_hosted() && agent.text("systemPrompt").is_none() {
        return Err(Failure::field("systemPrompt", "A hosted agent needs a system prompt"));
    }
    if agent.text("transferNumber").is_some_and(|to| !phone::is_e164(to)) {
        return Err(Failure::field("transferNumber", "Must be in E.164 format"));
    }
    Ok(())
}

fn render(ctx: &Ctx<'_>, agent: &Agent) -> Value {
    let fields: Vec<_> = fields_of(ctx.contract).collect();
    let shown = Shown { agent, fields: &fields, account: ctx.account };
    serde_json::to_value(shown).unwrap_or_default()
}

#[derive(serde::Serialize)]
struct Page<'a> {
    data: Vec<Shown<'a>>,
    total: usize,
}

/// An agent as the API shows it.
struct Shown<'a> {
    agent: &'a Agent,
    fields: &'a [(&'a String, &'a Value)],
    account: &'a Account,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { agent, fields, account } = self;
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("id", &agent.id)?;
        out.serialize_entry("name", &agent.name)?;
        for (name, default) in *fields {
            out.serialize_entry(name, agent.fields.get(*name).unwrap_or(default))?;
        }
        out.serialize_entry("createdAt", &iso(agent.created_at))?;
        out.serialize_entry("numbers", &numbers(account, &agent.id))?;
        out.end()
    }
}

fn numbers(account: &Account, agent: &str) -> Value {
    account.numbers_of(agent).map(brief).collect()
}

/// A number as an agent shows it.
pub(super) fn brief(number: &Number) -> Value {
    json!({ "id": number.id, "phoneNumber": number.phone, "status": "active", "type": number.kind })
}
