//! An operation of the API as a row of data: what is sent where, what a repeat of it would do, and
//! what a good answer looks like. Every rule that differs between operations reads it from here,
//! so that a new operation is a new row and no new code.

use super::check::Check;
use super::effects::witness::Witness;

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

impl EffectClass {
    /// As the table of operations has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Idempotent => "idempotent",
            Self::Effect => "effect",
        }
    }
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
    /// A JSON array, alone or inside an object: where the API's documents differ on which of the two a
    /// list is, either is read.
    List,
    /// No body (204).
    Empty,
    /// JSON of a shape that no source tells.
    Json,
    /// Audio, given as it comes.
    Bytes,
    /// An event stream, given as it comes.
    Events,
    /// A file of any type, given as it comes.
    Media,
    /// JSON of any shape, or no body.
    Any,
}

impl AnswerShape {
    /// As the table of operations has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::ObjectOrNull => "objectOrNull",
            Self::List => "list",
            Self::Empty => "empty",
            Self::Json => "json",
            Self::Bytes => "bytes",
            Self::Events => "events",
            Self::Media => "media",
            Self::Any => "any",
        }
    }

    /// True where the body is read as it comes.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Bytes | Self::Events | Self::Media)
    }
}

/// What a method takes beside the ids of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    None,
    /// An object that becomes the query; it may be left out.
    Query,
    /// An object that becomes the JSON body.
    Body,
    /// The same; left out, it is `{}`.
    OptionalBody,
}

impl Input {
    /// As the table of operations has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "nothing",
            Self::Query => "query",
            Self::Body => "body",
            Self::OptionalBody => "optionalBody",
        }
    }
}

/// How the pages of a list after the first are requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// The response is not a list.
    None,
    /// The whole list comes at once.
    Whole,
    /// By `offset`, the number of items to skip.
    Offset,
    /// By `before`, the time of the oldest item so far.
    Before,
}

impl Pages {
    /// As the table of operations has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Whole => "whole",
            Self::Offset => "offset",
            Self::Before => "before",
        }
    }
}

/// One row of the API.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The contract's `operationId`, e.g. `agents.numbers.attach`. Its last part names the method, the
    /// rest the resource.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template, e.g. `/v1/agents/{agent_id}`. Errors and logs show this and never the ids.
    pub path: &'static str,
    /// What a repeat would do.
    pub effect: EffectClass,
    /// What is sent.
    pub input: Input,
    /// Fields of the input that go into the query although there is a body.
    pub in_query: &'static [&'static str],
    /// What is checked before anything is sent.
    pub checks: &'static [Check],
    /// What a good answer is.
    pub answer: AnswerShape,
    /// How further pages of its list are requested.
    pub pages: Pages,
    /// False where the contract asks for no key: then none is sent.
    pub keyed: bool,
    /// What can be asked about a request whose answer was lost.
    pub witness: Option<&'static Witness>,
}

/// [`Facts`] without the number, for a list of them.
pub type Kind = (EffectClass, bool, AnswerShape, bool, Option<&'static Witness>);

/// What the module needs of an operation while a request of it runs. The rest JavaScript has (`table.rs`).
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Its number in the table.
    pub row: u32,
    /// What a repeat would do.
    pub effect: EffectClass,
    /// Whether it has a body.
    pub body: bool,
    /// What a good answer is.
    pub answer: AnswerShape,
    /// False where no key is sent.
    pub keyed: bool,
    /// What can be asked about a request whose answer was lost.
    pub witness: Option<&'static Witness>,
}

impl Operation {
    const fn new(
        id: &'static str,
        method: Method,
        path: &'static str,
        effect: EffectClass,
        input: Input,
    ) -> Self {
        Self {
            id,
            method,
            path,
            effect,
            input,
            in_query: &[],
            checks: &[],
            answer: AnswerShape::Object,
            pages: Pages::None,
            keyed: true,
            witness: None,
        }
    }

    /// A `GET` that takes no query.
    pub const fn read(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Get, path, EffectClass::Read, Input::None)
    }

    /// A `GET` that takes a query.
    pub const fn query(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Get, path, EffectClass::Read, Input::Query)
    }

    /// A `GET` of a list that takes a query.
    pub const fn list(id: &'static str, path: &'static str, pages: Pages) -> Self {
        Self { pages, answer: AnswerShape::List, ..Self::query(id, path) }
    }

    /// An operation whose repeat leaves the same state.
    pub const fn idempotent(id: &'static str, method: Method, path: &'static str, input: Input) -> Self {
        Self::new(id, method, path, EffectClass::Idempotent, input)
    }

    /// An operation with an effect in the world.
    pub const fn effect(id: &'static str, method: Method, path: &'static str, input: Input) -> Self {
        Self::new(id, method, path, EffectClass::Effect, input)
    }

    /// With these checks of its input.
    #[must_use]
    pub const fn checks(self, checks: &'static [Check]) -> Self {
        Self { checks, ..self }
    }

    /// With another answer than an object.
    #[must_use]
    pub const fn answers(self, answer: AnswerShape) -> Self {
        Self { answer, ..self }
    }

    /// With fields of its input that go into the query.
    #[must_use]
    pub const fn in_query(self, fields: &'static [&'static str]) -> Self {
        Self { in_query: fields, ..self }
    }

    /// Of a list that comes whole.
    #[must_use]
    pub const fn whole(self) -> Self {
        Self { pages: Pages::Whole, answer: AnswerShape::List, ..self }
    }

    /// Sent without the key.
    #[must_use]
    pub const fn without_key(self) -> Self {
        Self { keyed: false, ..self }
    }

    /// With what can be asked about a request whose answer was lost.
    #[must_use]
    pub const fn witnessed(self, witness: &'static Witness) -> Self {
        Self { witness: Some(witness), ..self }
    }

    /// What the module itself needs of the operation.
    pub const fn kind(&self) -> Kind {
        let Self { effect, input, answer, keyed, witness, .. } = *self;
        (effect, matches!(input, Input::Body | Input::OptionalBody), answer, keyed, witness)
    }
}
