//! The engine's input and output: requests, responses, and the damage that the transport must do to a
//! response. Apart from `wasm`, the crate knows nothing else about its host.

use crate::json::bytes;
use serde_json::{Map, Value};

/// A request as the transport received it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method, in any letter case.
    pub method: String,
    /// Path and query, for example `/v1/agents?limit=5`.
    pub target: String,
    /// Header names in any letter case.
    pub headers: Vec<(String, String)>,
    /// The body, empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The API's base URL as the client sees it.
    pub(crate) fn base(&self) -> String {
        let host = self.header("host").filter(|h| !h.is_empty());
        host.map_or_else(|| "https://api.agentphone.ai".to_owned(), |host| format!("http://{host}"))
    }
}

/// A response. The transport adds what belongs to the connection, such as `content-length`.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, or its beginning when `stream` is set.
    pub body: Vec<u8>,
    /// The rest of the body follows as the [`Output::Chunk`](crate::Output::Chunk)s of this stream.
    pub stream: Option<u64>,
    /// What to do to the response on its way to the client.
    pub delivery: Delivery,
    /// The requested operation, if the request reached one.
    pub operation: Option<&'static str>,
    /// The fault rule that matched the request. Boxed, because responses are also errors, which should be small.
    pub fault: Option<Box<str>>,
}

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Self::empty(status);
        response.set("content-type", content_type);
        response.body = body.into();
        response
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", bytes(body))
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            stream: None,
            delivery: Delivery::default(),
            operation: None,
            fault: None,
        }
    }

    /// Sets a header, replacing one of the same name.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let name = name.to_ascii_lowercase();
        self.headers.retain(|(n, _)| *n != name);
        self.headers.push((name, value.into()));
    }
}

/// How a response is delivered: first the delay, then the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Milliseconds to hold the response back.
    pub delay_ms: u32,
    /// What happens after the delay.
    pub action: Action,
}

/// What the transport does to a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    /// Send it whole.
    #[default]
    Normal,
    /// Destroy the connection instead of responding.
    CutBeforeHeaders,
    /// Send the headers, then destroy the connection.
    CutAfterHeaders,
    /// Send half of the body, then destroy the connection.
    CutMidBody,
    /// Send nothing and keep the connection open.
    StallHeaders,
    /// Send half of the body, then nothing more, and keep the connection open.
    StallBody,
    /// Send the body in small pieces.
    Slow {
        /// Bytes per piece.
        bytes: u32,
        /// Milliseconds between pieces.
        every_ms: u32,
    },
}

impl Action {
    /// Whether the client sees the status.
    pub(crate) fn shows_status(self) -> bool {
        !matches!(self, Self::CutBeforeHeaders | Self::StallHeaders)
    }
}

/// Splits a target into path and query. Absolute URLs are accepted too, as HTTP allows.
pub(crate) fn split_target(target: &str) -> (&str, &str) {
    let rest = match target.split_once("://") {
        Some((scheme, rest)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        }
        _ => target,
    };
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    rest.split_once('?').unwrap_or((rest, ""))
}

/// The query as strings. The last value of a repeated name wins, as in FastAPI for single values.
pub(crate) fn parse_query(query: &str) -> Map<String, Value> {
    let mut out = Map::new();
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        out.insert(decode(&name.replace('+', " ")), decode(&value.replace('+', " ")).into());
    }
    out
}

/// Percent-decoding that leaves invalid escapes as they are and replaces invalid UTF-8.
pub(crate) fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let escape = (byte == b'%')
            .then(|| Some((ahead.next()?, ahead.next()?)))
            .flatten()
            .and_then(|(high, low)| Some((hex(high)? << 4) | hex(low)?));
        match escape {
            Some(decoded) => {
                out.push(decoded);
                bytes = ahead;
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_split_whatever_form_it_takes() {
        for (target, path, query) in [
            ("/v1/agents", "/v1/agents", ""),
            ("/v1/agents?limit=5", "/v1/agents", "limit=5"),
            ("/v1/agents?a=b?c", "/v1/agents", "a=b?c"),
            ("/v1/agents#part", "/v1/agents", ""),
            ("http://localhost:4010/v1/agents?x=1", "/v1/agents", "x=1"),
            ("http://localhost", "/", ""),
            ("/v1/location/a://b", "/v1/location/a://b", ""),
        ] {
            assert_eq!(split_target(target), (path, query), "{target}");
        }
    }

    #[test]
    fn escapes_are_decoded_and_invalid_ones_are_kept() {
        for (text, expected) in [
            ("a%20b", "a b"),
            ("%2B1", "+1"),
            ("%C3%A9", "é"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}
