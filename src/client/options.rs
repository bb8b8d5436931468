//! Reads the options of a client and of one request: one table for both, every value checked, so
//! that a typing mistake is an error that names the option instead of a setting silently ignored.

use super::hooks::HOOKS;
use super::log::{LEVELS, Log};
use super::settings::{Key, Settings};
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::text::push_number;
use crate::platform::host;
use crate::platform::value::{absent, get, is_array, keys, kind_in_words, text, try_get};
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// What is wrong with an option, in words.
pub(crate) type Note = String;

/// Whose options are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A client's.
    Client,
    /// One request's.
    Request,
}

/// Options that have been read.
pub(crate) struct Parsed {
    pub(crate) settings: Settings,
    pub(crate) fetch: Option<Function>,
    pub(crate) signal: Option<AbortSignal>,
}

/// Every option, for the message that names an unknown one.
const NAMES: &str = "apiKey, baseUrl, subAccount, timeout, totalTimeout, maxRetries, maxRetryDelay, \
     replay, headers, fetch (client only), signal (request only), logger, logLevel, hooks, \
     dangerouslyAllowBrowser";

/// Names that people bring from other clients, and ours.
const ALIASES: &[(&str, &str)] = &[
    ("token", "apiKey"),
    ("api_key", "apiKey"),
    ("key", "apiKey"),
    ("baseURL", "baseUrl"),
    ("base_url", "baseUrl"),
    ("environment", "baseUrl"),
    ("timeoutInSeconds", "timeout (in milliseconds)"),
    ("timeoutMs", "timeout"),
    ("abortSignal", "signal"),
    ("retries", "maxRetries"),
    ("subAccountId", "subAccount"),
];

/// Reads `options` over `base` (a client's settings, for a request) or over the defaults.
pub(crate) fn parse(options: &JsValue, scope: Scope, base: Option<&Settings>) -> Result<Parsed, Note> {
    let settings = match base {
        Some(base) => base.clone_for_request(),
        None => Settings::new(host::is_browser()),
    };
    let mut parsed = Parsed { settings, fetch: None, signal: None };
    if !absent(options) && (!options.is_object() || is_array(options)) {
        return Err(["options must be an object, not ", kind_in_words(options)].concat());
    }
    let (mut key_given, mut url_given) = (false, false);
    for name in keys(options) {
        // A getter that throws must not read as an option that was not given.
        let value = try_get(options, &name)
            .map_err(|_| ["option ", &name, " cannot be read: its getter throws"].concat())?;
        if value.is_undefined() {
            continue;
        }
        key_given |= name == "apiKey";
        url_given |= name == "baseUrl";
        apply(&mut parsed, scope, &name, &value)?;
    }
    if scope == Scope::Client {
        complete(&mut parsed.settings, key_given, url_given)?;
    }
    guard_browser(&parsed.settings)?;
    Ok(parsed)
}

impl Settings {
    pub(crate) fn clone_for_request(&self) -> Self {
        Self { templates: Default::default(), ..self.clone() }
    }
}

fn apply(parsed: &mut Parsed, scope: Scope, name: &str, value: &JsValue) -> Result<(), Note> {
    let settings = &mut parsed.settings;
    match name {
        "apiKey" => settings.key = key(value)?,
        "baseUrl" => settings.base_url = base_url(value)?,
        "subAccount" => settings.sub_account = sub_account(value)?,
        "timeout" => settings.timeout = span(name, value)?,
        "totalTimeout" => settings.total_timeout = span(name, value)?,
        "maxRetries" => settings.max_retries = count(name, value)?,
        "maxRetryDelay" => settings.max_retry_delay = Millis::from(count(name, value)?),
        "replay" => settings.replay = replay(value)?,
        "headers" => headers(&mut settings.headers, value)?,
        "dangerouslyAllowBrowser" => settings.allow_browser = flag(name, value)?,
        "hooks" => hooks(settings, value)?,
        "logger" => settings.log.logger = Some(logger(value)?),
        "logLevel" => settings.log.level = level(value)?,
        "fetch" if scope == Scope::Client => parsed.fetch = Some(function(name, value)?),
        "signal" if scope == Scope::Request => parsed.signal = signal(value)?,
        "fetch" => return Err("option fetch belongs to the client, not to a request".to_owned()),
        "signal" => return Err("option signal belongs to a request, not to the client".to_owned()),
        _ => return Err(unknown(name)),
    }
    Ok(())
}

