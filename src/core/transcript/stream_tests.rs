//! Tests of `stream.rs`: what each event leads to, by tables, and what holds whatever the order of events.

use super::*;
use proptest::prelude::*;

const POLICY: Policy =
    Policy { idle_timeout: Some(IDLE), total_timeout: None, max_retries: 2, max_retry_delay: 60_000 };
const REFUSED: Event<'static> = Event::Refused { retryable: true, retry_after: None };
const CONNECTED: &str = "event: connected\ndata: {}\n\n";
const ENDED: &str = "event: ended\ndata: {}\n\n";

fn turn(content: &str) -> String {
    format!("event: turn\ndata: {{\"content\":\"{content}\"}}\n\n")
}

/// A stream that is being read, on its first connection.
fn reading(policy: Policy) -> Stream {
    let mut stream = Stream::new(policy, 0);
    assert_eq!(stream.step(Event::Asked, 0, 0.0), Action::Connect);
    assert_eq!(stream.step(Event::Connected, 0, 0.0), Action::Read);
    stream
}

/// What a chunk gives, to a reader who reads on: the lines of events.
fn give(stream: &mut Stream, chunk: &str, now: Millis) -> String {
    match stream.step(Event::Chunk(chunk.as_bytes()), now, 0.0) {
        Action::Give => {
            let lines = String::from_utf8(stream.events().to_vec()).unwrap();
            let _ = stream.step(Event::Given(stream.new), now, 0.0);
            let _ = stream.step(Event::Asked, now, 0.0);
            lines
        }
        _ => String::new(),
    }
}

/// Goes on to the next connection after a cut.
fn reconnect(stream: &mut Stream, event: Event<'_>, now: Millis) -> Millis {
    assert_eq!(stream.step(event, now, 1.0), Action::Pause);
    let until = stream.deadline().unwrap();
    assert_eq!(stream.step(Event::Woken, until - 1, 0.0), Action::Pause, "too early");
    assert_eq!(stream.step(Event::Woken, until, 0.0), Action::Connect);
    assert_eq!(stream.step(Event::Connected, until, 0.0), Action::Read);
    until
}

#[test]
fn after_a_cut_no_turn_is_given_twice_and_half_an_event_is_forgotten() {
    let mut stream = reading(POLICY);
    assert_eq!(
        give(&mut stream, &format!("{CONNECTED}{}event: turn\ndata: {{\"co", turn("a")), 0),
        "connected {}\nturn {\"content\":\"a\"}"
    );
    let now = reconnect(&mut stream, Event::Cut, 1);
    let again = format!("\u{feff}{CONNECTED}{}{}", turn("a"), turn("b"));
    assert_eq!(give(&mut stream, &again, now), "turn {\"content\":\"b\"}");
}

#[test]
fn data_over_two_lines_is_one_event() {
    let mut stream = reading(POLICY);
    assert_eq!(give(&mut stream, "event: turn\ndata: {\ndata: }\n\n", 0), "turn {\r}");
}

#[test]
fn the_end_is_told_after_what_came_before_it_and_needs_no_time_limit() {
    let mut stream = reading(Policy { total_timeout: Some(1_000), ..POLICY });
    let chunk = [turn("a").as_str(), ENDED, &turn("b")].concat();
    assert_eq!(stream.step(Event::Chunk(chunk.as_bytes()), 0, 0.0), Action::Give);
    assert_eq!(stream.events(), b"turn {\"content\":\"a\"}\nended {}");
    assert_eq!(stream.step(Event::Given(2), 0, 0.0), Action::Rest);
    assert!(stream.has_ended());
    assert_eq!(stream.deadline(), None);
    assert_eq!(stream.step(Event::Asked, 9_999, 0.0), Action::End);
    assert_eq!(stream.step(Event::Asked, 9_999, 0.0), Action::End);
}

