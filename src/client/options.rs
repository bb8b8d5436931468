//! Reads the options of a client and of one request. `src/js/input/options.js` checks each of them; here what it
//! found becomes settings, or an error that names the option.

use super::settings::Settings;
use wasm_bindgen::prelude::*;

/// What is wrong with an option, in words.
pub(crate) type Note = String;

#[wasm_bindgen(module = "/src/js/input/options.js")]
extern "C" {
    #[wasm_bindgen(js_name = readOptions, catch)]
    fn read_options(options: &JsValue, base: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = withSubAccount, catch)]
    fn with_sub_account(id: &JsValue, base: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = suppliedKey, catch)]
    fn checked_key(value: &JsValue) -> Result<JsValue, JsValue>;
}

// What `options.js` imports; wasm-bindgen copies into a front end the files that Rust names, and no other.
#[wasm_bindgen(module = "/src/js/input/headers.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = laidOver)]
    fn laid_over(known: &JsValue, value: &JsValue, browser: bool) -> JsValue;
}

// The ledger that a client has by default, and what that imports.
#[wasm_bindgen(module = "/src/js/ledger/memory.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = memoryLedger)]
    fn memory_ledger() -> JsValue;
}
#[wasm_bindgen(module = "/src/js/ledger/check.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = keysOf)]
    fn keys_of(keys: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/ledger/errors.js")]
extern "C" {
    #[allow(dead_code)]
    type LedgerError;
}

/// The settings of `options` over those of a client, for a request, or over the defaults, for a client.
pub(crate) fn parse(options: &JsValue, base: Option<&Settings>) -> Result<Settings, Note> {
    let none = JsValue::UNDEFINED;
    let read = read_options(options, base.map_or(&none, |base| &base.options)).map_err(note)?;
    Ok(Settings::of(read, base))
}

/// The settings of `base` for another sub-account.
pub(crate) fn sub_account(id: &JsValue, base: &Settings) -> Result<Settings, Note> {
    with_sub_account(id, &base.options).map(|read| Settings::of(read, None)).map_err(note)
}

/// The key that a caller's supplier returned.
pub(crate) fn supplied_key(value: &JsValue) -> Result<JsValue, Note> {
    checked_key(value).map_err(note)
}

fn note(thrown: JsValue) -> Note {
    thrown.as_string().unwrap_or_else(|| "the options cannot be read".to_owned())
}
