//! A person texts one of the numbers, or reacts to a message.

use super::fields::{from, line, only, text};
use crate::account::Account;
use crate::account_scope::AccountScope;
use crate::admission::admit_one;
use crate::delivering;
use crate::errors::Failure;
use crate::json::json;
use crate::records::{Contact, Conversation, Message, Number, Reaction};
use crate::state::World;
use crate::texting::Draft;
use crate::time::micros;
use crate::webhooks::{Event, text_event};
use serde_json::Value;

/// Inbound and outbound texts cost the same.
const PRICE_CENTS: u8 = 2;
/// The most messages of a thread that an event carries, whatever the webhook's setting.
const HISTORY: usize = 50;

/// A text arrives.
pub(crate) fn message(world: &mut World, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["from", "to", "agentId", "body", "mediaUrls", "group", "replyTo"])?;
    let sender = from(body)?;
    let (account_name, number_id) = line(world, body)?;
    let Some(mut scope) = world.scope(&account_name, now) else { return Err(lost()) };
    let media = media(body)?;
    let words = text(body, "body")?.unwrap_or_default().to_owned();
    if words.is_empty() && media.is_empty() {
        return Err(Failure::detail(400, "body: a text needs words or mediaUrls"));
    }
    let group = text(body, "group")?.map(str::to_owned);
    if let Some(group) = &group
        && scope.account.thread(&number_id, group).is_none()
    {
        return Err(Failure::detail(404, "group: the line is not in this group"));
    }
    let draft = Draft {
        participant: group.clone().unwrap_or_else(|| sender.clone()),
        number_id,
        members: Vec::new(),
        body: words,
        media,
        inbound: true,
        reply_to: text(body, "replyTo")?.map(str::to_owned),
        sender: group.map(|_| sender),
        failure: None,
    };
    let AccountScope { account, shared, .. } = &mut scope;
    admit_one(account, "messages.send", shared.config.max_objects, false)?;
    let id = account.store_text(shared, draft, now).ok_or_else(lost)?.id.clone();
    shared.charge(PRICE_CENTS.into());
    let message = account.messages.get(&id).ok_or_else(lost)?;
    let event = event(account, message);
    let answer = json!({
        "id": message.id,
        "conversationId": message.conversation_id,
        "numberId": message.number_id,
        "from": message.from,
        "to": message.to,
        "channel": message.channel.name(),
    });
    delivering::emit(&mut scope, event);
    Ok(answer)
}

fn media(body: &Value) -> Result<Vec<String>, Failure> {
    let wrong = || Failure::detail(400, "mediaUrls: must be a list of strings");
    let urls = match body.get("mediaUrls") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(urls) => urls.as_array().ok_or_else(wrong)?,
    };
    urls.iter().map(|url| url.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

/// The carrier reports that a sent text was not delivered.
pub(crate) fn lose(world: &mut World, id: &str, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["reason", "code"])?;
    let account_name = owner(world, id)?;
    let Some(scope) = world.scope(&account_name, now) else { return Err(lost()) };
    let reason = text(body, "reason")?.unwrap_or("Unreachable destination handset").to_owned();
    let code = text(body, "code")?.unwrap_or("30003").to_owned();
    let status = scope.account.messages.update(id, |message| {
        if !message.inbound {
            message.failure = Some((reason, code));
        }
        message.status(now)
    });
    match status.ok_or_else(lost)? {
        "received" => Err(Failure::detail(409, "Only a text that was sent can be lost")),
        status => Ok(json!({ "id": id, "status": status })),
    }
}

/// The account that a message belongs to.
fn owner(world: &World, id: &str) -> Result<String, Failure> {
    let found = world.accounts.iter().find(|(_, account)| account.messages.get(id).is_some());
    found
        .map(|(account_name, _)| account_name.clone())
        .ok_or_else(|| Failure::detail(404, "messageId: there is no message with this id"))
}