#[test]
fn what_is_wrong_is_told_after_the_events_before_it() {
    let long = format!("{}data: {}", turn("a"), "x".repeat(LONGEST_EVENT + 9));
    let broken = [turn("a"), "event: turn\ndata: {\n\n".to_owned()].concat();
    for (chunk, json, problem) in [(long, 1, Problem::TooLong), (broken, 1, Problem::NotJson)] {
        let mut stream = reading(POLICY);
        assert_eq!(stream.step(Event::Chunk(chunk.as_bytes()), 0, 0.0), Action::Give);
        assert_eq!(stream.step(Event::Given(json), 0, 0.0), Action::Rest);
        assert_eq!(stream.step(Event::Asked, 0, 0.0), Action::Fail(problem));
    }
    let mut stream = reading(POLICY);
    give(&mut stream, &[turn("a"), turn("b"), turn("c")].concat(), 0);
    let now = reconnect(&mut stream, Event::Cut, 0);
    let other = [turn("a"), turn("B"), turn("C"), turn("d")].concat();
    assert_eq!(stream.step(Event::Chunk(other.as_bytes()), now, 0.0), Action::Give);
    assert_eq!(stream.events(), b"turn {\"content\":\"d\"}");
    assert_eq!(stream.step(Event::Given(1), now, 0.0), Action::Rest);
    assert_eq!(stream.step(Event::Asked, now, 0.0), Action::Fail(Problem::Differs(1)));
}

#[test]
fn what_is_wrong_is_told_at_once_where_nothing_came_before_it() {
    let mut stream = reading(POLICY);
    assert_eq!(stream.step(Event::Chunk(b"event: turn\ndata: {\n\n"), 0, 0.0), Action::Give);
    assert_eq!(stream.step(Event::Given(0), 0, 0.0), Action::Fail(Problem::NotJson));
    assert_eq!(reading(POLICY).step(Event::NotBytes, 0, 0.0), Action::Fail(Problem::NotBytes));
    let long = "x".repeat(LONGEST_EVENT + 9);
    assert_eq!(reading(POLICY).step(Event::Chunk(long.as_bytes()), 0, 0.0), Action::Fail(Problem::TooLong));
}

#[test]
fn more_turns_than_a_call_has_do_not_fill_memory() {
    let mut stream = reading(POLICY);
    let chunk = turn("").repeat(MOST_TURNS + 1);
    assert_eq!(stream.step(Event::Chunk(chunk.as_bytes()), 0, 0.0), Action::Give);
    let _ = stream.step(Event::Given(MOST_TURNS + 1), 0, 0.0);
    assert_eq!(stream.step(Event::Asked, 0, 0.0), Action::Fail(Problem::TooManyTurns));
}

#[test]
fn silence_is_a_cut_and_a_heartbeat_a_sign_of_life() {
    for life in [": heartbeat\n\n", "event: mood\ndata: {}\n\n", "data: {}\n\n"] {
        let mut stream = reading(POLICY);
        assert_eq!(stream.deadline(), Some(IDLE));
        assert_eq!(stream.step(Event::Chunk(life.as_bytes()), 40_000, 0.0), Action::Read);
        assert_eq!(stream.step(Event::Chunk(b"half a li"), 41_000, 0.0), Action::Read);
        assert_eq!(stream.deadline(), Some(40_000 + IDLE), "only a whole line shows life");
        assert_eq!(stream.step(Event::Woken, 40_000 + IDLE - 1, 0.0), Action::Read);
        assert_eq!(stream.step(Event::Woken, 40_000 + IDLE, 0.0), Action::Pause);
    }
}

#[test]
fn chunks_without_a_line_that_leave_no_timer_a_chance_are_silence_too() {
    let mut stream = reading(POLICY);
    assert_eq!(stream.step(Event::Chunk(b""), IDLE - 1, 0.0), Action::Read);
    assert_eq!(stream.step(Event::Chunk(b""), IDLE, 0.0), Action::Pause);
}

#[test]
fn silence_while_the_caller_works_is_the_callers_own() {
    let mut stream = reading(POLICY);
    assert_eq!(stream.step(Event::Chunk(turn("a").as_bytes()), 0, 0.0), Action::Give);
    assert_eq!(stream.step(Event::Given(1), 0, 0.0), Action::Rest);
    assert_eq!(stream.deadline(), None);
    assert_eq!(stream.step(Event::Asked, 10 * IDLE, 0.0), Action::Read);
    assert_eq!(stream.deadline(), Some(11 * IDLE));
}

