// Shared by the other scripts: running commands, finding tools, installing what is missing. Uses only Node's own
// modules, because it runs before `npm ci`.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const cargoBin = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
if (!process.env.PATH?.split(delimiter).includes(cargoBin)) {
  process.env.PATH = `${cargoBin}${delimiter}${process.env.PATH ?? ""}`;
}

/**
 * Runs a command in the project's root and exits the process if it fails.
 * @param {string} command @param {string[]} args @param {{ quiet?: boolean, env?: Record<string, string>, cwd?: string }} [options]
 */
export const run = (command, args, options = {}) => {
  const { quiet = false, env = {}, cwd = root } = options;
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error || result.status !== 0) {
    if (quiet) process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
    process.stderr.write(`failed: ${command} ${args.join(" ")}${result.error ? ` (${result.error.message})` : ""}\n`);
    process.exit(1);
  }
  return result.stdout ?? "";
};

/** Prepares a bare machine for building: toolchain, wasm tools, browser, npm packages. */
export const prepare = ({ browser = false } = {}) => {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    process.stderr.write(`Node 20 or later is needed; this is ${process.version}.\n`);
    process.exit(1);
  }
  const flags = browser ? [] : ["--no-browser"];
  const check = spawnSync("bash", ["scripts/setup.sh", "--check", ...flags], { cwd: root, stdio: "ignore" });
  if (check.status !== 0) run("bash", ["scripts/setup.sh", ...flags]);
  installPackages();
};

const installPackages = () => {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const mark = join(root, "node_modules", ".installed-lock");
  if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
  process.stdout.write("npm ci\n");
  run("npm", ["ci", "--no-audit", "--no-fund"], { quiet: true });
  writeFileSync(mark, lock);
};

/** Whether `output` is missing or older than one of the files known to git below `inputs`. */
export const outdated = (/** @type {string} */ output, /** @type {string[]} */ inputs) => {
  if (!existsSync(output)) return true;
  const made = statSync(output).mtimeMs;
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...inputs], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.status === 0 ? listed.stdout.split("\n").filter(Boolean) : [];
  if (files.length === 0) return true;
  return files.some((file) => existsSync(join(root, file)) && statSync(join(root, file)).mtimeMs > made);
};

/** Creates a folder and returns its path. */
export const folder = (/** @type {string[]} */ ...parts) => {
  const path = join(root, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
};

/** Cargo's target folder. */
export const targetDir = () => process.env.CARGO_TARGET_DIR ?? join(root, "target");
