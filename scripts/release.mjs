// The two release steps that concern versions (.github/workflows/release.yml has the others):
//
//   npm run release:check     checks that packages, crates and, for a tag, the changelog have one version
//   npm run release:publish   publishes the tarballs of `npm run pack`; outside a workflow only with --dry-run

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./tools.mjs";

const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8");
const { name, version } = JSON.parse(read("pkg/package.json"));
const cli = JSON.parse(read("cli/package.json"));

/**
 * Errors in the versions. `tag` is the tag to be published, if there is one.
 * @param {string | undefined} tag
 */
export const faults = (tag, { crate = read("Cargo.toml"), changelog = read("CHANGELOG.md") } = {}) => {
  const crates = crate.match(/^\[workspace\.package\]\nversion = "(.*)"$/m)?.[1];
  return [
    crates === version ? "" : `Cargo.toml has version ${crates}, pkg/package.json ${version}`,
    cli.version === version && cli.dependencies[name] === version
      ? ""
      : `cli/package.json has version ${cli.version} and depends on ${cli.dependencies[name]}, pkg/package.json ${version}`,
    tag === undefined || tag === `v${version}` ? "" : `the tag is ${tag}, and the version ${version}`,
    tag === undefined || changelog.includes(`\n## [${version}]`) ? "" : `CHANGELOG.md has no section [${version}]`,
  ].filter(Boolean);
};

/** Publishes a package. The command line comes after the package that it depends on. @param {string} which */
const publish = (which) => {
  const tarball = join("target", "pack", `${which}-${version}.tgz`);
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
  if (process.argv[2] === "publish") for (const which of [name, cli.name]) publish(which);
  else {
    const found = faults(process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : undefined);
    process.stdout.write(found.length > 0 ? `${found.join("\n")}\n` : `${name} ${version}: all versions agree\n`);
    process.exitCode = found.length > 0 ? 1 : 0;
  }
}
