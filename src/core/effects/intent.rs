//! What the ledger holds: intents and lanes.

use std::rc::Rc;

/// Milliseconds since the Unix epoch, by the clock of its writer.
pub type Wall = u64;

/// How it is known that an intent was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The API answered.
    Answered,
    /// Found, and no other client can have made it.
    Certain,
    /// Found, and another client might have made it.
    Likely,
    /// A person said so.
    Person,
}

impl How {
    /// As ledgers store it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Person => "person",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Answered, Self::Certain, Self::Likely, Self::Person].into_iter().find(|how| how.name() == name)
    }
}

/// What is known of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its request is on its way, or was when its sender died. Until this time it counts as under way.
    Sending {
        /// When the sender's lease runs out.
        until: Wall,
    },
    /// It happened.
    Placed {
        /// The object of the API; empty if the API assigns none.
        id: String,
        /// How that is known.
        how: How,
    },
    /// It is proven that nothing happened. The key is free again.
    Refused,
    /// The answer was lost.
    Unknown,
    /// It was looked for and not found, which proves nothing.
    AbsentSoFar,
    /// More than one object might be it.
    Ambiguous {
        /// Their ids.
        ids: Vec<String>,
    },
    /// A person said that nothing happened. The key is free again.
    NotPlaced,
}

impl State {
    /// As ledgers store it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sending { .. } => "sending",
            Self::Placed { .. } => "placed",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::AbsentSoFar => "absent_so_far",
            Self::Ambiguous { .. } => "ambiguous",
            Self::NotPlaced => "not_placed",
        }
    }

    /// True as long as it is unknown whether it happened.
    pub const fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Sending { .. } | Self::Unknown | Self::AbsentSoFar | Self::Ambiguous { .. })
    }

    /// True while its sender may still be sending it.
    pub const fn is_under_way(&self, now: Wall) -> bool {
        matches!(self, Self::Sending { until } if now < *until)
    }
}

/// One thing that a caller wants once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The operation's id.
    pub operation: String,
    /// The ids of its path.
    pub ids: Vec<String>,
    /// A digest of each field of what is sent, by name: the same key with other content is a mistake.
    pub content: Vec<(String, String)>,
    /// What its object is recognised by, in the order of its witness (`witness.rs`).
    pub facts: Vec<Option<String>>,
    /// The ledger's key of its lane.
    pub lane: String,
    /// What is known.
    pub state: State,
    /// When it was sent.
    pub sent_at: Wall,
    /// How far the API's clock is ahead of the sender's, if that is known.
    pub skew: Option<i64>,
    /// The objects that were there before, if the sender looked.
    pub before: Option<Vec<String>>,
    /// No other client makes objects in its lane.
    pub exclusive: bool,
    /// How often it was sent, apart from requests that are known to have done nothing: more than once only where a
    /// person or the caller's own policy said so. By it a sender knows whether the entry is still that of its request.
    pub sends: u32,
}

impl Intent {
    /// With what is known now.
    #[must_use]
    #[inline(never)]
    pub fn in_state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// The fields whose content differs, by name.
    pub fn differences<'a>(&'a self, content: &'a [(String, String)]) -> Vec<&'a str> {
        let of = |all: &'a [(String, String)], name: &str| {
            all.iter().find(|(own, _)| own == name).map(|(_, digest)| digest.as_str())
        };
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.content.iter().chain(content) {
            if of(&self.content, name) != of(content, name) && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}

/// What is known of a lane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// The ledger's key of the intent that is under way or in doubt.
    pub holder: Option<String>,
    /// Objects that belong to earlier intents, and when that was written. An empty id is a stray: an object that an
    /// earlier request may have made, or may make yet, and whose id is not known.
    pub taken: Taken,
}

/// Objects that belong to earlier intents. Shared, because they may be many and are seldom changed.
pub type Taken = Rc<Vec<(String, Wall)>>;

/// How long the objects of earlier intents are remembered. Calls were seen to appear 49 minutes late.
const REMEMBERED: Wall = 24 * 3_600_000;
/// How many of them, so that an entry stays small. They are the newest.
const MOST_TAKEN: usize = 200;

