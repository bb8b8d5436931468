//! The page's elements, which `index.html` names.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlInputElement};

/// The page.
#[derive(Clone)]
pub struct View {
    document: Document,
    form: Element,
    number: HtmlInputElement,
    calls: Element,
    transcript: Element,
}

impl View {
    /// Finds its elements.
    pub fn find() -> Result<Self, JsValue> {
        let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
        let find = |id: &str| document.get_element_by_id(id).ok_or(format!("the page has no #{id}"));
        Ok(Self {
            form: find("call")?,
            number: find("number")?.dyn_into()?,
            calls: find("calls")?,
            transcript: find("transcript")?,
            document,
        })
    }

    /// Has `place` called with the number when the form is sent.
    pub fn on_call(&self, place: impl Fn(String) + 'static) -> Result<(), JsValue> {
        let view = self.clone();
        let sent = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            event.prevent_default();
            view.transcript.set_text_content(None);
            place(view.number.value());
        });
        self.form.add_event_listener_with_callback("submit", sent.into_js_value().unchecked_ref())
    }

    /// Shows these calls.
    pub fn calls(&self, lines: &[String]) {
        self.calls.set_text_content(None);
        lines.iter().for_each(|line| self.add(&self.calls, line));
    }

    /// Adds a line to the transcript.
    pub fn say(&self, line: &str) {
        self.add(&self.transcript, line);
    }

    fn add(&self, list: &Element, line: &str) {
        if let Ok(item) = self.document.create_element("li") {
            // As text: what is said in a call is not the page's.
            item.set_text_content(Some(line));
            let _ = list.append_child(&item);
        }
    }
}
