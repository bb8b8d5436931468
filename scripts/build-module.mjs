// Builds the modules of the package and their glue: cargo, wasm-bindgen, wasm-opt, and what is done in between to the names,
// the panics (`snip.mjs`) and the glue (`guard.mjs`). `build.mjs` makes the package of it; `tests/faults` one that can
// be broken.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardGlue } from "./guard.mjs";
import { formatting, snipPanics } from "./snip.mjs";
import { root, run, targetDir } from "./tools.mjs";

/** Makes an empty folder. */
export const clean = (folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
};

/**
 * The modules of the package. `work`: where one is made; `profile` and `flags`: how cargo makes it, into a folder of its
 * own; `optimize`: flags of `wasm-opt`; `recovers`: whether it may break, and be replaced (`guard.mjs`).
 */
export const modules = {
  // Larger functions that are called from one place stay functions: put into their callers they are shorter, and
  // pack worse.
  client: { name: "agentphone", work: join(targetDir(), "pkg"), profile: "release", flags: [], optimize: ["--one-caller-inline-max-function-size", "30"], recovers: true },
  webhooks: { name: "webhooks", work: join(targetDir(), "pkg-webhooks"), profile: "webhooks", flags: ["--no-default-features"], optimize: [], recovers: false },
};

/**
 * Builds the module and its glue `core.js` into the folder `work`, by way of the files that have names.
 * @param {typeof modules.client} module
 * @param {{ features?: string[], target?: string, maxMemory?: number }} [options] Other features and, in bytes, a
 * bound of memory, for tests; they need a folder for `cargo` of their own, because the linked module has one name.
 */
export const buildModule = ({ name, work, profile, flags, optimize, recovers }, { features = [], target = targetDir(), maxMemory = 0 } = {}) => {
  clean(work);
  // Without the remapping each panic location carries the home folder of whoever built it.
  const cargoHome = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const paths = [`--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${root}=/src`];
  // SHA-256 as a loop instead of unrolled: 1.8 kB less (gzip), and a webhook of 2 kB takes 2 µs longer.
  const rustflags = [...paths, "--cfg", 'sha2_backend_soft="compact"'];
  if (maxMemory > 0) rustflags.push(`-Clink-arg=--max-memory=${maxMemory}`);
  const built = ["--profile", profile, ...flags, "--features", ["small-allocator", ...features].join(",")];
  run("cargo", ["build", "--quiet", "--target", "wasm32-unknown-unknown", "--target-dir", target, "-p", "agentphone-wasm", ...built], {
    env: { RUSTFLAGS: rustflags.join(" ") },
  });
  run("wasm-bindgen", [
    "--target", "web", "--no-typescript", "--omit-default-module-path", "--remove-producers-section", ...(recovers ? ["--experimental-reset-state-function"] : []),
    "--out-dir", work, "--out-name", "core",
    join(target, "wasm32-unknown-unknown", profile, "agentphone_wasm.wasm"),
  ]);
  // The stack lies below the data, so that nothing lives in the first kilobyte.
  const passes = ["--low-memory-unused", "-Oz", ...optimize];
  const snipped = withoutPanics(work, passes);
  // Not by taking the names off that one: with names functions are ordered otherwise, and pack worse.
  const short = ["--strip-debug", "--strip-target-features", "--minify-imports-and-exports-and-modules"];
  const names = JSON.parse(run("wasm-opt", [...passes, ...short, snipped, "-o", join(work, `${name}.wasm`)], { quiet: true }));
  const glue = renamed(readFileSync(join(work, "core.js"), "utf8") + ours, names);
  writeFileSync(join(work, "core.js"), recovers ? guardGlue(glue, new Map(names.exports)) : glue);
};

/**
 * The module with its panics emptied. Where that would leave something half (our code formats text, or the
 * standard library has other names inside) it stays as it is: 5 kB heavier, and right.
 */
const withoutPanics = (work, flags) => {
  const [linked, snipped, named] = ["core_bg.wasm", "snipped.wasm", "named.wasm"].map((file) => join(work, file));
  // Where nothing formats text, no panic is left that could say something.
  if (formatting(linked).length === 0) return linked;
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
 * What the glue exports besides: the memory, because `webhooks.js` writes into it, and `start` in the place of
 * `initSync`, which compiles as well and would not know a module of another realm (src/js/compiled.js does).
 */
const ours = `
export const memory = () => wasm.memory;
export const start = (module) => void __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
`;

/**
 * The glue with the short names that `wasm-opt` has chosen for what it shares with the module: the long ones, each
 * with a hash, weigh 4 kB gzip.
 */
const renamed = (glue, { imports, exports }) => {
  const [keys, members] = [new Map(imports.map(([, old, name]) => [old, name])), new Map(exports.map(([old, name]) => [old, name]))];
  // What takes and gives only references the module imports from its own file, with nothing between.
  const files = new Map([...glue.matchAll(/^ +"(.*)": (import[1-9]\d*),\n/gm)].map(([, file, name]) => [file, name]));
  const direct = imports.filter(([file]) => files.has(file)).map(([file, old, name]) => `${name}: ${files.get(file)}.${old}`);
  return glue
    .replaceAll(/^ +"\.\/snippets\/.*": import\d+,\n/gm, "")
    .replace(/^( +)(\w+)(?=: )/gm, (all, indent, name) => (keys.has(name) ? indent + keys.get(name) : all))
    .replaceAll(/\bwasm\.(\w+)/g, (all, name) => (members.has(name) ? `wasm.${members.get(name)}` : all))
    .replace('"./core_bg.js": import0', direct.length > 0 ? `a: Object.assign(import0, { ${direct.join(", ")} })` : "a: import0");
};
