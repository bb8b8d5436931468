// The command line, as whole processes: how long a user waits for its help, and for a list, compared with a script that requests the
// same list with `fetch`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { serveSandbox } from "../sandbox/node/server.mjs";
import { number, ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const command = file("../cli/dist/agentphone.js");

/** The programs, each with its title, and what it is compared with. @type {Record<string, { title: string, args: string[], base?: string }>} */
const programs = {
  empty: { title: "nothing", args: [file("programs/empty.mjs")] },
  help: { title: "agentphone --help", args: [command, "--help"], base: "empty" },
  "help of a command": {
    title: "agentphone calls create --help",
    args: [command, "calls", "create", "--help"],
    base: "empty",
  },
  fetch: { title: "a list by hand, with fetch", args: [file("programs/list-by-fetch.mjs")] },
  list: { title: "agentphone calls list", args: [command, "calls", "list"], base: "fetch" },
};

/** Milliseconds of one run. @param {string} name @param {string} url */
const run = async (name, url) => {
  const began = performance.now();
  const env = { ...process.env, AGENTPHONE_API_KEY: "sk_test", AGENTPHONE_BASE_URL: url, AGENTPHONE_STATE_DIR: "" };
  const child = spawn(process.execPath, programs[name]?.args ?? [], { stdio: ["ignore", "ignore", "inherit"], env });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return performance.now() - began;
};

export const measure = async (/** @type {Foreign} */ { quick }) => {
  const sandbox = await serveSandbox({ limits: false });
  const names = Object.keys(programs);
  for (const name of names) await run(name, sandbox.url); // Loads the files into the system's cache.
  const samples = await interleaved(names, quick ? 7 : 15, (/** @type {string} */ name) => run(name, sandbox.url));
  await sandbox.close();
  return Object.fromEntries(
    names.map((name) => {
      const base = samples[programs[name]?.base ?? name];
      const over = samples[name].map((/** @type {number} */ value, /** @type {number} */ round) => value - base[round]);
      return [name, { total: summary(samples[name]), over: summary(over) }];
    }),
  );
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "The command line: whole processes, ms",
    head: ["program", "wall", "more than"],
    rows: Object.entries(programs).map(([name, { title, base }]) => [
      title,
      ranged(figures[name].total),
      base ? `${programs[base]?.title}: ${number(figures[name].over.median)}` : "-",
    ]),
    notes: [`Medians of ${figures.empty.total.rounds} interleaved runs, in brackets the middle half.`],
  },
];
