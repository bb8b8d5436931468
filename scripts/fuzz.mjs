// Runs the fuzz targets of tests/fuzz, each in its own process, so that a crash or hang does not affect the
// others.
//
//   npm run fuzz                             a minute in total, with a seed derived from the date
//   npm run fuzz -- --seconds 3600           longer
//   npm run fuzz -- --seed 7 --only retry    reproduces a report: its seed and target
//
// It builds the package first. A target ends at its first failure and reports its seed and input; add an input
// that found something to tests/fuzz/corpus/<target>.json, which npm test replays.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./tools.mjs";

const folder = join(root, "tests", "fuzz");

/**
 * A target: its name, and a function that runs it for some time and throws what it has found.
 * @typedef {{ seed: number, seconds: number }} Budget
 * @typedef {{ name: string, run: (given: Budget & { random: () => number }) => { cases: number } | Promise<{ cases: number }>, check?: (input: unknown) => unknown }} Target
 */

/** All targets: every module in the folder that exports `run`. @returns {Promise<Target[]>} */
export const fuzzTargets = async () => {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".mjs") && !file.endsWith(".test.mjs"))
    .sort();
  const modules = await Promise.all(
    files.map(async (file) => ({ file, ...(await import(pathToFileURL(join(folder, file)).href)) })),
  );
  return modules.filter(({ run }) => typeof run === "function");
};

/** A separate seed for each target, so that two targets do not make the same choices. @param {number} seed @param {string} name */
const seedOf = (seed, name) =>
  [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), seed) >>> 0;

/** Runs one target in this process. @param {Target} target @param {Budget} budget */
export const fuzz = async ({ name, run }, { seed, seconds }) => {
  const { seeded } = await import(pathToFileURL(join(folder, "chance.mjs")).href);
  const own = seedOf(seed, name);
  return run({ seed: own, seconds, random: seeded(own) });
};

/**
 * Runs one target in its own process. Resolves with its output and whether it passed.
 * @param {Target} target @param {Budget} budget @returns {Promise<{ said: string, passed: boolean }>}
 */
const apart = ({ name }, { seed, seconds }) =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(root, "scripts", "fuzz.mjs"), "--here", name, "--seed", `${seed}`, "--seconds", `${seconds}`],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    // A case may take a while, but never this long.
    const clock = setTimeout(
      () => {
        said += `${name}: hangs; ended after ${seconds + 120} s\n`;
        child.kill("SIGKILL");
      },
      (seconds + 120) * 1000,
    );
    child.on("close", (status) => {
      clearTimeout(clock);
      resolve({ said, passed: status === 0 });
    });
  });

const main = async () => {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string" },
      only: { type: "string", default: "" },
      here: { type: "string" },
    },
  });
  const [seconds, seed] = [Number(values.seconds), Number(values.seed ?? Math.floor(Date.now() / 1000) % 2 ** 31)];
  if (!(seconds > 0) || !Number.isInteger(seed))
    throw new Error("--seconds must be a number above 0, and --seed a whole number");
  if (values.here !== undefined) {
    const target = (await fuzzTargets()).find(({ name }) => name === values.here);
    if (!target) throw new Error(`there is no target ${values.here}`);
    const { cases } = await fuzz(target, { seed, seconds });
    process.stdout.write(`${values.here}: ${cases} cases\n`);
    process.exit();
  }
  const { prepare } = await import("./tools.mjs");
  prepare();
  await (await import("./build.mjs")).buildPackage({ quiet: true });
  const targets = (await fuzzTargets()).filter(({ name }) => name.includes(values.only));
  if (targets.length === 0) throw new Error(`no target's name holds ${values.only}`);
  const lanes = Math.min(targets.length, Math.max(1, availableParallelism()));
  const share = (seconds * lanes) / targets.length;
  process.stdout.write(`seed ${seed}, ${targets.length} targets of ${share.toFixed(1)} s\n`);
  const waiting = [...targets];
  let failed = 0;
  const lane = async () => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      const { said, passed } = await apart(target, { seed, seconds: share });
      process.stdout.write(said);
      if (!passed) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  process.stdout.write(`${targets.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
};

if (process.argv[1] === join(root, "scripts", "fuzz.mjs")) await main();
