//! Agents. Their fields and defaults are those of `CreateAgentRequest` in the contract: a field added
//! there is stored, updated and returned without a change here.

use super::ctx::{Ctx, Row, no_agent};
use super::listing::choose;
use crate::account::Account;
use crate::contract::{AgentFields, Contract};
use crate::errors::Failure;
use crate::json::{append, json, quote};
use crate::phone;
use crate::records::{Agent, Number};
use crate::schema::Schemas;
use crate::time::iso;
use serde_json::{Map, Value};

pub(crate) const ROWS: &[Row] = &[
    ("agents.list", list),
    ("agents.create", create),
    ("agents.get", get),
    ("agents.update", update),
    ("agents.delete", delete),
];

/// The documented page of agents has no `hasMore`.
fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let show = |agent: &Agent| {
        let mut writer = Writer::new(ctx);
        writer.agent(ctx.account, agent);
        serde_json::from_slice(&writer.out).unwrap_or_default()
    };
    let (agents, total) = choose(ctx, &ctx.account.agents, &show);
    let mut writer = Writer::new(ctx);
    writer.push("{\"data\":[");
    for (place, agent) in agents.into_iter().enumerate() {
        if place > 0 {
            writer.push(",");
        }
        writer.agent(ctx.account, agent);
    }
    writer.push(&format!("],\"total\":{total}}}"));
    ctx.written = Some(writer.out);
    Ok(Value::Null)
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let name = ctx.input.body.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut agent =
        Agent { id: String::new(), name: name.to_owned(), fields: Map::new(), created_at: ctx.now };
    change(&mut agent, ctx.contract, &ctx.input.body);
    check(&agent)?;
    agent.id = ctx.shared.id();
    ctx.created_id = Some(agent.id.clone());
    show(ctx, &agent);
    ctx.account.agents.insert(agent);
    Ok(Value::Null)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agents.get(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    let mut writer = Writer::new(ctx);
    writer.agent(ctx.account, agent);
    ctx.written = Some(writer.out);
    Ok(Value::Null)
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
    show(ctx, &changed);
    ctx.account.agents.update(id, |agent| *agent = changed);
    Ok(Value::Null)
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

/// An agent's fields other than its name, each with its default or null.
fn fields_of(contract: &Contract) -> impl Iterator<Item = (&String, &Value)> {
    let schema = contract.named("CreateAgentRequest");
    let properties = schema.and_then(|s| s.get("properties")).and_then(Value::as_object);
    let all = properties.into_iter().flatten().filter(|(name, _)| *name != "name");
    all.map(|(name, p)| (name, p.get("default").unwrap_or(&Value::Null)))
}

/// Null resets a field to its default, or clears it if it has none.
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

fn show(ctx: &mut Ctx<'_>, agent: &Agent) {
    let mut writer = Writer::new(ctx);
    writer.agent(ctx.account, agent);
    ctx.written = Some(writer.out);
}

/// Serializes agents as the API shows them. Most fields of most agents have default values, so what
/// they share is serialized once and copied: large pages built from JSON trees are much slower.
struct Writer<'a> {
    fields: &'a AgentFields,
    out: Vec<u8>,
    now: u64,
}

impl<'a> Writer<'a> {
    fn new(ctx: &Ctx<'a>) -> Self {
        let field = |(name, default): (&String, &Value)| {
            let mut out = Vec::new();
            put(&mut out, name, default);
            (name.clone(), out)
        };
        let read = || {
            let each: Vec<(String, Vec<u8>)> = fields_of(ctx.contract).map(field).collect();
            AgentFields { all: each.iter().flat_map(|(_, usual)| usual).copied().collect(), each }
        };
        Self { fields: ctx.contract.agent_fields.get_or_init(read), out: Vec::new(), now: ctx.now }
    }

    fn agent(&mut self, account: &Account, agent: &Agent) {
        let Self { fields, out, now } = self;
        // Growing step by step would copy a large page several times.
        out.reserve(fields.all.len() + 256);
        out.extend_from_slice(b"{\"id\":");
        quote(out, &agent.id);
        out.extend_from_slice(b",\"name\":");
        quote(out, &agent.name);
        if agent.fields.is_empty() {
            out.extend_from_slice(&fields.all);
        }
        for (name, usual) in fields.each.iter().filter(|_| !agent.fields.is_empty()) {
            match agent.fields.get(name) {
                None => out.extend_from_slice(usual),
                Some(value) => put(out, name, value),
            }
        }
        out.extend_from_slice(b",\"createdAt\":");
        quote(out, &iso(agent.created_at));
        out.extend_from_slice(b",\"numbers\":");
        append(out, &numbers(account, &agent.id, *now));
        out.push(b'}');
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// Any field but the first.
fn put(out: &mut Vec<u8>, name: &str, value: &Value) {
    out.push(b',');
    quote(out, name);
    out.push(b':');
    append(out, value);
}

fn numbers(account: &Account, agent: &str, now: u64) -> Value {
    account.numbers_of(agent).filter(|number| !account.hides(&number.id, now)).map(brief).collect()
}

/// A number as an agent shows it.
pub(super) fn brief(number: &Number) -> Value {
    json!({ "id": number.id, "phoneNumber": number.phone, "status": "active", "type": number.kind })
}
