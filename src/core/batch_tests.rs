//! Tests of `batch.rs`: no data, however broken, changes what its neighbours mean.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

const TURN: Kind = Kind::Turn;

fn batch(all: &[&str]) -> Batch {
    let mut batch = Batch::default();
    for data in all {
        batch.push(TURN, data.as_bytes());
    }
    batch
}

fn parsed(batch: &mut Batch) -> Option<Vec<Value>> {
    serde_json::from_slice(batch.json()).ok()
}

#[test]
fn the_events_of_a_chunk_become_one_array() {
    let mut batch = Batch::default();
    assert_eq!(batch.json(), b"");
    batch.push(Kind::Connected, br#"{"callId":"a, b"}"#);
    batch.push(TURN, b"[1,\n[2]]");
    assert_eq!(batch.json(), b"[{\"callId\":\"a, b\"},[1,\n[2]]]");
    // Asked twice, and filled further, it stays one array.
    assert_eq!(batch.json(), b"[{\"callId\":\"a, b\"},[1,\n[2]]]");
    batch.push(Kind::Ended, b"null");
    assert_eq!(batch.json(), b"[{\"callId\":\"a, b\"},[1,\n[2]],null]");
    assert_eq!(batch.forms(), [Form::Connected as u8, Form::Turn as u8, Form::Ended as u8]);
    let items: Vec<_> = batch.items().collect();
    let want: [&[u8]; 3] = [br#"{"callId":"a, b"}"#, b"[1,\n[2]]", b"null"];
    assert_eq!(items, want);
    batch.clear();
    assert_eq!(batch.json(), b"");
    assert_eq!(batch.forms().len(), 0);
}

const AGENT: &str = r#"{"role":"agent","content":"Hé 👋\n","createdAt":"now"}"#;
const USER: &str = r#"{"role": "user", "content": "", "createdAt": "then"}"#;

#[test]
fn documented_turns_become_text_and_keep_their_place_among_the_others() {
    let mut batch = batch(&["1", AGENT, "{}", USER]);
    batch.push(Kind::Ended, USER.as_bytes());
    assert_eq!(batch.forms(), [1, 3, 1, 4, 2]);
    assert_eq!(batch.text(), "Hé 👋\nnowthen".as_bytes());
    assert_eq!(batch.ends(), [6, 9, 9, 13]);
    assert_eq!(batch.json(), format!("[1,{{}},{USER}]").as_bytes());
    batch.clear();
    assert_eq!((batch.forms().len(), batch.text().len(), batch.ends().len()), (0, 0, 0));
}

#[test]
fn an_item_that_the_engine_refuses_takes_none_before_it_along() {
    let mut batch = batch(&[AGENT, "1", "tru", USER, "2"]);
    batch.break_at(9);
    assert_eq!(batch.broken(), None);
    batch.break_at(1);
    assert_eq!(batch.broken(), Some(TURN));
    assert_eq!(batch.forms(), [3, 1]);
    assert_eq!(batch.json(), b"[1]");
    batch.push(TURN, b"3");
    assert_eq!(batch.json(), b"[1]");
    for kind in [Kind::Connected, Kind::Ended] {
        batch.clear();
        batch.push(kind, b"tru");
        batch.break_at(0);
        assert_eq!((batch.broken(), batch.json()), (Some(kind), &b""[..]));
    }
}

#[test]
fn data_that_reaches_beyond_its_place_closes_the_batch_before_it() {
    for data in [
        "",
        " \n",
        "1,2",
        "{},{}",
        "\"a",
        "\"",
        "\"\\\"",
        "{",
        "[",
        "}",
        "]",
        "1]",
        "}{",
        "[1],[2",
        "\"a\",\"b\"",
    ] {
        let mut batch = batch(&["1", data, "2"]);
        assert_eq!(batch.broken(), Some(TURN), "{data}");
        assert_eq!(batch.json(), b"[1]", "{data}");
        batch.clear();
        assert_eq!(batch.broken(), None);
    }
}

#[test]
fn marks_inside_strings_are_no_brackets_and_no_ends() {
    for data in [r#""},{\"""#, r#""\\""#, r#"{"a":"[{,\\\"]"}"#, r#"["\u005d","\\\\",""]"#] {
        let mut batch = batch(&[data, data]);
        let value: Value = serde_json::from_str(data).unwrap();
        assert_eq!(parsed(&mut batch), Some(vec![value.clone(), value]), "{data}");
    }
}

#[test]
fn data_that_only_the_engine_finds_broken_breaks_the_whole_and_is_found_one_by_one() {
    for data in ["tru", "1 2", "[}", "{]", "\"\n\"", "{\"a\":1 \"b\":2}", "[1:2]", "a:b"] {
        let mut batch = batch(&["1", data, "2"]);
        assert_eq!(batch.broken(), None, "{data:?}");
        assert_eq!(parsed(&mut batch), None, "{data:?}");
        let sound: Vec<_> = batch.items().map(|one| serde_json::from_slice::<Value>(one).is_ok()).collect();
        assert_eq!(sound, [true, false, true], "{data:?}");
    }
}

fn some_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[\"\\\\\\[\\]{},:é\n a]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[\"\\\\,}a]{0,3}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_always_passes_and_means_what_it_meant(values in proptest::collection::vec(some_json(), 1..6), pretty: bool) {
        let mut batch = Batch::default();
        for value in &values {
            let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
            batch.push(TURN, text.unwrap().as_bytes());
        }
        prop_assert_eq!(batch.broken(), None);
        prop_assert_eq!(parsed(&mut batch), Some(values));
    }

    #[test]
    fn if_the_whole_can_be_parsed_each_event_means_what_it_says_alone(
        all in proptest::collection::vec("[\"\\\\\\[\\]{},: 1a]{0,6}", 1..5),
    ) {
        let mut batch = Batch::default();
        for data in &all {
            batch.push(TURN, data.as_bytes());
        }
        let count = batch.forms().len();
        prop_assert_eq!(batch.broken().is_none(), count == all.len());
        if let Some(values) = parsed(&mut batch) {
            let alone: Result<Vec<Value>, _> = all.iter().take(count).map(|data| serde_json::from_str(data)).collect();
            prop_assert_eq!(values, alone.unwrap());
        }
    }
}
