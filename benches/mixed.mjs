// CPU time that a client adds to each ordinary kind of request, in a process that makes all of them.

import { costNames } from "./clients.mjs";
import { head } from "./cpu.mjs";
import { mixed } from "./mixed-cases.mjs";
import { number, ranged, times } from "./report.mjs";
import { compared, takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Microseconds per request, by kind. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const samples = await takeTurns({
    file: "mixed-worker.mjs",
    args: [],
    ways: Object.keys(mixed),
    rounds: quick ? 7 : 19,
  });
  return Object.fromEntries(
    Object.entries(samples).map(([kind, of]) => [kind, compared(of, (/** @type {Foreign} */ { cpu }) => cpu)]),
  );
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "CPU of the ordinary requests in one process that mixes them, µs, transport replaced by a stub",
    head,
    rows: Object.entries(figures).map(([kind, { total, overhead }]) => [
      mixed[kind].title,
      ...costNames.map((client) => number(total[client].median, 1)),
      ranged(overhead.ours, 1),
      ranged(overhead.official, 1),
      overhead.ours.low > 0 ? times(overhead.official.median, overhead.ours.median) : "-",
    ]),
    notes: [
      `User and system time of the whole process, one by one. Medians of ${Object.values(figures)[0].total.raw.rounds} interleaved rounds, in brackets the middle half of the rounds; the last column compares the overheads.`,
    ],
  },
];
