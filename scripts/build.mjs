// Builds what users install: the client's module, its glue and types, the entries of pkg/package.json
// (`bundle.mjs`), the console in www/dist and the command line in cli/dist; prints the size of each part. `--pack`
// also makes the tarballs, `--budget` records the sizes as the limits that tests/package/size.test.mjs checks.

import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildCli } from "./build-cli.mjs";
import { bundleLedger } from "./build-ledger.mjs";
import { buildModule, clean, modules } from "./build-module.mjs";
import { buildSandboxModule, bundleSandbox, refreshSandbox } from "./build-sandbox.mjs";
import { bundleEntries, bundlePlain } from "./bundle.mjs";
import { notices } from "./notices.mjs";
import { folder, outdated, prepare, root, run } from "./tools.mjs";
import { writeTypes } from "./types.mjs";

const published = join(root, "pkg", "dist");
/** Built next to the old package and then renamed, so that there is never an incomplete package. */
const dist = join(root, "pkg", "dist.new");

/** The sandbox's documents, and their names in the package. */
const MANUAL = { "README.md": "sandbox.md", "recipes.md": "sandbox-recipes.md" };

/** A document of the sandbox with its links adjusted to the package. @param {string} name */
const manual = (name) =>
  Object.entries(MANUAL).reduce(
    (text, [other, copy]) => text.replaceAll(`](${other}`, `](${copy}`).replaceAll(`[${other}]`, `[${copy}]`),
    readFileSync(join(root, "sandbox", name), "utf8"),
  );

/** Builds the package, unless it is newer than its sources. */
export const buildPackage = async ({ force = false, quiet = false } = {}) => {
  const inputs = [
    "src",
    "Cargo.toml",
    "Cargo.lock",
    "scripts/build.mjs",
    "scripts/build-ledger.mjs",
    "scripts/build-module.mjs",
    "scripts/bundle.mjs",
    "scripts/wrap-exports.mjs",
    "scripts/compile.mjs",
    "scripts/inline.mjs",
    "scripts/notices.mjs",
    "scripts/shipped.mjs",
    "scripts/notices",
    "scripts/types.mjs",
    "scripts/decode-wasm.mjs",
    "pkg/package.json",
    "rust-toolchain.toml",
    "README.md",
    "CHANGELOG.md",
    ...Object.keys(MANUAL).map((name) => `sandbox/${name}`),
  ];
  buildSandboxModule();
  if (!force && !outdated(join(published, "index.cjs"), inputs)) return refreshSandbox(published);
  clean(dist);
  for (const which of /** @type {const} */ (["client", "webhooks"])) {
    buildModule(modules[which]);
    await bundleEntries(which, modules[which].work, dist);
  }
  for (const entry of ["toolkit", "otel", "tools"]) await bundlePlain(entry, dist);
  writeTypes(dist);
  await bundleLedger(dist);
  await bundleSandbox(dist);
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"])
    copyFileSync(join(root, name), join(root, "pkg", name));
  for (const [name, copy] of Object.entries(MANUAL)) writeFileSync(join(root, "pkg", "docs", copy), manual(name));
  writeFileSync(join(root, "pkg", "README.md"), readmeOfPackage());
  writeFileSync(join(root, "pkg", "THIRD-PARTY-NOTICES.txt"), notices());
  rmSync(published, { recursive: true, force: true });
  renameSync(dist, published);
  setModes();
  if (!quiet) report();
};

/** Sets the file modes, because npm keeps them and a clone's depend on its owner's umask. */
const setModes = () => {
  const pkg = join(root, "pkg");
  const [{ files }] = JSON.parse(run("npm", ["pack", "--dry-run", "--json"], { quiet: true, cwd: pkg }));
  const commands = Object.values(JSON.parse(readFileSync(join(pkg, "package.json"), "utf8")).bin);
  for (const { path } of files) chmodSync(join(pkg, path), commands.includes(path) ? 0o755 : 0o644);
};

/**
 * The README with its links adjusted to the package, which has no `pkg` folder, no pictures and no files for
 * contributors.
 */
