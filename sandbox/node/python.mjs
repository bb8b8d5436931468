// Python environments with given packages, each created once and kept under target/. On Debian, `venv` is a
// separate package, which root installs with apt; nothing else is installed on the machine.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = fileURLToPath(new URL("../../target/python/", import.meta.url));

/**
 * Runs a command and returns { code, out }, where `out` combines both outputs.
 * @param {string} command @param {string[]} args @returns {Promise<{ code: number, out: string }>}
 */
export function execute(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (out += chunk));
    child.on("error", (error) => resolve({ code: 1, out: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, out }));
  });
}

const must = async (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
  const { code, out } = await execute(command, args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${out}`);
};

const create = async (/** @type {string} */ folder) => {
  // Without ensurepip, `-m venv` leaves a folder without pip and prints which package is missing.
  if ((await execute("python3", ["-m", "venv", folder])).code === 0) return;
  rmSync(folder, { recursive: true, force: true });
  if (process.getuid?.() !== 0) throw new Error("python3 with its module venv is needed (Debian: python3-venv)");
  await must("apt-get", "update", "-q");
  await must("apt-get", "install", "-y", "-q", "--no-install-recommends", "python3", "python3-venv");
  await must("python3", "-m", "venv", folder);
};

/** The path of a Python with these packages. @param {string[]} packages */
export async function pythonWith(...packages) {
  const folder = join(CACHE, packages.map((name) => name.replaceAll(/[^\w.]+/g, "-")).join("+"));
  const mark = join(folder, "installed");
  const python = join(folder, "bin", "python");
  const wanted = packages.join("\n");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  await create(folder);
  await must(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages);
  writeFileSync(mark, wanted);
  return python;
}
