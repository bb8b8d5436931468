//! The texts of a number or a thread, newest first. Paged by time: the time of the oldest text on a
//! page is the next page's `before`.

use super::conversations::find;
use super::ctx::{Ctx, Row, no_number};
use super::listing::{ListView, rows};
use super::message_view::{direction, failure, render_message};
use crate::errors::Failure;
use crate::json::{json, put};
use crate::records::Message;
use crate::store::ByKey;
use crate::time::{iso, parse};
use serde_json::Value;

pub(crate) const ROWS: &[Row] =
    &[("numbers.messages.list", of_number), ("conversations.messages.list", of_conversation)];

fn of_number(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    // A released number and its texts can still be read.
    let number = ctx.account.numbers.get(ctx.input.path("number_id")).ok_or_else(no_number)?;
    let texts = ctx.account.messages.by_key(Message::OF_NUMBER, &number.id);
    Ok(page(ctx, &texts, |m| {
        json!({
            "id": m.id,
            // The documented examples disagree on the spelling.
            "from_": m.from,
            "from": m.from,
            "to": m.to,
            "body": m.body,
            "direction": direction(m.inbound),
            "channel": m.channel.name(),
            "receivedAt": iso(m.at),
            "status": m.status(ctx.now),
            "failureReason": failure(ctx, m).map(|(reason, _)| reason),
            "mediaUrl": m.media.first(),
            "mediaUrls": m.media,
            "conversationId": m.conversation_id,
        })
    }))
}

fn of_conversation(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let thread = find(ctx)?;
    let texts = ctx.account.messages.by_key(Message::OF_CONVERSATION, &thread.id);
    Ok(page(ctx, &texts, |m| render_message(ctx, m)))
}

/// Texts between `after` and `before`, both exclusive, without the newest `offset` of them.
fn page(ctx: &Ctx<'_>, texts: &ByKey<'_, Message>, render: impl Fn(&Message) -> Value) -> Value {
    let time = |name| ctx.input.query_text(name).and_then(parse);
    let limit = ctx.input.query_count("limit").unwrap_or(50);
    let offset = ctx.input.query_count("offset").unwrap_or(0);
    if let Some(view) = ListView::of(ctx) {
        let (before, after) = (time("before"), time("after"));
        let fits = |m: &&Message| before.is_none_or(|at| m.at < at) && after.is_none_or(|at| m.at > at);
        let seen = view.pick(texts.newest(0).filter(fits), &render);
        let more = seen.len().saturating_sub(offset) > limit;
        let data = seen.into_iter().skip(offset).take(limit).map(render).collect();
        let mut out = rows(data);
        put(&mut out, "hasMore", more.into());
        return Value::Object(out);
    }
    let end = time("before").map_or(texts.len(), |at| texts.earlier(|m| m.at < at));
    let start = time("after").map_or(0, |at| texts.earlier(|m| m.at <= at));
    let between = end.saturating_sub(start).saturating_sub(offset);
    let skip = (texts.len() - end).saturating_add(offset);
    let data: Vec<Value> = texts.newest(skip).take(limit.min(between)).map(render).collect();
    let mut out = rows(data);
    put(&mut out, "hasMore", (between > limit).into());
    Value::Object(out)
}
