//! A purchased number and its contact card.

use crate::store::{Record, persist};

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) country: String,
    pub(crate) kind: String,
    pub(crate) agent_id: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) external_id: Option<String>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) released: bool,
    /// Whether the line can only respond, not start conversations.
    pub(crate) inbound_only: bool,
    pub(crate) whatsapp: bool,
    /// Where calls are routed; None means to the agent.
    pub(crate) voice_routing: Option<String>,
    pub(crate) card: Option<Card>,
    /// When the paid month ends.
    pub(crate) paid_until: u64,
    /// What the line has started on the day numbered `day`.
    pub(crate) day: u64,
    pub(crate) new_contacts: u32,
    pub(crate) follow_ups: u32,
}

persist!(Number {
    id,
    phone,
    country,
    kind,
    agent_id,
    created_at,
    external_id,
    expires_at,
    released,
    inbound_only,
    whatsapp,
    voice_routing,
    card,
    paid_until,
    day,
    new_contacts,
    follow_ups
});

/// Name and photo shown in iMessage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Card {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) avatar: bool,
}

persist!(Card { first_name, last_name, display_name, avatar });

impl Number {
    /// Index of the numbers that are held; they share one key.
    pub(crate) const HELD: usize = 0;
    /// Index by agent.
    pub(crate) const OF_AGENT: usize = 1;
    /// Index of held numbers by phone number.
    pub(crate) const BY_PHONE: usize = 2;

    /// A newly purchased US line.
    pub(crate) fn bought(id: String, phone: String, now: u64, paid_until: u64) -> Self {
        Self {
            id,
            phone,
            country: "US".to_owned(),
            kind: "sms".to_owned(),
            agent_id: None,
            created_at: now,
            external_id: None,
            expires_at: None,
            released: false,
            inbound_only: false,
            whatsapp: false,
            voice_routing: None,
            card: None,
            paid_until,
            day: 0,
            new_contacts: 0,
            follow_ups: 0,
        }
    }

    /// Where calls to it are routed.
    pub(crate) fn calls_go_to(&self) -> &str {
        self.voice_routing.as_deref().unwrap_or("agent")
    }

    pub(crate) fn is_imessage(&self) -> bool {
        self.kind == "imessage"
    }
}

impl Record for Number {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        if self.released {
            return Vec::new();
        }
        let mut keys = vec![(Self::HELD, ""), (Self::BY_PHONE, self.phone.as_str())];
        keys.extend(self.agent_id.iter().map(|agent| (Self::OF_AGENT, agent.as_str())));
        keys
    }
}
