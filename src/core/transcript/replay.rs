//! Which events of a live transcript are new. The stream has no ids: on every connection the server sends all turns
//! again from the first, so after a cut the turns that were already emitted are skipped. A hash of each shows whether
//! the replay is still the same.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// What an event of the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first event of each connection: which call this is.
    Connected,
    /// Something that was said.
    Turn,
    /// The last event: the call is over.
    Ended,
}

impl Kind {
    /// The kind of an event type. Unknown events are not passed on, because a repetition on the next connection could
    /// not be detected.
    pub const fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"turn" => Some(Self::Turn),
            b"connected" => Some(Self::Connected),
            b"ended" => Some(Self::Ended),
            _ => None,
        }
    }

    /// The event type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Turn => "turn",
            Self::Ended => "ended",
        }
    }
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// It is new.
    Give,
    /// It was emitted on an earlier connection, or follows the end.
    Skip,
    /// An earlier connection had a different turn at this index.
    Differs(usize),
}

/// What has been emitted of one transcript, over all its connections.
#[derive(Debug, Default)]
pub struct Transcript {
    turns: Vec<u64>,
    /// How many turns this connection has sent.
    emitted: usize,
    connected: bool,
    ended: bool,
}

impl Transcript {
    /// A new connection begins: all turns will be sent again.
    pub const fn reconnect(&mut self) {
        self.emitted = 0;
    }

    /// How many turns have been emitted.
    pub const fn turns(&self) -> usize {
        self.turns.len()
    }

    /// True once the end has been emitted: there is nothing to reconnect for.
    pub const fn ended(&self) -> bool {
        self.ended
    }

    /// Judges the next event of this connection, in order. Only the first `connected` is emitted: the caller sees one
    /// stream, however many connections it takes.
    pub fn judge(&mut self, kind: Kind, data: &[u8]) -> Replay {
        if self.ended {
            return Replay::Skip;
        }
        let repeated = match kind {
            Kind::Turn => return self.turn(data),
            Kind::Connected => std::mem::replace(&mut self.connected, true),
            Kind::Ended => std::mem::replace(&mut self.ended, true),
        };
        if repeated { Replay::Skip } else { Replay::Give }
    }

    #[inline]
    fn turn(&mut self, data: &[u8]) -> Replay {
        let hash = hash(data);
        let index = self.emitted;
        self.emitted += 1;
        match self.turns.get_mut(index) {
            None => {
                self.turns.push(hash);
                Replay::Give
            }
            Some(seen) if *seen == hash => Replay::Skip,
            Some(seen) => {
                // Remembered from now on, so that one difference is not reported twice.
                *seen = hash;
                Replay::Differs(index)
            }
        }
    }
}

/// A hash against accidental differences only; a malicious server could have sent anything in the first place.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TURN: Kind = Kind::Turn;

    #[test]
    fn after_a_cut_no_turn_is_given_twice_and_none_is_lost() {
        let mut transcript = Transcript::default();
        assert_eq!(transcript.judge(Kind::Connected, b"{}"), Replay::Give);
        assert_eq!(transcript.judge(TURN, b"a"), Replay::Give);
        assert_eq!(transcript.judge(TURN, b"b"), Replay::Give);
        transcript.reconnect();
        assert_eq!(transcript.judge(Kind::Connected, b"{}"), Replay::Skip);
        assert_eq!(transcript.judge(TURN, b"a"), Replay::Skip);
        // Cut again in the middle of the replay.
        transcript.reconnect();
        assert_eq!(transcript.judge(Kind::Connected, b"{}"), Replay::Skip);
        assert_eq!(transcript.judge(TURN, b"a"), Replay::Skip);
        assert_eq!(transcript.judge(TURN, b"b"), Replay::Skip);
        assert_eq!(transcript.judge(TURN, b"c"), Replay::Give);
        assert_eq!(transcript.turns(), 3);
        assert!(!transcript.ended());
        assert_eq!(transcript.judge(Kind::Ended, b"{}"), Replay::Give);
        assert!(transcript.ended());
    }

    #[test]
    fn a_person_who_says_the_same_twice_is_heard_twice() {
        let mut transcript = Transcript::default();
        assert_eq!(transcript.judge(TURN, b"yes"), Replay::Give);
        assert_eq!(transcript.judge(TURN, b"yes"), Replay::Give);
    }

    #[test]
    fn a_replay_that_says_something_else_is_noticed_once_and_where() {
        let mut transcript = Transcript::default();
        for data in [b"a", b"b", b"c"] {
            transcript.judge(TURN, data);
        }
        for second in [Replay::Differs(1), Replay::Skip] {
            transcript.reconnect();
            assert_eq!(transcript.judge(TURN, b"a"), Replay::Skip);
            assert_eq!(transcript.judge(TURN, b"B"), second);
            assert_eq!(transcript.judge(TURN, b"c"), Replay::Skip);
        }
    }

    #[test]
    fn after_the_end_nothing_is_given() {
        let mut transcript = Transcript::default();
        assert_eq!(transcript.judge(Kind::Ended, b"{}"), Replay::Give);
        for kind in [Kind::Connected, TURN, Kind::Ended] {
            assert_eq!(transcript.judge(kind, b"{}"), Replay::Skip);
        }
    }

    #[test]
    fn an_event_type_is_matched_exactly() {
        for kind in [Kind::Connected, TURN, Kind::Ended] {
            assert_eq!(Kind::of(kind.name().as_bytes()), Some(kind));
        }
        for name in [&b"message"[..], b"Turn", b"turns", b"", b"ended "] {
            assert_eq!(Kind::of(name), None);
        }
    }

    proptest! {
        #[test]
        fn one_changed_byte_changes_the_hash(
            mut bytes in proptest::collection::vec(any::<u8>(), 1..40), place: usize, change in 1u8..,
        ) {
            let before = hash(&bytes);
            let place = place % bytes.len();
            bytes[place] ^= change;
            prop_assert_ne!(hash(&bytes), before);
        }

        #[test]
        fn whatever_is_cut_the_caller_gets_each_turn_once_in_order(
            turns in proptest::collection::vec("[ab]{0,2}", 0..12),
            cuts in proptest::collection::vec(0usize..12, 0..6),
        ) {
            let mut transcript = Transcript::default();
            let mut given = Vec::new();
            for cut in cuts.into_iter().map(|cut| cut.min(turns.len())).chain([turns.len()]) {
                transcript.reconnect();
                for turn in &turns[..cut] {
                    match transcript.judge(TURN, turn.as_bytes()) {
                        Replay::Give => given.push(turn.clone()),
                        other => prop_assert_eq!(other, Replay::Skip),
                    }
                }
            }
            prop_assert_eq!(given, turns);
        }
    }
}
