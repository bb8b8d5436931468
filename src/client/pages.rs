//! Turns the answer of a list, of whichever of the API's five shapes, into one: `data`, `total`,
//! `hasMore`, and `next`, which is laid over the query to ask for the next page (`src/js/pages.js`
//! does the asking).

use crate::core::operation::{Facts, Pages};
use crate::core::pages::{Came, Next, by_offset, by_time};
use crate::platform::value::{get, text};
use js_sys::{Array, Date};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/list.js")]
extern "C" {
    #[wasm_bindgen(js_name = readList)]
    fn read_list(body: &JsValue, query: &JsValue, facts: &mut [f64]) -> Option<Array>;
    #[wasm_bindgen(js_name = pageOf)]
    fn page_of(data: &Array, total: f64, more: bool, offset: f64, before: Option<&str>) -> JsValue;
}

/// The page that `body` is, asked for with `query`; nothing if it holds no list.
pub(super) fn page(operation: Facts, query: &JsValue, body: &JsValue) -> Option<JsValue> {
    let mut facts = [f64::NAN; 4];
    let items = read_list(body, query, &mut facts)?;
    let [total, has_more, offset, count] = facts;
    let has_more = if has_more.is_nan() { None } else { Some(has_more > 0.0) };
    let came = Came { count: whole(count).unwrap_or(0), total: whole(total), has_more };
    let next = match operation.pages {
        Pages::Offset => by_offset(whole(offset).unwrap_or(0), &came),
        Pages::Before => by_time(asked_before(query).as_deref(), oldest(&items), &came),
        Pages::Whole | Pages::None => Next::End,
    };
    #[allow(clippy::cast_precision_loss)]
    let page = |offset: f64, before: Option<&str>| {
        let total = came.total.map_or(f64::NAN, |total| total as f64);
        page_of(&items, total, next != Next::End, offset, before)
    };
    #[allow(clippy::cast_precision_loss)]
    Some(match &next {
        Next::Offset(offset) => page(*offset as f64, None),
        Next::Before(time) => page(f64::NAN, Some(time)),
        // Stuck: there is more, and no way to ask for it; `src/js/pages.js` makes the error of it.
        Next::End | Next::Stuck => page(f64::NAN, None),
    })
}

/// A count, if it is one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> Option<u64> {
    (number >= 0.0).then_some(number as u64)
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
