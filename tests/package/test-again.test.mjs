// What `npm test` runs a second time: a file that lost a race, and never a defect away.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { failedTests, filesToRepeat } from "../../scripts/test-again.mjs";
import { flaky, suites, totals } from "../../scripts/test-runners.mjs";

/** Runs these test files as a suite. @param {import("node:test").TestContext} t @param {Record<string, string>} sources */
const suite = async (t, sources) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-again-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const names = Object.keys(sources).map((name) => join(folder, name));
  for (const [name, source] of Object.entries(sources))
    writeFileSync(
      join(folder, name),
      `import { test } from "node:test"; import { existsSync, writeFileSync } from "node:fs"; const mark = ${JSON.stringify(join(folder, `${name}.ran`))};${source}`,
    );
  // The runner of these files is not a child of this one: it would report to it instead of printing.
  const { NODE_TEST_CONTEXT } = process.env;
  delete process.env.NODE_TEST_CONTEXT;
  const listed = flaky.length;
  await suites.node("a suite", names);
  if (NODE_TEST_CONTEXT !== undefined) process.env.NODE_TEST_CONTEXT = NODE_TEST_CONTEXT;
  return { ...totals.pop(), flaky: flaky.splice(listed) };
};

const sometimes =
  'test("a race", () => { if (!existsSync(mark)) { writeFileSync(mark, ""); throw new Error("lost"); } });';
const never = 'test("a defect", () => { throw new Error("wrong"); });';
const good = 'test("good", () => {});';

test("a test that passes at the second run counts as passed and is listed", async (t) => {
  const { passed, failed, flaky } = await suite(t, { "a.test.mjs": sometimes + good, "b.test.mjs": good });
  assert.deepEqual({ passed, failed, flaky }, { passed: 3, failed: 0, flaky: ["a suite: a race"] });
});

test("a test that fails twice has failed", async (t) => {
  const { passed, failed, flaky } = await suite(t, { "a.test.mjs": never + good, "b.test.mjs": good });
  assert.deepEqual({ passed, failed, flaky }, { passed: 2, failed: 1, flaky: [] });
});

test("a defect beside a lost race has failed", async (t) => {
  const { failed } = await suite(t, { "a.test.mjs": sometimes, "b.test.mjs": never });
  assert.equal(failed, 2);
});

test("nothing is repeated when many files fail", async (t) => {
  const { failed } = await suite(
    t,
    Object.fromEntries(["a", "b", "c", "d"].map((name) => [`${name}.test.mjs`, sometimes])),
  );
  assert.equal(failed, 4);
});

test("nothing is repeated when a failure belongs to no single file", () => {
  const tap = "not ok 1 - shared\n  ---\n  location: '/shared/conformance.mjs:3:1'\n  ...\n";
  assert.equal(filesToRepeat(tap, ["/tests/a.test.mjs"]), undefined);
  assert.deepEqual(filesToRepeat(tap.replace("/shared/conformance.mjs", "/tests/a.test.mjs"), ["/tests/a.test.mjs"]), [
    "/tests/a.test.mjs",
  ]);
  assert.equal(filesToRepeat("ok 1 - fine\n", ["/tests/a.test.mjs"]), undefined);
});

test("of a group the tests inside are named", () => {
  const tap =
    "    not ok 1 - inner\n      ---\n      failureType: 'testCodeFailure'\n      ...\nnot ok 1 - group\n  ---\n  failureType: 'subtestsFailed'\n  ...\n";
  assert.deepEqual(failedTests(tap), ["inner"]);
});
