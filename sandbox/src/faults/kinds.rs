//! The ways in which a response fails.

use crate::errors::{ErrorForm, Failure};
use crate::http::Response;

/// An error response.
#[derive(Debug, Clone)]
pub(crate) struct StatusFault {
    pub(super) failure: Failure,
    pub(super) headers: Vec<(String, String)>,
    /// Whether the operation is performed before the error is returned.
    pub(crate) effect: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    BeforeEffect,
    BeforeHeaders,
    AfterHeaders,
    MidBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stall {
    Headers,
    Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Garbage {
    Html,
    Empty,
    Truncated,
    Text,
    Array,
    Null,
}

impl StatusFault {
    pub(crate) fn response(&self, form: ErrorForm) -> Response {
        let mut response = self.failure.response(form);
        for (name, value) in &self.headers {
            response.set(name, value.as_str());
        }
        response
    }
}
