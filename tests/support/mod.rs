//! What the host tests share: a sandbox of their own in the same module, and a client of it, seen as JavaScript sees
//! it. With `AGENTPHONE_TEST_SERVER` set to the address of a sandbox when they are compiled, they speak to that one instead, over
//! HTTP and with the platform's own `fetch`.
#![cfg(target_arch = "wasm32")]
// Each suite uses its part.
#![allow(dead_code)]

mod engine;

use agentphone_wasm::Client;
use engine::Host;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use std::future::IntoFuture;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn host_fetch(url: &str, init: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay: u32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn now() -> f64;
}

/// The address of a sandbox's server, if there is one.
const SERVER: Option<&str> = option_env!("AGENTPHONE_TEST_SERVER");

/// An object of these properties.
pub(crate) fn options(fields: &[(&str, JsValue)]) -> JsValue {
    let object: JsValue = Object::new().into();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object
}

/// A property as text; empty where it is none.
pub(crate) fn text(value: &JsValue, name: &str) -> String {
    Reflect::get(value, &name.into()).unwrap().as_string().unwrap_or_default()
}

/// The error of a call that must have failed.
pub(crate) fn rejection(outcome: Result<JsValue, JsValue>) -> JsValue {
    outcome.expect_err("the call must fail")
}

/// Waits.
pub(crate) async fn sleep(millis: u32) {
    Promise::new(&mut |resolve, _| set_timeout(&resolve, millis)).await.unwrap();
}

/// Starts an operation by its id, with its ids, its input and its options, as far as they are given.
pub(crate) fn invoke(client: &Client, operation: &str, arguments: &[JsValue]) -> Promise {
    let table = agentphone_wasm::table();
    let row = table.lines().find(|line| line.split(' ').next() == Some(operation)).unwrap();
    let ids = row.split(' ').nth(2).unwrap().matches('{').count();
    let takes_input = row.split(' ').nth(3) != Some("nothing");
    let none = JsValue::UNDEFINED;
    let given: Vec<&JsValue> = arguments.iter().take(ids).collect();
    let mut rest = arguments.iter().skip(ids);
    let input = if takes_input { rest.next().unwrap_or(&none) } else { &none };
    let options = rest.next().unwrap_or(&none);
    client.call(operation, &given, input, options).unwrap().into()
}

/// An empty sandbox and a client of it.
pub(crate) struct Sandbox {
    pub(crate) client: Client,
    /// Where it is.
    pub(crate) url: &'static str,
    /// In this module, or nothing where it is a server.
    host: Option<Rc<Host>>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(host) = &self.host {
            host.close();
        }
    }
}

impl Sandbox {
    /// An empty sandbox.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// An empty sandbox whose client has more options.
    pub(crate) async fn with(more: &[(&str, JsValue)]) -> Self {
        let host = if SERVER.is_some() { None } else { Some(Host::new()) };
        let url = SERVER.unwrap_or(engine::URL);
        let mut fields = vec![
            ("apiKey", "sk_test_host".into()),
            ("baseUrl", url.into()),
            ("dangerouslyAllowBrowser", true.into()),
            ("logLevel", "off".into()),
        ];
        if let Some(host) = &host {
            fields.push(("fetch", host.fetch().into()));
        }
        fields.extend(more.iter().cloned());
        let sandbox = Self { client: Client::new(&options(&fields)).unwrap(), url, host };
        // A server is shared by the tests of a run, which follow each other.
        sandbox.control("POST", "reset", "").await;
        sandbox
    }

    /// Its `fetch`; nothing where the platform's own reaches it.
    pub(crate) fn fetch(&self) -> Option<Function> {
        self.host.as_ref().map(Host::fetch)
    }

    /// Starts an operation.
    pub(crate) fn start(
        &self,
        operation: &str,
        arguments: &[JsValue],
    ) -> <Promise as IntoFuture>::IntoFuture {
        invoke(&self.client, operation, arguments).into_future()
    }

    /// Runs an operation.
    pub(crate) async fn call(&self, operation: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
        self.start(operation, arguments).await
    }

    /// Makes an agent with a number; gives the body of a call by it.
    pub(crate) async fn a_call(&self) -> JsValue {
        let agent = self.call("agents.create", &[options(&[("name", "Ada".into())])]).await.unwrap();
        let id = Reflect::get(&agent, &"id".into()).unwrap();
        self.call("numbers.buy", &[options(&[("agentId", id.clone())])]).await.unwrap();
        options(&[("agentId", id), ("toNumber", "+14155550100".into())])
    }

    /// Adds a fault for an operation.
    pub(crate) async fn fault(&self, operation: &str, action: &str) {
        let rule = format!(r#"{{"match":{{"operation":"{operation}"}},{action}}}"#);
        self.control("POST", "faults", &rule).await;
    }

    /// How often an operation was carried out.
    pub(crate) async fn performed(&self, operation: &str) -> f64 {
        self.counted(operation, "performed").await
    }

    /// How many requests for an operation have come.
    pub(crate) async fn received(&self, operation: &str) -> f64 {
        self.counted(operation, "received").await
    }

    async fn counted(&self, operation: &str, what: &str) -> f64 {
        let ledger = self.control("GET", "ledger", "").await;
        let by_operation = Reflect::get(&ledger, &"byOperation".into()).unwrap();
        let entry = Reflect::get(&by_operation, &operation.into()).unwrap();
        if entry.is_undefined() {
            return 0.0;
        }
        Reflect::get(&entry, &what.into()).unwrap().as_f64().unwrap()
    }

    /// Asks one of the sandbox's own paths.
    async fn control(&self, method: &str, path: &str, body: &str) -> JsValue {
        let mut init = vec![("method", JsValue::from(method))];
        if !body.is_empty() {
            init.push(("body", body.into()));
            init.push(("headers", options(&[("content-type", "application/json".into())])));
        }
        let address = format!("{}/__sandbox/{path}", self.url);
        let answer = match self.fetch() {
            Some(fetch) => {
                fetch.call2(&JsValue::UNDEFINED, &address.into(), &options(&init)).unwrap().unchecked_into()
            }
            None => host_fetch(&address, &options(&init)),
        };
        let response = answer.await.unwrap();
        let read: Function = Reflect::get(&response, &"text".into()).unwrap().unchecked_into();
        let body: Promise = read.call0(&response).unwrap().unchecked_into();
        JSON::parse(&body.await.unwrap().as_string().unwrap()).unwrap_or(JsValue::NULL)
    }
}
