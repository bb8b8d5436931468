//! What an account consists of. Each record says by which keys it is found, beside its id.

mod agent;
mod contact;
mod message;
mod number;
mod service;

pub(crate) use agent::Agent;
pub(crate) use contact::Contact;
pub(crate) use message::{Background, Channel, Conversation, Message, Reaction};
pub(crate) use number::{Card, Number};
pub(crate) use service::{Code, Connection, Registration, Template, Trunk};
