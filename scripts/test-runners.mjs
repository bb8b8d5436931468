// How `scripts/test.mjs` runs a suite and counts: a check, cargo, or Node's test runner, with its output shown.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { failedTests, filesToRepeat } from "./test-again.mjs";
import { root } from "./tools.mjs";

/** Only what is quick. */
export const quick = process.argv.includes("--quick");
/** The package as it is in pkg/dist, without a Rust compiler. */
export const built = process.argv.includes("--built");
/** What fails has failed: nothing is run a second time. */
const strict = process.argv.includes("--strict");
/** Tests that passed only when they were run again, each with its suite and file. @type {string[]} */
export const flaky = [];
/** @type {{ name: string, passed: number, failed: number, seconds: number }[]} */
export const totals = [];
/** When the previous suite ended. */
let last = Date.now();

/** The next suite begins now. */
export const beginNow = () => {
  last = Date.now();
};

/** Time limit in milliseconds for the suites in a headless browser, including what is compiled first. */
const BROWSER_LIMIT = 900_000;

/**
 * Runs a command and shows its output. Returns its text and whether it succeeded. After `limit` milliseconds it is
 * killed with all its children.
 * @param {string} command @param {string[]} args @param {Record<string, string>} [env] @param {number} [limit]
 * @returns {Promise<{ text: string, ok: boolean }>}
 */
const shown = (command, args, env = {}, limit = 0) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: limit > 0,
    });
    let text = "";
    const end = () => {
      process.stdout.write(`\nnot done after ${limit / 1000} s: ended\n`);
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const clock = limit > 0 ? setTimeout(end, limit) : undefined;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
        process.stdout.write(chunk);
      });
    }
    child.on("error", (error) => resolve({ text: error.message, ok: false }));
    child.on("close", (/** @type {number} */ status) => {
      clearTimeout(clock);
      resolve({ text, ok: status === 0 });
    });
  });

const sum = (/** @type {string} */ text, /** @type {RegExp} */ pattern) =>
  [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);

/**
 * Records the counts of a runner. A runner that failed without counts is one failure.
 * @param {string} name @param {boolean} ok @param {number} passed @param {number} failed
 */
const record = (name, ok, passed, failed) => {
  const lost = ok ? (passed + failed === 0 ? 1 : 0) : Math.max(failed, 1);
  const seconds = Math.round((Date.now() - last) / 1000);
  last = Date.now();
  totals.push({ name, passed, failed: lost, seconds });
  process.stdout.write(`\n${name}: ${passed} passed, ${lost} failed\n\n`);
};

export const suites = {
  /**
   * One check that passes or fails as a whole.
   * @param {string} name @param {string} command @param {string[]} args @param {Record<string, string>} [env]
   */
  async check(name, command, args, env) {
    const { ok } = await shown(command, args, env);
    record(name, ok, ok ? 1 : 0, ok ? 0 : 1);
  },
  /**
   * cargo test, natively or through wasm-pack.
   * @param {string} name @param {string} command @param {string[]} args @param {Record<string, string>} [env]
   */
  async cargo(name, command, args, env) {
    // Without a limit, a page that does nothing would be waited for indefinitely.
    const browser = args.includes("--headless");
    let { text, ok } = await shown(command, args, env, browser ? BROWSER_LIMIT : 0);
    if (!ok && browser && !strict) {
      process.stdout.write("\nrun again\n");
      ({ text, ok } = await shown(command, args, env, BROWSER_LIMIT));
      if (ok) flaky.push(name);
    }
    record(name, ok, sum(text, /^test result: .*?(\d+) passed/gm), sum(text, /^test result: .*?(\d+) failed/gm));
  },
  /**
   * Node's test runner. `patience`: milliseconds per file, more for files that install something first; `by`: which Node;
   * `beside`: number of concurrent files, fewer where each starts a browser, more where most only wait.
   * @param {string} name @param {string[]} files @param {{ patience?: number, beside?: number, by?: string }} [limits]
   */
  async node(name, files, { patience = 300_000, beside = quick ? 8 : 4, by = process.execPath } = {}) {
    const run = async (/** @type {string[]} */ these, /** @type {number} */ atOnce) => {
      const out = join(mkdtempSync(join(tmpdir(), "agentphone-test-")), "tap");
      const { ok } = await shown(by, [
        "--test",
        `--test-timeout=${patience}`,
        `--test-concurrency=${atOnce}`,
        "--test-reporter=dot",
        "--test-reporter-destination=stdout",
        "--test-reporter=tap",
        `--test-reporter-destination=${out}`,
        ...these,
      ]);
      const text = existsSync(out) ? readFileSync(out, "utf8") : "";
      const begin = text.search(/^\s*not ok /m);
      if (begin >= 0) process.stdout.write(`${text.slice(begin).slice(0, 20_000)}\n`);
      return { ok, text, passed: sum(text, /^# pass (\d+)/gm), failed: sum(text, /^# (?:fail|cancelled) (\d+)/gm) };
    };
    let { ok, text, passed, failed } = await run(files, beside);
    const again = ok || strict ? undefined : filesToRepeat(text, files);
    if (again !== undefined) {
      process.stdout.write(`\nrun again, alone: ${again.map((file) => basename(file)).join(", ")}\n`);
      const second = await run(again, 1);
      if (second.ok && second.passed > 0) {
        flaky.push(...failedTests(text).map((test) => `${name}: ${test}`));
        passed += failed;
        failed = 0;
        ok = true;
      }
    }
    record(name, ok, passed, failed);
  },
};

/**
 * Tests that repeat something a hundred thousand times, start a process per case or install something: together they
 * take as much CPU time as everything in `--quick`.
 */
const HEAVY = [
  "aborts.test.mjs",
  "clocks.test.mjs",
  "contexts.test.mjs",
  "contract.test.mjs",
  "disposal.test.mjs",
  "engine.test.mjs",
  "importing.test.mjs",
  "imports-never-throw.test.mjs",
  "load.test.mjs",
  "targets.test.mjs",
  "typed-adds-nothing.test.mjs",
  "webhooks-alone.test.mjs",
];

/** Tests that run cargo. */
const COMPILING = ["typed-adds-nothing.test.mjs", "webhooks-alone.test.mjs"];

export const testFiles = (/** @type {string} */ folder) => {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const left = [...(quick ? HEAVY : []), ...(built ? COMPILING : [])];
  return readdirSync(path)
    .filter((name) => name.endsWith(".test.mjs") && !left.includes(name))
    .map((name) => join(path, name))
    .sort();
};
