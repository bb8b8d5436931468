// Checks third-party dependencies: licences, sources and bans of crates (deny.toml), and known vulnerabilities of
// crates and npm packages. The vulnerability data must be downloaded; if that is impossible, the script says so,
// and fails with `--strict`, as in CI.

import { spawnSync } from "node:child_process";
import { root, run } from "./tools.mjs";

const strict = process.argv.includes("--strict");

/** Runs a check that needs external data. Returns `"passed"`, `"failed"`, or why the data was unavailable. */
const online = (/** @type {string} */ command, /** @type {string[]} */ args, /** @type {RegExp} */ unreachable) => {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  const said = error ? error.message : `${stdout}${stderr}`;
  if (status === 0) return { state: "passed", said };
  const reason = said.split("\n").find((line) => unreachable.test(line));
  return reason ? { state: "unreachable", said: reason } : { state: "failed", said };
};

run("bash", ["scripts/setup.sh", "--no-browser", "--audit"], { quiet: true });
run("cargo", ["deny", "--locked", "check", "bans", "licenses", "sources"]);

const outcomes = {
  "vulnerabilities of crates": online(
    "cargo",
    ["deny", "--locked", "check", "advisories"],
    /failed to fetch advisory database/,
  ),
  "vulnerabilities of npm packages": online(
    "npm",
    ["audit", "--audit-level=low", "--fetch-retries=0"],
    /audit endpoint returned an error|ENOAUDIT|ENOTFOUND|ECONNREFUSED|EAI_AGAIN/i,
  ),
  "signatures of npm packages": online(
    "npm",
    ["audit", "signatures", "--fetch-retries=0"],
    /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|This is a problem related to network/i,
  ),
};
for (const [name, { state, said }] of Object.entries(outcomes)) {
  if (state === "failed") process.stdout.write(`${said}\n`);
  process.stdout.write(
    `${name}: ${state === "unreachable" ? `NOT CHECKED, because the data could not be fetched (${said.trim()})` : state}\n`,
  );
  if (state === "failed" || (strict && state === "unreachable")) process.exitCode = 1;
}
