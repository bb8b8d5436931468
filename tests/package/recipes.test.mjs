// The sandbox's README and its recipes, run as its reader would run it: in a project of one's own, from the packed
// files, with the test runners that it names. vitest, jest and Playwright are fetched once and kept
// under target/.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createSandbox } from "../../sandbox/node/index.mjs";
import { findBrowser } from "../support/browsers.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const project = join(root, "target", "recipes");
const RUNNERS = { "@playwright/test": "1.65.1", jest: "30.5.2", vitest: "4.1.12" };
const page = (/** @type {string} */ name) => readFileSync(join(root, "sandbox", name), "utf8");
const readme = page("README.md");
const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The code of a recipe. */
const recipe = (/** @type {string} */ name) => {
  const found = [...`${readme}\n${page("recipes.md")}`.matchAll(new RegExp(`\`\`\`js ${name}\n([^]*?)\`\`\``, "g"))];
  assert.equal(found.length, 1, `one recipe for ${name}`);
  return found[0][1];
};

/** Runs a command in the project; its output is the error when it fails. */
const run = (/** @type {string} */ command, /** @type {string[] | null} */ args, env = {}) =>
  new Promise((resolve, reject) => {
    // A runner inside of a runner would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    execFile(command, args, { cwd: project, env: { ...inherited, ...env, CI: "1" } }, (error, stdout, stderr) =>
      error ? reject(new Error(`${stdout}${stderr}`)) : resolve(`${stdout}${stderr}`),
    );
  });
const bin = (/** @type {string} */ name) => join(project, "node_modules", ".bin", name);

