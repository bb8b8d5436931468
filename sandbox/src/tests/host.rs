//! The tests' host: takes what the engine wants done, and plays the user's server.

use super::{Bench, text};
use crate::{Outgoing, Output, Response, SendResult};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the engine has asked for so far.
#[derive(Default)]
pub(super) struct Host {
    /// Requests without a response, oldest first.
    pub(super) sends: Vec<Outgoing>,
    pub(super) aborted: BTreeSet<u64>,
    streams: BTreeMap<u64, String>,
    ended: BTreeSet<u64>,
}

impl Host {
    pub(super) fn pull(&mut self, bench: &mut Bench) {
        bench.engine.advance(bench.now);
        for output in bench.engine.take_outbox() {
            match output {
                Output::Send(send) => self.sends.push(send),
                Output::Abort { id } => {
                    self.aborted.insert(id);
                    self.sends.retain(|s| s.id != id);
                }
                Output::Chunk { stream, bytes, end } => {
                    assert!(!self.ended.contains(&stream), "a chunk after the end");
                    self.streams.entry(stream).or_default().push_str(&String::from_utf8(bytes).unwrap());
                    if end {
                        self.ended.insert(stream);
                    }
                }
            }
        }
    }

    /// Lets time pass, and takes the outbox.
    pub(super) fn pass(&mut self, bench: &mut Bench, ms: u64) {
        bench.now += ms;
        self.pull(bench);
    }

    /// The text of a stream so far, and whether it has ended.
    pub(super) fn stream(&self, stream: u64) -> (&str, bool) {
        (self.streams.get(&stream).map_or("", String::as_str), self.ended.contains(&stream))
    }

    /// The oldest request without a response.
    pub(super) fn next(&mut self, bench: &mut Bench) -> Outgoing {
        self.pull(bench);
        assert!(!self.sends.is_empty(), "nothing was sent");
        self.sends.remove(0)
    }

    /// Responds to the next request and returns its body as JSON.
    pub(super) fn reply(&mut self, bench: &mut Bench, status: u16, kind: &str, body: &str) -> Value {
        let send = self.next(bench);
        head(bench, send.id, status, kind);
        bench.engine.sent(send.id, SendResult::Body(body.as_bytes().to_vec()), bench.now);
        bench.engine.sent(send.id, SendResult::End, bench.now);
        self.pull(bench);
        serde_json::from_slice(&send.body).unwrap()
    }

    /// Lets the next request fail and returns its body as JSON.
    pub(super) fn fail(&mut self, bench: &mut Bench) -> Value {
        let send = self.next(bench);
        bench.engine.sent(send.id, SendResult::Failed("ECONNREFUSED".into()), bench.now);
        self.pull(bench);
        serde_json::from_slice(&send.body).unwrap()
    }

    /// Responds to the request that an API response is waiting for, and returns that response in full.
    pub(super) fn answer(&mut self, bench: &mut Bench, asked: Response, status: u16, body: &str) -> Response {
        self.reply(bench, status, "text/plain", body);
        self.whole(asked)
    }

    /// A response with everything its stream has sent.
    pub(super) fn whole(&self, asked: Response) -> Response {
        let (rest, ended) = self.stream(asked.stream.unwrap());
        assert!(ended, "the answer is not complete");
        Response { body: (text(&asked) + rest).into_bytes(), stream: None, ..asked }
    }
}

pub(super) fn head(bench: &mut Bench, id: u64, status: u16, kind: &str) {
    let headers = vec![("Content-Type".to_owned(), kind.to_owned())];
    bench.engine.sent(id, SendResult::Head { status, headers }, bench.now);
}

/// A bench whose agent has its own webhook: (agent, number).
pub(super) fn hooked() -> (Bench, String, String) {
    let (mut bench, agent, number) = Bench::staffed();
    hook(&mut bench, &format!("/v1/agents/{agent}/webhook"), json!({}));
    (bench, agent, number)
}

/// Sets a webhook and returns it.
pub(super) fn hook(bench: &mut Bench, root: &str, mut body: Value) -> Value {
    body["url"] = json!("https://example.com/hook");
    bench.ok("POST", root, body)
}

pub(super) fn header<'a>(send: &'a Outgoing, name: &str) -> &'a str {
    send.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap()
}
