// Runs the benchmarks and prints their tables: `node benches/run.mjs [cpu] [decoder] [pages] [start] [size] [faults] [webhooks] [sandbox] [console]
// [--quick] [--json FILE]`; without names, all of them. Nothing is asserted on time: the figures are for
// people to compare, side by side in the same run.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment, environmentLine, markdown } from "./report.mjs";

const parts = ["cpu", "allocations", "loopback", "chromium", "chromium-parts", "memory", "decoder", "pages", "start", "size", "faults", "webhooks", "sandbox", "console"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
});
const unknown = positionals.filter((name) => !parts.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(", ")}; there are ${parts.join(", ")}\n`);
  process.exit(2);
}

const began = performance.now();
const results = { environment: environment(), quick: values.quick };
process.stdout.write(`${environmentLine(results.environment)}\n`);
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part)) continue;
  const { measure, tables } = await import(`./${part}.mjs`);
  results[part] = await measure({ quick: values.quick });
  for (const table of tables(results[part])) process.stdout.write(`\n${markdown(table)}\n`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
// By force: after a failed connection the official SDK leaves its timer running, which holds the process
// for the rest of the minute.
process.stdout.write(`\n${Math.round((performance.now() - began) / 1000)} s\n`, () => process.exit());
