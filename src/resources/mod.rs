//! The resources of the API, one file each, with its types in the `.d.ts` beside it. A method of the client is a row
//! (`src/js/client/client.js` makes it), so an operation is added in one pair of files.

mod account;
mod agent_history;
mod agent_webhook;
mod agents;
mod call_transcript;
mod calls;
mod contact_card;
mod contacts;
mod conversation_messages;
mod conversations;
mod credits;
mod feedback;
mod location;
mod message_media;
mod messages;
mod number_history;
mod numbers;
mod registration;
mod sign_up;
mod sip_trunks;
mod sub_accounts;
mod usage;
mod verification;
mod voice_routing;
mod voices;
mod webhooks;
mod whatsapp;

use crate::core::check::{ANY, Check, Rule};
use crate::core::operation::{AnswerShape, EffectClass, Facts, Kind, Operation};
use crate::core::table::Table;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/state/table.js")]
extern "C" {
    #[wasm_bindgen(js_name = readTable)]
    fn read_table(table: &str);
    #[wasm_bindgen(js_name = requestOf)]
    fn request_of(row: u32) -> Option<AnyRequest>;
}

// Getters, because a property read by its name carries the name over each time.
#[wasm_bindgen]
extern "C" {
    /// A request to any path.
    type AnyRequest;
    #[wasm_bindgen(method, getter, structural, js_name = effectClass)]
    fn effect_class(this: &AnyRequest) -> Repeat;
    #[wasm_bindgen(method, getter, structural, js_name = hasBody)]
    fn has_body(this: &AnyRequest) -> bool;
}

/// [`EffectClass`] at the boundary.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone, Copy)]
enum Repeat {
    Read = "read",
    Idempotent = "idempotent",
    Effect = "effect",
}

/// All operations; the number of one is its place in this list of lists.
const FILES: &[&[Operation]] = &[
    account::ROWS,
    agent_history::ROWS,
    agent_webhook::ROWS,
    agents::ROWS,
    call_transcript::ROWS,
    calls::ROWS,
    contact_card::ROWS,
    contacts::ROWS,
    conversation_messages::ROWS,
    conversations::ROWS,
    credits::ROWS,
    feedback::ROWS,
    location::ROWS,
    message_media::ROWS,
    messages::ROWS,
    number_history::ROWS,
    numbers::ROWS,
    registration::ROWS,
    sign_up::ROWS,
    sip_trunks::ROWS,
    sub_accounts::ROWS,
    usage::ROWS,
    verification::ROWS,
    voice_routing::ROWS,
    voices::ROWS,
    webhooks::ROWS,
    whatsapp::ROWS,
];

/// What the lists by offset allow, but for a few.
const PAGE: &[Check] = &[Check::May("limit", Rule::Whole(1, 100)), Check::May("offset", Rule::Whole(0, ANY))];

/// The table, with room for more than it is.
const MADE: Table<{ 1 << 15 }> = Table::of(FILES);
const BYTES: [u8; MADE.length()] = MADE.cut();
static TABLE: &str = match str::from_utf8(&BYTES) {
    Ok(text) => text,
    Err(_) => "",
};

const COUNT: usize = {
    let mut count = 0;
    let mut files = FILES;
    while let Some((rows, more)) = files.split_first() {
        count += rows.len();
        files = more;
    }
    count
};

/// What the module itself needs of each.
static KINDS: [Kind; COUNT] = {
    let mut all = [Operation::read("", "").kind(); COUNT];
    let mut places: &mut [Kind] = &mut all;
    let mut files = FILES;
    while let Some((rows, more)) = files.split_first() {
        files = more;
        let mut rows = *rows;
        while let Some((row, more)) = rows.split_first() {
            rows = more;
            if let Some((place, rest)) = places.split_first_mut() {
                *place = row.kind();
                places = rest;
            } else {
                places = &mut [];
            }
        }
    }
    all
};

/// The operation with this number. Behind those of the table are requests to any path, which only JavaScript keeps
/// (`src/js/input/any-path.js`), so that a fresh instance of the module knows them too.
pub(crate) fn row(number: u32) -> Option<Facts> {
    let place = usize::try_from(number).ok()?;
    if let Some((effect, body, answer, keyed, witness)) = KINDS.get(place).copied() {
        return Some(Facts { row: number, effect, body, answer, keyed, witness });
    }
    let request = request_of(number)?;
    let effect = match request.effect_class() {
        Repeat::Read => EffectClass::Read,
        Repeat::Idempotent => EffectClass::Idempotent,
        _ => EffectClass::Effect,
    };
    let (body, answer) = (request.has_body(), AnswerShape::Any);
    Some(Facts { row: number, effect, body, answer, keyed: true, witness: None })
}

/// The operation with this id, for callers in Rust: JavaScript has read the table before it makes a client.
pub(crate) fn named(id: &str) -> Option<Facts> {
    thread_local! {
        static READ: () = read_table(TABLE);
    }
    READ.with(|()| {});
    let place = FILES.iter().copied().flatten().position(|operation| operation.id == id)?;
    row(u32::try_from(place).ok()?)
}

/// The id of an operation of the table.
pub(crate) fn id_of(row: u32) -> &'static str {
    let place = usize::try_from(row).unwrap_or(usize::MAX);
    FILES.iter().copied().flatten().nth(place).map_or("", |operation| operation.id)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "witnesses_tests.rs"]
mod tests;

/// The operations as a text (`core::table`).
pub(crate) const fn table() -> &'static str {
    TABLE
}
