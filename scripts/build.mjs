// Builds what users install: the client's module, its glue, its types, the entries of pkg/package.json
// (`bundle.mjs`), and the console in www/dist, and prints what each part weighs. `--pack` also makes the tarball,
// `--budget` writes the weights down as those that tests/package/size.test.mjs holds the next builds to.

import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildSandboxModule, bundleSandbox, refreshSandbox } from "./build-sandbox.mjs";
import { bundleEntries } from "./bundle.mjs";
import { formatting, snipPanics } from "./snip.mjs";
import { folder, outdated, prepare, root, run, targetDir } from "./tools.mjs";
import { writeTypes } from "./types.mjs";

const published = join(root, "pkg", "dist");
/** Made beside the old one and then put in its place, so that nobody finds half a package. */
const dist = join(root, "pkg", "dist.new");
const clean = (folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
};

/**
 * The modules of the package. `work`: where one is made; `profile` and `flags`: how cargo makes it, into a folder of its
 * own; `optimize`: flags of `wasm-opt`.
 */
const modules = {
  // Larger functions that are called from one place stay functions: put into their callers they are shorter, and
  // pack worse.
  client: { name: "agentphone", work: join(targetDir(), "pkg"), profile: "release", flags: [], optimize: ["--one-caller-inline-max-function-size", "30"] },
  webhooks: { name: "webhooks", work: join(targetDir(), "pkg-webhooks"), profile: "webhooks", flags: ["--no-default-features"], optimize: [] },
};

/** Builds the package, unless it is newer than its sources. */
export const buildPackage = async ({ force = false, quiet = false } = {}) => {
  const inputs = ["src", "Cargo.toml", "Cargo.lock", "scripts/build.mjs", "scripts/bundle.mjs", "scripts/snip.mjs", "scripts/inline.mjs", "scripts/types.mjs", "scripts/unpack.mjs", "pkg/package.json", "rust-toolchain.toml", "README.md", "CHANGELOG.md", "sandbox/README.md"];
  buildSandboxModule();
  if (!force && !outdated(join(published, "index.cjs"), inputs)) return refreshSandbox(published);
  clean(dist);
  for (const [which, module] of Object.entries(modules)) {
    buildModule(module);
    await bundleEntries(which, module.work, dist);
  }
  writeTypes(modules.client.work, modules.webhooks.work, dist);
  await bundleSandbox(dist);
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"]) copyFileSync(join(root, name), join(root, "pkg", name));
  copyFileSync(join(root, "sandbox", "README.md"), join(root, "pkg", "docs", "sandbox.md"));
  writeFileSync(join(root, "pkg", "README.md"), readmeOfPackage());
  rmSync(published, { recursive: true, force: true });
  renameSync(dist, published);
  if (!quiet) report();
};

