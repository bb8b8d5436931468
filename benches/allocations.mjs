// JavaScript heap allocated per request, compared with a handwritten `fetch` call over the same stub.
//
// V8 does not report total allocations, so nothing may be collected during a round: the young generation is large
// enough for a whole round (`--min-semi-space-size`), the heap is emptied before each round, and its growth is
// what was allocated. A round in which a collection ran anyway is discarded and repeated. Rounds start after a
// warm-up, because compiled code allocates less. Memory outside the heap (buffers, the module's memory) is not
// counted.

import { head, rowsOf } from "./cpu.mjs";
import { cases } from "./cpu-cases.mjs";
import { compared, takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const YOUNG_MEGABYTES = 256;

/** Bytes per request, by case. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const size = `semi-space-size=${YOUNG_MEGABYTES}`;
  const execArgv = ["--expose-gc", `--min-${size}`, `--max-${size}`];
  /** @type {Record<string, Foreign>} */
  const figures = {};
  for (const name of Object.keys(cases)) {
    const turns = {
      file: "allocations-worker.mjs",
      args: [name],
      ways: ["sequential"],
      rounds: quick ? 3 : 7,
      execArgv,
    };
    const { sequential } = await takeTurns(turns);
    figures[name] = { sequential: compared(sequential, (/** @type {Foreign} */ bytes) => bytes) };
  }
  return figures;
};

export const tables = (/** @type {Foreign} */ figures) => {
  const { rounds } = Object.values(figures)[0].sequential.total.raw;
  return [
    {
      title: "Bytes of heap allocated by a request, transport replaced by a stub",
      head,
      rows: rowsOf(figures, 0),
      notes: [
        `Growth of a heap in which nothing is collected. Medians of ${rounds} interleaved rounds, in brackets the middle half.`,
      ],
    },
  ];
};
