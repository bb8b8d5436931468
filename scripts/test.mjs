// Runs every test and prints each suite's totals; the last line is `N passed, N failed`. `--quick`
// leaves out what needs a browser, a tarball or a lot of time; `--built` takes the package as it lies in pkg/dist, and
// leaves out what needs a Rust compiler, for machines that have none.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildConsole, buildPackage } from "./build.mjs";
import { prepare, root } from "./tools.mjs";

const quick = process.argv.includes("--quick");
const built = process.argv.includes("--built");
const only = process.argv.slice(2).filter((word) => !word.startsWith("-"));
/** @type {{ name: string, passed: number, failed: number, seconds: number }[]} */
const totals = [];
/** When the suite before has ended. */
let last = Date.now();
/** Milliseconds for the suites in a headless browser, which take a minute, and for what is compiled before. */
const BROWSER_LIMIT = 300_000;

/**
 * Runs a command with its output shown; gives its text and whether it succeeded. After `limit` milliseconds it is
 * ended, with all that it has started.
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
 * Counts what a runner said; a runner that failed without counting is one failure.
 * @param {string} name @param {boolean} ok @param {number} passed @param {number} failed
 */
const record = (name, ok, passed, failed) => {
  const lost = ok ? (passed + failed === 0 ? 1 : 0) : Math.max(failed, 1);
  const seconds = Math.round((Date.now() - last) / 1000);
  last = Date.now();
  totals.push({ name, passed, failed: lost, seconds });
  process.stdout.write(`\n${name}: ${passed} passed, ${lost} failed\n\n`);
};

