// The project's location. It is defined only by `repository` in package.json; this script copies it to the other
// places where registries, cargo or GitHub read it. After a move: change it there, then `npm run repository`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

const json = (/** @type {string | Record<string, string>} */ value) =>
  `${JSON.stringify(value)
    .replaceAll(/([{,:])(?=")/g, "$1 ")
    .replaceAll("}", " }")}`;

/** The repository's web page. */
export const home = () => {
  const { url } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).repository;
  const [, page] = url.match(/^git\+(https:\/\/github\.com\/[\w.-]+\/[\w.-]+)\.git$/) ?? [];
  if (!page)
    throw new Error(
      `repository.url of package.json is ${url}: it must have the form git+https://github.com/OWNER/NAME.git, which npm needs for provenance`,
    );
  return page;
};

/** Patterns and their replacements. @typedef {[RegExp, string][]} Edits */

/** @returns {Edits} */
const shared = (/** @type {string} */ page) => [
  [/^( *"homepage": ).*?(,?)$/m, `$1${json(`${page}#readme`)}$2`],
  [/^( *"bugs": ).*?(,?)$/m, `$1${json(`${page}/issues`)}$2`],
];

/** The replacements by file. Each pattern must match once. @param {string} page @returns {Record<string, Edits>} */
const places = (page) => ({
  "package.json": shared(page),
  "pkg/package.json": [
    [/^( *"repository": ).*?(,?)$/m, `$1${json({ type: "git", url: `git+${page}.git`, directory: "pkg" })}$2`],
    ...shared(page),
  ],
  "cli/package.json": [
    [/^( *"repository": ).*?(,?)$/m, `$1${json({ type: "git", url: `git+${page}.git`, directory: "cli" })}$2`],
    ...shared(page),
  ],
  "Cargo.toml": [[/^repository = ".*"$/m, `repository = ${JSON.stringify(page)}`]],
});

/** The files that contain the location, in their current and their correct form. */
export const repositoryFiles = () =>
  Object.entries(places(home())).map(([file, edits]) => {
    const actual = readFileSync(join(root, file), "utf8");
    const expected = edits.reduce((text, [pattern, value]) => {
      if (!pattern.test(text)) throw new Error(`${file} has no line ${pattern}`);
      return text.replace(pattern, value);
    }, actual);
    return { file, actual, expected };
  });

if (process.argv[1] === join(root, "scripts", "repository.mjs")) {
  for (const { file, actual, expected } of repositoryFiles()) {
    if (actual === expected) continue;
    writeFileSync(join(root, file), expected);
    process.stdout.write(`${file} names ${home()}\n`);
  }
}
