//! What holds in every host: `tests/node.rs`, `page.rs` and `worker.rs` run these cases, each in its own.

mod decisions;
mod host;