#[test]
fn patience_is_five_fruitless_connections_and_renewed_by_an_event_or_a_long_life() {
    let mut stream = reading(POLICY);
    let mut now = 0;
    for _ in 0..FRUITLESS {
        now = reconnect(&mut stream, Event::Cut, now);
    }
    assert_eq!(stream.step(Event::Cut, now, 0.0), Action::Fail(Problem::Cut(6)));

    for renewed in [true, false] {
        let mut stream = reading(POLICY);
        let mut now = 0;
        for turns in 0..20 {
            if renewed {
                give(&mut stream, &[": \n".to_owned(), turn("x").repeat(turns + 1)].concat(), now);
            } else {
                now += LONG_LIVED;
            }
            now = reconnect(&mut stream, Event::Cut, now);
        }
    }
}

#[test]
fn without_retries_there_is_one_connection() {
    let mut stream = reading(Policy { max_retries: 0, ..POLICY });
    assert_eq!(stream.step(Event::Cut, LONG_LIVED, 0.0), Action::Fail(Problem::Cut(1)));
}

#[test]
fn a_first_connection_that_is_refused_is_final_and_a_later_one_is_waited_for() {
    let mut stream = Stream::new(POLICY, 0);
    assert_eq!(stream.step(Event::Asked, 0, 0.0), Action::Connect);
    assert_eq!(stream.step(REFUSED, 0, 0.0), Action::Fail(Problem::Refused));

    let refused = |retryable, retry_after| {
        let mut stream = reading(POLICY);
        assert_eq!(stream.step(Event::Cut, 0, 0.0), Action::Pause);
        assert_eq!(stream.step(Event::Woken, 60_000, 0.0), Action::Connect);
        let action = stream.step(Event::Refused { retryable, retry_after }, 60_000, 0.0);
        (action, stream.deadline())
    };
    assert_eq!(refused(true, None), (Action::Pause, Some(60_000)));
    assert_eq!(refused(true, Some(7_000)), (Action::Pause, Some(67_000)));
    assert_eq!(
        refused(true, Some(60_001)),
        (Action::Fail(Problem::Refused), None),
        "longer than maxRetryDelay"
    );
    assert_eq!(refused(false, None), (Action::Fail(Problem::Refused), None));
}

#[test]
fn the_pause_that_the_server_asks_for_holds_for_later_connections_too() {
    let mut stream = reading(POLICY);
    give(&mut stream, &format!("retry: 2500\n{CONNECTED}"), 0);
    for now in [0, 10_000] {
        assert_eq!(stream.step(Event::Cut, now, 0.0), Action::Pause);
        assert_eq!(stream.deadline(), Some(now + 2_500));
        let _ = stream.step(Event::Woken, now + 2_500, 0.0);
        let _ = stream.step(Event::Connected, now + 2_500, 0.0);
    }
    let mut stream = reading(Policy { max_retry_delay: 100, ..POLICY });
    give(&mut stream, &format!("retry: 2500\n{CONNECTED}"), 0);
    assert_eq!(stream.step(Event::Cut, 0, 0.0), Action::Pause);
    assert_eq!(stream.deadline(), Some(100), "no longer than maxRetryDelay");
}

#[test]
fn a_response_without_a_body_is_told() {
    let mut stream = Stream::new(POLICY, 0);
    let _ = stream.step(Event::Asked, 0, 0.0);
    assert_eq!(stream.step(Event::NoBody, 0, 0.0), Action::Fail(Problem::NoBody));
}

#[test]
fn each_problem_has_its_words() {
    assert_eq!(Problem::OutOfTime(5).words(), "the call did not end within totalTimeout (5 ms)");
    assert_eq!(Problem::Cut(6).words(), "the stream was cut or silent on all of the last 6 connections");
    assert_eq!(
        Problem::Differs(0).words(),
        "after a reconnection the transcript is another one, from turn 1 on"
    );
    assert_eq!(Problem::Refused.words(), "");
    let others = [
        (Problem::Aborted, Code::Aborted),
        (Problem::NoBody, Code::InvalidResponse),
        (Problem::NotBytes, Code::InvalidResponse),
        (Problem::TooLong, Code::InvalidResponse),
        (Problem::NotJson, Code::InvalidResponse),
        (Problem::TooManyTurns, Code::InvalidResponse),
    ];
    for (problem, code) in others {
        assert!(!problem.words().is_empty(), "{problem:?}");
        assert_eq!(problem.code(), code, "{problem:?}");
    }
    assert_eq!(
        [Problem::Refused, Problem::OutOfTime(5), Problem::Cut(6), Problem::Differs(0)].map(Problem::code),
        [Code::Refused, Code::Timeout, Code::Connection, Code::InvalidResponse]
    );
}

