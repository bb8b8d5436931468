// Builds sandbox/dist: cargo, wasm-bindgen, wasm-opt. Prints the size of the module, raw and gzip.
// No arguments.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compile } from "../scripts/compile.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const name = "agentphone_sandbox";

/** @param {string} command @param {string[]} args */
function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: here, stdio: "inherit", ...options });
}

// The limit is several times what the largest state and the work on it need, and protects the page or process
// around it.
const built = compile({ crate: "agentphone-sandbox", linkArgs: ["--max-memory=1073741824"] });

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
run("wasm-bindgen", [
  built,
  "--target",
  "web",
  // The loader passes the bytes in; a default path would make bundlers emit a second copy.
  "--omit-default-module-path",
  // A module that has trapped cannot be used again: `js/engine.mjs` creates a new one.
  "--experimental-reset-state-function",
  "--remove-producers-section",
  "--out-dir",
  dist,
  "--out-name",
  name,
]);
const module = join(dist, `${name}_bg.wasm`);
// The stack comes before the data, so the first kilobyte is unused.
run("wasm-opt", ["--low-memory-unused", "-Oz", "--strip-debug", module, "-o", module]);

const bytes = readFileSync(module);
const kilobytes = (/** @type {number} */ n) => `${(n / 1000).toFixed(1)} kB`;
console.log(`${name}_bg.wasm: ${kilobytes(bytes.length)}, gzip ${kilobytes(gzipSync(bytes, { level: 9 }).length)}`);
