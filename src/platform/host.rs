//! What the host tells: time, chance, environment variables, and which kind of host it is.

use super::value::{get, text};
use crate::core::Millis;
use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now, catch)]
    fn performance_now() -> Result<f64, JsValue>;
}

/// Milliseconds since the Unix epoch, for dates that others write.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn wall_clock() -> Millis {
    Date::now() as Millis
}

/// Milliseconds on a clock that nobody sets, for spans: a wall clock that is put back an hour must
/// not make anyone wait that hour.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn now() -> Millis {
    performance_now().unwrap_or_else(|_| Date::now()) as Millis
}

/// A number from 0 up to, not including, 1. For jitter; nothing secret is made of it.
pub(crate) fn chance() -> f64 {
    Math::random()
}

fn global(path: &[&str]) -> JsValue {
    path.iter().fold(JsValue::from(js_sys::global()), |value, name| get(&value, name))
}

/// An environment variable, where the host has such (Node, Deno, Bun, and bundlers that define
/// `process.env`). Empty counts as absent.
pub(crate) fn environment(name: &str) -> Option<String> {
    text(&global(&["process", "env", name])).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// True in a page and in its workers, where whatever the code holds can be read by the user of the
/// page: no place for a secret key.
pub(crate) fn is_browser() -> bool {
    let server =
        ["node", "bun", "deno"].iter().any(|name| text(&global(&["process", "versions", name])).is_some());
    let cloudflare = text(&global(&["navigator", "userAgent"])).is_some_and(|ua| ua == "Cloudflare-Workers");
    if server || cloudflare || !global(&["Deno"]).is_undefined() {
        return false;
    }
    let page = global(&["document"]).is_object();
    let worker = global(&["WorkerGlobalScope"]).is_function() && global(&["location"]).is_object();
    page || worker
}

/// Where relative addresses are resolved: the address of the page, if there is one.
pub(crate) fn page_address() -> Option<String> {
    text(&global(&["location", "href"]))
}

/// The host's console.
pub(crate) fn console() -> JsValue {
    global(&["console"])
}
