// The two steps of a release that are about versions (.github/workflows/release.yml has the rest):
//
//   npm run release:check     package, crates, changelog and, in a workflow, the tag name one version
//   npm run release:publish   publishes the tarball of `npm run pack`; outside of a workflow only as if (--dry-run)

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./tools.mjs";

const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8");
const { name, version } = JSON.parse(read("pkg/package.json"));

/**
 * What is wrong with the versions; `tag` is the one that is to be published, if there is one.
 * @param {string | undefined} tag
 */
export const faults = (tag, { crate = read("Cargo.toml"), changelog = read("CHANGELOG.md") } = {}) => {
  const crates = crate.match(/^\[workspace\.package\]\nversion = "(.*)"$/m)?.[1];
  return [
    crates === version ? "" : `Cargo.toml has version ${crates}, pkg/package.json ${version}`,
    tag === undefined || tag === `v${version}` ? "" : `the tag is ${tag}, and the version ${version}`,
    tag === undefined || changelog.includes(`\n## [${version}]`) ? "" : `CHANGELOG.md has no section [${version}]`,
  ].filter(Boolean);
};

const publish = () => {
  const tarball = join("target", "pack", `${name}-${version}.tgz`);
  if (!existsSync(join(root, tarball))) throw new Error(`${tarball} is missing: run npm run pack first`);
  const real = process.env.GITHUB_ACTIONS === "true";
  run("npm", [
    "publish",
    `./${tarball}`,
    "--access",
    "public",
    ...(real ? ["--provenance"] : ["--dry-run", "--no-provenance"]),
  ]);
};

if (process.argv[1] === join(root, "scripts", "release.mjs")) {
  if (process.argv[2] === "publish") publish();
  else {
    const found = faults(process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : undefined);
    process.stdout.write(found.length > 0 ? `${found.join("\n")}\n` : `${name} ${version}: all versions agree\n`);
    process.exitCode = found.length > 0 ? 1 : 0;
  }
}
