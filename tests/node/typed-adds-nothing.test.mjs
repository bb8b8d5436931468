// The Rust face (feature `typed`) costs users of the npm package nothing: the compiler that builds their
// module is given none of its sources and none of its crates.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, targetDir } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const TARGET = "wasm32-unknown-unknown";

/** The crates that a build with these flags links. */
const crates = (/** @type {(string | undefined)[]} */ ...flags) => {
  const args = [
    "tree",
    "--offline",
    "--package",
    "agentphone-wasm",
    "--target",
    TARGET,
    "--edges",
    "normal",
    "--prefix",
    "none",
    "--format",
    "{lib}",
    ...flags,
  ];
  const names = execFileSync("cargo", /** @type {Foreign} */ (args), {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).split("\n");
  return new Set(names.map((name) => name.replace(" (*)", "")).filter(Boolean));
};

test("the module of the npm package links none of the crates that the Rust face needs", () => {
  const without = crates();
  const added = [...crates("--features", "typed")].filter((name) => !without.has(name)).sort();
  for (const name of ["serde", "serde_json", "serde_path_to_error", "serde_wasm_bindgen", "wasm_bindgen_futures"])
    assert.ok(added.includes(name), `${name} in ${added}`);
  assert.ok(without.has("wasm_bindgen"), "cargo tree tells the crates that are linked");
});

test("the compiler of the npm package's module is given no source of the Rust face", () => {
  // What the build of the package has left: cargo lists there each file that went into the module.
  const sources = readFileSync(join(targetDir(), TARGET, "release", "agentphone_wasm.d"), "utf8").split(/(?<!\\)\s+/);
  assert.ok(
    sources.some((file) => file.endsWith("src/client/send.rs")),
    "the list is of the client's sources",
  );
  const typed = sources.filter((file) => /src\/typed\/|src\/client\/direct\.rs|\/typed\.rs$/.test(file));
  assert.deepEqual(typed, []);
});
