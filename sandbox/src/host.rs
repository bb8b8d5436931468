//! What the engine asks of its host, and what the host reports back. The engine opens no sockets:
//! stream chunks and outgoing requests stay in the outbox until the host takes them.

use crate::store::persist;

/// Something for the host to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The next chunk of a streamed response.
    Chunk {
        /// The stream that [`Response::stream`](crate::Response::stream) named.
        stream: u64,
        /// May be empty.
        bytes: Vec<u8>,
        /// Whether this is the last chunk.
        end: bool,
    },
    /// A request to POST.
    Send(Outgoing),
    /// A request whose response is no longer needed.
    Abort {
        /// The id of the [`Outgoing`].
        id: u64,
    },
}

/// A webhook or a voice turn to send to the user's server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Identifies it in [`Engine::sent`](crate::Engine::sent) and [`Output::Abort`].
    pub id: u64,
    /// The URL to post to.
    pub url: String,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, to be sent byte for byte, because it is signed.
    pub body: Vec<u8>,
    /// How long the user's server may take, in real time. After
    /// [`Engine::take_outbox`](crate::Engine::take_outbox) the engine measures it on the clock it is given
    /// and emits an [`Output::Abort`]; a host whose clock is not real time measures it itself.
    pub timeout_ms: u64,
}

impl Output {
    pub(crate) fn send(&self) -> Option<&Outgoing> {
        match self {
            Self::Send(send) => Some(send),
            Self::Chunk { .. } | Self::Abort { .. } => None,
        }
    }
}

impl Outgoing {
    /// The event it carries.
    pub(crate) fn event(&self) -> &str {
        let header = self.headers.iter().find(|(name, _)| name == "x-webhook-event");
        header.map_or("", |(_, value)| value)
    }
}

/// Progress of an [`Outgoing`]: a head, chunks of the body and the end, or a failure at any point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// Status and headers have arrived.
    Head {
        /// The HTTP status.
        status: u16,
        /// Header names in any letter case.
        headers: Vec<(String, String)>,
    },
    /// A chunk of the body has arrived.
    Body(Vec<u8>),
    /// The body is complete.
    End,
    /// No response, or a broken one; the message goes to the delivery log.
    Failed(String),
}

/// Outputs waiting for the host. Connections do not survive the process, so a snapshot holds only the
/// last id: work still planned for an old id must not affect a new one.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: Vec<Output>,
    /// Open streams: chunks for a stream that the client has closed are dropped.
    streams: Ids,
    /// Requests whose outcome the host has not reported yet.
    sends: Ids,
    last: u64,
}

persist!(Outbox { last } skip { queue, streams, sends });

/// A set of ids, which are issued in ascending order. A `BTreeSet` would add more to the module's size
/// than this search costs in time.
#[derive(Debug, Default)]
struct Ids(Vec<u64>);

impl Ids {
    fn add(&mut self, id: u64) {
        self.0.push(id);
    }

    fn has(&self, id: u64) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    fn remove(&mut self, id: u64) -> bool {
        let found = self.0.binary_search(&id);
        found.is_ok_and(|at| self.0.remove(at) == id)
    }

    fn after(&self, mark: u64) -> Vec<u64> {
        self.0.iter().copied().filter(|id| *id > mark).collect()
    }
}

impl Outbox {
    /// Opens a new stream.
    pub(crate) fn open(&mut self) -> u64 {
        self.last += 1;
        self.streams.add(self.last);
        self.last
    }

    pub(crate) fn chunk(&mut self, stream: u64, bytes: impl Into<Vec<u8>>) {
        if self.streams.has(stream) {
            self.queue.push(Output::Chunk { stream, bytes: bytes.into(), end: false });
        }
    }

    /// Ends a stream with a last chunk, which may be empty.
    pub(crate) fn finish(&mut self, stream: u64, bytes: impl Into<Vec<u8>>) {
        if self.streams.remove(stream) {
            self.queue.push(Output::Chunk { stream, bytes: bytes.into(), end: true });
        }
    }

    /// Closes a stream: the client has disconnected, or the response was discarded.
    pub(crate) fn close(&mut self, stream: u64) {
        self.streams.remove(stream);
        self.queue.retain(|o| !matches!(o, Output::Chunk { stream: of, .. } if *of == stream));
    }

    pub(crate) fn is_open(&self, stream: u64) -> bool {
        self.streams.has(stream)
    }

    /// Queues a request and returns its id.
    pub(crate) fn send(
        &mut self,
        url: String,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        timeout_ms: u64,
    ) -> u64 {
        self.last += 1;
        let id = self.last;
        self.sends.add(id);
        self.queue.push(Output::Send(Outgoing { id, url, headers, body, timeout_ms }));
        id
    }

    /// The same request once more. Its outcome is ignored.
    pub(crate) fn again(&mut self, send: Outgoing) -> Output {
        self.last += 1;
        self.sends.add(self.last);
        Output::Send(Outgoing { id: self.last, ..send })
    }

    pub(crate) fn abort(&mut self, id: u64) {
        if self.sends.remove(id) {
            self.queue.push(Output::Abort { id });
        }
    }

    /// Whether a report about a request still matters. The end and a failure are final.
    pub(crate) fn accept(&mut self, id: u64, result: &SendResult) -> bool {
        match result {
            SendResult::Head { .. } | SendResult::Body(_) => self.sends.has(id),
            SendResult::End | SendResult::Failed(_) => self.sends.remove(id),
        }
    }

    /// Continues after the ids of an earlier run.
    pub(crate) fn skip_to(&mut self, last: u64) {
        self.last = self.last.max(last);
    }

    /// The next stream or request gets a higher id than this.
    pub(crate) fn mark(&self) -> u64 {
        self.last
    }

    /// Closes the streams that were opened after a mark, because their response was discarded.
    pub(crate) fn close_after(&mut self, mark: u64) {
        for stream in self.streams.after(mark) {
            self.close(stream);
        }
    }

    /// Ends all streams and requests. Ids continue, so that late reports about old ones do not match new
    /// ones.
    pub(crate) fn reset(&mut self) {
        for stream in std::mem::take(&mut self.streams).0 {
            self.queue.push(Output::Chunk { stream, bytes: Vec::new(), end: true });
        }
        for id in std::mem::take(&mut self.sends).0 {
            self.queue.push(Output::Abort { id });
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.queue)
    }
}