const readmeOfPackage = () =>
  readFileSync(join(root, "README.md"), "utf8")
    .replaceAll(/^!\[.*\n\n/gm, "")
    .replace(
      "[the reference](pkg/docs/reference.md) lists",
      "the comments of the types (`dist/index.d.cts`) and the reference in the repository list",
    )
    .replace(
      "[pkg/examples/rust-front-end](pkg/examples/rust-front-end)",
      "`pkg/examples/rust-front-end` in the repository",
    )
    .replaceAll("](pkg/", "](")
    .replaceAll("[sandbox/README.md](sandbox/README.md)", "[docs/sandbox.md](docs/sandbox.md)")
    .replaceAll("](sandbox/README.md#", "](docs/sandbox.md#")
    .replace("[CONTRIBUTING.md](CONTRIBUTING.md)", "CONTRIBUTING.md in its repository")
    .replaceAll(/\[(docs\/(?!sandbox)[a-z/-]+\.md)\]\(\1\)/g, "$1 of the repository")
    .replace("[SECURITY.md](SECURITY.md)", "SECURITY.md there");

/** Builds the console if it is older than its sources: a folder that any web server can serve. */
export const buildConsole = () => {
  const inputs = ["www", "src", "sandbox", "pkg/package.json", "package-lock.json"];
  if (outdated(join(root, "www/dist/index.html"), inputs)) run("npx", ["vite", "build", "www", "--logLevel", "warn"]);
};

/** The size of each part of a built package in bytes, raw and compressed in both ways. */
export const weights = () => {
  const parts = {
    ".wasm": join(published, "agentphone.wasm"),
    "glue, minified": join(published, "core.js"),
    "index.js (the module as text)": join(published, "index.js"),
    "core.cjs": join(published, "core.cjs"),
    "slim.js": join(published, "slim.js"),
    "webhooks/webhooks.wasm": join(published, "webhooks", "webhooks.wasm"),
    "webhooks/core.js": join(published, "webhooks", "core.js"),
    "webhooks/index.js (the module as text)": join(published, "webhooks", "index.js"),
    "ledger/index.cjs (all stores)": join(published, "ledger", "index.cjs"),
    "ledger/shared.js": join(published, "ledger", "shared.js"),
    "ledger/memory.js": join(published, "ledger", "memory.js"),
    "ledger/indexed-db.js": join(published, "ledger", "indexed-db.js"),
    "ledger/sqlite.js": join(published, "ledger", "sqlite.js"),
    "ledger/postgres.js": join(published, "ledger", "postgres.js"),
    "ledger/redis.js": join(published, "ledger", "redis.js"),
    "toolkit/index.js": join(published, "toolkit", "index.js"),
    "otel/index.js": join(published, "otel", "index.js"),
    "tools/index.js": join(published, "tools", "index.js"),
    "sandbox.wasm": join(published, "sandbox", "sandbox.wasm"),
    "sandbox/slim.js": join(published, "sandbox", "slim.js"),
    "sandbox/index.js (the module as text)": join(published, "sandbox", "index.js"),
    "sandbox/node.js": join(published, "sandbox", "node.js"),
    "sandbox/demo.js": join(published, "sandbox", "demo.js"),
  };
  const weigh = (/** @type {Buffer} */ bytes) => ({
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  });
  return Object.fromEntries(Object.entries(parts).map(([name, file]) => [name, weigh(readFileSync(file))]));
};

const report = () => {
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
  process.stdout.write(`${"".padEnd(40)}${"raw".padStart(10)}${"gzip".padStart(11)}${"brotli".padStart(11)}\n`);
  const parts = weights();
  for (const [name, { raw, gzip, brotli }] of Object.entries(parts)) {
    process.stdout.write(`${name.padEnd(40)}${kb(raw)} ${kb(gzip)} ${kb(brotli)}\n`);
  }
  process.stdout.write(`.wasm + glue, gzip: ${kb(parts[".wasm"].gzip + parts["glue, minified"].gzip).trim()}\n`);
};

/** Identifies the build of the compiler, and so of the standard library. */
export const compilerInUse = () => run("rustc", ["-V"], { quiet: true }).trim();

if (process.argv[1] === join(root, "scripts", "build.mjs")) {
  prepare();
  await buildPackage({ force: true });
  buildConsole();
  await buildCli({ force: true });
  if (process.argv.includes("--budget"))
    writeFileSync(
      join(root, "scripts", "size.json"),
      `${JSON.stringify({ compiler: compilerInUse(), parts: weights() }, null, 2)}\n`,
    );
  if (process.argv.includes("--pack")) {
    const out = folder("target", "pack");
    for (const each of ["pkg", "cli"]) {
      const name = run("npm", ["pack", "--pack-destination", out], { quiet: true, cwd: join(root, each) }).trim();
      process.stdout.write(`${join("target", "pack", name)}\n`);
    }
  }
}
