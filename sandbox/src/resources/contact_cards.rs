//! The name and photo that a number shows in iMessage. A number without a card has an empty one.

use super::ctx::{Ctx, Row, no_number};
use crate::errors::Failure;
use crate::json::json;
use crate::records::{Card, Number};
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[
    ("numbers.contactCard.get", get),
    ("numbers.contactCard.set", set),
    ("numbers.contactCard.delete", delete),
];

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    Ok(render(line(ctx)?.card.as_ref()))
}

fn set(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = line(ctx)?.id.clone();
    let text = |field| ctx.input.text(field).map(str::to_owned);
    let card = Card {
        first_name: text("firstName"),
        last_name: text("lastName"),
        display_name: text("displayName"),
        avatar: text("avatarUrl").is_some(),
    };
    let answer = render(Some(&card));
    ctx.account.numbers.update(&id, |number| number.card = Some(card));
    Ok(answer)
}

fn delete(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = line(ctx)?.id.clone();
    ctx.account.numbers.update(&id, |number| number.card = None);
    Ok(Value::Null)
}

fn line<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Number, Failure> {
    let number = ctx.account.held_number(ctx.input.path("number_id")).ok_or_else(no_number)?;
    let refusal = || Failure::detail(400, "Contact cards are only supported on iMessage lines");
    number.is_imessage().then_some(number).ok_or_else(refusal)
}

fn render(card: Option<&Card>) -> Value {
    let of = |field: fn(&Card) -> &Option<String>| card.and_then(|c| field(c).as_deref());
    json!({
        "firstName": of(|c| &c.first_name),
        "lastName": of(|c| &c.last_name),
        "displayName": of(|c| &c.display_name),
        "hasAvatar": card.is_some_and(|c| c.avatar),
    })
}
