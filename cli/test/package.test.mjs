// What is published: all that a user needs, nothing that only we need, and the notices of the code of others.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { bin, run } from "./harness.mjs";

const folder = join(root, "cli");
const pack = () => {
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" });
  return /** @type {{ path: string, mode: number }[]} */ (JSON.parse(stdout)[0].files);
};

test("the tarball has the command, the console, the skill and the notices, and no sources", () => {
  const files = pack();
  const paths = files.map(({ path }) => path);
  for (const path of [
    "dist/agentphone.js",
    "dist/operations/index.json",
    "dist/console/index.html",
    "README.md",
    "SKILL.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "THIRD-PARTY-NOTICES.txt",
  ])
    assert.ok(paths.includes(path), path);
  assert.deepEqual(
    paths.filter((path) => /^(src|test)\/|\.map$|(?<!\.d)\.ts$|tsconfig/.test(path)),
    [],
  );
  assert.equal(files.find(({ path }) => path === "dist/agentphone.js")?.mode, 0o755);
});

test("what the console contains of others is in the notices", () => {
  const notices = readFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), "utf8");
  for (const name of ["preact", "uplot", "lucide-preact", "libphonenumber-js", "wasm-bindgen"])
    assert.match(notices, new RegExp(`\\b${name}\\b`));
});

test("the official SDK, which has no licence, is not passed on", () => {
  const paths = pack().map(({ path }) => path);
  assert.deepEqual(
    paths.filter((path) => path.includes("official-sdk")),
    [],
  );
  // A header that only its code names.
  for (const path of paths.filter((path) => /console.*\.js$/.test(path)))
    assert.doesNotMatch(readFileSync(join(folder, path), "utf8"), /X-Fern-SDK-Name/, path);
  assert.doesNotMatch(readFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), "utf8"), /^## agentphone - /m);
});

test("no file names a path of the machine that built it", () => {
  for (const { path } of pack())
    if (/\.(js|json|md|txt|html|css)$/.test(path))
      assert.ok(!readFileSync(join(folder, path), "utf8").includes(root), path);
});

test("it installs from the tarball, and its command says its version", async () => {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  assert.equal((await run(["--version"])).stdout, `${version}\n`);
  assert.equal(spawnSync(bin, ["-V"], { encoding: "utf8" }).stdout, `${version}\n`);
});
