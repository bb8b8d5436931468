// Campaigns by simulation: one account, sixteen workers in turns of one process, faults, and as many people as a country's
// customers. The client, the ledger, the store and the workers are the real ones; only the account and the clock are
// simulated, so that hours pass in minutes. It ends with an error if anybody was called twice or forgotten.

import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAULTS } from "./campaign-account.mjs";
import { number } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const WORKERS = 16;
const SIZES = { quick: [1_000, 10_000], whole: [1_000, 100_000, 1_000_000] };

/** @param {number} people @returns {Promise<Foreign>} */
const simulated = async (people) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-simulation-"));
  try {
    return await new Promise((resolve, reject) => {
      const given = JSON.stringify({ people, workers: WORKERS, file: join(folder, "x.db") });
      const child = fork(fileURLToPath(new URL("campaign-worker.mjs", import.meta.url)), [given], {
        // A limit of memory of its own: what grows with the people would end it.
        execArgv: ["--max-old-space-size=512", "--expose-gc"],
      });
      child.on("message", resolve);
      child.on("error", reject);
      child.on("close", (code) => reject(new Error(`${people} people: the simulation ended with ${code}`)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

export const measure = async (/** @type {Foreign} */ { quick }) => {
  const figures = [];
  for (const people of quick ? SIZES.quick : SIZES.whole) {
    const figure = await simulated(people);
    const { counts, twice, without, state } = figure;
    const open = counts.waiting + counts.placing + counts.placed;
    // People who were not called are in doubt: a lost request may have been a call.
    if (state !== "done" || twice > 0 || open > 0 || without > counts.doubt)
      throw new Error(`the promise is broken: ${JSON.stringify(figure)}`);
    figures.push(figure);
  }
  return figures;
};

const hours = (/** @type {number} */ seconds) =>
  seconds < 7_200 ? `${number(seconds / 60)} min` : `${number(seconds / 3600)} h`;

/** @type {[title: string, of: (figure: Foreign) => string][]} */
const ROWS = [
  ["duration by the simulated clock", ({ seconds }) => hours(seconds)],
  ["calls placed", ({ placed }) => number(placed, 0)],
  ["people called twice", ({ twice }) => number(twice, 0)],
  ["people with a result", ({ counts, people }) => number(people - counts.doubt, 0)],
  ["people in doubt", ({ counts }) => number(counts.doubt, 0)],
  ["… of them not called", ({ without }) => number(without, 0)],
  ["workers killed", ({ killed }) => number(killed, 0)],
  ["requests a person", ({ requests, people }) => number((requests.create + requests.get + requests.list) / people, 2)],
  ["… of them lists", ({ requests, people }) => number(requests.list / people, 2)],
  ["CPU a person, plan, µs", ({ planned }) => number(planned, 0)],
  ["CPU a person, run, µs", ({ cpu }) => number(cpu, 0)],
  ["greatest heap after a collection, MB", ({ heap }) => number(heap / 1e6, 0)],
  ["greatest process, MB", ({ resident }) => number(resident / 1e6, 0)],
  ["store, bytes a person", ({ bytes, people }) => number(bytes / people, 0)],
  ["took, s", ({ took }) => number(took, 0)],
];

const permille = (/** @type {number} */ of) => `${of / 10_000} %`;

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: `A campaign of calls, ${WORKERS} workers, SQLite, simulated account`,
    head: ["people", ...figures.map((/** @type {Foreign} */ { people }) => number(people, 0))],
    rows: ROWS.map(([title, of]) => [title, ...figures.map(of)]),
    notes: [
      `Requests that go wrong: ${permille(FAULTS.lostAfter)} are performed and lose their response, ${permille(FAULTS.lostBefore)} break off before, ${permille(FAULTS.limited)} meet a rate limit, ${permille(FAULTS.busyNumber)} a busy number. CPU includes the client, the ledger and the simulated account.`,
    ],
  },
];
