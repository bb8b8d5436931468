//! `src/core` decides and touches nothing: it must not name a JavaScript host, or its tests would
//! need one. This test reads its sources, because no lint knows of folders.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

const HOST: [&str; 7] =
    ["wasm_bindgen", "wasm-bindgen", "js_sys", "web_sys", "gloo", "crate::platform", "crate::client"];

/// Lines of code (comments may speak of the host) that name it.
fn offences(name: &str, source: &str) -> Vec<String> {
    source
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| HOST.iter().any(|host| line.contains(host)))
        .map(|(number, line)| format!("{name}:{}: {line}", number + 1))
        .collect()
}

#[test]
fn core_that_names_a_javascript_host_could_not_be_tested_without_one() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core")];
    let mut files = 0;
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            found.extend(offences(&path.display().to_string(), &fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(files > 15, "the folder has moved: {files} files read");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_check_itself_sees_what_it_looks_for() {
    assert_eq!(offences("x", "// js_sys\nuse js_sys::Date;\n").len(), 1);
    assert_eq!(offences("x", "use crate::core::Millis;\n").len(), 0);
}
