// `agentphone-wasm/tools` and `/toolkit` in bundles: what a program does not import is not there. The hazard is a page or a worker that carries
// a table of area codes and five adapters for one tool.

import assert from "node:assert/strict";
import { test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Words that only this part has. */
const MARKS = {
  agentTools: "Calls a person.s phone",
  policy: "QUIET_HOURS",
  "the area codes": "America/Los_Angeles",
  aiTools: "user-approval",
  openaiTools: "needsApproval",
  langchainTools: "content_and_artifact",
  mastraTools: "resumeSchema",
  mcpTools: "elicit",
};
/** What each import brings along. @type {Record<string, string[]>} */
const BRINGS = {
  agentTools: ["agentTools"],
  policy: ["policy", "the area codes"],
  aiTools: ["aiTools"],
  openaiTools: ["openaiTools"],
  langchainTools: ["langchainTools"],
  mastraTools: ["mastraTools"],
  mcpTools: ["mcpTools"],
  "agentTools, mcpTools": ["agentTools", "mcpTools"],
};

/** @type {Record<string, (contents: string) => Promise<string>>} */
const BUNDLERS = {
  esbuild: async (contents) => {
    const stdin = { contents, resolveDir: root };
    const { outputFiles } = await esbuild({ stdin, bundle: true, minify: true, format: "esm", write: false });
    return String(outputFiles[0]?.text);
  },
  Vite: async (contents) => {
    const program = {
      name: "the program",
      resolveId: (/** @type {string} */ id) => (id.endsWith("virtual:main") ? "virtual:main" : undefined),
      load: (/** @type {string} */ id) => (id === "virtual:main" ? contents : undefined),
    };
    const lib = { entry: "virtual:main", formats: /** @type {["es"]} */ (["es"]) };
    const options = { root, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ("error") };
    const built = await vite({ ...options, build: { write: false, lib }, plugins: [program] });
    return /** @type {Foreign} */ (built)[0].output[0].code;
  },
};

for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
  test(`${bundler} leaves out the policy, the area codes and the adapters that are not imported`, async () => {
    for (const [names, parts] of Object.entries(BRINGS)) {
      const code = await bundle(`export { ${names} } from "agentphone-wasm/tools";`);
      const found = Object.entries(MARKS).flatMap(([part, mark]) => (new RegExp(mark).test(code) ? part : []));
      assert.deepEqual(found, parts, names);
    }
  });

  test(`${bundler} leaves out the functions of the toolkit that are not imported`, async () => {
    const code = await bundle(`export { keywordOf } from "agentphone-wasm/toolkit";`);
    assert.match(code, /unstop/);
    assert.doesNotMatch(code, /GSM|e164|recentHistory|node:https|claimed/);
    assert.ok(code.length < 6000, `${code.length}`);
  });
}
