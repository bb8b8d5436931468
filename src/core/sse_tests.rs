//! Tests of `sse.rs`
