// Builds the client's module and its glue: cargo, wasm-bindgen, wasm-opt, and what is done in between to the names,
// the panics (`snip.mjs`) and the glue (`guard.mjs`). `build.mjs` makes the package of it; `tests/faults` one that can
// be broken.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardGlue } from "./guard.mjs";
import { formatting, snipPanics } from "./snip.mjs";
import { root, run, targetDir } from "./tools.mjs";

/**
 * Builds `agentphone.wasm` and its glue `core.js` into the folder `work`, by way of the files that have names.
 * @param {string} work
 * @param {{ features?: string[], target?: string, maxMemory?: number }} [options] Other features and, in bytes, a
 * bound of memory, for tests; they need a folder for `cargo` of their own, because the linked module has one name.
 */
export const buildModule = (work, { features = [], target = targetDir(), maxMemory = 0 } = {}) => {
  const wasm = join(work, "agentphone.wasm");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // Without the remapping each panic location carries the home folder of whoever built it.
  const cargoHome = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const paths = [`--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${root}=/src`];
  // SHA-256 as a loop instead of unrolled: 1.8 kB less (gzip), and a webhook of 2 kB takes 2 µs longer.
  const rustflags = [...paths, "--cfg", 'sha2_backend_soft="compact"'];
  if (maxMemory > 0) rustflags.push(`-Clink-arg=--max-memory=${maxMemory}`);
  const all = ["small-allocator", ...features].join(",");
  run("cargo", ["build", "--release", "--quiet", "--target", "wasm32-unknown-unknown", "--target-dir", target, "-p", "agentphone-wasm", "--features", all], {
    env: { RUSTFLAGS: rustflags.join(" ") },
  });
  run("wasm-bindgen", [
    "--target", "web", "--omit-default-module-path", "--remove-producers-section", "--experimental-reset-state-function",
    "--out-dir", work, "--out-name", "core",
    join(target, "wasm32-unknown-unknown", "release", "agentphone_wasm.wasm"),
  ]);
  // The stack lies below the data, so that nothing lives in the first kilobyte. Larger functions that are called
  // from one place stay functions: put into their callers they are shorter, and pack worse.
  const flags = ["--low-memory-unused", "-Oz", "--one-caller-inline-max-function-size", "30"];
  const snipped = withoutPanics(work, flags);
  // Not by taking the names off that one: with names functions are ordered otherwise, and pack worse.
  const short = ["--strip-debug", "--minify-imports-and-exports-and-modules"];
  rename(work, JSON.parse(run("wasm-opt", [...flags, ...short, snipped, "-o", wasm], { quiet: true })));
};

/**
 * The module with its panics emptied. Where that would leave something half (our code formats text, or the
 * standard library has other names inside) it stays as it is: 5 kB heavier, and right.
 */
const withoutPanics = (work, flags) => {
  const [linked, snipped, named] = ["core_bg.wasm", "snipped.wasm", "named.wasm"].map((name) => join(work, name));
  try {
    snipPanics(linked, snipped);
    run("wasm-opt", [...flags, "-g", snipped, "-o", named]);
    const formats = formatting(named);
    if (formats.length === 0) return snipped;
    throw new Error(`text is formatted by ${formats.join(", ")}`);
  } catch (error) {
    process.stderr.write(`build: panics keep their texts: ${error.message}\n`);
    return linked;
  }
};

/**
 * Gives what the module and the glue share the short names that `wasm-opt` has chosen: the long ones, each
 * with a hash, weigh 4 kB gzip.
 */
const rename = (work, { imports, exports }) => {
  const [keys, members] = [new Map(imports.map(([, old, name]) => [old, name])), new Map(exports.map(([old, name]) => [old, name]))];
  const glue = readFileSync(join(work, "core.js"), "utf8");
  // What takes and gives only references the module imports from its own file, with nothing between.
  const files = new Map([...glue.matchAll(/^ +"(.*)": (import[1-9]\d*),\n/gm)].map(([, file, name]) => [file, name]));
  const direct = imports.filter(([file]) => files.has(file)).map(([file, old, name]) => `${name}: ${files.get(file)}.${old}`);
  const renamed = glue
    .replaceAll(/^ +"\.\/snippets\/.*": import\d+,\n/gm, "")
    .replace(/^( +)(\w+)(?=: )/gm, (all, indent, name) => (keys.has(name) ? indent + keys.get(name) : all))
    .replaceAll(/\bwasm\.(\w+)/g, (all, name) => (members.has(name) ? `wasm.${members.get(name)}` : all))
    .replace('"./core_bg.js": import0', `a: Object.assign(import0, { ${direct.join(", ")} })`)
    // What is given is compiled by src/js/compiled.js: this would not know a module of another realm.
    .replaceAll(/^ +if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n +\}\n/gm, "");
  if (renamed.includes("new WebAssembly.Module(")) throw new Error("wasm-bindgen's glue compiles the module in another way than build-module.mjs knows");
  writeFileSync(join(work, "core.js"), guardGlue(renamed, members));
};
