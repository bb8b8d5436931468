//! Numbers: purchased, held, released. A released number is not listed and cannot be used, but can
//! still be read.

use super::ctx::{Ctx, Row, no_agent, no_number};
use super::listing::page;
use super::registration;
use crate::agenda::Task;
use crate::errors::Failure;
use crate::holding::{MONTH_MS, MOST_NUMBERS, NUMBER_CENTS};
use crate::json::json;
use crate::phone;
use crate::records::Number;
use crate::rules::{self, DAY_MS};
use crate::state::{Config, Holder};
use crate::strict;
use crate::time::{iso, parse};
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("numbers.list", list),
    ("numbers.get", get),
    ("numbers.buy", buy),
    ("numbers.release", release),
    ("numbers.available", available),
    ("numbers.update", update),
    ("numbers.voiceRouting.update", route),
];

const KINDS: [&str; 2] = ["sms", "imessage"];
const COUNTRIES: [&str; 2] = ["US", "CA"];
/// Where calls can be routed. The API's names for the last two are not published.
const ROUTES: [&str; 3] = ["agent", "sip_trunk", "ignore"];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let look = Look::of(ctx);
    Ok(page(ctx, ctx.account.held_numbers(), |n| look.render(n)))
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("number_id");
    ctx.account.numbers.get(id).map(|n| Look::of(ctx).render(n)).ok_or_else(no_number)
}

fn buy(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let country = country(ctx.input.text("country"))?;
    let kind = ctx.input.text("type").unwrap_or("sms");
    if !KINDS.contains(&kind) {
        return Err(Failure::field("type", format!("Use {}", KINDS.join(" or "))));
    }
    let agent_id = ctx.input.text("agentId");
    if agent_id.is_some_and(|id| ctx.account.agents.get(id).is_none()) {
        return Err(no_agent());
    }
    let expires_at = expiry(ctx.input.text("expiresAt"), ctx.now)?;
    if ctx.account.held_numbers().len() >= MOST_NUMBERS {
        return Err(Failure::code("VALIDATION_ERROR_NUMBER_LIMIT"));
    }
    if !ctx.shared.can_pay(NUMBER_CENTS.into()) {
        let message = "Your balance is too low. Provisioning a number requires at least $3.00.";
        return Err(Failure::code("INSUFFICIENT_BALANCE").saying(message));
    }
    let held = |phone: &str| ctx.shared.held.get(phone).is_some();
    let phone = phone::on_sale(country, ctx.input.text("areaCode"), held).next();
    let phone = phone.ok_or_else(|| Failure::code("CARRIER_ERROR").saying("No number is available"))?;
    ctx.shared.charge(NUMBER_CENTS.into());
    ctx.shared.ledger.numbers_bought += 1;
    let number = Number {
        country: country.to_owned(),
        kind: kind.to_owned(),
        agent_id: agent_id.map(str::to_owned),
        external_id: ctx.input.text("externalId").map(str::to_owned),
        expires_at,
        inbound_only: ctx.input.text("imessageType") == Some("inbound"),
        ..Number::bought(ctx.shared.id(), phone, ctx.now, ctx.now.saturating_add(MONTH_MS))
    };
    ctx.shared.hold(&number, Holder { account: ctx.account_name.to_owned(), number: number.id.clone() });
    let answer = Look::of(ctx).render(&number);
    ctx.created_id = Some(number.id.clone());
    ctx.account.numbers.insert(number);
    Ok(answer)
}

fn release(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("number_id");
    let number = ctx.account.numbers.get(id).ok_or_else(no_number)?;
    let answer = json!({
        "success": true,
        "message": "Phone number released",
        "id": number.id,
        "phoneNumber": number.phone,
        "status": "released",
    });
    // Releasing a number again changes nothing: a retry after a lost response gets the same response.
    if !number.released {
        ctx.account.release_number(ctx.shared, id);
    }
    Ok(answer)
}

