//! Turns the answer of a list, of whichever of the API's five shapes, into one: `data`, `total`,
//! `hasMore`, and `next`, which is laid over the query to ask for the next page (`src/js/pages.js`
//! does the asking).

use crate::core::operation::{Operation, Pages};
use crate::core::pages::{Came, Next, by_offset, by_time};
use crate::platform::value::{get, is_array, set, text};
use js_sys::{Array, Date, Object};
use wasm_bindgen::{JsCast, JsValue};

/// The page that `body` is, asked for with `query`; nothing if it holds no list.
pub(super) fn page(operation: &Operation, query: &JsValue, body: &JsValue) -> Option<JsValue> {
    let lists = [get(body, "data"), get(body, "items"), body.clone()];
    let list = lists.into_iter().find(is_array)?;
    let items: &Array = list.unchecked_ref();
    let came = Came {
        count: u64::from(items.length()),
        total: whole(&get(body, "total")),
        has_more: get(body, "hasMore").as_bool(),
    };
    let next = match operation.pages {
        Pages::Offset => by_offset(whole(&get(query, "offset")).unwrap_or(0), &came),
        Pages::Before => by_time(asked_before(query).as_deref(), oldest(items), &came),
        Pages::Whole | Pages::None => Next::End,
    };
    let page: JsValue = Object::new().into();
    set(&page, "data", &list);
    if let Some(total) = came.total {
        set(&page, "total", &number(total));
    }
    set(&page, "hasMore", &JsValue::from_bool(next != Next::End));
    let patch: JsValue = Object::new().into();
    match next {
        Next::End => return Some(page),
        Next::Offset(offset) => set(&patch, "offset", &number(offset)),
        Next::Before(time) => set(&patch, "before", &JsValue::from_str(&time)),
        // There is more, and no way to ask for it: `src/js/pages.js` makes the error of it.
        Next::Stuck => {}
    }
    set(&page, "next", &patch);
    Some(page)
}

#[allow(clippy::cast_precision_loss)]
fn number(n: u64) -> JsValue {
    JsValue::from_f64(n as f64)
}

/// A count, which may have come as text.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(value: &JsValue) -> Option<u64> {
    let n = value.as_f64().or_else(|| text(value).map(|_| value.unchecked_into_f64()))?;
    (n >= 0.0).then_some(n as u64)
}

fn asked_before(query: &JsValue) -> Option<String> {
    let before = get(query, "before");
    match before.dyn_ref::<Date>() {
        Some(date) => date.to_iso_string().as_string(),
        None => text(&before),
    }
}

/// The time of the oldest item. By the clock and not by the alphabet: with and without a fraction of
/// a second the two differ.
fn oldest(items: &Array) -> Option<String> {
    let mut oldest: Option<(f64, String)> = None;
    for item in items.to_vec() {
        if let Some(text) = text(&get(&item, "receivedAt")) {
            let time = Date::parse(&text);
            if oldest.as_ref().is_none_or(|(oldest, _)| time < *oldest || oldest.is_nan()) {
                oldest = Some((time, text));
            }
        }
    }
    oldest.map(|(_, text)| text)
}
