//! Sign-up of a new account, by an agent for a person. Needs no key.

use crate::core::check::{Check, Rule};
use crate::core::operation::{Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("signUp.create", Method::Post, "/v0/agent/sign-up", Input::Body)
        .checks(&[Check::Needs("human_email", Rule::Text)])
        .without_key(),
    Operation::effect("signUp.verify", Method::Post, "/v0/agent/verify", Input::Body)
        .checks(&[Check::Needs("verification_id", Rule::Text), Check::Needs("otp_code", Rule::Text)])
        .without_key(),
];
