//! Message templates of a WhatsApp connection. Meta's review takes a minute.

use super::ctx::{Ctx, Row};
use super::listing::whole;
use super::whatsapp::find;
use crate::errors::Failure;
use crate::json::json;
use crate::records::Template;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("whatsapp.templates.list", list),
    ("whatsapp.templates.create", create),
    ("whatsapp.templates.delete", delete),
];

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let wanted = |name: &str, value: &str| {
        ctx.input.query_text(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
    };
    let templates = find(ctx)?.templates.newest(0).filter(|t| {
        wanted("name", &t.name)
            && wanted("status", t.status(ctx.now))
            && wanted("category", &t.category)
            && wanted("language", &t.language)
    });
    Ok(whole(ctx, templates, |t| render(t, ctx.now)))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let connection = find(ctx)?;
    let text = |field| ctx.input.text(field).unwrap_or_default().to_owned();
    let name = text("name");
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Failure::field("name", "Use lower-case letters, digits and underscores"));
    }
    let category = text("category").to_ascii_uppercase();
    if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&category.as_str()) {
        return Err(Failure::field("category", "Use MARKETING, UTILITY or AUTHENTICATION"));
    }
    let language = ctx.input.text("language").unwrap_or("en_US").to_owned();
    if connection.templates.by_key(Template::BY_NAME, &name).newest(0).any(|t| t.language == language) {
        return Err(Failure::detail(409, "A template with this name and language already exists"));
    }
    let id = connection.id.clone();
    let components = ctx.input.body.get("components").cloned().unwrap_or_else(|| json!([]));
    let template =
        Template { id: ctx.shared.id(), name, language, category, components, created_at: ctx.now };
    let answer = render(&template, ctx.now);
    ctx.created_id = Some(template.id.clone());
    ctx.account.connections.update(&id, |c| c.templates.insert(template));
    Ok(answer)
}

/// A name alone deletes all languages; with `hsm_id` only one is deleted.
fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let connection = find(ctx)?;
    let name = ctx.input.query_text("name").unwrap_or_default();
    let one = ctx.input.query_text("hsm_id");
    let named = connection.templates.by_key(Template::BY_NAME, name).newest(0);
    let gone: Vec<String> = named.filter(|t| one.is_none_or(|id| t.id == id)).map(|t| t.id.clone()).collect();
    if gone.is_empty() {
        return Err(Failure::detail(404, "Template not found"));
    }
    let id = connection.id.clone();
    ctx.account.connections.update(&id, |c| {
        for id in &gone {
            c.templates.remove(id);
        }
    });
    Ok(json!({ "success": true }))
}

fn render(template: &Template, now: u64) -> Value {
    json!({
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status(now),
        "components": template.components,
    })
}
