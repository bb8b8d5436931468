//! Generates the Rust face from `contract/openapi.yaml`, so that no method and no type is
//! written twice. `build.rs` runs it, and `tests/generated.rs` compares its output with the
//! contract; so it touches no file and no environment.

mod contract;
mod docs;
mod enums;
mod names;
mod resources;
mod types;

use contract::Contract;
use enums::Enums;
use serde_json::Value;
use types::Types;

/// The Rust code of the contract, to be included in a module that has the hand-written part in
/// scope.
pub(crate) fn generate(document: &Value) -> Result<String, String> {
    let contract = Contract::read(document)?;
    let enums = Enums::of(&contract);
    let mut types = Types::new(&contract, &enums);
    let resources = resources::code(&contract, &mut types)?;
    Ok([resources, types.code(), enums.code()].concat())
}
