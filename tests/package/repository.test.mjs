// Provenance and links depend on where the project is at home. package.json says it; nothing may say otherwise.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { home, repositoryFiles } from "../../scripts/repository.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

test("every manifest names the repository that package.json names", () => {
  for (const { file, actual, expected } of repositoryFiles())
    assert.equal(actual, expected, `${file}: run npm run repository`);
  const { repository, homepage, bugs } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  assert.deepEqual(repository, { type: "git", url: `git+${home()}.git`, directory: "pkg" });
  assert.equal(homepage, `${home()}#readme`);
  assert.equal(bugs, `${home()}/issues`);
});

test("no other file spells the address out, so that a move is one change", () => {
  const known = ["package.json", ...repositoryFiles().map(({ file }) => file)];
  const listed = execFileSync("git", ["grep", "-lF", home(), "--", ".", ":!package-lock.json"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.deepEqual(
    listed
      .trim()
      .split("\n")
      .filter((file) => !known.includes(file)),
    [],
  );
});
