// Projects that run in Node: every release that is supported, modules and CommonJS, TypeScript, jest, vitest.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { home, root } from "./install.mjs";
import { API, bin, COMMONJS, imports, MODULE, nodeOf, project, REQUIRES, run, runs, startSandbox } from "./project.mjs";

/** @import { Foreign } from "../../support/foreign.js" */

const sandbox = await startSandbox();

/** A program that imports the package and also requires it, through some other package of its. */
const MIXED = `import { createRequire } from "node:module";
import { AgentPhoneError as imported } from "agentphone-wasm";
if (createRequire(import.meta.url)("agentphone-wasm").AgentPhoneError !== imported) throw new Error("two classes of one name");
${MODULE}`;

for (const major of [20, 22, 24, 26]) {
  describe(`Node ${major}`, () => {
    const node = nodeOf(major);
    const cwd = project(`node-${major}`, { "main.mjs": MIXED, "main.cjs": COMMONJS });
    test("it is that release that runs", async () =>
      assert.match(await run(node, ["--version"]), new RegExp(`^v${major}\\.`)));
    test("a module, with the classes that require gives", () => runs(sandbox, node, ["main.mjs"], { cwd }));
    test("CommonJS", () => runs(sandbox, node, ["main.cjs"], { cwd }));
    test("built-in objects that are frozen", () => runs(sandbox, node, ["--frozen-intrinsics", "main.mjs"], { cwd }));
    test("a process that may read nothing but the project", () => {
      // Its own folder and the packages beside it; from 25 on the network is a permission too.
      const flags = [
        major < 24 ? "--experimental-permission" : "--permission",
        `--allow-fs-read=${join(cwd, "..")}`,
        ...(major > 24 ? ["--allow-net"] : []),
      ];
      return runs(sandbox, node, [...flags, "main.mjs"], { cwd });
    });
  });
}

describe("TypeScript", () => {
  const PROGRAM = `
type Story = { exercise(api: object, options?: object): Promise<string> };
export const first = async (client: AgentPhone): Promise<string | null> => {
  const page = await client.agents.list({ limit: 1 }, { signal: AbortSignal.timeout(1000) });
  try {
    return (await client.calls.get("nobody")).status;
  } catch (error) {
    if (AgentPhoneError.is(error) && error.code === "NOT_FOUND") return page.data[0]?.name ?? null;
    throw error;
  }
};
// @ts-expect-error There is no such option.
export const wrong = () => new AgentPhone({ timeOut: 1 });
`;
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: "es2022",
    skipLibCheck: false,
  };
  const config = (/** @type {Foreign} */ options, /** @type {string[]} */ files) =>
    JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files });
  const node16 = {
    module: "node16",
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    lib: ["es2022"],
    outDir: "out",
  };
  const page = {
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
    lib: ["es2022", "dom", "dom.iterable"],
    noEmit: true,
  };
  const cwd = project("typescript", {
    "main.mts": `${imports()}${PROGRAM}const { exercise } = (await import("../../exercise.mjs" as string)) as Story;\nconsole.log(await exercise(${API}));\n`,
    "main.cts": `${imports()}${PROGRAM}const { exercise } = require("../../exercise.cjs") as Story;\nexercise(${API}).then(console.log);\n`,
    "page.ts": `${imports()}${PROGRAM}export const all = (story: Story) => story.exercise(${API});\nimport { init } from "agentphone-wasm/slim";\nexport const begin = (answer: Promise<Response>): Promise<void> => init(answer);\n`,
    "tsconfig.json": config(node16, ["main.mts", "main.cts"]),
    "tsconfig.page.json": config(page, ["page.ts"]),
  });
  const types = join(home, "node_modules", "agentphone-wasm", "dist");
  /** Compiles, and holds that these types were read and no others: a folder further up has the package as well. */
  const compiles = async (/** @type {string} */ config, /** @type {string[]} */ names) => {
    const said = await run(join(root, "node_modules", ".bin", "tsc"), ["-p", config, "--listFiles"], { cwd });
    const read = said.split("\n").filter((/** @type {string} */ file) => /agentphone-wasm\/|\/pkg\//.test(file));
    assert.deepEqual(
      read.filter((/** @type {string} */ file) => !file.startsWith(types)),
      [],
    );
    for (const name of names) assert.ok(read.includes(join(types, name)), `${name} is not among ${read}`);
  };

  test("node16: compiled strictly, and run as a module and as CommonJS", async () => {
    await compiles("tsconfig.json", ["index.d.cts", "index.d.ts"]);
    await runs(sandbox, nodeOf(20), ["out/main.mjs"], { cwd });
    await runs(sandbox, nodeOf(20), ["out/main.cjs"], { cwd });
  });
  test("bundler: compiled strictly for a page, without the types of Node", () =>
    compiles("tsconfig.page.json", ["index.d.ts", "slim.d.ts"]));
  test("run by Node itself, which only takes the types off", () =>
    runs(sandbox, nodeOf(24), ["plain.mts"], { cwd: project("stripped", { "plain.mts": MODULE }) }));
});

test("jest, in CommonJS", () => {
  const code = `${REQUIRES}const { exercise } = require("../exercise.cjs");\ntest("exercise", async () => process.stdout.write(await exercise(${API}) + "\\n"));\n`;
  return runs(sandbox, bin("jest"), ["--rootDir", "."], {
    cwd: project("jest", { "main.test.cjs": code, "package.json": '{ "jest": { "testMatch": ["**/*.test.cjs"] } }' }),
  });
});

test("vitest", () => {
  const code = `import { test } from "vitest";\n${imports()}import { exercise } from "../exercise.mjs";\ntest("exercise", async () => console.log(await exercise(${API})));\n`;
  return runs(sandbox, bin("vitest"), ["run", "--root", "."], { cwd: project("vitest", { "main.test.mjs": code }) });
});
