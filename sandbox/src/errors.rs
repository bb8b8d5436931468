//! Every error the API documents, in every shape its body may take. Handlers name what went wrong;
//! status, category and message come from one table. The shape is chosen last, so that a fault rule can
//! ask for any code in any shape.

use crate::http::Response;
use crate::json::json;
use crate::schema::Issue;
use serde_json::Value;

/// A documented code with its status, category and default message.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) category: &'static str,
    pub(crate) message: &'static str,
}

const fn known(code: &'static str, status: u16, category: &'static str, message: &'static str) -> Known {
    Known { code, status, category, message }
}

/// The documented codes, each with the first status documented for it. The API may add others.
pub(crate) const CODES: [Known; 16] = [
    known("VALIDATION_ERROR", 400, "validation_error", "Validation error"),
    known(
        "VALIDATION_ERROR_NUMBER_LIMIT",
        400,
        "validation_error",
        "Phone number limit reached. Self-serve accounts can provision up to 10 numbers.",
    ),
    known(
        "INSUFFICIENT_BALANCE",
        402,
        "payment_error",
        "Your balance is too low to complete this action. Add funds or enable auto-recharge.",
    ),
    known("RATE_LIMIT_EXCEEDED", 429, "rate_limit_error", "Rate limit exceeded"),
    known("RATE_LIMITED", 429, "rate_limit_error", "Rate limit exceeded"),
    known("PHONE_NUMBER_NOT_FOUND", 404, "not_found", "Phone number not found"),
    known("CARRIER_ERROR", 502, "carrier_error", "Error from carrier service"),
    known("TWILIO_ERROR", 502, "carrier_error", "Error from carrier service"),
    known("WHATSAPP_NOT_ENABLED", 403, "permission_error", "WhatsApp is not enabled for this account"),
    known("INBOUND_ONLY", 400, "validation_error", "This line can only receive"),
    known(
        "DELIVERY_UNCONFIRMED",
        409,
        "conflict",
        "Delivery could not be confirmed; the message may have been sent. Do not resend it.",
    ),
    known("CONVERSATION_STREAK_LIMIT", 429, "rate_limit_error", "Too many messages in a row without a reply"),
    known("CONVERSATION_AWAITING_REPLY", 429, "rate_limit_error", "The first message has no reply yet"),
    known("CONVERSATION_INACTIVE", 429, "rate_limit_error", "The conversation is inactive"),
    known("OUTBOUND_LIMIT_REACHED", 429, "rate_limit_error", "The line has reached its outbound limit"),
    known(
        "NEW_CONVERSATION_LIMIT_REACHED",
        429,
        "rate_limit_error",
        "The line has reached its limit of new contacts",
    ),
];

/// Every code, for the tests.
#[cfg(test)]
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(|k| k.code)
}

pub(crate) fn known_code(code: &str) -> Option<&'static Known> {
    CODES.iter().find(|k| k.code == code)
}

/// The shapes seen in the API's documentation and responses, plus truncated JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Envelope,
    FastApi,
    Detail,
    Message,
    Object,
    Text,
    Html,
    Empty,
    Broken,
}

/// The names that fault rules use.
pub(crate) const SHAPES: [(&str, Shape); 9] = [
    ("envelope", Shape::Envelope),
    ("fastapi", Shape::FastApi),
    ("detail", Shape::Detail),
    ("message", Shape::Message),
    ("object", Shape::Object),
    ("text", Shape::Text),
    ("html", Shape::Html),
    ("empty", Shape::Empty),
    ("broken", Shape::Broken),
];

/// The shape of an error body where neither the contract nor a fault rule names one. The envelope is
/// documented; `{"detail": "…"}` was recorded from the real API.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ErrorForm {
    /// `{"error": {"message", "code", "type", "details"}}`
    #[default]
    Envelope,
    /// `{"detail": "…"}`, without a code.
    Detail,
}

/// An error before its shape is chosen.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) issues: Vec<Issue>,
    /// None means the configured shape.
    pub(crate) shape: Option<Shape>,
}

