//! Faults on demand, so that tests can see what happens after one (`tests/faults`). Only with the feature
//! `fault-for-tests`, which no published build has.

use std::cell::RefCell;
use std::hint::black_box;
use wasm_bindgen::prelude::*;

thread_local! {
    static ARMED: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
}

/// Makes the module break when it next passes `point`, by `kind`: `trap`, `memory` or `stack`.
#[wasm_bindgen(js_name = arm, skip_typescript)]
#[allow(unreachable_pub)]
pub fn arm(point: String, kind: String) {
    ARMED.set((point, kind));
}

/// A named point.
pub(crate) fn here(point: &str) {
    let (armed, kind) = ARMED.with_borrow(Clone::clone);
    if armed != point {
        return;
    }
    match kind.as_str() {
        "memory" => {
            let mut held = Vec::new();
            loop {
                held.push(black_box(vec![1_u8; 1 << 20]));
            }
        }
        "stack" => {
            black_box(deeper(0));
        }
        _ => trap(),
    }
}

#[allow(unconditional_recursion)]
fn deeper(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    deeper(depth.wrapping_add(1)).wrapping_add(room.iter().sum())
}

#[cfg(target_arch = "wasm32")]
fn trap() {
    core::arch::wasm32::unreachable();
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() {
    std::process::abort();
}