#[test]
fn a_stream_says_how_much_time_and_how_many_connections_it_has_had() {
    let mut stream = Stream::new(Policy { total_timeout: Some(1_000), ..POLICY }, 0);
    assert_eq!((stream.connections(), stream.time_left(0)), (0, Some(1_000)));
    let _ = stream.step(Event::Asked, 0, 0.0);
    let _ = stream.step(Event::Connected, 400, 0.0);
    assert_eq!((stream.connections(), stream.time_left(400)), (1, Some(600)));
    assert_eq!(stream.time_left(2_000), Some(0));
    assert_eq!(Stream::new(POLICY, 0).time_left(400), POLICY.total_timeout);
}

/// What may happen to a stream, whatever it does.
fn any_event() -> impl Strategy<Value = u8> {
    0u8..12
}

proptest! {
    #[test]
    fn whatever_happens_every_turn_is_given_once_in_order_and_no_limit_is_outlived(
        events in proptest::collection::vec((any_event(), 0u64..20_000, 0.0f64..1.0), 1..120),
        total in proptest::option::of(1u64..200_000), turns in 1usize..20,
    ) {
        let all: Vec<String> = (0..turns).map(|number| turn(&number.to_string())).collect();
        let mut stream = Stream::new(Policy { total_timeout: total, ..POLICY }, 0);
        let (mut now, mut said, mut read, mut action) = (0, 0, Vec::new(), Action::Rest);
        for (event, passed, chance) in events {
            now += passed;
            let chunk = all.get(said).cloned().unwrap_or_default();
            // What a driver could tell of what is under way, or what can come at any time.
            let event = match (action, event) {
                (_, 0) => Event::Woken,
                (Action::Rest, _) => Event::Asked,
                (Action::Connect, 1..=3) => REFUSED,
                (Action::Connect, _) => Event::Connected,
                (Action::Read, 1) => Event::Cut,
                (Action::Read, 2) => Event::Chunk(b": \n\n"),
                (Action::Read, _) => Event::Chunk(chunk.as_bytes()),
                (Action::Give, _) => Event::Given(usize::MAX),
                _ => Event::Woken,
            };
            match event {
                Event::Connected => said = 0,
                Event::Chunk(chunk) if !chunk.starts_with(b":") => said += 1,
                _ => {}
            }
            action = stream.step(event, now, chance);
            if action == Action::Give && event != Event::Woken {
                read.push(String::from_utf8(stream.events().to_vec()).unwrap());
            }
            if let Action::Fail(problem) = action {
                prop_assert!(matches!(problem, Problem::Refused | Problem::Cut(_) | Problem::OutOfTime(_)));
                break;
            }
            if let Some(total) = total {
                prop_assert!(now < total, "went on after its time");
                prop_assert!(stream.deadline().is_some_and(|deadline| deadline <= total));
            }
            if action == Action::Pause {
                prop_assert!(stream.deadline().is_some_and(|until| until <= now + 60_000));
            }
        }
        let expected: Vec<String> = (0..read.len()).map(|number| format!("turn {{\"content\":\"{number}\"}}")).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn leaving_and_aborting_end_it_wherever_it_is(steps in 0usize..6, abort: bool) {
        let mut stream = Stream::new(POLICY, 0);
        let turn = turn("a");
        let way = [Event::Asked, Event::Connected, Event::Chunk(turn.as_bytes()), Event::Given(1), Event::Asked, Event::Cut];
        for event in &way[..steps] {
            let _ = stream.step(*event, 0, 0.0);
        }
        if abort {
            prop_assert_eq!(stream.step(Event::Aborted, 0, 0.0), Action::Fail(Problem::Aborted));
        } else {
            prop_assert_eq!(stream.step(Event::Left, 0, 0.0), Action::End);
        }
        prop_assert_eq!(stream.step(Event::Asked, 0, 0.0), Action::End);
        prop_assert_eq!(stream.deadline(), None);
    }
}
