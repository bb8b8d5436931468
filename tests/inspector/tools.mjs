// The command line of the MCP inspector, as `tests/inspector/tools` names and locks it, and a Node that it runs in.

import { execFile } from "node:child_process";
import { locked } from "../support/locked.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const tools = locked("inspector");
export const inspectorTools = tools.folder;

/** Milliseconds for one of its runs: it starts, connects, asks once and ends. */
const PATIENCE = 60_000;
const isNew = Number(process.versions.node.split(".")[0]) >= 23;
const node = () => tools.file("node24", "bin", "node") ?? (isNew ? process.execPath : undefined);

/** Why it cannot run here, or false. */
export const noInspector = () => node() === undefined && "there is no Node 24 for this machine";

/**
 * One run of it. `status`: its exit code; `result`: what the server answered, as JSON.
 * @param {string[]} args Behind `--cli` @param {Record<string, string | undefined>} env
 * @returns {Promise<{ status: number, result: Foreign, stderr: string }>}
 */
export const inspect = (args, env) =>
  new Promise((resolve, reject) => {
    const path = tools.file("@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js");
    const options = { env, timeout: PATIENCE, maxBuffer: 16 << 20 };
    const child = execFile(String(node()), [String(path), "--cli", ...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") return reject(error);
      const [start, end] = [stdout.indexOf("{"), stdout.lastIndexOf("}")];
      const result = start < 0 ? undefined : JSON.parse(stdout.slice(start, end + 1));
      return resolve({ status: Number(error?.code ?? 0), result, stderr });
    });
    child.stdin?.end();
  });
