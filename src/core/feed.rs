//! A live transcript from bytes to batches of new events, over all its connections: the decoder of the
//! connection, what was given before it, and the events that the last chunk completed.

use super::Millis;
use super::batch::Batch;
use super::sse::{Decoder, TooLong};
use super::transcript::{Kind, Replay, Transcript};

/// One transcript stream.
#[derive(Debug)]
pub struct Feed {
    limit: usize,
    decoder: Decoder,
    transcript: Transcript,
    batch: Batch,
    differs: Option<usize>,
    /// The pause that earlier connections asked for.
    retry: Option<Millis>,
}

impl Feed {
    /// A stream that has not begun, of events of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            decoder: Decoder::new(limit),
            transcript: Transcript::default(),
            batch: Batch::default(),
            differs: None,
            retry: None,
        }
    }

    /// A new connection begins: half an event of the last one is forgotten, and what was given before
    /// will not be given again.
    pub fn reconnect(&mut self) {
        self.retry = self.retry();
        self.decoder = Decoder::new(self.limit);
        self.transcript.reconnect();
    }

    /// Takes the next bytes of the connection; `batch` then holds the new events that they complete.
    /// True when the server shows life, with an event or a heartbeat. After `TooLong` the batch still
    /// holds the events before.
    pub fn push(&mut self, chunk: &[u8]) -> Result<bool, TooLong> {
        self.batch.clear();
        self.differs = None;
        let (transcript, batch, differs) = (&mut self.transcript, &mut self.batch, &mut self.differs);
        self.decoder.push(chunk, |event| {
            let Some(kind) = Kind::of(event.name) else { return };
            match transcript.judge(kind, event.data) {
                Replay::Give => batch.push(kind, event.data),
                Replay::Skip => {}
                Replay::Differs(index) => *differs = differs.or(Some(index)),
            }
        })
    }

    /// The new events of the last chunk.
    pub const fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    /// The first turn that the last chunk told otherwise than an earlier connection. It is not given
    /// again.
    pub const fn differs(&self) -> Option<usize> {
        self.differs
    }

    /// How many turns have been given, over all connections.
    pub const fn turns(&self) -> usize {
        self.transcript.turns()
    }

    /// True once the end has come: there is nothing to reconnect for.
    pub const fn ended(&self) -> bool {
        self.transcript.ended()
    }

    /// The pause before the next connection that the stream has asked for, on this one or earlier.
    pub fn retry(&self) -> Option<Millis> {
        self.decoder.retry().or(self.retry)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn turn(content: &str) -> String {
        format!("event: turn\ndata: {{\"role\":\"user\",\"content\":\"{content}\",\"createdAt\":\"\"}}\n\n")
    }

    /// Pushes one chunk; gives the contents of the turns in it, which stand one after the other.
    fn push(feed: &mut Feed, chunk: &str) -> String {
        feed.push(chunk.as_bytes()).unwrap();
        String::from_utf8(feed.batch().text().to_vec()).unwrap()
    }

    #[test]
    fn half_an_event_of_a_cut_connection_does_not_spoil_the_next() {
        let mut feed = Feed::new(999);
        assert_eq!(push(&mut feed, &format!("{}event: turn\ndata: {{\"ro", turn("a"))), "a");
        feed.reconnect();
        assert_eq!(push(&mut feed, &format!("\u{feff}{}{}", turn("a"), turn("b"))), "b");
        assert_eq!(feed.differs(), None);
    }

    #[test]
    fn a_replay_that_differs_is_told_with_the_chunk_that_shows_it() {
        let mut feed = Feed::new(999);
        push(&mut feed, &[turn("a"), turn("b"), turn("c")].concat());
        feed.reconnect();
        assert_eq!(push(&mut feed, &[turn("a"), turn("B"), turn("C"), turn("d")].concat()), "d");
        assert_eq!(feed.differs(), Some(1));
        push(&mut feed, &turn("e"));
        assert_eq!(feed.differs(), None);
    }

    #[test]
    fn events_before_an_endless_one_are_given() {
        let mut feed = Feed::new(80);
        let chunk = format!("{}data: {}", turn("a"), "x".repeat(80));
        assert_eq!(feed.push(chunk.as_bytes()), Err(TooLong));
        assert_eq!(feed.batch().text(), b"a");
        assert_eq!(feed.push(b"\n\n"), Err(TooLong));
        assert_eq!(feed.batch().text(), b"");
        feed.reconnect();
        assert_eq!(push(&mut feed, &[turn("a"), turn("b")].concat()), "b");
    }

    #[test]
    fn heartbeats_and_unknown_events_show_life_and_give_nothing() {
        let mut feed = Feed::new(999);
        for chunk in [": heartbeat\n\n", "event: mood\ndata: {}\n\n", "data: {}\n\n"] {
            assert_eq!(feed.push(chunk.as_bytes()), Ok(true));
            assert!(feed.batch().forms().is_empty());
        }
    }

    #[test]
    fn the_end_and_the_pause_asked_for_are_told() {
        let mut feed = Feed::new(999);
        push(&mut feed, "retry: 250\nevent: connected\ndata: {}\n\n");
        assert_eq!((feed.ended(), feed.retry()), (false, Some(250)));
        feed.reconnect();
        assert_eq!(feed.retry(), Some(250), "it holds for later connections too");
        push(&mut feed, "event: ended\ndata: {}\n\n");
        assert!(feed.ended());
        assert_eq!(feed.batch().json(), b"[{}]");
    }

    proptest! {
        #[test]
        fn wherever_connections_are_cut_the_caller_reads_one_transcript(
            turns in proptest::collection::vec("[a-bé]{0,3}", 0..9),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..5), size in 1usize..60,
        ) {
            let stream: String = turns.iter().map(|content| turn(content)).collect();
            let mut feed = Feed::new(999);
            let mut read = Vec::new();
            for cut in cuts.iter().map(|cut| cut.index(stream.len() + 1)).chain([stream.len()]) {
                feed.reconnect();
                for chunk in stream.as_bytes()[..cut].chunks(size) {
                    prop_assert!(feed.push(chunk).is_ok());
                    prop_assert_eq!(feed.differs(), None);
                    read.extend_from_slice(feed.batch().text());
                }
            }
            prop_assert_eq!(String::from_utf8(read).unwrap(), turns.concat());
        }
    }
}
