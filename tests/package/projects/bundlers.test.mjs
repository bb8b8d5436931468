// Projects that are bundled: what comes out runs in a page under a strict policy, or in Node in a folder where
// nothing is installed, as a function in a cloud does.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { freePort } from "../../../scripts/free-port.mjs";
import { ASKS, browsers, giveOut, html, PAGE, policy, tells, told } from "./browsers.mjs";
import { home } from "./install.mjs";
import {
  bin,
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

/** @import { Foreign } from "../../support/foreign.js" */

const sandbox = await startSandbox();

/** Holds that the page works in both browsers when `folder` is given out. */
const shows = async (/** @type {string} */ folder) => {
  const site = await giveOut(folder, policy(sandbox.url));
  for (const browser of browsers)
    await exercised(sandbox, () => told(browser, `${site}/index.html?api=${sandbox.url}`));
};

/** A project for a page: `src/main.js`, and a page that loads the bundle. */
const pageProject = (/** @type {string} */ name, script = "main.js", type = "module") =>
  project(name, { "src/main.js": PAGE, "dist/index.html": html(script, type) });

describe("esbuild", () => {
  const esbuild = (/** @type {string} */ folder, /** @type {import("esbuild").BuildOptions} */ options) =>
    build({ absWorkingDir: folder, bundle: true, logLevel: "silent", ...options });
  for (const [format, type] of /** @type {const} */ ([
    ["esm", "module"],
    ["iife", "text/javascript"],
  ])) {
    test(`for a page, ${format}`, async () => {
      const folder = pageProject(`esbuild-${format}`, "main.js", type);
      await esbuild(folder, { entryPoints: ["src/main.js"], minify: true, format, outfile: "dist/main.js" });
      await shows(join(folder, "dist"));
    });
  }
  test("for Node, a module away from the package", async () => {
    const folder = project("esbuild-node", { "main.mjs": MODULE });
    await esbuild(folder, { entryPoints: ["main.mjs"], platform: "node", format: "esm", outfile: "out.mjs" });
    await runsAway(sandbox, join(folder, "out.mjs"));
  });
  test("for Node, CommonJS away from the package, from what is imported and from what is required", async () => {
    const folder = project("esbuild-cjs", {
      "imports.mjs": MODULE.replace(/^console.log\(await (.*)\);$/m, "$1.then(console.log);"),
      "requires.cjs": COMMONJS,
    });
    for (const name of ["imports.mjs", "requires.cjs"]) {
      await esbuild(folder, { entryPoints: [name], platform: "node", format: "cjs", outfile: `${name}.out.cjs` });
      await runsAway(sandbox, join(folder, `${name}.out.cjs`), "main.cjs");
    }
  });
  test("told to leave out the entry for bundlers: the program carries the module all the same", async () => {
    const folder = project("esbuild-conditions", { "main.cjs": COMMONJS });
    for (const condition of ["node", "production"]) {
      await esbuild(folder, {
        entryPoints: ["main.cjs"],
        platform: "node",
        format: "cjs",
        conditions: [condition],
        outfile: `${condition}.cjs`,
      });
      await runsAway(sandbox, join(folder, `${condition}.cjs`), "main.cjs");
    }
  });
});

describe("Vite", () => {
  const files = { "src/main.js": PAGE, "index.html": html("/src/main.js") };
  const vite = tool("vite", "bin", "vite.js");
  test("build", async () => {
    const folder = project("vite-build", files);
    await run(nodeOf(22), [vite, "build", "--logLevel", "warn"], { cwd: folder });
    await shows(join(folder, "dist"));
  });
  test("build, with the module as a file of its own", async () => {
    const script = `${imports({ entry: "agentphone-wasm/slim", more: "init" })}import url from "agentphone-wasm/agentphone.wasm?url";
import { exercise } from "../../exercise.mjs";
${tells(`init(fetch(url)).then(() => ${ASKS})`)}`;
    const folder = project("vite-slim", { ...files, "src/main.js": script });
    await run(nodeOf(22), [vite, "build", "--logLevel", "warn"], { cwd: folder });
    await shows(join(folder, "dist"));
  });
  test("dev, with what it bundles ahead", async (t) => {
    const folder = project("vite-dev", files);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/index.html`;
    t.after(
      await serves(url, nodeOf(22), [vite, "--host", "127.0.0.1", "--port", `${port}`, "--strictPort"], {
        cwd: folder,
      }),
    );
    for (const browser of browsers) await exercised(sandbox, () => told(browser, `${url}?api=${sandbox.url}`));
  });
  test("build --ssr, run in Node", async () => {
    const folder = project("vite-ssr", {
      "main.mjs": MODULE,
      "vite.config.mjs": "export default { ssr: { noExternal: true } };",
    });
    await run(nodeOf(22), [vite, "build", "--ssr", "main.mjs", "--logLevel", "warn"], { cwd: folder });
    await runsAway(sandbox, join(folder, "dist", "main.mjs"));
  });
});

describe("Rollup with node-resolve", () => {
  const rolled = (
    /** @type {string} */ name,
    /** @type {string} */ input,
    /** @type {{ file: string, format: string }} */ output,
    options = {},
  ) => {
    const config = `import { nodeResolve } from "@rollup/plugin-node-resolve";\nexport default { input: "${input}", output: ${JSON.stringify(output)}, plugins: [nodeResolve(${JSON.stringify(options)})] };\n`;
    return {
      folder: name,
      bundle: () => (
        writeFileSync(join(name, "rollup.config.mjs"), config),
        run(bin("rollup"), ["-c", "--failAfterWarnings"], { cwd: name })
      ),
    };
  };
  test("for a page", async () => {
    const { folder, bundle } = rolled(
      pageProject("rollup-page"),
      "src/main.js",
      { file: "dist/main.js", format: "es" },
      { browser: true },
    );
    await bundle();
    await shows(join(folder, "dist"));
  });
  test("for Node, away from the package", async () => {
    const { folder, bundle } = rolled(project("rollup-node", { "main.mjs": MODULE }), "main.mjs", {
      file: "out.mjs",
      format: "es",
    });
    await bundle();
    await runsAway(sandbox, join(folder, "out.mjs"));
  });
});

describe("webpack", () => {
  const webpack = async (/** @type {string} */ context, /** @type {Foreign} */ config) => {
    const { default: compile } = await import(
      pathToFileURL(createRequire(join(home, "package.json")).resolve("webpack")).href
    );
    const stats = await new Promise((resolve, reject) =>
      compile(
        { context, mode: "production", ...config },
        (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error, /** @type {Foreign} */ done) =>
          error ? reject(error) : resolve(done),
      ),
    );
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    // Its advice on how heavy a page may be is not about whether it works.
    const said = [...errors, ...warnings]
      .map(({ message }) => message)
      .filter((message) => !/size limit|lazy load/.test(message));
    if (said.length > 0) throw new Error(said.join("\n"));
  };
  test("for a page", async () => {
    const folder = pageProject("webpack-page", "main.js", "text/javascript");
    await webpack(folder, { entry: "./src/main.js", output: { path: join(folder, "dist"), filename: "main.js" } });
    await shows(join(folder, "dist"));
  });
  test("for Node, a module and CommonJS away from the package", async () => {
    const folder = project("webpack-node", { "main.mjs": MODULE, "main.cjs": COMMONJS });
    for (const name of ["main.mjs", "main.cjs"]) {
      await webpack(folder, {
        entry: `./${name}`,
        target: "node20",
        output: { path: join(folder, "out"), filename: `${name}.cjs` },
      });
      await runsAway(sandbox, join(folder, "out", `${name}.cjs`), "main.cjs");
    }
  });
});

test("what Vercel's tracer takes along (nft) runs where nothing else is", async () => {
  const { nodeFileTrace } = createRequire(import.meta.url)(tool("next", "dist", "compiled", "@vercel", "nft"));
  const folder = project("nft", { "main.mjs": MODULE });
  const { fileList } = await nodeFileTrace([join(folder, "main.mjs")], { base: home });
  const traced = mkdtempSync(join(tmpdir(), "agentphone-traced-"));
  try {
    for (const file of fileList) cpSync(join(home, file), join(traced, file));
    await runs(sandbox, nodeOf(20), [join("nft", "main.mjs")], { cwd: traced });
  } finally {
    rmSync(traced, { recursive: true, force: true });
  }
});
