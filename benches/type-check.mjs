// The compile-time cost of the types: `tsc` on one line that imports and constructs a client, compared with `tsc`
// on an empty file, for TypeScript versions from the oldest supported to the newest. It measures the CPU time of
// the whole process, which editors and builds pay each time. Declarations are checked as well (`skipLibCheck:
// false`, the default) and, in a second table, skipped, which is how most projects are set up.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compilers, tsc } from "../tests/support/type-tools.mjs";
import { titles } from "./clients.mjs";
import { ranged, times } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const programs = {
  empty: "export {};\n",
  ours: 'import { AgentPhone } from "agentphone-wasm"; export const client = new AgentPhone({ apiKey: "k" });\n',
  official:
    'import { AgentPhoneClient } from "agentphone"; export const client = new AgentPhoneClient({ token: "k" });\n',
};
const settings = { checked: { skipLibCheck: false }, skipped: { skipLibCheck: true } };
const require = createRequire(import.meta.url);

/** The oldest version, and the last of each major version; those in between cost about the same. */
const chosen = compilers.filter(
  (version, index) => index === 0 || compilers[index + 1]?.split(".")[0] !== version.split(".")[0],
);

/** A project with both packages, and a configuration for each program and setting. */
const project = () => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-type-check-"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["agentphone-wasm", "agentphone"]) {
    symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(join(folder, `${name}.ts`), code);
    for (const [setting, more] of Object.entries(settings)) {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "es2022",
        module: "nodenext",
        lib: ["es2022", "dom"],
        types: [],
        ...more,
      };
      writeFileSync(
        join(folder, `${name}.${setting}.json`),
        JSON.stringify({ compilerOptions, files: [`${name}.ts`] }),
      );
    }
  }
  return folder;
};

/**
 * Milliseconds of one compilation, of wall-clock and CPU time, including child processes. Compiler errors are recorded,
 * because the official SDK's declarations do not compile without errors.
 */
const compile = async (
  /** @type {string} */ folder,
  /** @type {string} */ version,
  /** @type {string} */ name,
  /** @type {string} */ setting,
) => {
  const began = performance.now();
  const script = '"$0" "$1" -p "$2"; code=$?; times >&2; exit $code';
  const child = spawn("bash", ["-c", script, process.execPath, tsc(version ?? ""), `${name}.${setting}.json`], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of /** @type {const} */ (["stdout", "stderr"]))
    child[stream].on("data", (/** @type {string} */ text) => (said[stream] += text));
  await once(child, "close");
  const wall = performance.now() - began;
  const [, spent] = said.stderr.trim().split("\n");
  const cpu = [...spent.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  );
  const errors = said.stdout.split("\n").filter((/** @type {string} */ line) => /error TS\d+/.test(line)).length;
  if (errors > 0 && name !== "official") throw new Error(`TypeScript ${version}: ${said.stdout}`);
  return { wall, cpu, errors };
};

/** The cost of the line over an empty file for each client, by setting and version. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const folder = project();
  /** @type {Record<string, Foreign>} */
  const figures = {};
  try {
    for (const setting of Object.keys(settings)) {
      for (const version of quick ? [chosen[0], chosen[chosen.length - 1]] : chosen) {
        const one = (/** @type {string} */ name) => compile(folder, version, name, setting);
        for (const name of Object.keys(programs)) await one(name); // Loads the files into the system's cache.
        const samples = await interleaved(Object.keys(programs), 7, one);
        const over = (/** @type {string} */ name, /** @type {"cpu" | "wall"} */ unit) =>
          summary(samples[name].map((sample, round) => sample[unit] - samples.empty[round][unit]));
        const client = (/** @type {string} */ name) => ({
          cpu: over(name, "cpu"),
          wall: over(name, "wall"),
          errors: samples[name][0].errors,
        });
        const empty = {
          cpu: summary(samples.empty.map((/** @type {Foreign} */ { cpu }) => cpu)),
          wall: summary(samples.empty.map((/** @type {Foreign} */ { wall }) => wall)),
        };
        (figures[setting] ??= {})[version] = { empty, ours: client("ours"), official: client("official") };
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
};

/** @type {Record<string, Foreign>} */
const notes = {
  checked: "with the declarations checked (`skipLibCheck: false`)",
  skipped: "with `skipLibCheck: true`",
};

export const tables = (/** @type {Foreign} */ figures) =>
  Object.entries(figures).map(([setting, versions]) => ({
    title: `Type-check of one line over an empty file, ms, ${notes[setting]}`,
    head: [
      "TypeScript",
      "empty, CPU",
      `${titles.ours}, CPU`,
      `${titles.official}, CPU`,
      "ours, wall",
      "official, wall",
      "official / ours, CPU",
      "errors in the official's declarations",
    ],
    rows: Object.entries(versions).map(([version, { empty, ours, official }]) => [
      version,
      ranged(empty.cpu, 0),
      ranged(ours.cpu, 0),
      ranged(official.cpu, 0),
      ranged(ours.wall, 0),
      ranged(official.wall, 0),
      times(official.cpu.median, ours.cpu.median),
      official.errors,
    ]),
    notes: [
      "Medians of 7 interleaved compilations, in brackets the middle half; of a line, what it takes over the empty file of its round.",
    ],
  }));
