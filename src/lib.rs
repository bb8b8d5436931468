//! The AgentPhone client for JavaScript and TypeScript, compiled to WebAssembly.
//!
//! `core` decides, `platform` touches the host, `client` sends, `resources` is the API, row by row, `webhooks`
//! judges deliveries. `typed` (a feature, off by default) is the same API with types, for front ends in Rust.
//! Without the feature `client` the module holds `webhooks` alone, for servers that need nothing else.
//! CONTRIBUTING.md has the map, and docs/architecture.md the life of a call.

#[cfg(feature = "client")]
pub mod client;
pub mod core;
#[cfg(feature = "client")]
mod platform;
#[cfg(feature = "client")]
mod resources;
#[cfg(feature = "typed")]
pub mod typed;
pub mod webhooks;

#[cfg(feature = "client")]
pub use client::{Client, table};

/// The examples in Rust of the documents, so that they are compiled with those in comments.
#[cfg(all(doctest, feature = "typed"))]
#[doc = include_str!("../docs/idempotency.md")]
mod idempotency {}

/// A third of the size of the standard library's, and as quick (docs/size.md).
#[cfg(all(feature = "small-allocator", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
