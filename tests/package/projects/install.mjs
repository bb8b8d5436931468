// Installs the tools of the projects (bundlers, runtimes, test runners) by the lock file beside this file, and the
// packed package beside them as its users get it. Once for all projects, because the tools weigh over a gigabyte.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

/** @import { Foreign } from "../../support/foreign.js" */

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..", "..");
/** The folder of the projects, in which everything is found that is installed here. */
export const home = join(root, "target", "projects");

const lock = join(here, "package-lock.json");
const mark = join(home, "node_modules", ".installed-lock");
const installed = join(home, "node_modules", "agentphone-wasm", "package.json");

const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) => {
  try {
    return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(
      `npm ${args[0]} failed, so that no project can be tried:\n${/** @type {Foreign} */ (error).stdout}${/** @type {Foreign} */ (error).stderr}`,
    );
  }
};

const installTools = () => {
  const wanted = readFileSync(lock, "utf8");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  mkdirSync(home, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(home, name));
  // No script of theirs is needed: what is binary comes as a package of its own.
  npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], home);
  writeFileSync(mark, wanted);
};

const installPackage = () => {
  const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", home], join(root, "pkg")));
  // Taken away first, because npm leaves a package as it is that it believes to have installed.
  rmSync(dirname(installed), { recursive: true, force: true });
  npm(["install", "--no-save", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${filename}`], home);
  rmSync(join(home, filename));
  // Packed files carry an old date; this one is to be younger than the build that it came from.
  writeFileSync(installed, readFileSync(installed));
};

export const install = () => {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `the runtimes of these projects are fetched for Linux on x64, and this is ${process.platform} on ${process.arch}`,
    );
  }
  installTools();
  installPackage();
  const exercise = readFileSync(join(here, "exercise.mjs"), "utf8");
  writeFileSync(join(home, "exercise.mjs"), exercise);
  copyFileSync(join(here, "contexts.mjs"), join(home, "contexts.mjs"));
  writeFileSync(join(home, "exercise.cjs"), transformSync(exercise, { format: "cjs" }).code);
};

/** For a test file that is run by itself: says what is missing. */
export const assertInstalled = () => {
  const built = statSync(join(root, "pkg", "dist", "index.cjs")).mtimeMs;
  if (
    existsSync(installed) &&
    existsSync(mark) &&
    readFileSync(mark, "utf8") === readFileSync(lock, "utf8") &&
    statSync(installed).mtimeMs > built
  )
    return;
  throw new Error("run `node tests/package/projects/install.mjs` first: the tools or the package are missing or old");
};

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