/// A reaction to a message arrives.
pub(crate) fn reaction(world: &mut World, body: &Value, now: u64) -> Result<Value, Failure> {
    only(body, &["from", "messageId", "reaction"])?;
    let id = text(body, "messageId")?.ok_or_else(|| Failure::detail(400, "messageId: is required"))?;
    let kind = text(body, "reaction")?.unwrap_or("love").to_owned();
    let account_name = owner(world, id)?;
    let Some(mut scope) = world.scope(&account_name, now) else { return Err(lost()) };
    let AccountScope { account, shared, .. } = &mut scope;
    let message = account.messages.get(id).ok_or_else(lost)?;
    if message.channel.name() != "imessage" {
        return Err(Failure::detail(409, "messageId: reactions exist on iMessage lines only"));
    }
    let person = if message.inbound { &message.from } else { &message.to };
    let from = text(body, "from")?.unwrap_or(person).to_owned();
    let made = Reaction { id: shared.id(), kind, from, inbound: true, at: now };
    let event = Event {
        name: "agent.reaction",
        delivery: format!("del_{}_{}", made.id, message.number_id),
        data: json!({
            "conversationId": message.conversation_id,
            "numberId": message.number_id,
            "reactionType": made.kind,
            "fromNumber": made.from,
            "direction": "inbound",
            "messageId": message.id,
            "messageBody": message.body,
            "messageMediaUrl": message.media.first(),
            "messageMediaUrls": message.media,
            "createdAt": micros(now),
        }),
        ..event(account, message)
    };
    let answer = json!({ "id": made.id, "messageId": id, "reaction": made.kind, "from": made.from });
    account.messages.update(id, |message| message.react(made));
    delivering::emit(&mut scope, event);
    Ok(answer)
}

/// The event for a text, with the context from its thread.
fn event(account: &Account, message: &Message) -> Event {
    let thread = account.conversations.get(&message.conversation_id);
    let number = account.numbers.get(&message.number_id);
    let of_thread = account.messages.by_key(Message::OF_CONVERSATION, &message.conversation_id);
    let mut history: Vec<Value> =
        of_thread.newest(0).filter(|m| m.id != message.id).take(HISTORY).map(item).collect();
    history.reverse();
    let contact = account.contacts.by_key(Contact::BY_PHONE, &message.from).newest(0).next();
    let replied = message.reply_to.as_deref().and_then(|id| account.messages.get(id));
    let mut data = json!({
        "messageId": message.id,
        "conversationId": message.conversation_id,
        "numberId": message.number_id,
        "from": message.from,
        "to": message.to,
        "contact": contact.map(|c| {
            json!({ "id": c.id, "name": c.name, "email": c.email, "phoneNumber": c.phone })
        }),
        "message": message.body,
        "mediaUrl": message.media.first(),
        "mediaUrls": message.media,
        "direction": "inbound",
        "receivedAt": micros(message.at),
        "senderIdentifier": message.sender,
        "externalId": number.and_then(|n: &Number| n.external_id.as_deref()),
        "replyTo": replied.map(|m| {
            json!({ "messageId": m.id, "message": m.body, "mediaUrls": m.media })
        }),
    });
    // Absent in a thread of two.
    if let (Some(group), Some(map)) = (thread.filter(|t| t.is_group()), data.as_object_mut()) {
        map.insert("group".into(), members(group));
    }
    Event {
        state: thread.and_then(|t| t.metadata.clone()).unwrap_or_default(),
        history,
        ..text_event(message.channel.name(), message.agent_id.clone(), &message.id, &message.number_id, data)
    }
}

fn members(group: &Conversation) -> Value {
    let participants: Vec<Value> =
        group.members.iter().map(|m| json!({ "identifier": m, "phoneNumber": m })).collect();
    json!({
        "isGroup": true,
        "groupId": group.participant,
        "groupName": group.group_name,
        "groupIconUrl": null,
        "participants": participants,
    })
}

fn item(message: &Message) -> Value {
    json!({
        "messageId": message.id,
        "content": message.body,
        "direction": if message.inbound { "inbound" } else { "outbound" },
        "channel": message.channel.name(),
        "at": micros(message.at),
        "senderIdentifier": message.sender,
    })
}

fn lost() -> Failure {
    Failure::detail(404, "The line is no longer held")
}
