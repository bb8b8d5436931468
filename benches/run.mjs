// Runs the benchmarks and prints their tables, and at the end one table of them all for the README:
// `node benches/run.mjs [PART…] [--quick] [--table] [--json FILE]`; without names, all parts. `--table` prints that one
// alone. Nothing is asserted on time: the figures are for people to compare, side by side in the same run. But a
// request that fails, or gives something wrong, ends the run with an error.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment, environmentLine, markdown } from "./report.mjs";
import { summaryTable } from "./summary.mjs";

const parts = ["cpu", "allocations", "loopback", "chromium", "chromium-parts", "memory", "decoder", "pages", "start", "size", "type-check", "faults", "webhooks", "sandbox", "console"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, table: { type: "boolean", default: false }, json: { type: "string" } },
});
const unknown = positionals.filter((name) => !parts.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(", ")}; there are ${parts.join(", ")}\n`);
  process.exit(2);
}

const began = performance.now();
const results = { environment: environment(), quick: values.quick };
const say = (text) => values.table || process.stdout.write(text);
say(`${environmentLine(results.environment)}\n`);
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part)) continue;
  const { measure, tables } = await import(`./${part}.mjs`);
  results[part] = await measure({ quick: values.quick });
  for (const table of tables(results[part])) say(`\n${markdown(table)}\n`);
}
process.stdout.write(`\n${summaryTable(results)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
// By force: after a failed connection the official SDK leaves its timer running, which holds the process
// for the rest of the minute.
process.stdout.write(`\n${Math.round((performance.now() - began) / 1000)} s\n`, () => process.exit());
