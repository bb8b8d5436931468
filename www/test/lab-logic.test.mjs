// @ts-check
// Runs of the fault lab as tests for vitest, jest and node:test: they are run, and fail where something else is true.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { asTest, canBeTest } from "../src/views/lab/as-tests.js";

/** @typedef {Parameters<typeof asTest>[0]} TestOf */
/** @typedef {Parameters<typeof asTest>[1]} Framework */

const root = fileURLToPath(new URL("../..", import.meta.url));
/** @type {string} */
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-tests-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  // What the tests use of vitest and jest, on Node's runner: neither is a dependency of this project.
  writeFileSync(
    join(folder, "expect.mjs"),
    `import assert from "node:assert/strict";
     export { test } from "node:test";
     export const expect = (found) => ({ toBe: (wanted) => assert.equal(found, wanted) });`,
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test; the number of those that passed and failed. @param {TestOf} of @param {Framework} framework */
function run(of, framework) {
  const file = join(folder, `${framework}-${Math.random().toString(36).slice(2)}.test.mjs`);
  writeFileSync(file, asTest(of, framework).replace(/from "(?:vitest|@jest\/globals)"/, 'from "./expect.mjs"'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], { env, encoding: "utf8" });
  const count = (/** @type {string} */ what) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1]);
  return { pass: count("pass"), fail: count("fail"), stdout };
}

const MATCH = { operation: "calls.create" };
/** @type {TestOf} */
const LOST = {
  operation: "calls.create",
  label: "Cut before the headers",
  rule: { match: MATCH, times: 1000, cut: "before-headers" },
  retries: 2,
  expected: { code: "CONNECTION_ERROR", outcomeUnknown: true },
  happened: 1,
};

test("a lost response is a test that passes in each framework", () => {
  for (const framework of /** @type {const} */ (["vitest", "jest", "node"])) {
    const { pass, fail, stdout } = run(LOST, framework);
    assert.deepEqual([pass, fail], [1, 0], stdout);
  }
});

test("it fails where something else happened or was told", () => {
  assert.equal(run({ ...LOST, happened: 2 }, "vitest").fail, 1);
  assert.equal(run({ ...LOST, expected: { code: "TIMEOUT", outcomeUnknown: true } }, "node").fail, 1);
  assert.equal(run({ ...LOST, expected: undefined }, "jest").fail, 1);
});

test("every operation that is offered can be run, also with a late effect and with a timeout", () => {
  /** @type {TestOf[]} */
  const cases = [
    { ...LOST, rule: { match: MATCH, times: 1000, late: { afterMs: 300 } }, settles: 500 },
    {
      ...LOST,
      rule: { match: MATCH, times: 1000, stall: "headers" },
      timeout: 200,
      expected: { code: "TIMEOUT", outcomeUnknown: true },
    },
    ...["messages.send", "numbers.buy", "webhooks.set"].map((operation) => ({
      ...LOST,
      operation,
      rule: { match: { operation }, times: 1000, cut: "before-headers" },
    })),
    ...["numbers.release", "calls.list"].map((operation) => ({
      ...LOST,
      operation,
      rule: { match: { operation }, times: 1, status: 503, shape: "detail" },
      expected: undefined,
    })),
  ];
  for (const of of cases) {
    assert.ok(canBeTest(of.operation));
    const { pass, fail, stdout } = run(of, "node");
    assert.deepEqual([pass, fail], [1, 0], `${of.operation}: ${stdout}`);
  }
  assert.equal(canBeTest("calls.transcript.stream"), false);
});
