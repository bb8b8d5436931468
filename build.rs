//! Makes the Rust face (`src/typed`) out of `contract/openapi.yaml`. Without the feature `typed`, as the
//! npm package is built, it does nothing.

#[cfg(feature = "typed")]
#[path = "src/typed/generate/mod.rs"]
mod generate;

#[cfg(not(feature = "typed"))]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
}

#[cfg(feature = "typed")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    const CONTRACT: &str = "contract/openapi.yaml";
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={CONTRACT}");
    println!("cargo:rerun-if-changed=src/typed/generate");
    let text =
        std::fs::read_to_string(CONTRACT).map_err(|error| format!("cannot read {CONTRACT}: {error}"))?;
    let document: serde_json::Value =
        serde_saphyr::from_str(&text).map_err(|error| format!("{CONTRACT} is not valid YAML: {error}"))?;
    let out = std::path::Path::new(&std::env::var("OUT_DIR")?).join("typed.rs");
    std::fs::write(out, generate::generate(&document)?)?;
    Ok(())
}
