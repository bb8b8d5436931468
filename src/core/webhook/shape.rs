//! What an event is made of, and how its documented quirks are mended: the text `None` for an empty
//! value, numbers and times in other forms, lists that are absent, history whose direction is a role.
//!
//! Only what stands in these tables is touched. Other fields and other events stay as they came, and
//! so does a text that a person may have written: `None` can be a whole message.

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The event itself.
    Envelope,
    /// The data of a text.
    Text,
    /// The data of a caller's turn.
    Voice,
    /// The data of a tapback.
    Reaction,
    /// The data of a finished call.
    CallEnded,
    /// A contact.
    Contact,
    /// A group thread.
    Group,
    /// A member of one.
    Participant,
    /// The text that was replied to.
    ReplyTo,
    /// An earlier text.
    History,
    /// A turn of a transcript. Nothing in it is mended.
    Turn,
    /// Metadata of the user's own: nothing in it is mended.
    Metadata,
}

/// How many shapes there are.
pub const SHAPES: usize = Shape::Metadata as usize + 1;

/// What a field should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A text of a machine's, which may be null.
    Name,
    /// Such a text, which some senders give under a second name.
    Aliased(&'static str),
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// A time in ISO 8601.
    Time,
    /// `inbound` or `outbound`.
    Direction,
    /// An object.
    Object(Shape),
    /// A list of objects; empty if absent.
    Objects(Shape),
    /// A list of texts; empty if absent.
    Texts,
}

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Not there.
    Absent,
    /// Null.
    Null,
    /// The text `None`.
    None,
    /// Another text.
    Text,
    /// A number.
    Number,
    /// An object, a list, true or false.
    Other,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    Keep,
    /// It becomes null.
    Null,
    /// It becomes an empty list.
    Empty,
    /// It becomes the number that it says, if it says one.
    ToNumber,
    /// It becomes the text of the number.
    ToText,
    /// It becomes true or false ([`flag`]).
    ToFlag,
    /// It becomes a time, if it is a number of seconds since the Unix epoch.
    ToTime,
    /// It becomes a direction ([`direction`]).
    ToDirection,
    /// It takes the value of the field of this name.
    Take(&'static str),
    /// The object's own fields are mended.
    Inside(Shape),
    /// So are those of each object in the list.
    InsideEach(Shape),
}

/// The repair of a field.
pub fn repair(want: Want, found: Found) -> Repair {
    match (want, found) {
        (Want::Texts | Want::Objects(_), Found::Absent | Found::Null | Found::None) => Repair::Empty,
        (Want::Aliased(older), Found::Absent) => Repair::Take(older),
        (_, Found::Absent | Found::Null) => Repair::Keep,
        (_, Found::None) => Repair::Null,
        (Want::Number, Found::Text) => Repair::ToNumber,
        (Want::Name | Want::Aliased(_), Found::Number) => Repair::ToText,
        (Want::Flag, Found::Text) => Repair::ToFlag,
        (Want::Time, Found::Text | Found::Number) => Repair::ToTime,
        (Want::Direction, Found::Text) => Repair::ToDirection,
        (Want::Object(shape), Found::Other) => Repair::Inside(shape),
        (Want::Objects(shape), Found::Other) => Repair::InsideEach(shape),
        _ => Repair::Keep,
    }
}

