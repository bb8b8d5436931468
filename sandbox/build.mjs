// Builds sandbox/dist: cargo, wasm-bindgen, wasm-opt. Prints the size of the module, raw and gzip.
// No arguments. CARGO_TARGET_DIR is respected, because the folder is asked of cargo itself.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { snipPanics } from "../scripts/snip.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const target = "wasm32-unknown-unknown";
const name = "agentphone_sandbox";

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: here, stdio: "inherit", ...options });
}

// Without the remapping each panic location carries the home folder of whoever built it.
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
// What the largest state and the work on it take, several times over; a page or a process has more to lose.
const memory = ["-Clink-arg=--max-memory=1073741824"];
// SHA-256 as a loop instead of unrolled: 2 kB less (gzip).
const compact = ["--cfg", 'sha2_backend_soft="compact"'];
const flags = [...compact, ...memory, `--remap-path-prefix=${cargoHome}/registry/src=/cargo`, `--remap-path-prefix=${dirname(here)}=/src`];
run("cargo", ["build", "--profile", "sandbox", "--target", target, "-p", "agentphone-sandbox"], {
  env: { ...process.env, RUSTFLAGS: flags.join(" ") },
});
const metadata = JSON.parse(
  run("cargo", ["metadata", "--no-deps", "--format-version", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  }),
);
const built = join(metadata.target_directory, target, "sandbox", `${name}.wasm`);

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
snipPanics(module, module, { formats: true });
// The stack lies below the data, so that nothing lives in the first kilobyte.
run("wasm-opt", ["--low-memory-unused", "-Oz", "--strip-debug", module, "-o", module]);

const bytes = readFileSync(module);
const kilobytes = (n) => `${(n / 1000).toFixed(1)} kB`;
console.log(`${name}_bg.wasm: ${kilobytes(bytes.length)}, gzip ${kilobytes(gzipSync(bytes, { level: 9 }).length)}`);
