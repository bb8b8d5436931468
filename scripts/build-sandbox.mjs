// Builds the sandbox and its part of the package: `agentphone-wasm/sandbox` and the command. In Node the entries
// and the command share one .wasm file next to them; the entry for pages and bundlers embeds the same module, so
// that there is no `init()` to await; `sandbox/slim` is for pages that fetch it.

import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inlined, withOwnNames } from "./inline.mjs";
import { outdated, root, run } from "./tools.mjs";
import { writeDeclarations } from "./types.mjs";

const sandbox = join(root, "sandbox");
const wasm = join(sandbox, "dist", "agentphone_sandbox_bg.wasm");

const inputs = [
  "sandbox/src",
  "sandbox/build.rs",
  "sandbox/build.mjs",
  "scripts/compile.mjs",
  "sandbox/Cargo.toml",
  "contract/openapi.yaml",
  "Cargo.toml",
];

/** Builds the module if it is older than its sources. */
export const buildSandboxModule = () => {
  if (outdated(wasm, inputs)) run(process.execPath, ["sandbox/build.mjs"]);
};

/** Writes the sandbox's part of a package that is otherwise up to date. */
export const refreshSandbox = async (/** @type {string} */ dist) => {
  const sources = [
    ...inputs,
    "sandbox/js",
    "sandbox/node",
    "scripts/build-sandbox.mjs",
    "scripts/types.mjs",
    "scripts/inline.mjs",
    "scripts/decode-wasm.mjs",
  ];
  if (outdated(join(dist, "sandbox", "cli.cjs"), sources)) await bundleSandbox(dist);
};

/** In the package the module is next to the entries. @type {import("esbuild").Plugin} */
const beside = {
  name: "module-beside",
  setup(build) {
    build.onLoad({ filter: /[/\\]node[/\\]load\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace("../dist/agentphone_sandbox_bg.wasm", "./sandbox.wasm"),
      resolveDir: join(sandbox, "node"),
    }));
    // Loaded on demand.
    build.onResolve({ filter: /\/js\/demo\/index\.mjs$/ }, () => ({ path: "./demo.js", external: true }));
    // The command shares the entry's code.
    build.onResolve({ filter: /^\.\/server\.mjs$/ }, ({ importer }) =>
      /[/\\]cli\.mjs$/.test(importer) ? { path: "./index.cjs", external: true } : undefined,
    );
  },
};

/** Writes `sandbox/` into the package folder. */
export const bundleSandbox = async (/** @type {string} */ dist) => {
  const { build } = await import("esbuild");
  const out = join(dist, "sandbox");
  mkdirSync(out, { recursive: true });
  /** @type {import("esbuild").BuildOptions} */
  const options = { bundle: true, minify: true, lineLimit: 120, target: "es2022", legalComments: "none" };
  /** @type {import("esbuild").BuildOptions} */
  const node = { ...options, platform: "node", plugins: [beside] };
  await build({
    ...options,
    entryPoints: [join(sandbox, "js", "inline.mjs")],
    format: "esm",
    plugins: [inlined],
    outfile: join(out, "index.js"),
  });
  for (const [from, name] of [
    ["slim.mjs", "slim"],
    ["demo/index.mjs", "demo"],
  ]) {
    const entryPoints = [join(sandbox, "js", from)];
    await build({ ...options, entryPoints, format: "esm", outfile: join(out, `${name}.js`) });
    await build({
      ...options,
      entryPoints,
      format: "cjs",
      platform: "node",
      plugins: [withOwnNames],
      outfile: join(out, `${name}.cjs`),
    });
  }
  await build({
    ...node,
    entryPoints: [join(sandbox, "node", "index.mjs")],
    format: "esm",
    outfile: join(out, "node.js"),
  });
  // CommonJS, because Node starts it faster.
  await build({
    ...node,
    entryPoints: [join(sandbox, "node", "cli.mjs")],
    format: "cjs",
    outfile: join(out, "cli.cjs"),
  });
  const here = "__agentphoneSandboxUrl";
  await build({
    ...node,
    entryPoints: [join(sandbox, "node", "index.mjs")],
    format: "cjs",
    plugins: [beside, withOwnNames],
    define: { "import.meta.url": here },
    banner: { js: `const ${here} = require("node:url").pathToFileURL(__filename).href;` },
    outfile: join(out, "index.cjs"),
  });
  copyFileSync(wasm, join(out, "sandbox.wasm"));
  chmodSync(join(out, "cli.cjs"), 0o755);
  for (const [from, name] of [
    ["types.d.ts", "index"],
    ["slim.d.ts", "slim"],
    ["demo/index.d.ts", "demo"],
  ]) {
    const types = readFileSync(join(sandbox, "js", from), "utf8");
    writeDeclarations(out, name, types.replaceAll(/"\.{1,2}\/types\.js"/g, '"./index.js"'));
  }
};
