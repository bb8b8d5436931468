//! WhatsApp Business: connected accounts and the numbers that use them. The API does not document the
//! responses; field names are those of the requests.

use super::ctx::{Ctx, Row, no_number};
use super::listing::shown;
use crate::errors::Failure;
use crate::json::json;
use crate::records::{Connection, Number};
use crate::store::Table;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("whatsapp.connect", connect),
    ("whatsapp.status", status),
    ("whatsapp.disconnect", disconnect),
    ("whatsapp.numbers.available", available),
    ("whatsapp.numbers.connect", connect_number),
];

fn connect(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    if ctx.input.text("code").is_none() {
        return Err(Failure::field("code", "The code of the embedded sign-up is required"));
    }
    let agent_id = agent(ctx)?;
    let waba_id = ctx.input.text("waba_id").map(str::to_owned);
    let connection = Connection {
        id: ctx.shared.id(),
        waba_id: waba_id.unwrap_or_else(|| ctx.shared.ids.id("waba_", 12)),
        business_id: ctx.input.text("business_id").map(str::to_owned),
        agent_id,
        created_at: ctx.now,
        templates: Table::default(),
    };
    if let Some(phone_number_id) = ctx.input.text("phone_number_id") {
        enable(ctx, phone_number_id, connection.agent_id.clone())?;
    }
    let answer = render(&connection);
    ctx.created_id = Some(connection.id.clone());
    ctx.account.connections.insert(connection);
    Ok(answer)
}

fn status(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let connections: Vec<Value> = shown(ctx, ctx.account.connections.newest(0)).map(render).collect();
    let numbers: Vec<Value> = shown(ctx, ctx.account.held_numbers().oldest())
        .filter(|n| n.whatsapp)
        .map(|n| json!({ "phone_number_id": n.id, "phone_number": n.phone, "agent_id": n.agent_id }))
        .collect();
    Ok(json!({ "connected": !connections.is_empty(), "connections": connections, "numbers": numbers }))
}

fn disconnect(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = find(ctx)?.id.clone();
    ctx.account.connections.remove(&id);
    if ctx.account.connections.len() == 0 {
        let users: Vec<String> =
            ctx.account.held_numbers().oldest().filter(|n| n.whatsapp).map(|n| n.id.clone()).collect();
        for number in &users {
            ctx.account.numbers.update(number, |n| n.whatsapp = false);
        }
    }
    Ok(json!({ "success": true }))
}

/// The account's numbers that do not use WhatsApp yet.
fn available(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    find(ctx)?;
    let free = shown(ctx, ctx.account.held_numbers().oldest()).filter(|n| !n.whatsapp && !n.is_imessage());
    let data: Vec<Value> = free
        .map(|n| json!({ "phone_number_id": n.id, "display_phone_number": n.phone, "verified_name": null }))
        .collect();
    Ok(json!({ "data": data }))
}

fn connect_number(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let connection_id = find(ctx)?.id.clone();
    let agent_id = agent(ctx)?;
    let id = ctx.input.text("phone_number_id").unwrap_or_default();
    let phone = enable(ctx, id, agent_id.clone())?;
    Ok(json!({
        "success": true,
        "connection_id": connection_id,
        "phone_number_id": id,
        "phone_number": phone,
        "agent_id": agent_id,
    }))
}

/// Enables WhatsApp for a number and returns its phone number.
fn enable(ctx: &mut Ctx<'_>, id: &str, agent_id: Option<String>) -> Result<String, Failure> {
    let number = ctx.account.held_number(id).ok_or_else(no_number)?;
    if number.whatsapp {
        return Err(Failure::detail(409, "The number already uses WhatsApp"));
    }
    let change = |number: &mut Number| {
        number.whatsapp = true;
        if agent_id.is_some() {
            number.agent_id = agent_id;
        }
        number.phone.clone()
    };
    ctx.account.numbers.update(id, change).ok_or_else(no_number)
}

fn agent(ctx: &Ctx<'_>) -> Result<Option<String>, Failure> {
    let Some(id) = ctx.input.text("agent_id") else { return Ok(None) };
    ctx.account.agents.get(id).map(|a| Some(a.id.clone())).ok_or_else(super::ctx::no_agent)
}

/// The connection; an account without one has WhatsApp off.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Connection, Failure> {
    let known = ctx.account.connections.get(ctx.input.path("connection_id"));
    known.ok_or_else(|| match ctx.account.connections.len() {
        0 => Failure::code("WHATSAPP_NOT_ENABLED"),
        _ => Failure::detail(404, "WhatsApp connection not found"),
    })
}

fn render(connection: &Connection) -> Value {
    json!({
        "id": connection.id,
        "connection_id": connection.id,
        "status": "connected",
        "waba_id": connection.waba_id,
        "business_id": connection.business_id,
        "agent_id": connection.agent_id,
        "created_at": iso(connection.created_at),
    })
}
