//! Tests of `sse.rs`: the shared vectors, every way to cut a stream, and a second decoder that is slow
//! and follows the words of the standard.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

const PLENTY: usize = 1 << 20;

/// A type, data and id.
type Told = (String, String, String);

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Decodes chunks; gives the events, the pause asked for, and whether a limit was passed.
fn decode<'c>(limit: usize, chunks: impl IntoIterator<Item = &'c [u8]>) -> (Vec<Told>, Option<Millis>, bool) {
    let mut decoder = Decoder::new(limit);
    let mut told = Vec::new();
    let mut too_long = false;
    for chunk in chunks {
        let outcome =
            decoder.push(chunk, |event| told.push((text(event.name), text(event.data), text(event.id))));
        too_long = outcome.is_err();
    }
    (told, decoder.retry(), too_long)
}

/// The stream cut at these places, which must ascend.
fn cut<'s>(stream: &'s [u8], places: &[usize]) -> Vec<&'s [u8]> {
    let mut chunks = Vec::new();
    let mut start = 0;
    for place in places.iter().copied().chain([stream.len()]) {
        chunks.push(&stream[start..place]);
        start = place;
    }
    chunks
}

/// The standard, word by word, on the whole stream.
fn by_the_book(stream: &[u8]) -> (Vec<Told>, Option<Millis>) {
    let decoded = text(stream);
    let body = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded);
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = body.split('\n').collect();
    lines.pop();
    let (mut told, mut retry) = (Vec::new(), None);
    let (mut name, mut data, mut id) = (String::new(), String::new(), String::new());
    for line in lines {
        if line.is_empty() {
            if !data.is_empty() {
                data.pop();
                let event = if name.is_empty() { "message".to_owned() } else { name.clone() };
                told.push((event, data.clone(), id.clone()));
            }
            data.clear();
            name.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => name = value.to_owned(),
            "data" => data.extend([value, "\n"]),
            "id" if !value.contains('\0') => id = value.to_owned(),
            "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
                retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    (told, retry)
}

/// A bit of everything, 2 kB of it.
fn sample() -> Vec<u8> {
    let mut stream = BOM.to_vec();
    let mut turn = 0;
    while stream.len() < 2048 {
        turn += 1;
        let end = ["\n", "\r\n", "\r"][turn % 3];
        let event = format!(
            ": heartbeat{end}retry: {turn}{end}event: turn{end}data: {{\"content\":\"{turn} é 漢 👋\",{end}data:\"n\":{turn}}}{end}id: {turn}{end}unknown{end}{end}data{end}{end}",
        );
        stream.extend(event.bytes());
        stream.extend([b'd', b'a', b't', b'a', b':', 0xF0, 0x9F, 0xFF]);
        stream.extend([end, end].concat().bytes());
    }
    stream
}

#[test]
fn the_shared_vectors_hold_whole_and_byte_by_byte() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../contract/vectors/event-stream.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 40);
    for case in cases {
        let mut stream = Vec::new();
        for part in case["stream"].as_array().unwrap() {
            match part {
                Value::String(text) => stream.extend(text.bytes()),
                part => stream.extend(
                    part.as_array().unwrap().iter().map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()),
                ),
            }
        }
        let field = |event: &Value, name: &str, usual: &str| event[name].as_str().unwrap_or(usual).to_owned();
        let events = case["events"].as_array().unwrap();
        let told = events
            .iter()
            .map(|event| {
                (
                    field(event, "event", "message"),
                    event["data"].as_str().unwrap().to_owned(),
                    field(event, "id", ""),
                )
            })
            .collect();
        let want: (Vec<Told>, _, _) = (told, case["retry"].as_u64(), false);
        let why = &case["why"];
        assert_eq!(decode(PLENTY, [&stream[..]]), want, "{why}");
        assert_eq!(decode(PLENTY, stream.chunks(1)), want, "byte by byte: {why}");
        assert_eq!(by_the_book(&stream), (want.0, want.1), "by the book: {why}");
    }
}

#[test]
fn a_cut_at_any_place_changes_nothing() {
    let stream = sample();
    let want = by_the_book(&stream);
    assert!(want.0.len() > 30);
    for place in 0..=stream.len() {
        let (told, retry, too_long) = decode(PLENTY, cut(&stream, &[place]));
        assert!((told, retry) == want && !too_long, "cut at {place}");
    }
    for size in 1..64 {
        let (told, retry, _) = decode(PLENTY, stream.chunks(size));
        assert!((told, retry) == want, "chunks of {size}");
    }
}

