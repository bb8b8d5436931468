// Cold start: a whole process that imports and constructs a client, compared with an empty one. A timer around the
// import would miss compilation on other threads and costs that loading causes later.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { number, ranged, times } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */
/** @type {Record<string, Foreign>} */
const programs = {
  "empty.mjs": "nothing (raw fetch has nothing to import)",
  "ours.mjs": "agentphone-wasm, import",
  "ours.cjs": "agentphone-wasm, require",
  "official.mjs": "agentphone 1.0.17, import",
  "official.cjs": "agentphone 1.0.17, require",
};

const file = (/** @type {string} */ name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** Milliseconds of one run, of wall-clock and CPU time. */
const run = async (/** @type {string} */ name) => {
  const began = performance.now();
  const child = spawn(process.execPath, ["--require", file("report-cpu.cjs"), file(name)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  if (code !== 0 || !(Number(said) > 0)) throw new Error(`${name} ended with ${code}`);
  return { wall: performance.now() - began, cpu: Number(said) };
};

/** Milliseconds of each program, and its difference from the empty one. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const names = Object.keys(programs);
  for (const name of names) await run(name); // Loads the files into the system's cache.
  const samples = await interleaved(names, quick ? 7 : 15, run);
  const of = (/** @type {string} */ name, /** @type {string} */ unit) =>
    samples[name].map((/** @type {Foreign} */ sample) => sample[unit]);
  const over = (/** @type {string} */ name, /** @type {string} */ unit) =>
    of(name, unit).map(
      (/** @type {number} */ value, /** @type {number} */ round) => value - of("empty.mjs", unit)[round],
    );
  const figure = (/** @type {string} */ name, /** @type {string} */ unit) => ({
    total: summary(of(name, unit)),
    over: summary(over(name, unit)),
  });
  return Object.fromEntries(names.map((name) => [name, { cpu: figure(name, "cpu"), wall: figure(name, "wall") }]));
};

export const tables = (/** @type {Foreign} */ figures) => {
  const official = (/** @type {string} */ name) => figures[name.endsWith(".cjs") ? "official.cjs" : "official.mjs"];
  const rows = Object.entries(figures).map(([name, { cpu, wall }]) => [
    programs[name],
    number(cpu.total.median),
    number(wall.total.median),
    ...(name === "empty.mjs" ? ["-", "-"] : [ranged(cpu.over), ranged(wall.over)]),
    name.startsWith("ours") ? times(official(name).cpu.over.median, cpu.over.median) : "-",
  ]);
  const { rounds } = figures["empty.mjs"].cpu.total;
  return [
    {
      title: "Cold start: a process that imports and constructs the client, ms",
      head: ["program", "CPU", "wall", "CPU over nothing", "wall over nothing", "official / ours"],
      rows,
      notes: [
        [
          `Medians of ${rounds} interleaved runs, in brackets the middle half; the last column compares the CPU`,
          "over nothing.",
        ].join(" "),
      ],
    },
  ];
};
