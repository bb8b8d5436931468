//! Texts: sent from a line to a recipient, two cents each. They are accepted, not delivered: nobody
//! reads them here, and nobody answers.

use super::{Ctx, Row, no_agent, no_number};
use crate::errors::Failure;
use crate::phone;
use crate::state::{Message, Number};
use serde_json::{Value, json};

pub(crate) const ROWS: &[Row] = &[("messages.send", send), ("messages.react", react)];

const PRICE_CENTS: u8 = 2;
/// The longest text of an SMS, in characters.
const LONGEST: usize = 1600;
const REACTIONS: [&str; 6] = ["love", "like", "dislike", "laugh", "emphasize", "question"];

fn send(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let line = sender(ctx)?;
    let (line_id, from, agent_id, imessage) =
        (line.id.clone(), line.phone.clone(), line.agent_id.clone(), line.is_imessage());
    let media = media(ctx)?;
    let to = match recipient(ctx, imessage)? {
        Recipient::One(to) => Some(to),
        Recipient::NewGroup => None,
    };
    let reply_to = ctx.input.text("reply_to_message_id").map(str::to_owned);
    if reply_to.as_ref().is_some_and(|id| ctx.account.messages.iter().all(|m| m.id != *id)) {
        return Err(Failure::detail(404, "Reply target not found."));
    }
    if !ctx.shared.can_pay(PRICE_CENTS.into()) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let id = ctx.shared.id();
    let to = to.unwrap_or_else(|| ctx.shared.ids.id("grp_", 20));
    let thread = ctx.account.threads.entry((line_id.clone(), to.clone()));
    let thread = thread.or_insert_with(|| ctx.shared.ids.id("cm", 23)).clone();
    ctx.shared.charge(PRICE_CENTS.into());
    ctx.shared.ledger.texts_sent += 1;
    ctx.account.messages.push(Message {
        id: id.clone(),
        agent_id,
        number_id: line_id,
        imessage,
        sent_at: ctx.now,
    });
    let channel = match (imessage, media.is_empty()) {
        (true, _) => "imessage",
        (false, true) => "sms",
        (false, false) => "mms",
    };
    Ok(json!({
        "id": id,
        "status": "queued",
        "channel": channel,
        "from_number": from,
        "to_number": to,
        "conversation_id": thread,
        "media_urls": media,
        "reply_to_message_id": reply_to,
        "reply_parent_unresolved": null,
    }))
}

fn react(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("message_id");
    let message = ctx.account.messages.iter().find(|m| m.id == id);
    let message = message.ok_or_else(|| Failure::detail(404, "Message not found"))?;
    if !message.imessage {
        return Err(Failure::detail(400, "Reactions are only supported on iMessage lines"));
    }
    let reaction = ctx.input.text("reaction").unwrap_or_default();
    let emoji = !reaction.is_empty() && reaction.chars().all(|c| !c.is_alphanumeric() && !c.is_ascii());
    if !emoji && !REACTIONS.contains(&reaction) {
        let message = format!("Use an emoji or one of {}", REACTIONS.join(", "));
        return Err(Failure::field("reaction", message));
    }
    Ok(json!({
        "id": ctx.shared.ids.id("cm", 23),
        "reaction_type": reaction,
        "message_id": id,
        "channel": "imessage",
    }))
}

/// The line to send from. When several are named, the most exact one counts.
fn sender<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Number, Failure> {
    let (input, account) = (ctx.input, &*ctx.account);
    if let Some(id) = input.text("number_id") {
        return account.held_numbers().find(|n| n.id == id).ok_or_else(no_number);
    }
    if let Some(phone) = input.text("from_number") {
        return account.held_numbers().find(|n| n.phone == phone).ok_or_else(no_number);
    }
    let Some(id) = input.text("agent_id") else {
        return Err(Failure::field("agent_id", "Give one of agent_id, number_id, from_number"));
    };
    let agent = account.agent(id).ok_or_else(no_agent)?;
    let none = || Failure::field("agent_id", "The agent has no phone number");
    account.numbers_of(&agent.id).next().ok_or_else(none)
}

enum Recipient {
    One(String),
    NewGroup,
}

fn recipient(ctx: &Ctx<'_>, imessage: bool) -> Result<Recipient, Failure> {
    let one = ctx.input.text("to_number");
    let many = ctx.input.body.get("recipients").and_then(Value::as_array);
    let bad =
        |field, text: &str| Failure::field(field, format!("{text} is no phone number or email address"));
    match (one, many) {
        (Some(_), Some(_)) => Err(Failure::field("to_number", "Give to_number or recipients, not both")),
        (None, None) => Err(Failure::field("to_number", "Give to_number or recipients")),
        (Some(group), None) if group.starts_with("grp_") => {
            let known = ctx.account.threads.keys().any(|(_, to)| to == group);
            let found = known.then(|| Recipient::One(group.to_owned()));
            found.ok_or_else(|| Failure::detail(404, "Group not found"))
        }
        (Some(text), None) => match phone::recipient(text) {
            Some(to) if to.contains('@') && !imessage => {
                Err(Failure::field("to_number", "Email addresses need an iMessage line"))
            }
            Some(to) => Ok(Recipient::One(to)),
            None => Err(bad("to_number", text)),
        },
        (None, Some(_)) if !imessage => Err(Failure::field("recipients", "Groups need an iMessage line")),
        (None, Some(all)) => {
            let wrong = all.iter().filter_map(Value::as_str).find(|t| phone::recipient(t).is_none());
            wrong.map_or(Ok(Recipient::NewGroup), |text| Err(bad("recipients", text)))
        }
    }
}

/// The media to send, once it and the body go together.
fn media(ctx: &Ctx<'_>) -> Result<Vec<Value>, Failure> {
    let urls = ctx.input.body.get("media_urls").and_then(Value::as_array);
    let mut media = urls.cloned().unwrap_or_default();
    // The deprecated single form.
    media.extend(ctx.input.text("media_url").filter(|_| media.is_empty()).map(Value::from));
    match (ctx.input.text("body"), media.len()) {
        (None, 0) => Err(Failure::field("body", "A message needs a body or media")),
        (Some(_), 2..) => Err(Failure::field("body", "A carousel has no body")),
        (Some(text), _) if text.chars().count() > LONGEST => {
            Err(Failure::field("body", format!("At most {LONGEST} characters")))
        }
        _ => Ok(media),
    }
}
