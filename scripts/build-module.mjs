// Builds the package's modules and their glue: cargo (`compile.mjs`), wasm-bindgen, wasm-opt, and changes to names
// and glue in between (`wrap-exports.mjs`). `build.mjs` makes the package from it; `tests/faults` a module that
// can be broken.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "./compile.mjs";
import { run, targetDir } from "./tools.mjs";
import { wrapExports } from "./wrap-exports.mjs";

/** Creates an empty folder. */
export const clean = (/** @type {string} */ folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
};

/**
 * How a module is built.
 * @typedef {{ name: string, work: string, profile: string, defaultFeatures: boolean, traps: boolean, optimize: string[], recovers: boolean }} Module
 */

/**
 * The names that `wasm-opt` has shortened: each with its module if it is imported, its old and its new name.
 * @typedef {{ imports: [string, string, string][], exports: [string, string][] }} Names
 */

/**
 * The package's modules. `work`: its build folder; `profile`, `defaultFeatures` and `traps`: how it is compiled;
 * `optimize`: flags of `wasm-opt`; `recovers`: whether it may break and be replaced (`wrap-exports.mjs`).
 * @type {{ client: Module, webhooks: Module }}
 */
export const modules = {
  // Larger functions with one caller are not inlined: inlined they are smaller, but compress worse.
  client: {
    name: "agentphone",
    work: join(targetDir(), "pkg"),
    profile: "release",
    defaultFeatures: true,
    traps: true,
    optimize: ["--one-caller-inline-max-function-size", "30"],
    recovers: true,
  },
  // Nothing in it can panic, so it needs no standard library of its own.
  webhooks: {
    name: "webhooks",
    work: join(targetDir(), "pkg-webhooks"),
    profile: "webhooks",
    defaultFeatures: false,
    traps: false,
    optimize: [],
    recovers: false,
  },
};

/**
 * Compiles and links a module into the folder `work`: `core_bg.wasm`, which has names, and its glue `core.js`.
 * @param {Module} module
 * @param {{ features?: string[], target?: string, maxMemory?: number }} [options] Other features and a memory limit in
 * bytes, for tests; they need their own folder for `cargo`, because the linked module's name is fixed.
 */
export const linkModule = (
  { work, profile, defaultFeatures, traps, recovers },
  { features = [], target = targetDir(), maxMemory = 0 } = {},
) => {
  clean(work);
  const linkArgs = maxMemory > 0 ? [`--max-memory=${maxMemory}`] : [];
  const module = compile({
    crate: "agentphone-wasm",
    profile,
    defaultFeatures,
    features: ["small-allocator", ...features],
    traps,
    target,
    linkArgs,
  });
  const recovery = recovers ? ["--experimental-reset-state-function"] : [];
  const options = [
    "--target",
    "web",
    "--no-typescript",
    "--omit-default-module-path",
    "--remove-producers-section",
    ...recovery,
  ];
  run("wasm-bindgen", [...options, "--out-dir", work, "--out-name", "core", module]);
};

/**
 * Builds a module and its glue, optimized and with short names. The parameters are those of `linkModule`.
 * @param {Module} module @param {Parameters<typeof linkModule>[1]} [given]
 */
export const buildModule = (module, given) => {
  const { name, work, optimize, recovers } = module;
  linkModule(module, given);
  // The stack comes before the data, so the first kilobyte is unused. Names are removed first: they change the order
  // of functions, which then compress worse.
  const flags = [
    "--low-memory-unused",
    "-Oz",
    ...optimize,
    "--strip-debug",
    "--strip-target-features",
    "--minify-imports-and-exports-and-modules",
  ];
  const names = JSON.parse(
    run("wasm-opt", [...flags, join(work, "core_bg.wasm"), "-o", join(work, `${name}.wasm`)], { quiet: true }),
  );
  const glue = renamed(readFileSync(join(work, "core.js"), "utf8") + ours, names);
  writeFileSync(join(work, "core.js"), recovers ? wrapExports(glue, new Map(names.exports)) : glue);
};

/**
 * Additional exports of the glue: the memory, because `webhooks.js` writes into it, and `start` instead of `initSync`,
 * which also compiles and does not recognize a module from another realm (src/js/lib/compiled.js does).
 */
const ours = `
export const memory = () => wasm.memory;
export const start = (module) => void __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
`;

/**
 * The glue with the short names that `wasm-opt` has chosen for everything shared with the module. The long ones contain
 * hashes, which compress badly.
 * @param {string} glue @param {Names} names
 */
const renamed = (glue, { imports, exports }) => {
  const [keys, members] = [new Map(imports.map(([, old, name]) => [old, name])), new Map(exports)];
  // A function that takes and returns only references is imported by the module directly from its own file.
  const files = new Map([...glue.matchAll(/^ +"(.*)": (import[1-9]\d*),\n/gm)].map(([, file, name]) => [file, name]));
  const direct = imports
    .filter(([file]) => files.has(file))
    .map(([file, old, name]) => `${name}: ${files.get(file)}.${old}`);
  return glue
    .replaceAll(/^ +"\.\/snippets\/.*": import\d+,\n/gm, "")
    .replace(/^( +)(\w+)(?=: )/gm, (all, indent, name) => (keys.has(name) ? indent + keys.get(name) : all))
    .replaceAll(/\bwasm\.(\w+)/g, (all, name) => (members.has(name) ? `wasm.${members.get(name)}` : all))
    .replace(
      '"./core_bg.js": import0',
      direct.length > 0 ? `a: Object.assign(import0, { ${direct.join(", ")} })` : "a: import0",
    );
};
