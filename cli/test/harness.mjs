// The command as its users have it: both packages packed, installed into a project, and run as a process.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { folder, root } from "../../scripts/tools.mjs";

const project = folder("target", "cli-project");

/** All that goes into the tarballs, as one hash. */
const content = () => {
  const hash = createHash("sha256");
  const add = (/** @type {string} */ path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(path, entry.name);
      if (entry.isDirectory()) add(name);
      else hash.update(name).update(readFileSync(name));
    }
  };
  for (const each of ["cli", "pkg"]) {
    add(join(root, each, "dist"));
    hash.update(readFileSync(join(root, each, "package.json")));
  }
  return hash.digest("hex");
};

const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) => {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout.trim();
};

/** Installs what is packed, unless it is installed already; test files that run at once wait for one of them. */
const install = async () => {
  const mark = join(project, "installed");
  const wanted = content();
  const isDone = () => existsSync(mark) && readFileSync(mark, "utf8") === wanted;
  const turn = join(project, "turn");
  for (const until = Date.now() + 240_000; !isDone(); ) {
    try {
      mkdirSync(turn);
    } catch {
      // Left by a run that was killed: an installation takes less.
      const since = Date.now() - (statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (since > 180_000) rmSync(turn, { recursive: true, force: true });
      if (Date.now() > until) throw new Error(`${turn} is in the way`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (isDone()) break;
      rmSync(join(project, "node_modules"), { recursive: true, force: true });
      const tarballs = ["pkg", "cli"].map((each) =>
        join(project, npm(["pack", "--pack-destination", project], join(root, each)).split("\n").at(-1) ?? ""),
      );
      writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
      npm(["install", "--no-audit", "--no-fund", "--prefer-offline", "--no-save", ...tarballs], project);
      writeFileSync(mark, wanted);
    } finally {
      rmSync(turn, { recursive: true });
    }
  }
};
await install();

/** The command in the project. */
export const command = join(project, "node_modules", "agentphone-wasm-cli", "dist", "agentphone.js");
export const bin = join(project, "node_modules", ".bin", "agentphone");
/** The sandbox's own command, of the other package. */
export const sandboxCommand = join(project, "node_modules", "agentphone-wasm", "dist", "sandbox", "cli.cjs");

/** A folder of this test file's own, removed at its end. */
export const scratch = mkdtempSync(join(tmpdir(), "agentphone-cli-"));
/** Processes of tests that failed would keep the test file alive. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** Nothing of the machine's own: neither its key nor its settings. */
export const environment = (/** @type {Record<string, string | undefined>} */ env = {}) => {
  const {
    AGENTPHONE_API_KEY: _,
    AGENTPHONE_BASE_URL: _url,
    NO_COLOR: _color,
    FORCE_COLOR: _force,
    ...own
  } = process.env;
  return {
    ...own,
    HOME: scratch,
    XDG_CONFIG_HOME: join(scratch, "config"),
    AGENTPHONE_STATE_DIR: join(scratch, "state"),
    TZ: "America/New_York",
    ...env,
  };
};

/** @typedef {{ status: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }} Ended */
/** `program`: another one than the command. @typedef {{ env?: Record<string, string | undefined>, input?: string, program?: string, cwd?: string }} Start */

/** Starts the command. `ended`: resolves when it has ended; `seen`: when its output, of either kind, matches. @param {string[]} args @param {Start} [options] */
export const start = (args, { env, input, program = command, cwd } = {}) => {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: environment(env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  running.add(child);
  child.on("close", () => running.delete(child));
  let [stdout, stderr] = ["", ""];
  /** @type {(() => void)[]} */
  let waiting = [];
  const look = () => {
    for (const each of waiting) each();
  };
  child.stdout.setEncoding("utf8").on("data", (text) => ((stdout += text), look()));
  child.stderr.setEncoding("utf8").on("data", (text) => ((stderr += text), look()));
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  /** @type {Promise<Ended>} */
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => (resolve({ status, signal, stdout, stderr }), look()));
  });
  const seen = (/** @type {RegExp} */ pattern, within = 30_000) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${pattern} in ${stdout}${stderr}`)), within);
      const check = () => {
        const match = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (match === null) return;
        clearTimeout(late);
        waiting = waiting.filter((each) => each !== check);
        resolve(match);
      };
      waiting.push(check);
      check();
    });
  return { child, ended, seen: /** @type {(pattern: RegExp, within?: number) => Promise<RegExpExecArray>} */ (seen) };
};

/** Runs the command to its end. @param {string[]} args @param {Start} [options] */
export const run = (args, options) => start(args, options).ended;

/** The JSON lines of a text. @param {string} text @returns {import("../../tests/support/foreign.js").Foreign[]} */
export const lines = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((each) => JSON.parse(each));

/** The error on standard error. @param {Ended} ended */
export const errorOf = ({ stderr }) => lines(stderr).at(-1)?.error;

/** The environment of a command on this server. @param {string} url */
export const on = (url) => ({ AGENTPHONE_API_KEY: "sk_test_key", AGENTPHONE_BASE_URL: url });
