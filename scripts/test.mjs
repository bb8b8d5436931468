// Runs every test suite and prints its totals; the last line is `N passed, N failed`. `--quick` leaves out what
// needs a browser, a tarball or a lot of time; `--built` uses the package in pkg/dist as it is, and leaves out
// what needs a Rust compiler, for machines without one; `--strict` runs no failed file a second time.

import { join } from "node:path";
import { buildConsole, buildPackage } from "./build.mjs";
import { buildCli } from "./build-cli.mjs";
import { plan } from "./test-plan.mjs";
import { beginNow, built, flaky, quick, totals } from "./test-runners.mjs";
import { prepare, root } from "./tools.mjs";

const only = process.argv.slice(2).filter((word) => !word.startsWith("-"));

if (process.argv[1] === join(root, "scripts", "test.mjs")) {
  const began = Date.now();
  if (!built) {
    prepare({ browser: !quick });
    await buildPackage();
    buildConsole();
    await buildCli();
  }
  beginNow();
  for (const [key, suite, slow] of plan) {
    if (only.length > 0 ? only.includes(key) : !(quick && slow)) await suite();
  }
  const total = (/** @type {"passed" | "failed"} */ field) => totals.reduce((all, suite) => all + suite[field], 0);
  process.stdout.write("\n");
  for (const { name, passed, failed, seconds } of totals)
    process.stdout.write(`${name.padEnd(44)} ${passed} passed, ${failed} failed, ${seconds} s\n`);
  for (const test of flaky) process.stdout.write(`passed only when run again: ${test}\n`);
  process.stdout.write(`in ${Math.round((Date.now() - began) / 1000)} s\n`);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
}