impl Failure {
    /// A simple error: `{"detail":"…"}`.
    pub(crate) fn detail(status: u16, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), issues: Vec::new(), shape: Some(Shape::Detail) }
    }

    /// A documented code with its default status and message.
    pub(crate) fn code(code: &str) -> Self {
        let (status, message) = known_code(code).map_or((400, code), |k| (k.status, k.message));
        Self {
            status,
            code: Some(code.to_owned()),
            message: message.to_owned(),
            issues: Vec::new(),
            shape: None,
        }
    }

    /// A single field that breaks a business rule: 400 `VALIDATION_ERROR`.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        let issue =
            Issue { loc: vec!["body".into(), field.into()], msg: message.into(), kind: "value_error" };
        Self::invalid(vec![issue])
    }

    pub(crate) fn invalid(issues: Vec<Issue>) -> Self {
        Self { issues, ..Self::code("VALIDATION_ERROR") }
    }

    /// A body of the wrong shape: FastAPI's 422.
    pub(crate) fn unprocessable(issues: Vec<Issue>) -> Self {
        Self {
            status: 422,
            code: None,
            message: "Validation error".into(),
            issues,
            shape: Some(Shape::FastApi),
        }
    }

    pub(crate) fn saying(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }

    pub(crate) fn response(&self, form: ErrorForm) -> Response {
        let code = self.code.as_deref();
        let usual = match form {
            ErrorForm::Envelope => Shape::Envelope,
            ErrorForm::Detail => Shape::Detail,
        };
        match self.shape.unwrap_or(usual) {
            Shape::Envelope => Response::json(
                self.status,
                &json!({ "error": envelope(self.status, code, &self.message, &self.issues) }),
            ),
            Shape::FastApi => Response::json(self.status, &json!({ "detail": self.items() })),
            Shape::Detail => Response::json(self.status, &json!({ "detail": self.in_words() })),
            Shape::Message => Response::json(self.status, &json!({ "message": self.message })),
            Shape::Object => {
                let body = envelope(self.status, code, &self.message, &self.issues);
                Response::json(self.status, &json!({ "detail": body }))
            }
            Shape::Text => Response::new(self.status, "text/plain; charset=utf-8", self.message.clone()),
            Shape::Html => {
                Response::new(self.status, "text/html; charset=utf-8", html(self.status, &self.message))
            }
            Shape::Empty => Response::empty(self.status),
            Shape::Broken => {
                let whole = json!({ "error": { "message": self.message, "code": code } }).to_string();
                // Cuts off the two closing braces.
                let cut: String = whole.chars().take(whole.chars().count().saturating_sub(2)).collect();
                Response::new(self.status, "application/json", cut)
            }
        }
    }

    /// The message, or what is wrong with each field, since this shape has no other place for it.
    fn in_words(&self) -> String {
        if self.issues.is_empty() {
            return self.message.clone();
        }
        let words = |i: &Issue| format!("{}: {}", field_path(&i.loc), i.msg);
        self.issues.iter().map(words).collect::<Vec<_>>().join("; ")
    }

    fn items(&self) -> Vec<Value> {
        if self.issues.is_empty() {
            return vec![json!({ "type": "value_error", "loc": ["body"], "msg": self.message })];
        }
        let item = |i: &Issue| json!({ "type": i.kind, "loc": i.loc, "msg": i.msg });
        self.issues.iter().map(item).collect()
    }
}

fn envelope(status: u16, code: Option<&str>, message: &str, issues: &[Issue]) -> Value {
    let category = code.and_then(known_code).map_or_else(|| category(status), |k| k.category);
    let mut body = json!({ "message": message });
    if let Some(map) = body.as_object_mut() {
        // The code may be absent; a client then has to rely on the status.
        if let Some(code) = code {
            map.insert("code".into(), code.into());
        }
        map.insert("type".into(), category.into());
        let details: Vec<Value> = issues
            .iter()
            .map(|i| json!({ "field": field_path(&i.loc), "message": i.msg, "type": i.kind }))
            .collect();
        map.insert("details".into(), details.into());
    }
    body
}

/// `["body", "customTools", 0, "name"]` as the envelope writes it: `customTools.0.name`.
fn field_path(loc: &[Value]) -> String {
    let name = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    loc.iter().skip(1).map(name).collect::<Vec<_>>().join(".")
}

fn category(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "payment_error",
        403 => "permission_error",
        404 => "not_found",
        409 => "conflict",
        429 => "rate_limit_error",
        502 => "carrier_error",
        400..=499 => "validation_error",
        _ => "server_error",
    }
}

/// Default message for a status without a code.
pub(crate) fn status_words(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Invalid API key",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Request body too large",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "The request failed",
    }
}

fn html(status: u16, message: &str) -> String {
    let safe = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!DOCTYPE html>\n<html><head><title>{status} {safe}</title></head>\n\
         <body><center><h1>{status} {safe}</h1></center><hr><center>sandbox edge</center></body></html>\n"
    )
}