impl Lane {
    /// Free again; `id` belongs to the intent that held it.
    #[must_use]
    pub fn released(&self, id: Option<&str>, now: Wall) -> Self {
        let mut taken = Vec::new();
        for (own, at) in self.taken.iter() {
            if now.saturating_sub(*at) < REMEMBERED {
                taken.push((own.clone(), *at));
            }
        }
        if let Some(id) = id.filter(|id| !id.is_empty() && !taken.iter().any(|(own, _)| own == id)) {
            taken.push((id.to_owned(), now));
        }
        while taken.len() > MOST_TAKEN
            && let Some(oldest) = taken.iter().position(|(id, _)| !id.is_empty())
        {
            taken.remove(oldest);
        }
        Self { holder: None, taken: taken.into() }
    }

    /// With a stray: a request of this lane may have had an effect that was never found, or will have one.
    #[must_use]
    pub fn strayed(&self, now: Wall) -> Self {
        let mut taken = Vec::new();
        for (id, at) in self.taken.iter() {
            if !id.is_empty() {
                taken.push((id.clone(), *at));
            }
        }
        taken.push((String::new(), now));
        Self { holder: self.holder.clone(), taken: taken.into() }
    }

    /// True if an object that was made after this time may be a stray.
    pub fn has_stray(&self, since: Wall) -> bool {
        self.taken.iter().any(|(id, at)| id.is_empty() && since.saturating_sub(*at) < REMEMBERED)
    }

    /// After the intent of this key needs it no longer. Another intent that holds it keeps it.
    #[must_use]
    pub fn left_by(&self, key: &str, id: Option<&str>, now: Wall) -> Self {
        let mut lane = self.released(id, now);
        lane.holder = self.holder.clone().filter(|holder| holder != key);
        lane
    }

    /// After the intent of this key was placed. Where there was more than one request, or the object may be another
    /// one's, its own may still be about.
    #[must_use]
    pub fn settled_by(&self, key: &str, sends: u32, id: &str, how: How, now: Wall) -> Self {
        let lane = self.left_by(key, Some(id), now);
        if sends > 1 || matches!(how, How::Likely | How::Person) { lane.strayed(now) } else { lane }
    }

    /// True if it says nothing.
    pub fn is_empty(&self) -> bool {
        self.holder.is_none() && self.taken.is_empty()
    }

    /// Held by an intent.
    #[must_use]
    pub fn held_by(&self, key: &str) -> Self {
        Self { holder: Some(key.to_owned()), taken: Rc::clone(&self.taken) }
    }
}

/// An entry as it was read or written. The stamp changes with each write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped<T> {
    /// What a later write must find.
    pub stamp: String,
    /// What the entry says.
    pub value: T,
}

/// What an entry becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An intent.
    Intent(Box<Intent>),
    /// A lane.
    Lane(Lane),
    /// Nothing: it is deleted.
    Gone,
}

/// One part of a write, all of which take place or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The entry's key.
    pub key: String,
    /// The stamp that it must have; `None`: there must be none.
    pub was: Option<String>,
    /// The stamp that it gets.
    pub stamp: String,
    /// What it becomes.
    pub value: Value,
}

/// The write of an intent and its lane, which take place together. `was`: the stamps that they must have.
pub fn write_both(
    (key, intent): (String, &Stamped<Intent>),
    (lane_key, lane): (String, &Stamped<Lane>),
    was: [Option<String>; 2],
) -> Vec<Change> {
    let [intent_was, lane_was] = was;
    let intent_value = Value::Intent(Box::new(intent.value.clone()));
    // A lane that says nothing need not be stored.
    let lane_value = if lane.value.is_empty() { Value::Gone } else { Value::Lane(lane.value.clone()) };
    vec![
        Change { key, was: intent_was, stamp: intent.stamp.clone(), value: intent_value },
        Change { key: lane_key, was: lane_was, stamp: lane.stamp.clone(), value: lane_value },
    ]
}
