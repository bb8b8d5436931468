// Runs the benchmarks and prints their tables, followed by a summary table for docs/performance.md: `node
// benches/run.mjs [PART…] [--quick] [--table] [--json FILE]`; without names, all parts but `campaign`, which takes an hour. `--table` prints only the
// summary. Time is never asserted: the figures are for people to compare within the same run. But a request that
// fails, or returns something wrong, ends its part, and the run fails.

import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environment, environmentLine, markdown } from "./report.mjs";
import { summaryTable } from "./summary.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const parts = [
  "cpu",
  "mixed",
  "crossings",
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
  "campaign",
  "tools",
  "sandbox",
  "console",
  "cli",
];

/** Only by name, or with `--quick`. */
const LONG = ["campaign"];

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

/** The results of a part, which runs in its own process. */
const measured = (/** @type {string} */ part) =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("part.mjs", import.meta.url)), [part, values.quick ? "quick" : "whole"], {
      serialization: "advanced",
    });
    child.on("message", resolve);
    child.on("error", reject);
    // Has no effect after a message.
    child.on("close", (code) => reject(new Error(`${part}: nothing was measured (${code})`)));
  });

const began = performance.now();
/** @type {Record<string, Foreign>} */
const results = { environment: environment(), quick: values.quick };
const say = (/** @type {string} */ text) => values.table || process.stdout.write(text);
say(`${environmentLine(results.environment)}\n`);
for (const part of parts) {
  if (positionals.length > 0 ? !positionals.includes(part) : LONG.includes(part) && !values.quick) continue;
  const { tables } = await import(`./${part}.mjs`);
  try {
    results[part] = await measured(part);
  } catch (error) {
    // The other parts took minutes, and their figures are good without this one.
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
    continue;
  }
  for (const table of tables(results[part])) say(`\n${markdown(table)}\n`);
}
process.stdout.write(`\n${summaryTable(results)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`\n${Math.round((performance.now() - began) / 1000)} s\n`);
