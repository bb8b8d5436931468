//! What a random history is made of.

/// Numbers from a seed, the same in every run.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to less than `end`.
    pub(super) const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(super) const fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// A span that is as likely to be of one order of magnitude as of another, up to `most`.
    pub(super) fn span(&mut self, most: u64) -> u64 {
        let bits = u64::from(64 - most.leading_zeros());
        let most_here = (1 << self.below(bits + 1)).min(most);
        self.below(most_here + 1)
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let n = usize::try_from(self.below(all.len() as u64)).unwrap();
        all[n]
    }
}

pub(super) const SECOND: u64 = 1_000;
pub(super) const MINUTE: u64 = 60 * SECOND;

/// What the API says of when an object was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dated {
    Created,
    Answered,
    Never,
}

/// What lists show of the media of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The addresses that were sent.
    Kept,
    /// Others, at a host of the API's own.
    Stored,
    Never,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct LanePlan {
    /// Others make objects in it.
    pub(super) is_shared: bool,
    /// The caller says that nobody does, which is true.
    pub(super) is_exclusive: bool,
    /// Objects bear a reference of their key.
    pub(super) is_exact: bool,
}

/// Chances are in per cent.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// How far the clock of each worker is ahead, and that of the API.
    pub(super) clocks: Vec<i64>,
    pub(super) api_clock: i64,
    pub(super) lanes: Vec<LanePlan>,
    /// The lane of each key.
    pub(super) keys: Vec<usize>,
    /// The media of each key, by their place in `MEDIA`.
    pub(super) media: Vec<usize>,
    pub(super) shown: Shown,
    /// Uses of keys.
    pub(super) uses: u64,
    /// They begin within this time.
    pub(super) span: u64,
    pub(super) dated: Dated,
    pub(super) again: u64,
    pub(super) aborts: u64,
    pub(super) crashes: u64,
    pub(super) stalls: u64,
    pub(super) ledger_fails: u64,
    pub(super) ledger_delay: u64,
    pub(super) lost: u64,
    pub(super) refused: u64,
    pub(super) never: u64,
    pub(super) late: u64,
    pub(super) unlisted: u64,
    pub(super) lag: u64,
    pub(super) look_fails: u64,
    pub(super) cut: u64,
    pub(super) people: u64,
    pub(super) passes: u64,
    pub(super) webhooks: u64,
    pub(super) skew_is_known: u64,
    pub(super) accepts_likely: u64,
    pub(super) snapshots: u64,
    pub(super) ends: u64,
    /// A clock is set meanwhile.
    pub(super) jumps: u64,
    /// Uses that do not look for long, or not at all.
    pub(super) impatient: u64,
}

/// How far a clock is ahead.
pub(super) fn clock(rng: &mut Rng) -> i64 {
    rng.below(20 * MINUTE).cast_signed() - (10 * MINUTE).cast_signed()
}

impl Plan {
    /// Anything may go wrong.
    pub(super) fn hostile(rng: &mut Rng) -> Self {
        // Most histories are free of most troubles, so that each meets the others alone and in company.
        let mut some = |chances: &[u64]| if rng.percent(50) { 0 } else { rng.one_of(chances) };
        let (again, aborts, crashes) = (some(&[30, 100]), some(&[10, 40]), some(&[2, 10, 30]));
        let (stalls, ledger_fails) = (some(&[5, 30]), some(&[2, 10, 40]));
        let (refused, never, late, unlisted) =
            (some(&[10, 40]), some(&[10, 40]), some(&[10, 60]), some(&[10, 50]));
        let (look_fails, cut, people) = (some(&[10, 60]), some(&[10, 40]), some(&[30, 100]));
        let (passes, webhooks) = (some(&[30, 100]), some(&[30, 100]));
        let clocks_differ = rng.percent(60);
        let clocks = (0..rng.below(4) + 1).map(|_| if clocks_differ { clock(rng) } else { 0 }).collect();
        let api_clock = if clocks_differ { clock(rng) } else { 0 };
        let lanes: Vec<_> = (0..rng.below(2) + 1)
            .map(|_| {
                let is_shared = rng.percent(40);
                let is_exclusive = !is_shared && rng.percent(80);
                LanePlan { is_shared, is_exclusive, is_exact: rng.percent(10) }
            })
            .collect();
        let count = lanes.len() as u64;
        let keys: Vec<_> =
            (0..rng.below(4) + 1).map(|_| usize::try_from(rng.below(count)).unwrap()).collect();
        let media = keys.iter().map(|_| rng.one_of(&[0, 1, 2, 3])).collect();
        Self {
            clocks,
            api_clock,
            lanes,
            keys,
            media,
            shown: rng.one_of(&[Shown::Kept, Shown::Stored, Shown::Never]),
            uses: rng.below(6) + 1,
            span: rng.one_of(&[SECOND, MINUTE, 20 * MINUTE, 90 * MINUTE, 30 * 60 * MINUTE]),
            dated: rng.one_of(&[Dated::Created, Dated::Created, Dated::Answered, Dated::Never]),
            again,
            aborts,
            crashes,
            stalls,
            ledger_fails,
            ledger_delay: rng.one_of(&[5, 100, 3 * SECOND]),
            lost: rng.one_of(&[10, 50, 90]),
            refused,
            never,
            late,
            unlisted,
            lag: rng.one_of(&[0, SECOND, MINUTE]),
            look_fails,
            cut,
            people,
            passes,
            webhooks,
            skew_is_known: rng.one_of(&[0, 50, 100]),
            accepts_likely: rng.one_of(&[0, 50, 100]),
            snapshots: rng.one_of(&[0, 50, 100]),
            ends: rng.one_of(&[0, 50]),
            jumps: if clocks_differ { 20 } else { 0 },
            impatient: rng.one_of(&[0, 50]),
        }
    }

    /// Answers are lost, workers' clocks disagree and lists lag, and that is all.
    pub(super) fn mild(rng: &mut Rng) -> Self {
        let hostile = Self::hostile(rng);
        let lanes = hostile.lanes.iter();
        Self {
            lanes: lanes
                .map(|_| LanePlan { is_shared: false, is_exclusive: true, is_exact: false })
                .collect(),
            dated: Dated::Created,
            again: 0,
            aborts: 0,
            crashes: 0,
            stalls: 0,
            ledger_fails: 0,
            ledger_delay: 100,
            lost: 75,
            refused: 0,
            never: 0,
            late: 0,
            unlisted: 0,
            lag: 10 * SECOND,
            look_fails: 10,
            cut: 0,
            people: 0,
            ends: 0,
            jumps: 0,
            impatient: 0,
            skew_is_known: 100,
            snapshots: 0,
            ..hostile
        }
    }
}

/// The name of a user's key.
pub(super) fn key_name(key: usize) -> String {
    format!("key_{key}")
}

/// The name of a lane.
pub(super) fn lane_name(lane: usize) -> String {
    format!("lane_{lane}")
}
