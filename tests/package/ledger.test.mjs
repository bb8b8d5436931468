// `agentphone-wasm/ledger` in bundles: what is not imported is not there, and nothing of it makes a bundler look for a
// module that only Node or Bun has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** What each store has that the others do not. */
const MARKS = {
  memoryLedger: "retention",
  indexedDbLedger: "createObjectStore",
  sqliteLedger: "WITHOUT ROWID",
  postgresLedger: "pg_advisory_xact_lock",
  redisLedger: "ZRANGEBYSCORE",
};
const NAMES = Object.keys(MARKS);

/** The bundlers, each with what it makes of a program. @type {Record<string, (contents: string) => Promise<string>>} */
const BUNDLERS = {
  esbuild: async (contents) => {
    const { outputFiles } = await esbuild({
      stdin: { contents, resolveDir: root },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
    });
    return outputFiles[0].text;
  },
  Vite: async (contents) => {
    const output = /** @type {Foreign} */ (
      await vite({
        root,
        configFile: false,
        logLevel: "error",
        build: { write: false, lib: { entry: "virtual:main", formats: ["es"] } },
        plugins: [
          {
            name: "the program",
            resolveId: (id) => (id.endsWith("virtual:main") ? "virtual:main" : undefined),
            load: (id) => (id === "virtual:main" ? contents : undefined),
          },
        ],
      })
    );
    return output[0].output[0].code;
  },
};

for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
  test(`${bundler} leaves out the stores that are not imported`, async (t) => {
    for (const [name, mark] of Object.entries(MARKS)) {
      const code = await bundle(`export { ${name} } from "agentphone-wasm/ledger";`);
      assert.ok(code.includes(mark), `${name} is there`);
      const others = Object.entries(MARKS).filter(([other, foreign]) => other !== name && code.includes(foreign));
      assert.deepEqual(others, [], `beside ${name}`);
      t.diagnostic(`${name}: ${gzipSync(code, { level: 9 }).length} bytes gzip`);
    }
  });
  test(`${bundler} finds nothing in all of them that it would have to load`, async () => {
    const code = await bundle(`export { ${NAMES.join(", ")} } from "agentphone-wasm/ledger";`);
    assert.doesNotMatch(code, /\b(import|require)\s*\(|\bfrom\s*["']/);
  });
}
