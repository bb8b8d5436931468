//! Agents. Their fields and defaults are those of `CreateAgentRequest` in the contract, so that a
//! field added there is kept, patched and shown here without a change.

use super::{Ctx, Row, no_agent, page};
use crate::contract::Contract;
use crate::errors::Failure;
use crate::state::{Account, Agent, Number};
use crate::time::iso;
use serde_json::{Map, Value, json};

pub(crate) const ROWS: &[Row] = &[
    ("agents.list", list),
    ("agents.create", create),
    ("agents.get", get),
    ("agents.update", update),
    ("agents.delete", delete),
];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let account = &*ctx.account;
    Ok(page(ctx.input, account.agents.iter(), false, |agent| render(account, agent)))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let mut fields = Map::new();
    for (name, default) in fields_of(ctx.contract) {
        let given = ctx.input.body.get(name).filter(|v| !v.is_null());
        fields.insert(name.clone(), given.unwrap_or(default).clone());
    }
    let agent = Agent { id: ctx.shared.id(), fields, created_at: ctx.now };
    check(&agent)?;
    let answer = render(ctx.account, &agent);
    ctx.account.agents.push(agent);
    Ok(answer)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agent(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    Ok(render(ctx.account, agent))
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("agent_id");
    let old = ctx.account.agent(id).ok_or_else(no_agent)?;
    let mut fields = old.fields.clone();
    for (name, default) in fields_of(ctx.contract) {
        match ctx.input.body.get(name) {
            None => {}
            // Null clears, back to the default where there is one; a name cannot be cleared.
            Some(Value::Null) if name == "name" => {}
            Some(Value::Null) => {
                fields.insert(name.clone(), default.clone());
            }
            Some(value) => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
    let changed = Agent { id: old.id.clone(), fields, created_at: old.created_at };
    check(&changed)?;
    let answer = render(ctx.account, &changed);
    if let Some(place) = ctx.account.agents.iter_mut().find(|a| a.id == id) {
        *place = changed;
    }
    Ok(answer)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("agent_id");
    let at = ctx.account.agents.iter().position(|a| a.id == id).ok_or_else(no_agent)?;
    let agent = ctx.account.agents.remove(at);
    for number in ctx.account.numbers.iter_mut().filter(|n| n.agent_id.as_deref() == Some(id)) {
        number.agent_id = None;
    }
    Ok(json!({ "success": true, "id": agent.id, "name": agent.name() }))
}

/// The fields an agent has, each with its default or null.
fn fields_of(contract: &Contract) -> impl Iterator<Item = (&String, &Value)> {
    let schema = contract.schemas.get("CreateAgentRequest");
    let properties = schema.and_then(|s| s.get("properties")).and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, p)| (name, p.get("default").unwrap_or(&Value::Null)))
}

fn check(agent: &Agent) -> Result<(), Failure> {
    if agent.is_hosted() && agent.text("systemPrompt").is_none() {
        return Err(Failure::field("systemPrompt", "A hosted agent needs a system prompt"));
    }
    Ok(())
}

fn render(account: &Account, agent: &Agent) -> Value {
    let mut out = Map::new();
    out.insert("id".into(), agent.id.as_str().into());
    out.extend(agent.fields.clone());
    out.insert("createdAt".into(), iso(agent.created_at).into());
    let numbers: Vec<Value> = account.numbers_of(&agent.id).map(brief).collect();
    out.insert("numbers".into(), numbers.into());
    Value::Object(out)
}

/// A number as an agent shows it.
pub(super) fn brief(number: &Number) -> Value {
    json!({ "id": number.id, "phoneNumber": number.phone, "status": "active", "type": number.kind })
}
