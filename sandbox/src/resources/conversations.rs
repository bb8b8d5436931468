//! Threads of texts. Only a text starts a thread; what can be changed is the user's metadata, the name
//! of a group, and what iMessage shows.

use super::ctx::{Ctx, Row, no_agent};
use super::listing::page;
use super::listing::shown;
use super::message_view::render_message;
use crate::errors::Failure;
use crate::json::json;
use crate::records::{Background, Conversation, Message};
use crate::texting::preview;
use crate::time::iso;
use serde_json::{Map, Value};

pub(crate) const ROWS: &[Row] = &[
    ("conversations.list", list),
    ("agents.conversations.list", list_of_agent),
    ("conversations.get", get),
    ("conversations.update", update),
    ("conversations.typing", typing),
    ("conversations.background.set", set_background),
    ("conversations.background.delete", delete_background),
];

/// The thread with the latest text comes first.
fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let all = &ctx.account.conversations;
    let agent = ctx.input.query_text("agent_id");
    if !ctx.account.hidden.is_empty() {
        let fits = |c: &&Conversation| {
            agent.is_none_or(|agent| c.agent_id.as_deref() == Some(agent)) && is_shown(ctx, c)
        };
        return Ok(page(ctx, all.newest(0).filter(fits).collect::<Vec<_>>(), |c| summary(ctx, c)));
    }
    Ok(match agent {
        Some(agent) => page(ctx, all.by_key(Conversation::OF_AGENT, agent), |c| summary(ctx, c)),
        None => page(ctx, all, |c| summary(ctx, c)),
    })
}

fn list_of_agent(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let agent = ctx.account.agents.get(ctx.input.path("agent_id")).ok_or_else(no_agent)?;
    let own = ctx.account.conversations.by_key(Conversation::OF_AGENT, &agent.id);
    let own: Vec<&Conversation> = own.newest(0).filter(|c| is_shown(ctx, c)).collect();
    Ok(page(ctx, own, |c| {
        json!({
            "id": c.id,
            "agentId": c.agent_id,
            "phoneNumberId": c.number_id,
            "phoneNumber": c.phone,
            "participant": c.participant,
            "lastMessageAt": iso(last(ctx, c).0),
            "messageCount": count(ctx, c),
            "createdAt": iso(c.created_at),
            "lastMessagePreview": last(ctx, c).1,
        })
    }))
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let thread = find(ctx)?;
    let limit = ctx.input.query_count("message_limit").unwrap_or(50);
    Ok(Value::Object(whole(ctx, thread, limit)))
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (input, thread) = (ctx.input, find(ctx)?);
    let group_name = input.body.get("group_name");
    if group_name.is_some_and(|n| !n.is_null()) && !thread.is_group() {
        return Err(Failure::field("group_name", "Only a group has a name"));
    }
    let id = thread.id.clone();
    ctx.account.conversations.update(&id, |thread| {
        if let Some(metadata) = input.body.get("metadata") {
            thread.metadata = Some(metadata.clone()).filter(|m| !m.is_null());
        }
        if group_name.is_some() {
            thread.group_name = input.text("group_name").map(str::to_owned);
        }
    });
    let thread = ctx.account.conversations.get(&id).ok_or_else(unknown)?;
    Ok(Value::Object(whole(ctx, thread, 50)))
}

fn typing(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let thread = on_imessage(ctx, "Typing indicators")?;
    Ok(json!({ "conversationId": thread.id, "channel": "imessage", "status": "sent" }))
}

fn set_background(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let thread = on_imessage(ctx, "Backgrounds")?;
    let url = ctx.input.text("image_url").unwrap_or_default();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(Failure::field("image_url", "Must be a URL"));
    }
    let (id, old) = (thread.id.clone(), thread.background.clone());
    let changed = old.as_ref().is_none_or(|b| b.url != url);
    let now = match old {
        Some(same) if !changed => same,
        old => Background {
            id: ctx.shared.id(),
            url: url.to_owned(),
            version: old.map_or(1, |b| b.version.saturating_add(1)),
        },
    };
    let answer = json!({
        "conversationId": id,
        "channel": "imessage",
        "hasBackground": true,
        "backgroundId": now.id,
        "backgroundVersion": now.version,
        "changed": changed,
    });
    ctx.account.conversations.update(&id, |thread| thread.background = Some(now));
    Ok(answer)
}

