//! Texts and their threads. A thread belongs to one line and one person or group.

use crate::store::{Record, persist};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Sms,
    Mms,
    Imessage,
    Whatsapp,
}

persist!(names Channel { Sms = "sms", Mms = "mms", Imessage = "imessage", Whatsapp = "whatsapp" });

impl Channel {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mms => "mms",
            Self::Imessage => "imessage",
            Self::Whatsapp => "whatsapp",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) conversation_id: String,
    pub(crate) agent_id: Option<String>,
    pub(crate) number_id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) inbound: bool,
    pub(crate) channel: Channel,
    pub(crate) media: Vec<String>,
    pub(crate) at: u64,
    pub(crate) reply_to: Option<String>,
    /// The member of a group who wrote it.
    pub(crate) sender: Option<String>,
    pub(crate) reactions: Vec<Reaction>,
    /// Why it was not delivered: the message and the carrier's code.
    pub(crate) failure: Option<(String, String)>,
}

persist!(Message {
    id,
    conversation_id,
    agent_id,
    number_id,
    from,
    to,
    body,
    inbound,
    channel,
    media,
    at,
    reply_to,
    sender,
    reactions,
    failure
});

#[derive(Debug, Clone)]
pub(crate) struct Reaction {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) from: String,
    pub(crate) inbound: bool,
    pub(crate) at: u64,
}

persist!(Reaction { id, kind, from, inbound, at });

impl Message {
    pub(crate) const OF_CONVERSATION: usize = 0;
    pub(crate) const OF_NUMBER: usize = 1;
    pub(crate) const OF_AGENT: usize = 2;
    /// Time from acceptance to delivery.
    const TRANSIT_MS: u64 = 1000;

    pub(crate) fn delivered_at(&self) -> u64 {
        self.at.saturating_add(if self.inbound { 0 } else { Self::TRANSIT_MS })
    }

    /// Each person has one reaction per message; a new one replaces it.
    pub(crate) fn react(&mut self, reaction: Reaction) {
        self.reactions.retain(|r| r.from != reaction.from);
        self.reactions.push(reaction);
    }

    pub(crate) fn status(&self, now: u64) -> &'static str {
        match (self.inbound, now >= self.delivered_at(), &self.failure) {
            (true, ..) => "received",
            (false, false, _) => "queued",
            (false, true, None) => "delivered",
            (false, true, Some(_)) => "failed",
        }
    }
}

impl Record for Message {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        let mut keys = vec![
            (Self::OF_CONVERSATION, self.conversation_id.as_str()),
            (Self::OF_NUMBER, self.number_id.as_str()),
        ];
        keys.extend(self.agent_id.iter().map(|agent| (Self::OF_AGENT, agent.as_str())));
        keys
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    /// Line and participant, see [`Conversation::peer`].
    pub(crate) peer: String,
    /// The agent that held the line at the last message.
    pub(crate) agent_id: Option<String>,
    pub(crate) number_id: String,
    pub(crate) phone: String,
    /// A phone number, an address or a group id.
    pub(crate) participant: String,
    /// The members of a group, empty for a thread of two.
    pub(crate) members: Vec<String>,
    pub(crate) group_name: Option<String>,
    pub(crate) channel: Channel,
    pub(crate) metadata: Option<Value>,
    pub(crate) created_at: u64,
    pub(crate) last_at: u64,
    pub(crate) preview: String,
    pub(crate) background: Option<Background>,
    /// Number of texts sent since the other side last wrote.
    pub(crate) streak: u32,
    pub(crate) heard_at: Option<u64>,
}

persist!(Conversation {
    id,
    peer,
    agent_id,
    number_id,
    phone,
    participant,
    members,
    group_name,
    channel,
    metadata,
    created_at,
    last_at,
    preview,
    background,
    streak,
    heard_at
});

#[derive(Debug, Clone)]
pub(crate) struct Background {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) version: u32,
}

persist!(Background { id, url, version });

impl Conversation {
    pub(crate) const BY_PEER: usize = 0;
    pub(crate) const OF_AGENT: usize = 1;

    /// The key of the only thread between a line and a participant.
    pub(crate) fn peer(number_id: &str, participant: &str) -> String {
        format!("{number_id}|{participant}")
    }

    pub(crate) fn is_group(&self) -> bool {
        !self.members.is_empty()
    }

    pub(crate) fn is_imessage(&self) -> bool {
        self.channel == Channel::Imessage
    }
}

impl Record for Conversation {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        let mut keys = vec![(Self::BY_PEER, self.peer.as_str())];
        keys.extend(self.agent_id.iter().map(|agent| (Self::OF_AGENT, agent.as_str())));
        keys
    }
}
