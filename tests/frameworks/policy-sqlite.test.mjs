// A policy over one SQLite file, in processes of their own: here, because this Node has SQLite. The hazard is money that two of them
// spend together.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/tools.mjs";

const PROGRAM = `
  import { sqliteLedger } from "agentphone-wasm/ledger";
  import { policy } from "agentphone-wasm/tools";
  const rules = policy({ ledger: sqliteLedger(process.argv[1]), money: { day: 0.51 }, texts: { person: 1 } });
  const people = Array.from({ length: 30 }, (_, at) => "+1415555" + (1000 + at));
  const verdicts = await Promise.all(people.map((to) => rules.admit({ spends: "text", to })));
  console.log(verdicts.filter(({ decision }) => decision === "allow").length);
`;

test("three processes spend what one may", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-policy-"));
  const options = ["--no-warnings", "--input-type=module", "--eval", PROGRAM, join(folder, "effects.db")];
  const run = async () => Number((await promisify(execFile)(process.execPath, options, { cwd: root })).stdout);
  const counts = await Promise.all([run(), run(), run()]);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    25,
    counts.join(),
  );
  rmSync(folder, { recursive: true });
});
