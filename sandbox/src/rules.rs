//! The five messaging rules that waiting alone does not satisfy. They apply only to iMessage lines, as
//! documented; on an SMS line carriers queue excess texts. Where the documentation gives no number the
//! limits are generous, so that a first experiment does not reach them.

use crate::errors::Failure;
use crate::records::{Conversation, Number};

pub(crate) const DAY_MS: u64 = 86_400_000;
/// New people that a line may text per day.
pub(crate) const NEW_CONTACTS: u32 = 50;
/// Texts of a line per day to people who have not written within the last day.
pub(crate) const FOLLOW_UPS: u32 = 200;
/// Texts to a person who has never written.
const UNANSWERED: u32 = 5;
/// Consecutive texts to a person who has written before.
const STREAK: u32 = 20;
/// Silence after which a thread is dormant.
const ASLEEP_MS: u64 = 90 * DAY_MS;

/// How a text to a thread counts for its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Within a day of the other side's last text: unlimited.
    Reply,
    FollowUp,
    NewContact,
}

pub(crate) fn kind(thread: Option<&Conversation>, now: u64) -> Kind {
    match thread {
        None => Kind::NewContact,
        Some(t) if t.heard_at.is_some_and(|at| now.saturating_sub(at) < DAY_MS) => Kind::Reply,
        Some(_) => Kind::FollowUp,
    }
}

/// Why a text may not be sent, if it may not.
pub(crate) fn refuse(line: &Number, thread: Option<&Conversation>, now: u64) -> Option<Failure> {
    let kind = kind(thread, now);
    if line.inbound_only && thread.is_none_or(|t| t.heard_at.is_none()) {
        return Some(Failure::code("INBOUND_ONLY"));
    }
    if !line.is_imessage() {
        return None;
    }
    let today = line.day == now / DAY_MS;
    let used = |count: u32| if today { count } else { 0 };
    let code = match (kind, thread) {
        (Kind::NewContact, _) if used(line.new_contacts) >= NEW_CONTACTS => "NEW_CONVERSATION_LIMIT_REACHED",
        (Kind::FollowUp, _) if used(line.follow_ups) >= FOLLOW_UPS => "OUTBOUND_LIMIT_REACHED",
        (_, Some(t)) if t.heard_at.is_none() && t.streak >= UNANSWERED => "CONVERSATION_AWAITING_REPLY",
        (_, Some(t)) if now.saturating_sub(t.last_at) >= ASLEEP_MS => "CONVERSATION_INACTIVE",
        (_, Some(t)) if t.streak >= STREAK => "CONVERSATION_STREAK_LIMIT",
        _ => return None,
    };
    Some(Failure::code(code))
}

/// Counts a sent text.
pub(crate) fn count(line: &mut Number, kind: Kind, now: u64) {
    let day = now / DAY_MS;
    if line.day != day {
        (line.day, line.new_contacts, line.follow_ups) = (day, 0, 0);
    }
    match kind {
        Kind::Reply => {}
        Kind::FollowUp => line.follow_ups += 1,
        Kind::NewContact => line.new_contacts += 1,
    }
}