/** The README with its links as they lie in the package, which has no folder `pkg`, no pictures and nothing for its builders. */
const readmeOfPackage = () =>
  readFileSync(join(root, "README.md"), "utf8")
    .replaceAll(/^!\[.*\n\n/gm, "")
    .replace("[the reference](pkg/docs/reference.md) lists", "the comments of the types (`dist/index.d.cts`) and the reference in the repository list")
    .replace("[pkg/examples/rust-front-end](pkg/examples/rust-front-end)", "`pkg/examples/rust-front-end` in the repository")
    .replaceAll("](pkg/", "](")
    .replaceAll("[sandbox/README.md](sandbox/README.md)", "[docs/sandbox.md](docs/sandbox.md)")
    .replace("[CONTRIBUTING.md](CONTRIBUTING.md)", "CONTRIBUTING.md in its repository");

/** Builds the console where it is older than its sources: a folder that any web server can give out. */
export const buildConsole = () => {
  const inputs = ["www", "src", "sandbox", "pkg/package.json", "package-lock.json"];
  if (outdated(join(root, "www/dist/index.html"), inputs)) run("npx", ["vite", "build", "www", "--logLevel", "warn"]);
};

const buildModule = ({ name, work, profile, flags, optimize }) => {
  clean(work);
  // Without the remapping each panic location carries the home folder of whoever built it.
  const cargoHome = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const paths = [`--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${root}=/src`];
  // SHA-256 as a loop instead of unrolled: 1.8 kB less (gzip), and a webhook of 2 kB takes 2 µs longer.
  const rustflags = [...paths, "--cfg", 'sha2_backend_soft="compact"'];
  const built = ["--profile", profile, ...flags, "--features", "small-allocator"];
  run("cargo", ["build", "--quiet", "--target", "wasm32-unknown-unknown", "-p", "agentphone-wasm", ...built], {
    env: { RUSTFLAGS: rustflags.join(" ") },
  });
  run("wasm-bindgen", [
    "--target", "web", "--omit-default-module-path", "--remove-producers-section",
    "--out-dir", work, "--out-name", "core",
    join(targetDir(), "wasm32-unknown-unknown", profile, "agentphone_wasm.wasm"),
  ]);
  // The stack lies below the data, so that nothing lives in the first kilobyte.
  const passes = ["--low-memory-unused", "-Oz", ...optimize];
  const snipped = withoutPanics(work, passes);
  // Not by taking the names off that one: with names functions are ordered otherwise, and pack worse.
  const short = ["--strip-debug", "--strip-target-features", "--minify-imports-and-exports-and-modules"];
  rename(join(work, "core.js"), JSON.parse(run("wasm-opt", [...passes, ...short, snipped, "-o", join(work, `${name}.wasm`)], { quiet: true })));
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
 * Gives what the module and the glue share the short names that `wasm-opt` has chosen: the long ones, each
 * with a hash, weigh 4 kB gzip.
 */
const rename = (file, { imports, exports }) => {
  const [keys, members] = [new Map(imports.map(([, old, name]) => [old, name])), new Map(exports.map(([old, name]) => [old, name]))];
  const glue = readFileSync(file, "utf8") + ours;
  // What takes and gives only references the module imports from its own file, with nothing between.
  const files = new Map([...glue.matchAll(/^ +"(.*)": (import[1-9]\d*),\n/gm)].map(([, file, name]) => [file, name]));
  const direct = imports.filter(([file]) => files.has(file)).map(([file, old, name]) => `${name}: ${files.get(file)}.${old}`);
  const renamed = glue
    .replaceAll(/^ +"\.\/snippets\/.*": import\d+,\n/gm, "")
    .replace(/^( +)(\w+)(?=: )/gm, (all, indent, name) => (keys.has(name) ? indent + keys.get(name) : all))
    .replaceAll(/\bwasm\.(\w+)/g, (all, name) => (members.has(name) ? `wasm.${members.get(name)}` : all))
    .replace('"./core_bg.js": import0', direct.length > 0 ? `a: Object.assign(import0, { ${direct.join(", ")} })` : "a: import0");
  writeFileSync(file, renamed);
};

/** What each part of a built package weighs, in bytes: as it is, and packed in both ways. */
export const weights = () => {
  const parts = {
    ".wasm": join(published, "agentphone.wasm"),
    "glue, minified": join(published, "core.js"),
    "index.js (the module as text)": join(published, "index.js"),
    "webhooks/webhooks.wasm": join(published, "webhooks", "webhooks.wasm"),
    "webhooks/core.js": join(published, "webhooks", "core.js"),
    "webhooks/index.js (the module as text)": join(published, "webhooks", "index.js"),
    "sandbox.wasm": join(published, "sandbox", "sandbox.wasm"),
    "sandbox/slim.js": join(published, "sandbox", "slim.js"),
  };
  const weigh = (bytes) => ({ raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length });
  return Object.fromEntries(Object.entries(parts).map(([name, file]) => [name, weigh(readFileSync(file))]));
};

const report = () => {
  const kb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
  process.stdout.write(`${"".padEnd(26)}${"raw".padStart(10)}${"gzip".padStart(11)}${"brotli".padStart(11)}\n`);
  const parts = weights();
  for (const [name, { raw, gzip, brotli }] of Object.entries(parts)) {
    process.stdout.write(`${name.padEnd(26)}${kb(raw)} ${kb(gzip)} ${kb(brotli)}\n`);
  }
  process.stdout.write(`.wasm + glue, gzip: ${kb(parts[".wasm"].gzip + parts["glue, minified"].gzip).trim()}\n`);
};

/** Which build of the compiler, and so of the standard library, this is. */
export const compilerInUse = () => run("rustc", ["-V"], { quiet: true }).trim();

if (process.argv[1] === join(root, "scripts", "build.mjs")) {
  prepare();
  await buildPackage({ force: true });
  buildConsole();
  if (process.argv.includes("--budget")) writeFileSync(join(root, "scripts", "size.json"), `${JSON.stringify({ compiler: compilerInUse(), parts: weights() }, null, 2)}\n`);
  if (process.argv.includes("--pack")) {
    const out = folder("target", "pack");
    const name = run("npm", ["pack", "--pack-destination", out], { quiet: true, cwd: join(root, "pkg") }).trim();
    process.stdout.write(`${join("target", "pack", name)}\n`);
  }
}