fn available(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let country = country(ctx.input.query_text("country"))?;
    let limit = ctx.input.query_count("limit").unwrap_or(20).min(100);
    let held = |phone: &str| ctx.shared.held.get(phone).is_some();
    let data: Vec<Value> = phone::on_sale(country, ctx.input.query_text("areaCode"), held)
        .take(limit)
        .map(|number| {
            // The sandbox has no map, so it does not distinguish cities.
            let area = number.get(2..5).map(str::to_owned);
            json!({ "phoneNumber": number, "city": null, "state": null, "rateCenter": null, "areaCode": area })
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let body = &ctx.input.body;
    let expires_at = expiry(ctx.input.text("expiresAt"), ctx.now)?;
    let id = ctx.input.path("number_id");
    ctx.account.held_number(id).ok_or_else(no_number)?;
    let look = Look::of(ctx);
    let changed = ctx.account.numbers.update(id, |number| {
        if body.contains_key("externalId") {
            number.external_id = ctx.input.text("externalId").map(str::to_owned);
        }
        if body.contains_key("expiresAt") {
            number.expires_at = expires_at;
        }
        look.render(number)
    });
    if let Some(at) = expires_at {
        let task = Task::ExpireNumber { account: ctx.account_name.to_owned(), number: id.to_owned() };
        ctx.shared.agenda.at(at, task);
    }
    changed.ok_or_else(no_number)
}

/// Responds with the number, since the API's response is not documented.
fn route(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let method = ctx.input.text("method").unwrap_or_default();
    if !ROUTES.contains(&method) {
        return Err(Failure::field("method", format!("Use {}", ROUTES.join(", "))));
    }
    let id = ctx.input.path("number_id");
    ctx.account.held_number(id).ok_or_else(no_number)?;
    let look = Look::of(ctx);
    let changed = ctx.account.numbers.update(id, |number| {
        number.voice_routing = Some(method.to_owned());
        look.render(number)
    });
    changed.ok_or_else(no_number)
}

fn country(given: Option<&str>) -> Result<&str, Failure> {
    let country = given.unwrap_or("US");
    if COUNTRIES.contains(&country) {
        return Ok(country);
    }
    Err(Failure::field("country", "Numbers can be bought in US and CA only"))
}

fn expiry(given: Option<&str>, now: u64) -> Result<Option<u64>, Failure> {
    match given.and_then(parse) {
        Some(at) if at <= now => Err(Failure::field("expiresAt", "Must be in the future")),
        other => Ok(other),
    }
}

/// What the JSON of a number depends on besides the number.
struct Look {
    now: u64,
    config: Config,
    registered: bool,
}

impl Look {
    fn of(ctx: &Ctx<'_>) -> Self {
        let config = ctx.shared.config.clone();
        // Only strict accounts need one.
        let registered = !config.strict || registration::is_approved(ctx);
        Self { now: ctx.now, config, registered }
    }

    fn render(&self, number: &Number) -> Value {
        let new_contacts = if number.day == self.now / DAY_MS { number.new_contacts } else { 0 };
        let sms = || strict::outbound_sms(number, &self.config, self.registered);
        json!({
            "id": number.id,
            "phoneNumber": number.phone,
            "country": number.country,
            "status": if number.released { "released" } else { "active" },
            "type": number.kind,
            "agentId": number.agent_id,
            "createdAt": iso(number.created_at),
            "outboundSms": (!number.released).then(sms),
            "inboundCallsEnabled": true,
            "readReceiptsEnabled": false,
            "whatsappEnabled": number.whatsapp,
            "dailyNewContacts": number.is_imessage().then(|| json!({ "used": new_contacts, "limit": rules::NEW_CONTACTS })),
            "purchasedAt": iso(number.created_at),
            "externalId": number.external_id,
            "expiresAt": number.expires_at.map(iso),
            "rcsFallbackForAlias": null,
            "voiceRouting": { "method": number.calls_go_to() },
        })
    }
}
