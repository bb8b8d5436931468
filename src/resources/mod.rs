//! The resources of the API, one file each: its rows and its types. A method of the client is a row
//! (`src/js/client.js` makes it), so that adding an operation touches one file.

mod agents;
mod calls;
mod messages;
mod numbers;
mod usage;
mod voices;

use crate::core::operation::{Input, Operation, Pages};

/// All operations; the number of one is its place in this list of lists.
const FILES: &[&[Operation]] =
    &[agents::ROWS, calls::ROWS, messages::ROWS, numbers::ROWS, usage::ROWS, voices::ROWS];

/// The operation with this number.
pub(crate) fn row(number: u32) -> Option<&'static Operation> {
    FILES.iter().copied().flatten().nth(usize::try_from(number).ok()?)
}

/// The operation with this id.
pub(crate) fn named(id: &str) -> Option<&'static Operation> {
    FILES.iter().copied().flatten().find(|operation| operation.id == id)
}

/// A line an operation: its id, how many ids its path takes, then 1 or 0 for: takes an input, gives
/// pages.
pub(crate) fn table() -> String {
    let mut table = String::new();
    for operation in FILES.iter().copied().flatten() {
        if !table.is_empty() {
            table.push('\n');
        }
        let flag = |flag: bool| if flag { " 1" } else { " 0" };
        let ids = [" 0", " 1", " 2"].get(operation.ids()).copied().unwrap_or(" 2");
        for piece in
            [operation.id, ids, flag(operation.input != Input::None), flag(operation.pages != Pages::None)]
        {
            table.push_str(piece);
        }
    }
    table
}