before(
  () => {
    mkdirSync(join(project, "app"), { recursive: true });
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, devDependencies: RUNNERS }));
    const mark = join(project, "node_modules", ".runners");
    if (!existsSync(mark) || readFileSync(mark, "utf8") !== JSON.stringify(RUNNERS)) {
      npm(["install", "--no-audit", "--no-fund", "--ignore-scripts"], project);
      writeFileSync(mark, JSON.stringify(RUNNERS));
    }
    const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", project], join(root, "pkg")));
    npm(["install", "--no-save", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${filename}`], project);
    rmSync(join(project, filename));
  },
  { timeout: 300_000 },
);

describe("the recipes", () => {
  test("in memory", async () => {
    // console.assert only prints; a failed promise of the README must fail here.
    const code = recipe("memory").replaceAll("console.assert(", "(await import('node:assert')).ok(");
    writeFileSync(join(project, "memory.mjs"), code);
    await run(process.execPath, ["memory.mjs"]);
  });

  test("vitest", async () => {
    writeFileSync(join(project, "recipe.vitest.mjs"), recipe("vitest"));
    const config = 'export default { test: { include: ["recipe.vitest.mjs"] } };';
    writeFileSync(join(project, "vitest.config.mjs"), config);
    const out = await run(bin("vitest"), ["run", "--no-color"]);
    assert.match(out, /1 passed/);
  });

  test("jest", async () => {
    writeFileSync(join(project, "recipe.jest.cjs"), recipe("jest"));
    const out = await run(bin("jest"), ["--testMatch", "**/recipe.jest.cjs", "--rootDir", project]);
    assert.match(out, /1 passed/);
  });

  test("node:test", async () => {
    writeFileSync(join(project, "recipe.node.mjs"), recipe("node"));
    assert.match(await run(process.execPath, ["--test", "recipe.node.mjs"]), /# pass 1\n/);
  });

  test("Playwright", async () => {
    writeFileSync(join(project, "recipe.spec.mjs"), recipe("playwright"));
    writeFileSync(
      join(project, "app", "index.html"),
      '<!doctype html><button>Show agents</button><p role="status"></p><script type="module" src="app.js"></script>',
    );
    writeFileSync(
      join(project, "app", "app.js"),
      `document.querySelector("button").addEventListener("click", async () => {
        const answer = await fetch("/v1/agents", { headers: { authorization: "Bearer sk_test" } });
        const body = await answer.json();
        document.querySelector("p").textContent = answer.ok ? String(body.total) : body.error.code;
      });`,
    );
    const launchOptions = { executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] };
    const config = { testMatch: "recipe.spec.mjs", reporter: "line", use: { launchOptions } };
    writeFileSync(join(project, "playwright.config.mjs"), `export default ${JSON.stringify(config)};`);
    assert.match(await run(bin("playwright"), ["test"]), /1 passed/);
  });
});

describe("the package", () => {
  test("the command of the package serves and stops", async () => {
    const child = execFile(bin("agentphone-sandbox"), ["--port", "0", "--quiet"], { cwd: project });
    let text = "";
    const stdout = child.stdout ?? assert.fail("it has no output");
    stdout.on("data", (chunk) => (text += chunk));
    while (!text.includes("Ctrl-C")) await once(stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    assert.equal((await (await fetch(`${url}/__sandbox/health`)).json()).ok, true);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "close"), [0, null]);
  });

  test("the entry for pages runs in a bundle with no file beside it, and takes a compiled module", async () => {
    const contents = `
      import { createSandbox } from "agentphone-wasm/sandbox";
      const ask = async (sandbox) => (await sandbox.fetch("/v1/agents", { headers: { authorization: "Bearer sk_1" } })).status;
      const module = globalThis.given && new WebAssembly.Module(globalThis.given);
      const sandbox = createSandbox(module ? { module } : {});
      globalThis.answered = await ask(sandbox);
      sandbox.close();`;
    const outfile = join(project, "bundle.mjs");
    await build({
      stdin: { contents, resolveDir: project },
      bundle: true,
      format: "esm",
      platform: "browser",
      outfile,
      logLevel: "error",
    });
    assert.doesNotMatch(readFileSync(outfile, "utf8"), /\brequire\(|from "node:/);
    await import(`${outfile}?inline`);
    assert.equal(/** @type {Foreign} */ (globalThis).answered, 200);
    /** @type {Foreign} */ (globalThis).given = readFileSync(
      join(project, "node_modules", "agentphone-wasm", "dist", "sandbox", "sandbox.wasm"),
    );
    /** @type {Foreign} */ (globalThis).answered = undefined;
    await import(`${outfile}?given`);
    assert.equal(/** @type {Foreign} */ (globalThis).answered, 200);
  });

  test("its types hold", async () => {
    const code = `
      import { createSandbox, serveSandbox, type FaultRule } from "agentphone-wasm/sandbox";
      const sandbox = createSandbox({ clock: "manual", onWebhook: (request) => Response.json({ text: request.url }) });
      const rule: FaultRule = { match: { operation: "calls.create" }, cut: "before-headers", times: 1 };
      const id: string = sandbox.faults.add(rule);
      const placed: number = sandbox.ledger().callsPlaced;
      // @ts-expect-error No such cut.
      sandbox.faults.add({ cut: "sideways" });
      export const all = async (): Promise<string> => (await serveSandbox({ speed: 60, stateFile: id + placed })).url;`;
    writeFileSync(join(project, "types.mts"), code);
    const flags = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom,dom.iterable",
      "--types",
      "",
      "types.mts",
    ];
    await run(join(root, "node_modules", ".bin", "tsc"), flags);
  });
});

test("the table of magic numbers is the sandbox's own", () => {
  const sandbox = createSandbox();
  const documented = [...readme.matchAll(/^\| `(\+1[\d ]+)` \| (.*?) \| (.*?) \|$/gm)].map(([, number, what, on]) => [
    number.replaceAll(" ", ""),
    what,
    on.replaceAll(/[`,]/g, ""),
  ]);
  assert.deepEqual(
    documented,
    sandbox.magic().map(({ number, what, on }) => [number, what, on.join(" ")]),
  );
  sandbox.close();
});
