//! The client in Node: `wasm-pack test --node`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod cases;
mod support;
