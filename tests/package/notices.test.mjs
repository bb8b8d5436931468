// Who distributes others' code repeats their licences: every crate that is linked into a module is named in the
// package, under a text that is a licence.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { linkedCrates } from "../../scripts/notices.mjs";
import { targetDir } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const text = readFileSync(join(root, "pkg", "THIRD-PARTY-NOTICES.txt"), "utf8");

/** Crates whose functions are in the names of the linked modules: what the linker itself says is inside. */
const inModules = () => {
  const found = new Set();
  for (const name of ["release/agentphone_wasm", "webhooks/agentphone_wasm", "release/agentphone_sandbox"]) {
    const bytes = readFileSync(join(targetDir(), "wasm32-unknown-unknown", `${name}.wasm`));
    const [names] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "name");
    // In either of the compiler's two ways to write a name; a crate's own is behind its length.
    for (const [, length, rest] of Buffer.from(names)
      .toString("latin1")
      .matchAll(/(?:_ZN|Cs[0-9A-Za-z]+_)(\d+)([a-z]\w*)/g))
      found.add(rest.slice(0, Number(length)));
  }
  return found;
};

test("every crate whose code is in a module is named in the notices", () => {
  const own = ["agentphone_wasm", "agentphone_sandbox"];
  // What belongs to the standard library is under its name.
  const std = ["core", "alloc", "std", "compiler_builtins"];
  const inside = [...inModules()].filter((name) => !own.includes(name) && !std.includes(name));
  assert.ok(inside.includes("wasm_bindgen") && inside.includes("serde_json"), `${inside}`);
  for (const name of inside)
    assert.match(text, new RegExp(`^${name.replaceAll("_", "[-_]")}( \\(.*\\))? \\d`, "m"), name);
});

test("what cargo links is in the notices in the versions of the lock file, the standard library and the bundler's helpers too", () => {
  const crates = linkedCrates();
  assert.ok(crates.length > 20, `${crates}`);
  for (const crate of crates) {
    const [name, version] = crate.split(" ");
    assert.match(text, new RegExp(`^${name}( \\(.*\\))? ${version.replaceAll(".", "\\.")}$`, "m"), crate);
  }
  assert.match(text, /^The Rust standard library \d/m);
  assert.match(text, /^esbuild .*\d$/m);
  assert.match(text, /^libphonenumber .*\d$/m);
});

test("each group of projects stands above the terms of its licence", () => {
  const sections = text.split(/^-{80}$/m).slice(1);
  assert.ok(sections.length >= 3);
  for (const section of sections)
    assert.match(
      section,
      /Permission is (hereby )?granted|LICENSE-APACHE, beside this file|UNICODE LICENSE/,
      section.slice(0, 200),
    );
});

test("the notices travel in the tarball", () => {
  const [{ files }] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: join(root, "pkg"),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const paths = files.map((/** @type {Foreign} */ { path }) => path);
  for (const needed of ["THIRD-PARTY-NOTICES.txt", "LICENSE-MIT", "LICENSE-APACHE"])
    assert.ok(paths.includes(needed), needed);
});