fn delete_background(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = on_imessage(ctx, "Backgrounds")?.id.clone();
    ctx.account.conversations.update(&id, |thread| thread.background = None);
    Ok(Value::Null)
}

pub(super) fn find<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Conversation, Failure> {
    let thread = ctx.account.conversations.get(ctx.input.path("conversation_id"));
    thread.filter(|thread| is_shown(ctx, thread)).ok_or_else(unknown)
}

fn on_imessage<'a>(ctx: &'a Ctx<'_>, what: &str) -> Result<&'a Conversation, Failure> {
    let refusal = || Failure::detail(400, format!("{what} are only supported on iMessage lines"));
    find(ctx).and_then(|thread| thread.is_imessage().then_some(thread).ok_or_else(refusal))
}

fn unknown() -> Failure {
    Failure::detail(404, "Conversation not found")
}

fn count(ctx: &Ctx<'_>, thread: &Conversation) -> usize {
    if ctx.account.hidden.is_empty() {
        return ctx.account.messages.by_key(Message::OF_CONVERSATION, &thread.id).len();
    }
    texts(ctx, thread).count()
}

/// The visible texts of a thread, newest first.
fn texts<'a>(ctx: &'a Ctx<'_>, thread: &Conversation) -> impl Iterator<Item = &'a Message> {
    shown(ctx, ctx.account.messages.by_key(Message::OF_CONVERSATION, &thread.id).newest(0))
}

/// A thread without visible texts is hidden too.
fn is_shown(ctx: &Ctx<'_>, thread: &Conversation) -> bool {
    ctx.account.hidden.is_empty() || texts(ctx, thread).next().is_some()
}

/// The time and a preview of the latest visible text.
fn last(ctx: &Ctx<'_>, thread: &Conversation) -> (u64, String) {
    let newest = texts(ctx, thread).next().filter(|_| !ctx.account.hidden.is_empty());
    newest.map_or_else(|| (thread.last_at, thread.preview.clone()), |m| (m.at, preview(&m.body)))
}

fn summary(ctx: &Ctx<'_>, thread: &Conversation) -> Value {
    let mut out = fields(ctx, thread);
    out.insert("lastMessagePreview".into(), last(ctx, thread).1.into());
    Value::Object(out)
}

fn whole(ctx: &Ctx<'_>, thread: &Conversation, limit: usize) -> Map<String, Value> {
    let mut out = fields(ctx, thread);
    let messages = texts(ctx, thread).take(limit);
    let messages: Vec<Value> = messages.map(|m| render_message(ctx, m)).collect();
    out.insert("messages".into(), messages.into());
    out
}

/// The fields common to all representations of a thread.
fn fields(ctx: &Ctx<'_>, thread: &Conversation) -> Map<String, Value> {
    let group = thread.is_group();
    let contact = |phone: &str| {
        let known = ctx.account.contacts.by_key(crate::records::Contact::BY_PHONE, phone).newest(0).next();
        known.map(|c| c.name.clone())
    };
    let members = thread.members.iter().map(|m| json!({ "identifier": m, "name": contact(m) }));
    let value = json!({
        "id": thread.id,
        "agentId": thread.agent_id,
        "phoneNumberId": thread.number_id,
        "phoneNumber": thread.phone,
        "participant": thread.participant,
        "isGroup": group,
        "groupId": group.then_some(&thread.participant),
        "groupName": thread.group_name,
        "groupIconUrl": null,
        "participants": group.then(|| members.collect::<Vec<_>>()),
        "lastMessageAt": iso(last(ctx, thread).0),
        "messageCount": count(ctx, thread),
        "metadata": thread.metadata,
        "createdAt": iso(thread.created_at),
        "channel": thread.channel.name(),
        "capabilities": capabilities(ctx, thread),
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn capabilities(ctx: &Ctx<'_>, thread: &Conversation) -> Value {
    let held = ctx.account.held_number(&thread.number_id).is_some();
    let imessage = thread.is_imessage();
    let channels = if imessage { json!(["imessage"]) } else { json!(["sms", "mms"]) };
    json!({
        "canSendMessages": held,
        "media": held,
        "reactions": held && imessage,
        "emojiReactions": held && imessage,
        "sendDisabledReason": (!held).then_some("The number was released"),
        "sendChannel": thread.channel.name(),
        "availableChannels": channels,
        "mediaChannels": if imessage { json!(["imessage"]) } else { json!(["mms"]) },
    })
}
