// Compiles a crate of the workspace to WebAssembly as it is published: one set of flags for client, webhooks and sandbox.

import { join } from "node:path";
import { root, run, targetDir } from "./tools.mjs";

const TARGET = "wasm32-unknown-unknown";

/**
 * A panic traps at once. On this target the standard library would format a message first, and find that there is
 * nowhere to write it; that code weighs as much as a seventh of the client's module. The library must be compiled with
 * the same switch, out of the sources that come with the compiler. Both switches are unstable: the release is pinned in
 * rust-toolchain.toml, and `RUSTC_BOOTSTRAP` has it accept them.
 */
const TRAPPING = {
  args: ["-Zbuild-std=std", "-Zbuild-std-features="],
  rustflags: ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"],
  env: { RUSTC_BOOTSTRAP: "1" },
};
/** A panic is what rustc makes of it: a call of a function with a name. @type {{ args: string[], rustflags: string[], env: Record<string, string> }} */
const NAMED = { args: [], rustflags: [], env: {} };

/**
 * Compiles a crate; gives the path of the module.
 * `crate`: its name; `profile` and `features`: cargo's; `traps`: whether its panics trap at once; `target`: a folder for
 * cargo; `linkArgs`: what the linker is told besides.
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
  // Without the remapping each panic location carries the home folder of whoever built it.
  const cargoHome = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const paths = [`--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${root}=/src`];
  // SHA-256 as a loop instead of unrolled: 1.8 kB less (gzip), and a webhook of 2 kB takes 2 µs longer.
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
  // Not by RUSTFLAGS: with others of those the library and all crates would be compiled again.
  const linked = linkArgs.map((argument) => `-Clink-arg=${argument}`);
  run("cargo", ["rustc", ...built, "--", ...linked], { env: { ...panics.env, RUSTFLAGS: all.join(" ") } });
  return join(target, TARGET, profile, `${crate.replaceAll("-", "_")}.wasm`);
};
