// Bytes of the JavaScript heap that a request takes, beside `fetch` by hand over the same stub.
//
// V8 tells no sum of what was allocated, so nothing may be collected meanwhile: the young generation is made so
// large that a round fits into it (`--min-semi-space-size`), the heap is emptied before each round, and the growth
// of the heap over the round is what was allocated. A round in which a collection ran all the same counts for
// nothing and is made again. After the warm-up, because compiled code allocates less. What lies outside the heap
// (buffers, the module's own memory) is not in it.

import { head, rowsOf } from "./cpu.mjs";
import { cases } from "./cpu-cases.mjs";
import { compared, takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const YOUNG_MEGABYTES = 256;

/** Bytes a request, by case. */
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
