//! A text as the API shows it.

use super::ctx::Ctx;
use crate::json::json;
use crate::records::Message;
use crate::time::iso;
use serde_json::Value;

/// A text as its thread shows it.
pub(super) fn render_message(ctx: &Ctx<'_>, message: &Message) -> Value {
    let failure = failure(ctx, message);
    let delivered = ctx.now >= message.delivered_at() && failure.is_none();
    let reactions = message.reactions.iter().map(|r| {
        json!({
            "id": r.id,
            "reactionType": r.kind,
            "fromNumber": r.from,
            "direction": direction(r.inbound),
            "createdAt": iso(r.at),
        })
    });
    let parent = message.reply_to.as_deref().and_then(|id| ctx.account.messages.get(id));
    json!({
        "id": message.id,
        "body": message.body,
        "fromNumber": message.from,
        "toNumber": message.to,
        "direction": direction(message.inbound),
        "senderIdentifier": message.sender,
        "channel": message.channel.name(),
        "mediaUrl": message.media.first(),
        "mediaUrls": message.media,
        "receivedAt": iso(message.at),
        "reactions": reactions.collect::<Vec<_>>(),
        "replyTo": parent.map(|p| json!({ "messageId": p.id, "message": p.body, "mediaUrls": p.media })),
        "status": message.status(ctx.now),
        "failureReason": failure.map(|(reason, _)| reason),
        "content": null,
        "deliveredAt": delivered.then(|| iso(message.delivered_at())),
        "deliveredChannel": delivered.then(|| message.channel.name()),
        "readAt": null,
        "errorCode": failure.map(|(_, code)| code),
    })
}

/// A failure becomes visible when the message would have been delivered.
pub(super) fn failure<'a>(ctx: &Ctx<'_>, message: &'a Message) -> Option<(&'a str, &'a str)> {
    let failure = message.failure.as_ref().filter(|_| ctx.now >= message.delivered_at());
    failure.map(|(reason, code)| (reason.as_str(), code.as_str()))
}

pub(super) fn direction(inbound: bool) -> &'static str {
    if inbound { "inbound" } else { "outbound" }
}
