//! SIP trunks. A password is returned when it is created and never again.

use super::ctx::{Ctx, Row};
use super::listing::whole;
use crate::errors::Failure;
use crate::json::json;
use crate::records::Trunk;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("sipTrunks.list", list),
    ("sipTrunks.create", create),
    ("sipTrunks.get", get),
    ("sipTrunks.update", update),
    ("sipTrunks.delete", delete),
];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    Ok(whole(ctx, ctx.account.trunks.newest(0), |t| render(t, false)))
}

/// The documentation has no request body; the fields are those of an update.
fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let text = |field: &str, usual: &str| ctx.input.text(field).unwrap_or(usual).to_owned();
    let (name, transfers) = (text("name", "SIP trunk"), text("transfers", "all"));
    let transfer_caller_id = text("transfer_caller_id", "transferee");
    let trunk = Trunk {
        id: ctx.shared.id(),
        name,
        transfers,
        transfer_caller_id,
        origination: ctx.input.body.get("origination").cloned(),
        username: ctx.shared.ids.id("sip_", 10),
        password: ctx.shared.ids.id("", 20),
        created_at: ctx.now,
    };
    let answer = render(&trunk, true);
    ctx.created_id = Some(trunk.id.clone());
    ctx.account.trunks.insert(trunk);
    Ok(answer)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let trunk = ctx.account.trunks.get(ctx.input.path("trunk_id"));
    trunk.map(|t| render(t, false)).ok_or_else(unknown)
}

/// An empty body requests new credentials.
fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (id, input) = (ctx.input.path("trunk_id"), ctx.input);
    ctx.account.trunks.get(id).ok_or_else(unknown)?;
    let fresh = input.body.is_empty().then(|| ctx.shared.ids.id("", 20));
    let change = |trunk: &mut Trunk| {
        let rotated = fresh.is_some();
        if let Some(password) = fresh {
            trunk.password = password;
        }
        for (field, place) in [
            ("name", &mut trunk.name),
            ("transfers", &mut trunk.transfers),
            ("transfer_caller_id", &mut trunk.transfer_caller_id),
        ] {
            if let Some(text) = input.text(field) {
                text.clone_into(place);
            }
        }
        if let Some(origination) = input.body.get("origination") {
            trunk.origination = Some(origination.clone());
        }
        render(trunk, rotated)
    };
    ctx.account.trunks.update(id, change).ok_or_else(unknown)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let gone = ctx.account.trunks.remove(ctx.input.path("trunk_id"));
    gone.map(|_| json!({ "success": true })).ok_or_else(unknown)
}

fn render(trunk: &Trunk, shown: bool) -> Value {
    let last = trunk.password.get(trunk.password.len().saturating_sub(4)..);
    let uri = trunk.origination.as_ref().and_then(|o| o.get("sip_uri")).and_then(Value::as_str);
    let uris: Vec<Value> = uri
        .map(|uri| json!({ "sip_uri": uri, "name": null, "priority": 10, "weight": 10 }))
        .into_iter()
        .collect();
    json!({
        "id": trunk.id,
        "name": trunk.name,
        "provider": "sandbox",
        "encrypted": true,
        "transport": "tls",
        "mediaEncryption": "srtp",
        "transfers": trunk.transfers,
        "transferCallerId": trunk.transfer_caller_id,
        "terminationSipUri": format!("sip:{}.sip.example.com", trunk.id),
        "createdAt": iso(trunk.created_at),
        "originationUris": uris,
        "allowedIps": [],
        "proxyIps": [],
        "credentials": [{
            "username": trunk.username,
            "password": shown.then_some(&trunk.password),
            "passwordLast4": last,
            "credentialListName": "default",
        }],
    })
}

fn unknown() -> Failure {
    Failure::detail(404, "SIP trunk not found")
}