const suites = {
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
    // A page that does nothing would be waited for as long as one lets it.
    const { text, ok } = await shown(command, args, env, args.includes("--headless") ? BROWSER_LIMIT : 0);
    record(name, ok, sum(text, /^test result: .*?(\d+) passed/gm), sum(text, /^test result: .*?(\d+) failed/gm));
  },
  /**
   * Node's own runner. `patience`: milliseconds for a file, more where it installs something first; `beside`: files
   * at once, fewer where each starts a browser, more where most only wait.
   * @param {string} name @param {string[]} files @param {{ patience?: number, beside?: number }} [limits]
   */
  async node(name, files, { patience = 120_000, beside = quick ? 8 : 4 } = {}) {
    const out = join(mkdtempSync(join(tmpdir(), "agentphone-test-")), "tap");
    const reporters = [
      "--test-reporter=dot",
      "--test-reporter-destination=stdout",
      "--test-reporter=tap",
      `--test-reporter-destination=${out}`,
    ];
    const { ok } = await shown(process.execPath, [
      "--test",
      `--test-timeout=${patience}`,
      `--test-concurrency=${beside}`,
      ...reporters,
      ...files,
    ]);
    const text = existsSync(out) ? readFileSync(out, "utf8") : "";
    const failures = text.split("\n").filter((line) => /^\s*not ok /.test(line));
    if (failures.length > 0) process.stdout.write(`${text.slice(text.search(/^\s*not ok /m)).slice(0, 20_000)}\n`);
    record(name, ok, sum(text, /^# pass (\d+)/gm), sum(text, /^# fail (\d+)/gm));
  },
};

/** What does a thing by the hundred thousand, starts a process per case or installs something: as much CPU as all that `--quick` runs. */
const HEAVY = [
  // tests/node
  "aborts.test.mjs",
  "contexts.test.mjs",
  "disposal.test.mjs",
  "engine.test.mjs",
  "importing.test.mjs",
  "load.test.mjs",
  "targets.test.mjs",
  "typed-adds-nothing.test.mjs",
  "webhooks-alone.test.mjs",
  // sandbox/node
  "agent-tools.test.mjs",
  "breaks.test.mjs",
  "cli.test.mjs",
  "demo.test.mjs",
  "hostile.test.mjs",
  "official-python.test.mjs",
  "state.test.mjs",
];

/** What asks cargo. */
const COMPILING = ["typed-adds-nothing.test.mjs", "webhooks-alone.test.mjs"];

const testFiles = (/** @type {string} */ folder) => {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const left = [...(quick ? HEAVY : []), ...(built ? COMPILING : [])];
  return readdirSync(path)
    .filter((name) => name.endsWith(".test.mjs") && !left.includes(name))
    .map((name) => join(path, name))
    .sort();
};

/** A sandbox's server for tests in a page, which else answer themselves: there the client meets the browser's own network. @param {(url: string) => Promise<void>} work */
const withSandbox = async (work) => {
  const { serveSandbox } = await import("../sandbox/node/server.mjs");
  const sandbox = await serveSandbox({ port: 0, limits: false });
  await work(sandbox.url);
  await sandbox.close();
};

/** The modules that the tests of faults need, once for all of their files: one to break, one whose panics have names. @param {() => Promise<void>} work */
const withFaults = async (work) => {
  for (const name of ["breakable", "panicking"]) {
    const { build } = await import(`../tests/support/${name}.mjs`);
    await build();
  }
  await work();
};

/** The drivers that the tests of ledgers need, once for all of their files: one is compiled, which can take a minute. @param {() => Promise<void>} work */
const withLedgerTools = async (work) => {
  const { ledgerTools } = await import("../tests/ledger/tools.mjs");
  ledgerTools();
  await work();
};

/** The wasm suites, as CONTRIBUTING.md says to run them. @param {string} name @param {string[]} args @param {Record<string, string>} [env] */
const wasmPack = (name, args, env) => suites.cargo(name, "wasm-pack", ["test", ...args], env);

/** What is built as npm users get it: the example of a Rust front end would turn the feature `typed` on. */
const workspace = ["--workspace", "--exclude", "rust-front-end"];
const wasm = ["--target", "wasm32-unknown-unknown"];
const webhooks = ["--package", "agentphone-wasm", "--no-default-features", "--features", "small-allocator"];
const typed = ["--package", "agentphone-wasm", "--features", "agentphone-wasm/typed"];

/** Each suite with its key; "slow" ones are no part of `--quick`. @type {[key: string, run: () => Promise<void>, slow?: "slow"][]} */
const plan = [
  ["format", () => suites.check("format", "cargo", ["fmt", "--check"])],
  [
    "format",
    () =>
      suites.check("format, JavaScript, CSS and JSON", "npx", [
        "biome",
        "ci",
        "--linter-enabled=false",
        "--error-on-warnings",
      ]),
  ],
  ["lint", () => suites.check("lint, JavaScript and CSS", "npx", ["biome", "lint", "--error-on-warnings"])],
  [
    "lint",
    () =>
      suites.check("lint, native", "cargo", [
        "clippy",
        ...workspace,
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
      ]),
  ],
  [
    "lint",
    () =>
      suites.check("lint, wasm", "cargo", [
        "clippy",
        ...workspace,
        "--all-targets",
        "--quiet",
        ...wasm,
        "--",
        "-D",
        "warnings",
      ]),
    "slow",
  ],
  [
    "lint",
    () =>
      suites.check("lint, webhooks alone", "cargo", [
        "clippy",
        ...webhooks,
        "--quiet",
        ...wasm,
        "--",
        "-D",
        "warnings",
      ]),
  ],
  [
    "lint",
    () =>
      suites.check("lint, typed", "cargo", [
        "clippy",
        ...typed,
        "--package",
        "rust-front-end",
        "--all-targets",
        "--quiet",
        ...wasm,
        "--",
        "-D",
        "warnings",
      ]),
    "slow",
  ],
  [
    "lint",
    () =>
      suites.check(
        "documentation of the crates",
        "cargo",
        ["doc", ...workspace, "--no-deps", "--quiet", "--document-private-items"],
        { RUSTDOCFLAGS: "-D warnings" },
      ),
    "slow",
  ],
  ["rust", () => suites.cargo("rust", "cargo", ["test", ...workspace, "--quiet"])],
  ["typed", () => suites.cargo("typed, native", "cargo", ["test", ...typed, "--lib", "--quiet", "typed::"]), "slow"],
  ["typed", () => suites.cargo("typed, examples in comments", "cargo", ["test", ...typed, "--doc", "--quiet"]), "slow"],
  ["types", () => suites.check("types, where they are written", "npx", ["tsc", "-p", "src"])],
  ["types", () => suites.check("types, as they are published", "npx", ["tsc", "-p", "tests/types"])],
  ["types", () => suites.node("types and contract", testFiles("tests/types"))],
  ["types", () => suites.check("types of src/js", "npx", ["tsc", "-p", "src/js"])],
  ["types", () => suites.check("types of the sandbox", "npx", ["tsc", "-p", "sandbox"])],
  [
    "types",
    () => suites.check("types of the sandbox's server and tests", "npx", ["tsc", "-p", "sandbox/tsconfig.test.json"]),
  ],
  ["types", () => suites.check("types of the scripts", "npx", ["tsc", "-p", "scripts"])],
  ["types", () => suites.check("types of the benchmarks", "npx", ["tsc", "-p", "benches"])],
  ["types", () => suites.check("types of the tests", "npx", ["tsc", "-p", "tests"])],
  ["node", () => suites.node("client over real sockets", testFiles("tests/node"))],
  ["fuzz", () => suites.node("fuzzing, and its corpus", testFiles("tests/fuzz"), { patience: 300_000 }), "slow"],
  ["faults", () => withFaults(() => suites.node("a module that breaks", testFiles("tests/faults"))), "slow"],
  ["sandbox", () => suites.node("sandbox over real sockets", testFiles("sandbox/node"), { patience: 400_000 })],
  ["ledger", () => withLedgerTools(() => suites.node("ledgers, on real servers", testFiles("tests/ledger"))), "slow"],
  [
    "chaos",
    () => withLedgerTools(() => suites.node("chaos", testFiles("tests/chaos"), { patience: 300_000, beside: 2 })),
    "slow",
  ],
  ["docs", () => suites.node("documentation", testFiles("tests/docs")), "slow"],
  ["package", () => suites.node("package", testFiles("tests/package"), { patience: 400_000 }), "slow"],
  [
    "package",
    () => suites.check("projects of users, installed", process.execPath, ["tests/package/projects/install.mjs"]),
    "slow",
  ],
  [
    "package",
    () => suites.node("projects of users", testFiles("tests/package/projects"), { patience: 400_000, beside: 2 }),
    "slow",
  ],
  ["host", () => wasmPack("wasm in Node", ["--node"]), "slow"],
  ["host", () => wasmPack("wasm in a page and a worker", ["--headless", "--chrome"]), "slow"],
  [
    "host",
    () =>
      withSandbox((url) =>
        wasmPack("… over HTTP", ["--headless", "--chrome", "--", "--test", "page", "--test", "worker"], {
          AGENTPHONE_TEST_SERVER: url,
        }),
      ),
    "slow",
  ],
  ["typed", () => wasmPack("typed, wasm in Node", ["--node", "--", "--features", "typed", "--test", "typed"]), "slow"],
  ["typed", () => suites.node("typed, a front end in a browser", testFiles("tests/front-end")), "slow"],
  ["console", () => suites.check("console, types", "npx", ["tsc", "-p", "www"])],
  ["console", () => suites.check("live proxy, types", "npx", ["tsc", "-p", "www/server"])],
  ["console", () => suites.check("tests of the console, types", "npx", ["tsc", "-p", "www/test"])],
  ["console", () => suites.node("live proxy over real sockets", testFiles("www/server"))],
  [
    "console",
    () => suites.node("console in a browser", testFiles("www/test"), { patience: 300_000, beside: 2 }),
    "slow",
  ],
];

if (process.argv[1] === join(root, "scripts", "test.mjs")) {
  const began = Date.now();
  if (!built) {
    prepare({ browser: !quick });
    await buildPackage();
    buildConsole();
  }
  last = Date.now();
  for (const [key, suite, slow] of plan) {
    if (only.length > 0 ? only.includes(key) : !(quick && slow)) await suite();
  }
  const total = (/** @type {"passed" | "failed"} */ field) => totals.reduce((all, suite) => all + suite[field], 0);
  process.stdout.write("\n");
  for (const { name, passed, failed, seconds } of totals)
    process.stdout.write(`${name.padEnd(44)} ${passed} passed, ${failed} failed, ${seconds} s\n`);
  process.stdout.write(`in ${Math.round((Date.now() - began) / 1000)} s\n`);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
}
