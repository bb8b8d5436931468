//! A live transcript: from bytes to events ([`sse`]), from the events of many connections to one transcript
//! ([`replay`]), and when to connect, wait and give up ([`stream`]).

pub mod replay;
pub mod sse;
pub mod stream;
