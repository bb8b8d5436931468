// CPU time that a client adds to a request: the same stub transport under a handwritten `fetch` call, this package
// and the official SDK. The overhead is the difference from `fetch` in the same round, so that the machine's speed
// cancels out.

import { costNames, titles } from "./clients.mjs";
import { cases } from "./cpu-cases.mjs";
import { number, ranged, times } from "./report.mjs";
import { compared, takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Descriptions of how requests are made. @type {Record<string, Foreign>} */
export const ways = {
  sequential: () => "one by one",
  atOnce: (/** @type {Foreign} */ { load }) => `${number(load.batch, 0)} at once`,
};

/** Microseconds per request, by case and way. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  /** @type {Record<string, Foreign>} */
  const figures = {};
  const [mode, rounds] = quick ? ["quick", 7] : ["full", 19];
  for (const name of Object.keys(cases)) {
    /** @type {Record<string, Foreign>} */
    const samples = await takeTurns({ file: "cpu-worker.mjs", args: [name, mode], ways: Object.keys(ways), rounds });
    figures[name] = Object.fromEntries(
      Object.keys(ways).map((way) => [way, compared(samples[way], (/** @type {Foreign} */ { cpu }) => cpu)]),
    );
  }
  return figures;
};

/** One row per case and way. `figures` holds the results of `compared` by case and way. @param {Foreign} figures @param {number} [digits] */
export const rowsOf = (figures, digits) =>
  Object.entries(figures).flatMap(([name, byWay]) =>
    Object.entries(byWay).map(([way, { total, overhead }]) => [
      `${cases[name].title}, ${ways[way](cases[name])}`,
      ...costNames.map((client) => number(total[client].median, digits)),
      ranged(overhead.ours, digits),
      ranged(overhead.official, digits),
      // If noise makes a figure negative, the ratio is meaningless.
      overhead.ours.low > 0 ? times(overhead.official.median, overhead.ours.median) : "-",
    ]),
  );

export const head = [
  "request",
  ...costNames.map((c) => titles[c]),
  "ours over raw",
  "official over raw",
  "official / ours",
];

export const tables = (/** @type {Foreign} */ figures) => {
  const { rounds } = Object.values(figures)[0].sequential.total.raw;
  return [
    {
      title: "CPU of a request, µs, transport replaced by a stub",
      head,
      rows: rowsOf(figures),
      notes: [
        [
          `User and system time of the whole process. Medians of ${rounds} interleaved rounds, in brackets the`,
          "middle half of the rounds; the last column compares the overheads. At 1 MB, parsing takes so long",
          "that no client's own part stands out from the noise.",
        ].join(" "),
      ],
    },
  ];
};
