//! Random histories of keys: workers that crash, stall and disagree about the time, over a ledger that fails and an API
//! that loses answers, acts late and lists what it likes. The same seeds in every run; `SEED=n cargo test one_history --
//! --ignored --nocapture` tells one of them.

mod api;
mod plan;
mod rules;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use plan::{Plan, Rng};
use rules::Counts;
use world::play;

/// How many hostile histories are played.
fn histories() -> u64 {
    std::env::var("HISTORIES").map_or(100_000, |count| count.parse().unwrap())
}

fn number_of_key(name: &str) -> usize {
    name.strip_prefix("key_").unwrap().parse().unwrap()
}

/// Plays many histories on all processors. A failure names the first seed that failed.
fn play_all(seeds: std::ops::Range<u64>, plan: fn(&mut Rng) -> Plan) -> (Counts, usize) {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) as u64;
    let parts = std::thread::scope(|scope| {
        let mut parts = Vec::new();
        for thread in 0..threads {
            let seeds = seeds.clone().skip(usize::try_from(thread).unwrap());
            parts.push(scope.spawn(move || {
                let mut counts = Counts::default();
                let mut unsettled = 0;
                for seed in seeds.step_by(usize::try_from(threads).unwrap()) {
                    let history = AssertUnwindSafe(|| play(seed, plan, false));
                    let Ok((world, some)) = catch_unwind(history) else { return Err(seed) };
                    counts.add(&some);
                    unsettled += world.unsettled();
                }
                Ok((counts, unsettled))
            }));
        }
        parts.into_iter().map(|part| part.join().unwrap()).collect::<Vec<_>>()
    });
    let failed = parts.iter().filter_map(|part| part.as_ref().err()).min();
    assert!(failed.is_none(), "the history of seed {} failed", failed.unwrap());
    let mut all = (Counts::default(), 0);
    for (counts, unsettled) in parts.into_iter().flatten() {
        all.0.add(&counts);
        all.1 += unsettled;
    }
    all
}

#[test]
fn no_history_rings_a_phone_twice_or_gives_a_wrong_certainty() {
    let histories = histories();
    let (counts, _) = play_all(0..histories, Plan::hostile);
    println!("{counts:?}");
    // Nothing is proven by a model in which nothing happens.
    assert!(counts.all().iter().all(|count| *count > histories / 200), "{counts:?}");
}

/// The ledger denies that it has written that a request did nothing, and meanwhile another use has sent the next one.
#[test]
fn a_refusal_that_is_written_again_is_not_written_over_a_later_request_in_doubt() {
    play(71_025, Plan::hostile, false);
}

#[test]
fn what_the_api_lists_is_settled_without_a_person() {
    let (counts, unsettled) = play_all(0..5_000, Plan::mild);
    println!("{counts:?} {unsettled}");
    assert_eq!(unsettled, 0);
}

#[test]
#[ignore = "prints one history"]
fn one_history() {
    let seed = std::env::var("SEED").unwrap().parse().unwrap();
    let plan = if std::env::var("MILD").is_ok() { Plan::mild } else { Plan::hostile };
    play(seed, plan, true);
}
