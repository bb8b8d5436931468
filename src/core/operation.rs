//! An operation of the API as a row of data: what is sent where, what a repeat of it would do, and
//! what a good answer looks like. Every rule that differs between operations reads it from here,
//! so that a new operation is a new row and no new code.

/// What a repeat of an operation does to the world (`x-effect-idempotent` and `x-side-effect` of
/// `contract/openapi.yaml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectClass {
    /// Changes nothing.
    Read,
    /// Repeating leaves the same state and costs nothing more.
    Idempotent,
    /// Money, a ringing phone, a text, a second object or a new secret: never repeated blindly.
    Effect,
}

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What the body of a successful answer must be, by the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerShape {
    /// A JSON object.
    Object,
    /// A JSON object or `null`.
    ObjectOrNull,
    /// A JSON array.
    Array,
    /// No body (204).
    Empty,
}

/// What an operation sends as a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestBody {
    /// None.
    None,
    /// A JSON object; the fields named must be present, because the API would refuse the request.
    Object(&'static [&'static str]),
    /// A JSON object that may be left out, as `{}`.
    Optional,
}

/// One row of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// The contract's `operationId`, e.g. `agents.numbers.attach`.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template, e.g. `/v1/agents/{agent_id}`. Errors and logs show this and never the ids.
    pub path: &'static str,
    /// What a repeat would do.
    pub effect: EffectClass,
    /// What is sent.
    pub body: RequestBody,
    /// What a good answer is.
    pub answer: AnswerShape,
}

impl Operation {
    /// A `GET` that answers an object, the most common row.
    pub const fn read(id: &'static str, path: &'static str) -> Self {
        Self {
            id,
            method: Method::Get,
            path,
            effect: EffectClass::Read,
            body: RequestBody::None,
            answer: AnswerShape::Object,
        }
    }

    /// An operation whose repeat leaves the same state.
    pub const fn idempotent(id: &'static str, method: Method, path: &'static str, body: RequestBody) -> Self {
        Self { id, method, path, effect: EffectClass::Idempotent, body, answer: AnswerShape::Object }
    }

    /// A `POST` with an effect in the world.
    pub const fn effect(id: &'static str, path: &'static str, body: RequestBody) -> Self {
        Self {
            id,
            method: Method::Post,
            path,
            effect: EffectClass::Effect,
            body,
            answer: AnswerShape::Object,
        }
    }
}
