// The programs of docs/recipes.md as a user would have them: files in a folder where their libraries are installed, compiled.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import { transformSync } from "esbuild";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { startPostgres } from "../ledger/servers.mjs";
import { locked } from "../support/locked.mjs";
import { files } from "./page.mjs";

const tools = locked("recipes");
export const recipeTools = tools.folder;

const PROGRAMS = fileURLToPath(new URL("programs", import.meta.url));

/** Writes all of them, and the programs that run them, to a folder beside the libraries; each is there as TypeScript and compiled. */
export const project = () => {
  const folder = mkdtempSync(join(tools.folder(), "run-"));
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
  for (const name of readdirSync(PROGRAMS)) copyFileSync(join(PROGRAMS, name), join(folder, name));
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const { code } = transformSync(readFileSync(join(folder, name), "utf8"), { loader: "ts", format: "esm" });
    writeFileSync(join(folder, name.replace(/ts$/, "js")), code);
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Restate's library needs Node 22 or later. */
const node24 = tools.file("node24", "bin", "node");
const hasNode22 = Number(process.versions.node.split(".")[0]) >= 22;
/** Why what needs a newer Node cannot run here, or false. */
export const noNode22 = !hasNode22 && node24 === undefined && "there is no Node 22 or later for this machine";

/** A file of the libraries, if it is there. */
export const toolFile = tools.file;
/** Imports one of the libraries. @param {string} name @returns {Promise<import("../support/foreign.js").Foreign>} */
export const load = (name) => import(tools.resolve(name));

export const TO = "+14155550100";

/** What a step needs: a sandbox with an agent, PostgreSQL for the ledger, and the programs. */
export const setting = async () => {
  const { folder, remove } = project();
  const [sandbox, postgres] = await Promise.all([serveSandbox({ limits: false }), startPostgres()]);
  const options = { apiKey: "sk_recipes", baseUrl: sandbox.url };
  const client = new AgentPhone(options);
  const agent = await client.agents.create({ name: "Ada" });
  await client.numbers.buy({ agentId: agent.id });
  const env = {
    AGENTPHONE_API_KEY: options.apiKey,
    AGENTPHONE_BASE_URL: sandbox.url,
    DATABASE_URL: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
  };
  /** @type {import("node:child_process").ChildProcess[]} */
  const children = [];
  /** Starts one of the programs in a process of its own. @param {string} name @param {string[]} args */
  const start = (name, ...args) => {
    const child = spawn(
      hasNode22 || node24 === undefined ? process.execPath : node24,
      [join(folder, `${name}.js`), ...args],
      {
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    children.push(child);
    const out = { text: "" };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (out.text += text));
    return { child, out, ended: once(child, "close").then(() => out.text) };
  };
  const close = async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all([sandbox.close(), postgres.remove()]);
    remove();
  };
  return { folder, sandbox, env, client, agentId: agent.id, start, close };
};

/** Waits until something is so. @param {() => boolean | Promise<boolean>} holds @param {() => string} what @param {number} [patience] ms */
export const until = async (holds, what, patience = 60_000) => {
  for (const end = performance.now() + patience; !(await holds()); ) {
    if (performance.now() > end) throw new Error(`never: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
