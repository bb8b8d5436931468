//! The options of a client and of a request, as builders. They are the options of the JavaScript face
//! under Rust names; `client::options` checks them, so that both faces refuse the same values.

use super::ledger::{Ledger, ledger_object};
use super::read::merged;
use crate::platform::value::{get, set};
use js_sys::Object;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// What is sent again when its response is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// What cannot happen twice.
    Safe,
    /// Everything, including calls, texts and purchases whose outcome is unknown.
    Always,
    /// Nothing.
    Never,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

/// How what became of a lost answer is found out (`SettleOptions` of the JavaScript face).
#[derive(Debug, Clone)]
#[must_use]
pub struct Settle {
    object: JsValue,
}

impl Settle {
    /// The defaults: 30 s, and what another client might have created counts as found.
    pub fn new() -> Self {
        Self { object: Object::new().into() }
    }

    /// How long the API is asked.
    pub fn within(self, span: Duration) -> Self {
        self.with("within", millis(Some(span)))
    }

    /// Only what no other client can have created counts as found.
    pub fn only_certain(self) -> Self {
        self.with("accept", "certain".into())
    }

    /// Asks before each request which objects are there.
    pub fn snapshot(self) -> Self {
        self.with("snapshot", JsValue::TRUE)
    }

    /// Your word that nothing but this ledger makes such objects.
    pub fn exclusive(self) -> Self {
        self.with("exclusive", JsValue::TRUE)
    }

    /// What was not found is sent again, and may then have happened twice.
    pub fn again(self) -> Self {
        self.with("absent", "again".into())
    }

    fn with(self, name: &str, value: JsValue) -> Self {
        set(&self.object, name, &value);
        self
    }
}

impl Default for Settle {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! builder {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[must_use]
        pub struct $name {
            object: JsValue,
        }

        impl $name {
            /// No option given: the defaults.
            pub fn new() -> Self {
                Self { object: Object::new().into() }
            }

            /// The key; `None` if your own proxy adds it. Default: the environment
            /// variable `AGENTPHONE_API_KEY`.
            pub fn api_key<'a>(self, key: impl Into<Option<&'a str>>) -> Self {
                self.option("apiKey", key.into().map_or(JsValue::NULL, JsValue::from_str))
            }

            /// Where the API is. Default: the environment variable `AGENTPHONE_BASE_URL`, or
            /// `https://api.agentphone.ai`. In a page it may begin with `/`.
            pub fn base_url(self, url: &str) -> Self {
                self.option("baseUrl", url)
            }

            /// Acts inside a sub-account; `None` for the master account.
            pub fn sub_account<'a>(self, id: impl Into<Option<&'a str>>) -> Self {
                self.option("subAccount", id.into().map_or(JsValue::NULL, JsValue::from_str))
            }

            /// How long one attempt may take, including its body; `None` for no limit. Default: 60 s.
            pub fn timeout(self, span: impl Into<Option<Duration>>) -> Self {
                self.option("timeout", millis(span.into()))
            }

            /// How long all attempts and the waits between them may take; `None` for no limit, which is
            /// the default.
            pub fn total_timeout(self, span: impl Into<Option<Duration>>) -> Self {
                self.option("totalTimeout", millis(span.into()))
            }

            /// Retries after the first attempt. Default: 2.
            pub fn max_retries(self, count: u32) -> Self {
                self.option("maxRetries", count)
            }

            /// The longest wait before a retry: if a longer one is asked for, the call fails at once, with
            /// `retry_after` set. Default: 60 s.
            pub fn max_retry_delay(self, span: Duration) -> Self {
                self.option("maxRetryDelay", millis(Some(span)))
            }

            /// The longest response that is read, in bytes after decompression; `None` for no limit. Default: 64 MiB.
            pub fn max_response_bytes(self, bytes: impl Into<Option<u32>>) -> Self {
                self.option("maxResponseBytes", bytes.into().map_or(JsValue::NULL, JsValue::from))
            }

