//! Adds a text to an account: finds or starts its thread and brings it to the top. Sent and received
//! texts both come through here.

use crate::account::Account;
use crate::records::{Channel, Conversation, Message, Number};
use crate::state::Shared;

/// A text before it has an id and a thread.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) number_id: String,
    /// A phone number, an address or a group id.
    pub(crate) participant: String,
    /// The members of a group, if the text starts one.
    pub(crate) members: Vec<String>,
    pub(crate) body: String,
    pub(crate) media: Vec<String>,
    pub(crate) inbound: bool,
    pub(crate) reply_to: Option<String>,
    /// The member of a group who wrote it.
    pub(crate) sender: Option<String>,
    /// Why it will not arrive: message and code.
    pub(crate) failure: Option<(String, String)>,
}

/// The channel that a line of this kind uses, with or without media.
pub(crate) fn channel(line: &Number, media: bool) -> Channel {
    match (line.is_imessage(), media) {
        (true, _) => Channel::Imessage,
        (false, true) => Channel::Mms,
        (false, false) => Channel::Sms,
    }
}

/// The beginning of a text, as a list of threads shows it.
pub(crate) fn preview(body: &str) -> String {
    body.chars().take(100).collect()
}

impl Account {
    /// The thread of a line with a participant.
    pub(crate) fn thread(&self, number_id: &str, participant: &str) -> Option<&Conversation> {
        let peer = Conversation::peer(number_id, participant);
        self.conversations.by_key(Conversation::BY_PEER, &peer).newest(0).next()
    }

    /// Stores a text and returns it as stored. None if the line is not held.
    pub(crate) fn store_text(&mut self, shared: &mut Shared, draft: Draft, now: u64) -> Option<&Message> {
        let line = self.held_number(&draft.number_id)?;
        // Paging is by time, and with a stopped clock all texts would have the same time: each one is later
        // than the last.
        let at = self.messages.newest(0).next().map_or(now, |newest| now.max(newest.at.saturating_add(1)));
        let (phone, agent_id) = (line.phone.clone(), line.agent_id.clone());
        let channel = channel(line, !draft.media.is_empty());
        let id = shared.id();
        let conversation_id = match self.thread(&draft.number_id, &draft.participant) {
            Some(thread) => thread.id.clone(),
            None => {
                let thread = Conversation {
                    id: shared.id(),
                    peer: Conversation::peer(&draft.number_id, &draft.participant),
                    agent_id: agent_id.clone(),
                    number_id: draft.number_id.clone(),
                    phone: phone.clone(),
                    participant: draft.participant.clone(),
                    members: draft.members,
                    group_name: None,
                    channel,
                    metadata: None,
                    created_at: now,
                    last_at: now,
                    preview: String::new(),
                    background: None,
                    streak: 0,
                    heard_at: None,
                };
                let id = thread.id.clone();
                self.conversations.insert(thread);
                id
            }
        };
        self.conversations.touch(&conversation_id, |thread| {
            thread.last_at = at;
            thread.agent_id.clone_from(&agent_id);
            thread.channel = channel;
            thread.preview = preview(&draft.body);
            if draft.inbound {
                thread.streak = 0;
                thread.heard_at = Some(now);
            } else {
                thread.streak = thread.streak.saturating_add(1);
            }
        });
        let (from, to) = match draft.inbound {
            true => (draft.sender.clone().unwrap_or(draft.participant), phone),
            false => (phone, draft.participant),
        };
        self.messages.insert(Message {
            id: id.clone(),
            conversation_id,
            agent_id,
            number_id: draft.number_id,
            from,
            to,
            body: draft.body,
            inbound: draft.inbound,
            channel,
            media: draft.media,
            at,
            reply_to: draft.reply_to,
            sender: draft.sender,
            reactions: Vec::new(),
            failure: draft.failure,
        });
        self.messages.get(&id)
    }
}