fn unknown(name: &str) -> Note {
    match ALIASES.iter().find(|(alias, _)| *alias == name) {
        Some((_, ours)) => ["unknown option ", name, ": it is called ", ours, " here"].concat(),
        None => ["unknown option ", name, ": there are ", NAMES].concat(),
    }
}

/// What no option gave, from the environment; and what must not be missing.
fn complete(settings: &mut Settings, key_given: bool, url_given: bool) -> Result<(), Note> {
    let environment = if url_given { None } else { host::environment("AGENTPHONE_BASE_URL") };
    if let Some(url) = &environment {
        settings.base_url = base_url(&JsValue::from_str(url))
            .map_err(|note| ["environment variable AGENTPHONE_BASE_URL: ", &note].concat())?;
    }
    if key_given {
        if matches!(settings.key, Key::None) && !url_given && environment.is_none() {
            return Err(
                "apiKey: null needs a baseUrl: the address of your own proxy that adds the key".to_owned()
            );
        }
        return Ok(());
    }
    let Some(key) = host::environment("AGENTPHONE_API_KEY") else {
        return Err(
            "apiKey is missing: pass it, or set the environment variable AGENTPHONE_API_KEY".to_owned()
        );
    };
    settings.key = Key::Fixed(checked_key(&key)?);
    Ok(())
}

fn guard_browser(settings: &Settings) -> Result<(), Note> {
    if settings.browser && !settings.allow_browser && !matches!(settings.key, Key::None) {
        return Err("apiKey must not be in a browser: whoever opens the page can read it. Pass \
                    apiKey: null and the baseUrl of your own proxy, or, if the key is no secret, \
                    dangerouslyAllowBrowser: true"
            .to_owned());
    }
    Ok(())
}

fn wrong(name: &str, must: &str, value: &JsValue) -> Note {
    ["option ", name, " must be ", must, ", not ", kind_in_words(value)].concat()
}

fn key(value: &JsValue) -> Result<Key, Note> {
    if value.is_null() {
        return Ok(Key::None);
    }
    if let Some(supplier) = value.dyn_ref::<Function>() {
        return Ok(Key::Supplier(supplier.clone()));
    }
    match text(value) {
        Some(key) => Ok(Key::Fixed(checked_key(&key)?)),
        None => Err(wrong("apiKey", "a string, a function that supplies one, or null", value)),
    }
}

/// A key that a header can carry. The message never shows it.
pub(crate) fn checked_key(key: &str) -> Result<String, Note> {
    if key.trim().is_empty() {
        return Err("apiKey is empty".to_owned());
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "apiKey has white space or characters that no key has: check where it is read from".to_owned()
        );
    }
    Ok(key.to_owned())
}

fn base_url(value: &JsValue) -> Result<String, Note> {
    let Some(given) = text(value) else { return Err(wrong("baseUrl", "a string", value)) };
    let page = host::page_address();
    let parsed = match &page {
        Some(page) if given.starts_with('/') => web_sys::Url::new_with_base(&given, page),
        _ => web_sys::Url::new(&given),
    };
    let Ok(url) = parsed else {
        return Err("option baseUrl is no URL: give it whole, e.g. https://api.agentphone.ai".to_owned());
    };
    let problem = if !matches!(url.protocol().as_str(), "http:" | "https:") {
        "must begin with https:// or http://"
    } else if !url.username().is_empty() || !url.password().is_empty() {
        "must not hold a user name or password: use apiKey or headers"
    } else if url.pathname().trim_end_matches('/').ends_with("/v1") {
        "must not end in /v1: every path carries it"
    } else if !url.search().is_empty() || !url.hash().is_empty() {
        "must not have a query or a fragment"
    } else {
        let url = [url.origin(), url.pathname()].concat();
        return Ok(url.trim_end_matches('/').to_owned());
    };
    Err(["option baseUrl ", problem].concat())
}

pub(crate) fn sub_account(value: &JsValue) -> Result<Option<String>, Note> {
    if value.is_null() {
        return Ok(None);
    }
    match text(value) {
        Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(id)),
        Some(_) => Err("option subAccount must be a sub-account's id, without white space".to_owned()),
        None => Err(wrong("subAccount", "a string or null", value)),
    }
}

