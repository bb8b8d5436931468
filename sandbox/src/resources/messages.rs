//! Texts: sent from a line to a recipient, for two cents each. They are accepted first; the message
//! shows their outcome later.

use super::ctx::{Ctx, Row, no_agent, no_number};
use super::registration;
use crate::errors::Failure;
use crate::json::json;
use crate::magic;
use crate::phone;
use crate::records::{Number, Reaction};
use crate::rules;
use crate::strict;
use crate::texting::Draft;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("messages.send", send), ("messages.react", react)];

const PRICE_CENTS: u8 = 2;
/// Maximum length of an SMS, in characters.
const LONGEST: usize = 1600;
const REACTIONS: [&str; 6] = ["love", "like", "dislike", "laugh", "emphasize", "question"];

fn send(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let line = sender(ctx)?;
    let media = media(ctx)?;
    let (to, members) = match recipient(ctx, line)? {
        Recipient::One(to) => (Some(to), Vec::new()),
        Recipient::NewGroup(members) => (None, members),
    };
    let strict = to.as_ref().is_some_and(|to| strict::holds(&ctx.shared.config, to));
    if let Some(refusal) = strict.then(|| strict::refuse_text(line, registration::is_approved(ctx))).flatten()
    {
        return Err(refusal);
    }
    // Other lines support neither effects nor replies, and the API silently ignores both.
    let reply_to = ctx.input.text("reply_to_message_id").filter(|_| line.is_imessage()).map(str::to_owned);
    if reply_to.as_ref().is_some_and(|id| ctx.account.messages.get(id).is_none()) {
        return Err(Failure::detail(404, "Reply target not found."));
    }
    let thread = to.as_ref().and_then(|to| ctx.account.thread(&line.id, to));
    if let Some(refusal) = rules::refuse(line, thread, ctx.now) {
        return Err(refusal);
    }
    if !ctx.shared.can_pay(PRICE_CENTS.into()) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let kind = rules::kind(thread, ctx.now);
    let number_id = line.id.clone();
    let participant = to.unwrap_or_else(|| ctx.shared.ids.id("grp_", 20));
    let failure = magic::undelivered(&participant);
    let draft = Draft {
        number_id: number_id.clone(),
        participant,
        members,
        body: ctx.input.text("body").unwrap_or_default().to_owned(),
        media,
        inbound: false,
        reply_to,
        sender: None,
        failure,
    };
    ctx.account.numbers.update(&number_id, |line| rules::count(line, kind, ctx.now));
    let message = ctx.account.store_text(ctx.shared, draft, ctx.now).ok_or_else(no_number)?;
    ctx.created_id = Some(message.id.clone());
    ctx.shared.charge(PRICE_CENTS.into());
    ctx.shared.ledger.texts_sent += 1;
    Ok(json!({
        "id": message.id,
        "status": message.status(ctx.now),
        "channel": message.channel.name(),
        "from_number": message.from,
        "to_number": message.to,
        "conversation_id": message.conversation_id,
        "media_urls": message.media,
        "reply_to_message_id": message.reply_to,
        "reply_parent_unresolved": null,
    }))
}

fn react(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("message_id");
    let message = ctx.account.messages.get(id);
    let message = message.ok_or_else(|| Failure::detail(404, "Message not found"))?;
    let line = ctx.account.numbers.get(&message.number_id).filter(|n| n.is_imessage());
    let line = line.ok_or_else(|| Failure::detail(400, "Reactions are only supported on iMessage lines"))?;
    let reaction = ctx.input.text("reaction").unwrap_or_default();
    let emoji = !reaction.is_empty() && reaction.chars().all(|c| !c.is_alphanumeric() && !c.is_ascii());
    if !emoji && !REACTIONS.contains(&reaction) {
        let message = format!("Use an emoji or one of {}", REACTIONS.join(", "));
        return Err(Failure::field("reaction", message));
    }
    let made = Reaction {
        id: ctx.shared.id(),
        kind: reaction.to_owned(),
        from: line.phone.clone(),
        inbound: false,
        at: ctx.now,
    };
    let answer = json!({
        "id": made.id,
        "reaction_type": reaction,
        "message_id": id,
        "channel": "imessage",
    });
    ctx.account.messages.update(id, |message| message.react(made));
    Ok(answer)
}

/// The line to send from.
fn sender<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Number, Failure> {
    let (input, account) = (ctx.input, &*ctx.account);
    let only = || Failure::field("agent_id", "Give one of agent_id, number_id, from_number");
    match (input.text("agent_id"), input.text("number_id"), input.text("from_number")) {
        (Some(id), None, None) => {
            let agent = account.agents.get(id).ok_or_else(no_agent)?;
            let none = || Failure::field("agent_id", "The agent has no phone number");
            account.numbers_of(&agent.id).next().ok_or_else(none)
        }
        (None, Some(id), None) => account.held_number(id).ok_or_else(no_number),
        (None, None, Some(phone)) => {
            let phone = phone::recipient(phone).unwrap_or_default();
            account.numbers.by_key(Number::BY_PHONE, &phone).newest(0).next().ok_or_else(no_number)
        }
        _ => Err(only()),
    }
}

enum Recipient {
    One(String),
    NewGroup(Vec<String>),
}

fn recipient(ctx: &Ctx<'_>, line: &Number) -> Result<Recipient, Failure> {
    let imessage = line.is_imessage();
    let one = ctx.input.text("to_number");
    let many = ctx.input.body.get("recipients").and_then(Value::as_array);
    let bad =
        |field, text: &str| Failure::field(field, format!("{text} is not a phone number or email address"));
    match (one, many) {
        (Some(_), Some(_)) => Err(Failure::field("to_number", "Give to_number or recipients, not both")),
        (None, None) => Err(Failure::field("to_number", "Give to_number or recipients")),
        (Some(group), None) if group.starts_with("grp_") => {
            let known = ctx.account.thread(&line.id, group).map(|_| Recipient::One(group.to_owned()));
            known.ok_or_else(|| Failure::detail(404, "Group not found"))
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
            let mut members: Vec<String> = Vec::new();
            for text in all.iter().filter_map(Value::as_str) {
                let member = phone::recipient(text).ok_or_else(|| bad("recipients", text))?;
                if !members.contains(&member) {
                    members.push(member);
                }
            }
            if members.len() < 2 {
                return Err(Failure::field("recipients", "A group needs two different recipients"));
            }
            Ok(Recipient::NewGroup(members))
        }
    }
}

/// The media to send, once body and media are known to be compatible.
fn media(ctx: &Ctx<'_>) -> Result<Vec<String>, Failure> {
    let urls = ctx.input.body.get("media_urls").and_then(Value::as_array);
    let urls = urls.into_iter().flatten().filter_map(Value::as_str);
    let mut media: Vec<String> = urls.map(str::to_owned).collect();
    // The deprecated field for a single URL.
    media.extend(ctx.input.text("media_url").filter(|_| media.is_empty()).map(str::to_owned));
    match (ctx.input.text("body"), media.len()) {
        (None, 0) => Err(Failure::field("body", "A message needs a body or media")),
        (Some(_), 2..) => Err(Failure::field("body", "A carousel has no body")),
        (Some(text), _) if text.chars().count() > LONGEST => {
            Err(Failure::field("body", format!("At most {LONGEST} characters")))
        }
        _ => Ok(media),
    }
}