/// A field's name and what it should be.
pub type Field = (&'static str, Want);

const FROM: Field = ("from", Want::Aliased("from_"));
const TO: Field = ("to", Want::Name);
const NUMBER_ID: Field = ("numberId", Want::Name);
const CONTACT: Field = ("contact", Want::Object(Shape::Contact));

/// The fields of a shape that may need mending.
pub fn fields(shape: Shape) -> &'static [Field] {
    match shape {
        Shape::Envelope => &[
            ("agentId", Want::Name),
            ("timestamp", Want::Time),
            ("conversationState", Want::Object(Shape::Metadata)),
            ("recentHistory", Want::Objects(Shape::History)),
            ("test", Want::Flag),
        ],
        Shape::Text => &[
            FROM,
            TO,
            NUMBER_ID,
            CONTACT,
            ("messageId", Want::Name),
            ("externalMessageId", Want::Name),
            ("id", Want::Name),
            ("conversationId", Want::Name),
            ("mediaUrl", Want::Name),
            ("mediaUrls", Want::Texts),
            ("receivedAt", Want::Time),
            ("senderIdentifier", Want::Name),
            ("externalId", Want::Name),
            ("group", Want::Object(Shape::Group)),
            ("replyTo", Want::Object(Shape::ReplyTo)),
        ],
        Shape::Voice => &[FROM, TO, NUMBER_ID, ("confidence", Want::Number)],
        Shape::Reaction => &[
            NUMBER_ID,
            ("conversationId", Want::Name),
            ("fromNumber", Want::Name),
            ("messageMediaUrl", Want::Name),
            ("messageMediaUrls", Want::Texts),
            ("createdAt", Want::Time),
        ],
        Shape::CallEnded => &[
            FROM,
            TO,
            NUMBER_ID,
            CONTACT,
            ("startedAt", Want::Time),
            ("endedAt", Want::Time),
            ("durationSeconds", Want::Number),
            ("disconnectionReason", Want::Name),
            ("transcript", Want::Objects(Shape::Turn)),
            ("summary", Want::Name),
            ("userSentiment", Want::Name),
            ("callSuccessful", Want::Flag),
        ],
        Shape::Contact => &[("name", Want::Name), ("email", Want::Name), ("phoneNumber", Want::Name)],
        Shape::Group => &[
            ("isGroup", Want::Flag),
            ("groupId", Want::Name),
            ("groupName", Want::Name),
            ("groupIconUrl", Want::Name),
            ("participants", Want::Objects(Shape::Participant)),
        ],
        Shape::Participant => &[("identifier", Want::Name), ("name", Want::Name)],
        Shape::ReplyTo => &[("mediaUrls", Want::Texts)],
        Shape::History => &[
            ("messageId", Want::Name),
            ("direction", Want::Direction),
            ("at", Want::Time),
            ("senderIdentifier", Want::Name),
        ],
        Shape::Turn | Shape::Metadata => &[],
    }
}

/// The shape of an event's data; nothing for an event that we do not know.
pub fn of_data(event: &str, channel: &str) -> Option<Shape> {
    match event {
        "agent.message" if channel == "voice" => Some(Shape::Voice),
        "agent.message" => Some(Shape::Text),
        "agent.reaction" => Some(Shape::Reaction),
        "agent.call_ended" => Some(Shape::CallEnded),
        _ => None,
    }
}

/// The direction behind a role label.
pub fn direction(text: &str) -> Option<&'static str> {
    match text {
        "user" => Some("inbound"),
        "agent" | "assistant" => Some("outbound"),
        _ => None,
    }
}

/// The truth value that a text says.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::Want::{Aliased, Direction, Flag, Name, Number, Object, Objects, Texts, Time};
    use super::*;

    const ALL: [Shape; SHAPES] = [
        Shape::Envelope,
        Shape::Text,
        Shape::Voice,
        Shape::Reaction,
        Shape::CallEnded,
        Shape::Contact,
        Shape::Group,
        Shape::Participant,
        Shape::ReplyTo,
        Shape::History,
        Shape::Turn,
        Shape::Metadata,
    ];

    #[test]
    fn a_message_of_which_none_is_the_whole_text_stays() {
        for written in ["message", "content", "messageBody"] {
            assert!(ALL.iter().all(|shape| fields(*shape).iter().all(|(name, _)| *name != written)));
        }
        assert!(fields(Shape::Voice).iter().all(|(name, _)| *name != "transcript"));
    }

    #[test]
    fn every_field_is_one_of_the_contract() {
        let contract = include_str!("../../../contract/openapi.yaml");
        for (name, _) in ALL.iter().flat_map(|shape| fields(*shape)) {
            assert!(contract.contains(&format!("        {name}:")), "{name}");
        }
    }

    #[test]
    fn what_is_as_it_should_be_is_left_alone() {
        for want in [Name, Number, Flag, Time, Direction, Aliased("x"), Texts, Objects(Shape::Turn)] {
            assert!(matches!(repair(want, Found::Other), Repair::Keep | Repair::InsideEach(_)));
        }
        assert_eq!(repair(Name, Found::Text), Repair::Keep);
        assert_eq!(repair(Number, Found::Number), Repair::Keep);
        assert_eq!(repair(Name, Found::Null), Repair::Keep);
    }

    #[test]
    fn an_empty_value_of_any_kind_is_null_or_an_empty_list() {
        for want in [Name, Number, Flag, Time, Direction, Object(Shape::Contact)] {
            assert_eq!(repair(want, Found::None), Repair::Null);
            assert_eq!(repair(want, Found::Absent), Repair::Keep);
        }
        for want in [Texts, Objects(Shape::Turn)] {
            for found in [Found::None, Found::Null, Found::Absent] {
                assert_eq!(repair(want, found), Repair::Empty);
            }
        }
        assert_eq!(repair(Aliased("from_"), Found::Absent), Repair::Take("from_"));
    }
}
