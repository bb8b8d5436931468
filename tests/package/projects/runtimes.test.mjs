// Runtimes that are not Node and not a browser: Deno, Bun, Cloudflare's workerd through wrangler, and React Native,
// which the package refuses because its engine has no WebAssembly.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { freePort } from "../../../scripts/free-port.mjs";
import { FAILED } from "./browsers.mjs";
import { home } from "./install.mjs";
import {
  API,
  COMMONJS,
  exercised,
  imports,
  MODULE,
  nodeOf,
  project,
  run,
  runs,
  runsAway,
  serves,
  startSandbox,
  tool,
} from "./project.mjs";

const sandbox = await startSandbox();

describe("Deno", () => {
  const deno = tool("@deno", "linux-x64-glibc", "deno");
  test("with no permission but the network and two variables", () => {
    // To read the module from a file would be one more.
    const flags = [
      "--no-prompt",
      `--allow-net=${new URL(sandbox.url).host}`,
      "--allow-env=AGENTPHONE_API_KEY,AGENTPHONE_BASE_URL",
    ];
    return runs(sandbox, deno, ["run", ...flags, "main.mjs"], { cwd: project("deno", { "main.mjs": MODULE }) });
  });
  test("its types, by Deno's own compiler", async () => {
    const code = `import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
const client = new AgentPhone({ apiKey: "sk_test" });
const total: number = await client.agents.list().then((page) => page.data.length, (error: unknown) => (AgentPhoneError.is(error) ? error.attempts : 0));
console.log(total);
`;
    await run(deno, ["check", "main.ts"], { cwd: project("deno-types", { "main.ts": code }) });
  });
});

describe("Bun", () => {
  const bun = tool("@oven", "bun-linux-x64-baseline", "bin", "bun");
  const mixed = `${MODULE}import { createRequire } from "node:module";
if (createRequire(import.meta.url)("agentphone-wasm").AgentPhoneError !== AgentPhoneError) throw new Error("two classes of one name");
`;
  const cwd = project("bun", {
    "main.mjs": mixed,
    "main.cjs": COMMONJS,
    "plain.mjs": MODULE,
    "main.test.mjs": `import { test } from "bun:test";\n${MODULE.replace(/^console.log\((.*)\);$/m, 'test("exercise", async () => console.log($1));')}`,
  });
  test("a module, with the classes that require gives", () => runs(sandbox, bun, ["main.mjs"], { cwd }));
  test("CommonJS", () => runs(sandbox, bun, ["main.cjs"], { cwd }));
  test("bun test", () => runs(sandbox, bun, ["test", "main.test.mjs"], { cwd }));
  const bundle = (/** @type {string} */ target, /** @type {string[]} */ ...flags) =>
    run(bun, ["build", "plain.mjs", `--target=${target}`, `--outfile=${target}.mjs`, ...flags], { cwd });
  for (const [target, runtime, ...flags] of [
    ["node", nodeOf(20), "--conditions=module"],
    ["bun", bun],
    ["browser", nodeOf(20)],
  ]) {
    test(`bun build for ${[target, ...flags].join(" ")}, away from the package`, async () => {
      await bundle(target, ...flags);
      await runsAway(sandbox, join(cwd, `${target}.mjs`), "main.mjs", runtime);
    });
  }
  test("bun build for node without that condition: the program carries the module to another machine all the same", async () => {
    await bundle("node");
    const elsewhere = readFileSync(join(cwd, "node.mjs"), "utf8").replaceAll(home, "/another/machine");
    await runs(sandbox, nodeOf(20), ["main.mjs"], { cwd: project("bun-elsewhere", { "main.mjs": elsewhere }) });
  });
});

describe("Cloudflare Workers, by wrangler in workerd", () => {
  const wrangler = tool("wrangler", "bin", "wrangler.js");
  const worker = `${imports()}import { exercise } from "../exercise.mjs";
const work = (env) => exercise(${API}, { apiKey: "sk_test", baseUrl: env.AGENTPHONE_BASE_URL });
export default {
  async fetch(request, env) {
    return new Response(request.url.endsWith("/ask") ? await work(env).catch(${FAILED}) : "ready");
  },
};
`;
  // 2025-06-01 is the first date from which a worker may compile bytes at all, and then only while it starts.
  for (const [date, flags] of /** @type {[string, string[]][]} */ ([
    ["2023-01-01", []],
    ["2026-11-01", ["nodejs_compat"]],
  ])) {
    test(`compatible with ${date}${flags.map((flag) => `, ${flag}`).join("")}`, async (t) => {
      const config = JSON.stringify({
        name: `project-${date}`,
        main: "worker.mjs",
        compatibility_date: date,
        compatibility_flags: flags,
      });
      const cwd = project(`workerd-${date}`, { "worker.mjs": worker, "wrangler.json": config });
      const port = await freePort();
      const options = [
        "--ip",
        "127.0.0.1",
        "--port",
        `${port}`,
        "--inspector-port",
        `${await freePort()}`,
        "--var",
        `AGENTPHONE_BASE_URL:${sandbox.url}`,
      ];
      const url = `http://127.0.0.1:${port}`;
      t.after(await serves(url, nodeOf(22), [wrangler, "dev", ...options], { cwd }));
      await exercised(sandbox, async () => (await fetch(`${url}/ask`)).text());
    });
  }
});

describe("React Native", () => {
  const REFUSAL = /needs WebAssembly, which React Native does not have.*from your server/;
  test("the condition of its bundler leads to a refusal that says what to do instead", async () => {
    const cwd = project("react-native", { "main.mjs": MODULE, "main.cjs": COMMONJS });
    for (const file of ["main.mjs", "main.cjs"])
      await assert.rejects(run(nodeOf(22), ["--conditions=react-native", file], { cwd }), REFUSAL);
  });
  test("so does a bundle by Metro", async () => {
    const config = `const modules = require("node:path").join(__dirname, "..", "node_modules");
module.exports = {
  projectRoot: __dirname,
  watchFolders: [modules],
  resolver: { unstable_conditionNames: ["react-native"], nodeModulesPaths: [modules], useWatchman: false },
  transformer: { getTransformOptions: async () => ({ transform: { experimentalImportSupport: true } }) },
};
`;
    const cwd = project("metro", {
      "main.js": 'import { AgentPhone } from "agentphone-wasm";\nnew AgentPhone();\n',
      "metro.config.cjs": config,
    });
    const metro = tool("metro", "src", "cli.js");
    await run(
      nodeOf(22),
      [
        metro,
        "build",
        "main.js",
        "--out",
        "out.js",
        "--config",
        "metro.config.cjs",
        "--platform",
        "ios",
        "--max-workers",
        "1",
      ],
      { cwd },
    );
    await assert.rejects(run(nodeOf(22), ["out.js"], { cwd }), REFUSAL);
  });
});
