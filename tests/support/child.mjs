// Runs a small program in a Node process of its own, for what can only be seen from outside: the
// environment, warnings, when the process ends.
import { spawn } from "node:child_process";

const here = new URL("..", import.meta.url);

/**
 * Runs `source` (an ES module; `agentphone-wasm` can be imported) and resolves when it has ended with
 * what it wrote, its exit code and how long it took. It is killed after `limit` ms.
 * @param {string} source
 * @param {{ env?: Record<string, string>, args?: string[], flags?: string[], limit?: number }} [options]
 * @returns {Promise<{ stdout: string, stderr: string, code: number | null, signal: string | null, took: number }>}
 */
export function runChild(source, { env = {}, args = [], flags = [], limit = 60_000 } = {}) {
  const began = performance.now();
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AGENTPHONE_")));
  // The test runner's own variables would make the child report as a test file.
  delete clean.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", source, "--", ...args], {
    cwd: here,
    env: { ...clean, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limit,
  });
  const out = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"]))
    child[name].setEncoding("utf8").on("data", (/** @type {string} */ chunk) => (out[name] += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ ...out, code, signal, took: performance.now() - began }));
  });
}
