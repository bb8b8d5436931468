//! Makes the Rust face out of `contract/openapi.yaml`, so that its 92 methods and their types are
//! written nowhere twice. `build.rs` runs it, and `tests/generated.rs` holds what it makes against the
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

/// What was made.
pub struct Generated {
    /// The code, to be included in a module that has brought the hand-written part into scope.
    pub code: String,
    /// The names of its structs and unions.
    pub types: Vec<String>,
}

/// The Rust code of the contract.
pub fn generate(document: &Value) -> Result<Generated, String> {
    let contract = Contract::read(document)?;
    let enums = Enums::of(&contract);
    let mut types = Types::new(&contract, &enums);
    let resources = resources::code(&contract, &mut types)?;
    let names = types.names().map(str::to_owned).collect();
    Ok(Generated { code: [resources, types.code(), enums.code()].concat(), types: names })
}