#[test]
fn an_event_is_given_with_the_byte_that_ends_it() {
    // A return may be followed by a feed that belongs to it. Who waits for it gives each event late.
    for end in ["\n\n", "\r\r", "\r\n\r"] {
        let stream = format!("data: a{end}");
        assert_eq!(decode(PLENTY, [stream.as_bytes()]).0.len(), 1, "{end:?}");
    }
    // The feed then ends no second line.
    assert_eq!(decode(PLENTY, [&b"data: a\r"[..], b"\ndata: b\r", b"", b"\n\r", b"\n"]).0.len(), 1);
}

#[test]
fn an_event_that_lies_whole_in_a_chunk_is_not_copied() {
    let chunk = b"event: turn\ndata: {\"content\":\"Hello\"}\n\n";
    let mut inside = 0;
    let outcome = Decoder::new(PLENTY).push(chunk, |event| {
        let range = chunk.as_ptr_range();
        inside += usize::from(range.contains(&event.data.as_ptr()) && range.contains(&event.name.as_ptr()));
    });
    assert_eq!((outcome, inside), (Ok(true), 1));
}

#[test]
fn a_heartbeat_shows_life_and_half_a_line_does_not() {
    let mut decoder = Decoder::new(PLENTY);
    let mut push = |chunk: &[u8]| decoder.push(chunk, |_| panic!("no event has come"));
    assert_eq!(push(b""), Ok(false));
    assert_eq!(push(b": heart"), Ok(false));
    assert_eq!(push(b"beat\n"), Ok(true));
    assert_eq!(push(b"\n"), Ok(true));
    assert_eq!(push(b"data: a"), Ok(false));
}

#[test]
fn an_endless_event_is_refused_after_those_before_it() {
    for stream in
        ["data: 1\n\ndata: 12345", "data: 1\n\n:1234567890", "data: 1\n\ndata:1234\ndata:56789\ndata\n\n"]
    {
        for size in [1, 2, 7, 99] {
            let (told, _, too_long) = decode(10, stream.as_bytes().chunks(size));
            assert_eq!((told.len(), too_long), (1, true), "{stream:?} in chunks of {size}");
        }
    }
    assert_eq!(decode(10, [&b"data: 1234\n\ndata:1234\ndata:67890\n\n"[..]]).0.len(), 2);
}

#[test]
fn after_an_endless_event_nothing_is_read() {
    let mut decoder = Decoder::new(8);
    let mut events = 0;
    assert_eq!(decoder.push(b"data: 12345", |_| events += 1), Err(TooLong));
    assert_eq!(decoder.push(b"\n\ndata: 1\n\n", |_| events += 1), Err(TooLong));
    assert_eq!(events, 0);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["\n", "\r", "\r\n", "\n\n"]),
        4 => prop::sample::select(vec!["data", "data:", "data: ", "event: ", "id:", "retry: ", ":", ": "]),
        2 => prop::sample::select(vec!["a", " ", "12", "\0", "é", "👋", "turn", "\u{feff}", "12345678"]),
    ];
    let bytes = prop_oneof![
        12 => piece.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::sample::select(vec![vec![0xEF], vec![0xEF, 0xBB], vec![0xFF], vec![0xE2, 0x82], vec![0xF0, 0x9F]]),
    ];
    (any::<bool>(), prop::collection::vec(bytes, 0..40)).prop_map(|(mark, pieces)| {
        let mark: &[u8] = if mark { &BOM } else { &[] };
        [mark, &pieces.concat()].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_stream_in_any_chunks_is_read_as_the_standard_says(
        stream in pieces(), places in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let mut places: Vec<usize> = places.iter().map(|place| place.index(stream.len() + 1)).collect();
        places.sort_unstable();
        let (told, retry, too_long) = decode(PLENTY, cut(&stream, &places));
        prop_assert!(!too_long);
        prop_assert_eq!((told, retry), by_the_book(&stream));
    }

    #[test]
    fn where_the_limit_is_passed_does_not_depend_on_the_chunks(stream in pieces(), limit in 0usize..24, size in 1usize..9) {
        prop_assert_eq!(decode(limit, [&stream[..]]), decode(limit, stream.chunks(size)));
    }

    #[test]
    fn the_sample_in_random_chunks_is_the_sample(places in prop::collection::btree_set(0usize..2048, 0..40)) {
        let stream = sample();
        let places: Vec<usize> = places.into_iter().collect();
        let (told, retry, _) = decode(PLENTY, cut(&stream, &places));
        prop_assert!((told, retry) == by_the_book(&stream));
    }
}