/// A span in milliseconds; null and Infinity mean none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn span(name: &str, value: &JsValue) -> Result<Option<Millis>, Note> {
    if value.is_null() {
        return Ok(None);
    }
    match value.as_f64() {
        Some(millis) if millis == f64::INFINITY => Ok(None),
        Some(millis) if millis > 0.0 => Ok(Some(millis.ceil() as Millis)),
        Some(_) => Err(["option ", name, " must be more than 0 milliseconds (null for none)"].concat()),
        None => Err(wrong(name, "a number of milliseconds or null", value)),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(name: &str, value: &JsValue) -> Result<u32, Note> {
    match value.as_f64() {
        // `as` saturates, so that Infinity is the largest count.
        Some(n) if n >= 0.0 && (n.fract() == 0.0 || n == f64::INFINITY) => Ok(n as u32),
        Some(_) => Err(["option ", name, " must be a whole number, 0 or more"].concat()),
        None => Err(wrong(name, "a number", value)),
    }
}

fn flag(name: &str, value: &JsValue) -> Result<bool, Note> {
    value.as_bool().ok_or_else(|| wrong(name, "true or false", value))
}

fn function(name: &str, value: &JsValue) -> Result<Function, Note> {
    value.dyn_ref::<Function>().cloned().ok_or_else(|| wrong(name, "a function", value))
}

fn replay(value: &JsValue) -> Result<Replay, Note> {
    match text(value).as_deref() {
        Some("safe") => Ok(Replay::Safe),
        Some("always") => Ok(Replay::Always),
        Some("never") => Ok(Replay::Never),
        _ => Err("option replay must be \"safe\", \"always\" or \"never\"".to_owned()),
    }
}

fn signal(value: &JsValue) -> Result<Option<AbortSignal>, Note> {
    if value.is_null() {
        return Ok(None);
    }
    let fits = get(value, "aborted").as_bool().is_some() && get(value, "addEventListener").is_function();
    if fits {
        Ok(Some(value.clone().unchecked_into()))
    } else {
        Err(wrong("signal", "an AbortSignal", value))
    }
}

/// Lays `value` over `headers`. Names are compared without case; null takes a header away.
fn headers(headers: &mut Vec<(String, Option<String>)>, value: &JsValue) -> Result<(), Note> {
    if !value.is_object() || is_array(value) || get(value, "forEach").is_function() {
        return Err("option headers must be a plain object of names and values".to_owned());
    }
    for name in keys(value) {
        let given = get(value, &name);
        if given.is_undefined() {
            continue;
        }
        let token = !name.is_empty()
            && name != "__proto__"
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
        let text = text(&given);
        let sendable = text
            .as_deref()
            .is_none_or(|t| t.chars().all(|c| c == '\t' || (' '..='\u{ff}').contains(&c) && c != '\u{7f}'));
        if !token || !sendable || (text.is_none() && !given.is_null()) {
            return Err([
                "option headers: ",
                &name,
                " is no header that can be sent (values are strings, or null to leave one out)",
            ]
            .concat());
        }
        let name = name.to_ascii_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, text));
    }
    Ok(())
}

fn hooks(settings: &mut Settings, value: &JsValue) -> Result<(), Note> {
    if value.is_null() {
        settings.hooks = Default::default();
        return Ok(());
    }
    if !value.is_object() {
        return Err(wrong("hooks", "an object", value));
    }
    for name in keys(value) {
        let hook = get(value, &name);
        if !HOOKS.contains(&name.as_str()) {
            return Err(["unknown hook ", &name, ": there are ", &HOOKS.join(", ")].concat());
        }
        if !hook.is_undefined() && !hook.is_function() {
            return Err(wrong(&["hooks.", &name].concat(), "a function", &hook));
        }
    }
    settings.hooks.set(value);
    Ok(())
}

fn logger(value: &JsValue) -> Result<JsValue, Note> {
    for (level, _) in LEVELS.iter().skip(1) {
        if !get(value, level).is_function() {
            return Err([
                "option logger must have the methods error, warn, info and debug: ",
                level,
                " is missing",
            ]
            .concat());
        }
    }
    Ok(value.clone())
}

fn level(value: &JsValue) -> Result<u8, Note> {
    let name = text(value).unwrap_or_default();
    Log::level_of(&name).ok_or_else(|| "option logLevel must be off, error, warn, info or debug".to_owned())
}

/// `5 ms`, for messages.
pub(crate) fn millis_in_words(millis: Millis) -> String {
    let mut words = String::new();
    push_number(&mut words, millis);
    words.push_str(" ms");
    words
}
