//! The address book. A phone number occurs in it at most once.

use super::ctx::{Ctx, Row};
use super::listing::page;
use crate::errors::Failure;
use crate::json::json;
use crate::phone;
use crate::records::Contact;
use crate::time::iso;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("contacts.list", list),
    ("contacts.create", create),
    ("contacts.get", get),
    ("contacts.update", update),
    ("contacts.delete", delete),
    ("contacts.capabilities", capabilities),
];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let Some(part) = ctx.input.query_text("search").map(str::to_lowercase) else {
        return Ok(page(ctx, &ctx.account.contacts, render));
    };
    // Substrings are not indexed: a search visits every contact.
    let fits = |c: &&Contact| c.phone.contains(&part) || c.name.to_lowercase().contains(&part);
    Ok(page(ctx, ctx.account.contacts.newest(0).filter(fits).collect::<Vec<_>>(), render))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let phone = number(ctx.input.text("phoneNumber").unwrap_or_default())?;
    let name = ctx.input.text("name").ok_or_else(nameless)?.to_owned();
    check_free(ctx, &phone, None)?;
    let contact = Contact {
        id: ctx.shared.id(),
        phone,
        name,
        email: ctx.input.text("email").map(str::to_owned),
        notes: ctx.input.text("notes").map(str::to_owned),
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let answer = render(&contact);
    ctx.created_id = Some(contact.id.clone());
    ctx.account.contacts.insert(contact);
    Ok(answer)
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    ctx.account.contacts.get(ctx.input.path("contact_id")).map(render).ok_or_else(unknown)
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (id, input) = (ctx.input.path("contact_id"), ctx.input);
    ctx.account.contacts.get(id).ok_or_else(unknown)?;
    let phone = input.text("phoneNumber").map(number).transpose()?;
    if let Some(phone) = &phone {
        check_free(ctx, phone, Some(id))?;
    }
    // Null clears optional fields; required ones stay.
    if input.body.get("name").is_some_and(|n| n.as_str() == Some("")) {
        return Err(nameless());
    }
    let change = |contact: &mut Contact| {
        if let Some(phone) = phone {
            contact.phone = phone;
        }
        if let Some(name) = input.text("name") {
            name.clone_into(&mut contact.name);
        }
        for (field, place) in [("email", &mut contact.email), ("notes", &mut contact.notes)] {
            if input.body.contains_key(field) {
                *place = input.text(field).map(str::to_owned);
            }
        }
        contact.updated_at = ctx.now;
        render(contact)
    };
    ctx.account.contacts.update(id, change).ok_or_else(unknown)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    ctx.account.contacts.remove(ctx.input.path("contact_id")).map(|_| Value::Null).ok_or_else(unknown)
}

/// There is no lookup: in the sandbox a phone has iMessage if its number is even.
fn capabilities(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let given = ctx.input.query_text("phone_number").unwrap_or_default();
    let to = phone::recipient(given).ok_or_else(|| invalid("phone_number"))?;
    let even = to.bytes().last().is_some_and(|b| b % 2 == 0);
    let address = to.contains('@');
    Ok(json!({
        "phoneNumber": to,
        "capabilities": { "imessage": address || (even && phone::is_e164(&to)), "sms": !address },
        "checkedAt": iso(ctx.now),
    }))
}

fn number(given: &str) -> Result<String, Failure> {
    phone::recipient(given).filter(|to| phone::is_e164(to)).ok_or_else(|| invalid("phoneNumber"))
}

fn check_free(ctx: &Ctx<'_>, phone: &str, own: Option<&str>) -> Result<(), Failure> {
    let holder = ctx.account.contacts.by_key(Contact::BY_PHONE, phone).newest(0).next();
    match holder {
        Some(other) if own != Some(&other.id) => {
            Err(Failure::detail(409, "A contact with this phone number already exists"))
        }
        _ => Ok(()),
    }
}

fn render(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "phoneNumber": contact.phone,
        "name": contact.name,
        "email": contact.email,
        "notes": contact.notes,
        "createdAt": iso(contact.created_at),
        "updatedAt": iso(contact.updated_at),
    })
}

fn invalid(field: &str) -> Failure {
    Failure::field(field, "Must be a valid phone number")
}

fn nameless() -> Failure {
    Failure::field("name", "A contact needs a name")
}

fn unknown() -> Failure {
    Failure::detail(404, "Contact not found")
}
