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

// The bound: what the largest state and the work on it take, several times over; a page or a process has more to lose.
const built = compile({ crate: "agentphone-sandbox", linkArgs: ["--max-memory=1073741824"] });

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
run("wasm-bindgen", [
  built,
  "--target",
  "web",
  // The loader hands the bytes over; a default path would make bundlers emit a second copy.
  "--omit-default-module-path",
  // What a trap leaves behind cannot be used any more: `js/engine.mjs` begins anew.
  "--experimental-reset-state-function",
  "--remove-producers-section",
  "--out-dir",
  dist,
  "--out-name",
  name,
]);
const module = join(dist, `${name}_bg.wasm`);
// The stack lies below the data, so that nothing lives in the first kilobyte.
run("wasm-opt", ["--low-memory-unused", "-Oz", "--strip-debug", module, "-o", module]);

const bytes = readFileSync(module);
const kilobytes = (/** @type {number} */ n) => `${(n / 1000).toFixed(1)} kB`;
console.log(`${name}_bg.wasm: ${kilobytes(bytes.length)}, gzip ${kilobytes(gzipSync(bytes, { level: 9 }).length)}`);
