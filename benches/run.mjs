// Runs the benchmarks and prints their tables, and at the end one table of them all for docs/performance.md:
// `node benches/run.mjs [PART…] [--quick] [--table] [--json FILE]`; without names, all parts. `--table` prints that one
// alone. Nothing is asserted on time: the figures are for people to compare, side by side in the same run. But a
// request that fails, or gives something wrong, ends the run with an error.

import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environment, environmentLine, markdown } from "./report.mjs";
import { summaryTable } from "./summary.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const parts = [
  "cpu",
  "allocations",
  "loopback",
  "chromium",
  "chromium-parts",
  "memory",
  "decoder",
  "pages",
  "start",
  "size",
  "type-check",
  "faults",
  "redaction",
  "webhooks",
  "ledger",
  "keyed-calls",
  "sandbox",
  "console",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const unknown = positionals.filter((name) => !parts.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(", ")}; there are ${parts.join(", ")}\n`);
  process.exit(2);
}

/** What a part measures, in a process of its own. */
const measured = (/** @type {string} */ part) =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("part.mjs", import.meta.url)), [part, values.quick ? "quick" : "whole"], {
      serialization: "advanced",
    });
    child.on("message", resolve);
    child.on("error", reject);
    // After a message this changes nothing.
    child.on("close", (code) => reject(new Error(`${part}: nothing was measured (${code})`)));
  });

const began = performance.now();
/** @type {Record<string, Foreign>} */
const results = { environment: environment(), quick: values.quick };
const say = (/** @type {string} */ text) => values.table || process.stdout.write(text);
say(`${environmentLine(results.environment)}\n`);
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part)) continue;
  const { tables } = await import(`./${part}.mjs`);
  results[part] = await measured(part);
  for (const table of tables(results[part])) say(`\n${markdown(table)}\n`);
}
process.stdout.write(`\n${summaryTable(results)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`\n${Math.round((performance.now() - began) / 1000)} s\n`);
