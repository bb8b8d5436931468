// What the projects share: a folder of their own beside the installed tools, a sandbox for each to ask, and
// commands that end.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { serveSandbox } from "../../../sandbox/node/server.mjs";
import { assertInstalled, home } from "./install.mjs";

assertInstalled();

/** What a project imports. By name, because that is what lets a bundler drop too much. */
export const NAMES = "{ AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks }";
const ALONE = "agentphone-wasm/webhooks";
const STORES = "agentphone-wasm/ledger";
const LEDGER = "{ LedgerError, memoryLedger }";
/** What the exercise is given: those names, the webhooks of the entry that has them alone, and a ledger. */
export const API = NAMES.replace("}", ", alone, LedgerError, memoryLedger }");
/** What CommonJS requires for it. */
export const REQUIRES = `const ${NAMES} = require("agentphone-wasm");\nconst { webhooks: alone } = require("${ALONE}");\nconst ${LEDGER} = require("${STORES}");\n`;
/** Imports all that, and from the client's entry what is named in `more`. */
export const imports = ({ entry = "agentphone-wasm", alone = ALONE, stores = STORES, more = "" } = {}) =>
  `import ${NAMES.replace(" }", `${more && ", "}${more} }`)} from "${entry}";\nimport { webhooks as alone } from "${alone}";\nimport ${LEDGER} from "${stores}";\n`;
/** A program that reads where the API is from the environment. */
export const MODULE = `${imports()}import { exercise } from "../exercise.mjs";\nconsole.log(await exercise(${API}));\n`;
export const COMMONJS = `${REQUIRES}const { exercise } = require("../exercise.cjs");\nexercise(${API}).then(console.log);\n`;

/** An installed tool's file. */
export const tool = (/** @type {string[]} */ ...parts) => {
  const path = join(home, "node_modules", ...parts);
  assert.ok(existsSync(path), `${parts.join("/")} was not installed: is this machine Linux on x64 with glibc?`);
  return path;
};
export const bin = (/** @type {string} */ name) => tool(".bin", name);
/** Node of a major release. */
export const nodeOf = (/** @type {number} */ major) => tool(`node${major}`, "bin", "node");

/** A fresh folder for one project, with these files, or with those of the folder `from`. @param {string} name @param {Record<string, string>} [files] @param {string} [from] */
export const project = (name, files = {}, from) => {
  const folder = join(home, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (from) cpSync(fileURLToPath(new URL(from, import.meta.url)), folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

/** A sandbox in which a call takes a moment; it ends with the test file. */
export const startSandbox = async () => {
  const sandbox = await serveSandbox({ limits: false, queuedMs: 20, ringingMs: 20, talkingMs: 200 });
  after(() => sandbox.close());
  return sandbox;
};

/** Tools keep their caches here instead of in the home folder, and report to nobody. */
const TOOLS = {
  CI: "1",
  NO_COLOR: "1",
  XDG_CACHE_HOME: join(home, ".cache"),
  XDG_CONFIG_HOME: join(home, ".config"),
  BUN_INSTALL_CACHE_DIR: join(home, ".cache", "bun"),
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_DIR: join(home, ".cache", "deno"),
  DENO_NO_UPDATE_CHECK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
};

const environment = (/** @type {Record<string, string | undefined>} */ env) => {
  // A runner inside of a runner would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  return { ...inherited, ...TOOLS, ...env };
};

/**
 * Runs a command to its end, and gives what it wrote; fails with that.
 * @param {string} command @param {string[]} args @param {{ cwd?: string, env?: Record<string, string | undefined>, timeout?: number }} [options] @returns {Promise<string>}
 */
export const run = (command, args, { cwd = home, env = {}, timeout = 120_000 } = {}) =>
  new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd, env: environment(env), timeout, killSignal: "SIGKILL", maxBuffer: 2 ** 26 },
      (error, stdout, stderr) =>
        error
          ? reject(new Error(`${command} ${args.join(" ")}${error.killed ? " did not end" : ""}\n${stdout}${stderr}`))
          : resolve(`${stdout}${stderr}`),
    );
  });

/** Where a program finds the sandbox. */
export const environmentOf = (/** @type {import("../../../sandbox/js/types.js").SandboxServer} */ sandbox) => ({
  AGENTPHONE_API_KEY: "sk_test",
  AGENTPHONE_BASE_URL: sandbox.url,
});

/** Does `work`, and holds that it said "done" and that the sandbox was really asked: one exercise places one call. */
export const exercised = async (
  /** @type {import("../../../sandbox/js/types.js").SandboxServer} */ sandbox,
  /** @type {() => Promise<string>} */ work,
) => {
  sandbox.reset();
  const said = await work();
  assert.match(said, /(^|\W)done\W*$/m);
  assert.equal(sandbox.ledger().callsPlaced, 1, said);
};

/**
 * Runs a program that does the exercise.
 * @param {import("../../../sandbox/js/types.js").SandboxServer} sandbox @param {string} command @param {string[]} args @param {Parameters<typeof run>[2]} [options]
 */
export const runs = (sandbox, command, args, options = {}) =>
  exercised(sandbox, () => run(command, args, { ...options, env: { ...environmentOf(sandbox), ...options.env } }));

/** Runs a bundle that does the exercise in a folder where nothing is installed: it has to have all that it needs inside. */
export const runsAway = async (
  /** @type {import("../../../sandbox/js/types.js").SandboxServer} */ sandbox,
  /** @type {string} */ bundle,
  name = "main.mjs",
  node = nodeOf(20),
) => {
  // Else what it reads there would be found only on the machine that made it.
  assert.ok(!readFileSync(bundle, "utf8").includes(home), `${bundle} names the folder that it was made in`);
  const folder = mkdtempSync(join(tmpdir(), "agentphone-away-"));
  try {
    copyFileSync(bundle, join(folder, name));
    await runs(sandbox, node, [name], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Starts a server and waits until it answers at `url`; gives what ends it, with all that it has started. */
export const serves = async (
  /** @type {string | URL | Request} */ url,
  /** @type {string} */ command,
  /** @type {string[]} */ args,
  /** @type {{ cwd: string, env?: Record<string, string | undefined> }} */ { cwd, env = {} },
) => {
  const child = spawn(command, args, { cwd, env: environment(env), detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  let ended = false;
  child.on("error", (error) => (text += error.message));
  child.on("close", () => (ended = true));
  const stop = () => {
    if (!ended && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    ended = true;
  };
  const end = performance.now() + 60_000;
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  ) {
    if (ended || performance.now() > end) {
      stop();
      throw new Error(`${command} ${args.join(" ")} never answered at ${url}\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return stop;
};