            /// What is sent again. Default: what cannot happen twice.
            pub fn replay(self, replay: Replay) -> Self {
                let word = match replay {
                    Replay::Safe => "safe",
                    Replay::Always => "always",
                    Replay::Never => "never",
                };
                self.option("replay", word)
            }

            /// How a call with an idempotency key finds out what became of a lost answer; `None`: not at all.
            pub fn settle(self, settle: impl Into<Option<Settle>>) -> Self {
                self.option("settle", settle.into().map_or(JsValue::FALSE, |settle| settle.object))
            }

            /// Another header; `None` removes one that the client would send.
            pub fn header<'a>(self, name: &str, value: impl Into<Option<&'a str>>) -> Self {
                let value = value.into().map_or(JsValue::NULL, JsValue::from_str);
                let headers = merged(&get(&self.object, "headers"), &JsValue::UNDEFINED);
                set(&headers, name, &value);
                self.option("headers", headers)
            }

            /// How much is logged. Default: warnings.
            pub fn log_level(self, level: LogLevel) -> Self {
                let word = match level {
                    LogLevel::Off => "off",
                    LogLevel::Error => "error",
                    LogLevel::Warn => "warn",
                    LogLevel::Info => "info",
                    LogLevel::Debug => "debug",
                };
                self.option("logLevel", word)
            }

            /// Allows a key in a browser page, where everybody who opens the page can read it.
            pub fn dangerously_allow_browser(self, allow: bool) -> Self {
                self.option("dangerouslyAllowBrowser", allow)
            }

            /// An option by its JavaScript name, for options that are JavaScript values: `fetch`,
            /// `logger`, `hooks`, a function that supplies the key.
            pub fn option(self, name: &str, value: impl Into<JsValue>) -> Self {
                set(&self.object, name, &value.into());
                self
            }

            pub(super) fn object(&self) -> &JsValue {
                &self.object
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Clone for $name {
            fn clone(&self) -> Self {
                Self { object: merged(&self.object, &JsValue::UNDEFINED) }
            }
        }

        // Not derived: the options may contain the key.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

builder! {
    /// Options of a client. Every one can be overridden for a request.
    ///
    /// ```no_run
    /// use agentphone_wasm::typed::{AgentPhone, Options};
    /// use std::time::Duration;
    ///
    /// # fn f() -> Result<(), agentphone_wasm::typed::Error> {
    /// let options = Options::new().api_key(None).base_url("/agentphone").timeout(Duration::from_secs(10));
    /// let client = AgentPhone::new(options)?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    Options
}

builder! {
    /// Options of one request, laid over those of the client.
    RequestOptions
}

impl Options {
    /// Where the client keeps what became of idempotency keys. Default: its own memory, for a day.
    ///
    /// ```no_run
    /// use agentphone_wasm::typed::{AgentPhone, MemoryLedger, Options};
    /// use std::rc::Rc;
    ///
    /// # fn f() -> Result<(), agentphone_wasm::typed::Error> {
    /// let ledger = Rc::new(MemoryLedger::new());
    /// let client = AgentPhone::new(Options::new().ledger(Rc::clone(&ledger)))?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ledger(self, ledger: impl Ledger) -> Self {
        self.option("ledger", ledger_object(ledger))
    }
}

impl RequestOptions {
    /// Your name for the one thing that this call is to do: with the same key and the same ledger it is done at most once,
    /// and each call with it returns the same object. 1 to 255 characters. The ledger is the memory of the client unless
    /// [`Options::ledger`] names another.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.option("idempotencyKey", key)
    }

    /// Aborts the request wherever it is. A request whose future is dropped is aborted as well.
    pub fn signal(self, signal: &AbortSignal) -> Self {
        self.option("signal", signal.clone())
    }
}

/// Milliseconds, the unit of JavaScript's spans; null for none.
fn millis(span: Option<Duration>) -> JsValue {
    span.map_or(JsValue::NULL, |span| JsValue::from_f64(span.as_secs_f64() * 1000.0))
}
