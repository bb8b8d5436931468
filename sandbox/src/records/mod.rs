//! What an account consists of. Each record says by which keys it is found, beside its id.

mod agent;
mod contact;
mod message;
mod number;

pub(crate) use agent::Agent;
pub(crate) use contact::Contact;
pub(crate) use message::{Channel, Conversation, Message, Reaction};
pub(crate) use number::Number;
