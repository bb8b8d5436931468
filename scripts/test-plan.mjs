// Which suites there are, each with the key by which `npm test -- KEY` runs it, and what they need before they begin.

import { quick, suites, testFiles } from "./test-runners.mjs";

/** A sandbox server for tests in a page, so that the client also uses the browser's real network; other tests use a stub. @param {(url: string) => Promise<void>} work */
const withSandbox = async (work) => {
  const { serveSandbox } = await import("../sandbox/node/server.mjs");
  const sandbox = await serveSandbox({ port: 0, limits: false });
  await work(sandbox.url);
  await sandbox.close();
};

/** Builds the modules for the fault tests, once for all files: one to break, one whose panics are named functions. @param {() => Promise<void>} work */
const withFaults = async (work) => {
  for (const name of ["breakable", "panicking"]) {
    const { build } = await import(`../tests/support/${name}.mjs`);
    await build();
  }
  await work();
};

/** Installs the drivers for the ledger tests, once for all files. One of them is compiled, which can take a minute. @param {() => Promise<void>} work */
const withLedgerTools = async (work) => {
  const { ledgerTools } = await import("../tests/ledger/tools.mjs");
  ledgerTools();
  await work();
};

/** Installs the workflow engines as well as the drivers, because their ledger is in PostgreSQL. @param {() => Promise<void>} work */
const withRecipeTools = (work) =>
  withLedgerTools(async () => {
    const { recipeTools } = await import("../tests/recipes/recipes.mjs");
    recipeTools();
    await work();
  });

/** The frameworks, likewise, in a Node that all of them run in. @param {(by: string) => Promise<void>} work */
const withFrameworks = async (work) => {
  const { node24 } = await import("../tests/frameworks/tools.mjs");
  await work(node24());
};

/** Installs the MCP inspector, which is a client in some tests of the command line. @param {() => Promise<void>} work */
const withInspector = async (work) => {
  const { inspectorTools } = await import("../tests/inspector/tools.mjs");
  inspectorTools();
  await work();
};

/** The wasm suites, run as described in CONTRIBUTING.md. @param {string} name @param {string[]} args @param {Record<string, string>} [env] */
const wasmPack = (name, args, env) => suites.cargo(name, "wasm-pack", ["test", ...args], env);

/** What npm users get: the Rust front-end example would turn on the feature `typed`. */
const workspace = ["--workspace", "--exclude", "rust-front-end"];
const wasm = ["--target", "wasm32-unknown-unknown"];
const webhooks = ["--package", "agentphone-wasm", "--no-default-features", "--features", "small-allocator"];
const typed = ["--package", "agentphone-wasm", "--features", "agentphone-wasm/typed"];

/** A lint of Rust code in which every warning is an error. @param {string} name @param {string[]} args */
const clippy = (name, ...args) => suites.check(name, "cargo", ["clippy", ...args, "--quiet", "--", "-D", "warnings"]);

/** Each suite with its key; "slow" ones are not part of `--quick`. @type {[key: string, run: () => Promise<void>, slow?: "slow"][]} */
export const plan = [
  ["format", () => suites.check("format", "cargo", ["fmt", "--check"])],
  [
    "format",
    () => suites.check("format and lint, JavaScript, CSS and JSON", "npx", ["biome", "ci", "--error-on-warnings"]),
  ],
  ["lint", () => clippy("lint, native", ...workspace, "--all-targets")],
  ["lint", () => clippy("lint, wasm", ...workspace, "--all-targets", ...wasm), "slow"],
  ["lint", () => clippy("lint, webhooks alone", ...webhooks, ...wasm)],
  ["lint", () => clippy("lint, typed", ...typed, "--package", "rust-front-end", "--all-targets", ...wasm), "slow"],
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
  ["rust", () => suites.cargo("rust", "cargo", ["test", ...workspace, "--quiet"], quick ? { HISTORIES: "10000" } : {})],
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
  ["otel", () => suites.node("OpenTelemetry", testFiles("tests/otel")), "slow"],
  ["fuzz", () => suites.node("fuzzing, and its corpus", testFiles("tests/fuzz"), { patience: 900_000 }), "slow"],
  ["faults", () => withFaults(() => suites.node("a module that breaks", testFiles("tests/faults"))), "slow"],
  [
    "sandbox",
    () => suites.node("sandbox over real sockets", testFiles("sandbox/node"), { patience: 1_200_000 }),
    "slow",
  ],
  [
    "ledger",
    () =>
      withLedgerTools(() => suites.node("ledgers, on real servers", testFiles("tests/ledger"), { patience: 900_000 })),
    "slow",
  ],
  [
    "chaos",
    () => withLedgerTools(() => suites.node("chaos", testFiles("tests/chaos"), { patience: 900_000, beside: 2 })),
    "slow",
  ],
  ["tools", () => suites.node("tools for models", testFiles("tests/tools"))],
  [
    "tools",
    () =>
      withFrameworks((by) =>
        suites.node("tools for models, in frameworks", testFiles("tests/frameworks"), { patience: 900_000, by }),
      ),
    "slow",
  ],
  [
    "recipes",
    () => withRecipeTools(() => suites.node("recipes", testFiles("tests/recipes"), { patience: 600_000, beside: 2 })),
    "slow",
  ],
  ["cli", () => suites.check("types of the command line", "npx", ["tsc", "-p", "cli"])],
  ["cli", () => suites.check("types of its tests", "npx", ["tsc", "-p", "cli/test"])],
  [
    "cli",
    () =>
      withInspector(() =>
        suites.node("command line, as processes", testFiles("cli/test"), { patience: 1_200_000, beside: 2 }),
      ),
    "slow",
  ],
  ["docs", () => suites.node("documentation", testFiles("tests/docs"), { patience: 900_000 }), "slow"],
  ["package", () => suites.node("package", testFiles("tests/package"), { patience: 1_200_000 }), "slow"],
  [
    "package",
    () => suites.check("projects of users, installed", process.execPath, ["tests/package/projects/install.mjs"]),
    "slow",
  ],
  [
    "package",
    () => suites.node("projects of users", testFiles("tests/package/projects"), { patience: 1_200_000, beside: 2 }),
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
  [
    "typed",
    () =>
      wasmPack("typed, wasm in Node", [
        "--node",
        "--",
        "--features",
        "typed",
        "--test",
        "typed",
        "--test",
        "typed_ledger",
        "--test",
        "typed_effects",
      ]),
    "slow",
  ],
  ["typed", () => suites.node("typed, a front end in a browser", testFiles("tests/front-end")), "slow"],
  ["console", () => suites.check("console, types", "npx", ["tsc", "-p", "www"])],
  ["console", () => suites.check("live proxy, types", "npx", ["tsc", "-p", "www/server"])],
  ["console", () => suites.check("tests of the console, types", "npx", ["tsc", "-p", "www/test"])],
  ["console", () => suites.node("live proxy over real sockets", testFiles("www/server"))],
  [
    "console",
    () => suites.node("console in a browser", testFiles("www/test"), { patience: 900_000, beside: 2 }),
    "slow",
  ],
];
