// Where the project is at home. `repository` in package.json is the one place that says it; this writes it
// wherever else a registry, cargo or GitHub wants to read it. After a move: change it there, `npm run repository`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

const json = (/** @type {string | Record<string, string>} */ value) =>
  `${JSON.stringify(value)
    .replaceAll(/([{,:])(?=")/g, "$1 ")
    .replaceAll("}", " }")}`;

/** The page of the repository on the web. */
export const home = () => {
  const { url } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).repository;
  const [, page] = url.match(/^git\+(https:\/\/github\.com\/[\w.-]+\/[\w.-]+)\.git$/) ?? [];
  if (!page)
    throw new Error(
      `repository.url of package.json is ${url}: it must have the form git+https://github.com/OWNER/NAME.git, which npm needs for provenance`,
    );
  return page;
};

/** What to look for, and what to write there. @typedef {[RegExp, string][]} Edits */

/** @returns {Edits} */
const shared = (/** @type {string} */ page) => [
  [/^( *"homepage": ).*?(,?)$/m, `$1${json(`${page}#readme`)}$2`],
  [/^( *"bugs": ).*?(,?)$/m, `$1${json(`${page}/issues`)}$2`],
];

/** What is written where: each pattern must be found once in its file. @param {string} page @returns {Record<string, Edits>} */
const places = (page) => ({
  "package.json": shared(page),
  "pkg/package.json": [
    [/^( *"repository": ).*?(,?)$/m, `$1${json({ type: "git", url: `git+${page}.git`, directory: "pkg" })}$2`],
    ...shared(page),
  ],
  "Cargo.toml": [[/^repository = ".*"$/m, `repository = ${JSON.stringify(page)}`]],
});

/** The files that name the repository, as they are and as they should be. */
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
