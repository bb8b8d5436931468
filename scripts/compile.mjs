// Compiles a crate of the workspace to WebAssembly for publication, with the same flags for client, webhooks and
// sandbox.

import { join } from "node:path";
import { root, run, targetDir } from "./tools.mjs";

const TARGET = "wasm32-unknown-unknown";

/**
 * A panic traps at once. By default the standard library formats a message first, only to find that there is nowhere to
 * write it; that code is a considerable part of the module. The library must be compiled with the same switch, from the
 * sources that come with the compiler. Both switches are unstable: the release is pinned in rust-toolchain.toml, and
 * `RUSTC_BOOTSTRAP` makes it accept them.
 */
const TRAPPING = {
  args: ["-Zbuild-std=std", "-Zbuild-std-features="],
  rustflags: ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"],
  env: { RUSTC_BOOTSTRAP: "1" },
};
/** A panic stays what rustc makes of it: a call of a named function. @type {{ args: string[], rustflags: string[], env: Record<string, string> }} */
const NAMED = { args: [], rustflags: [], env: {} };

/**
 * Compiles a crate and returns the path of the module. `crate`: its name; `profile` and `features`: cargo's; `traps`:
 * whether its panics trap at once; `target`: cargo's output folder; `linkArgs`: additional linker arguments.
 * @param {{ crate: string, profile?: string, features?: string[], defaultFeatures?: boolean, traps?: boolean, target?: string, linkArgs?: string[] }} what
 */
export const compile = ({
  crate,
  profile = "release",
  features = [],
  defaultFeatures = true,
  traps = true,
  target = targetDir(),
  linkArgs = [],
}) => {
  const panics = traps ? TRAPPING : NAMED;
  // Without the remapping, panic locations contain the home folder of the builder.
  const cargoHome = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const paths = [`--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${root}=/src`];
  // SHA-256 as a loop instead of unrolled: smaller, and only slightly slower for a webhook.
  const all = [...paths, "--cfg", 'sha2_backend_soft="compact"', ...panics.rustflags];
  const chosen = [
    ...(defaultFeatures ? [] : ["--no-default-features"]),
    ...(features.length > 0 ? ["--features", features.join(",")] : []),
  ];
  const built = [
    "--quiet",
    "--target",
    TARGET,
    "--target-dir",
    target,
    "-p",
    crate,
    "--lib",
    "--profile",
    profile,
    ...chosen,
    ...panics.args,
  ];
  // Not through RUSTFLAGS: a change there would recompile the library and all crates.
  const linked = linkArgs.map((argument) => `-Clink-arg=${argument}`);
  run("cargo", ["rustc", ...built, "--", ...linked], { env: { ...panics.env, RUSTFLAGS: all.join(" ") } });
  return join(target, TARGET, profile, `${crate.replaceAll("-", "_")}.wasm`);
};
