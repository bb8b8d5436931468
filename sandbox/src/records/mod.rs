//! The contents of an account. Each record declares the keys, besides its id, by which it is found.

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
