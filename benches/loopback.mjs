// The cost of a request over real HTTP on the loopback interface: CPU time of the client's process, and time until
// the response was complete, sequentially and a thousand at once. Compared with the stub's figures (cpu.mjs),
// these show how much of a whole request is the client.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { head, rowsOf, ways } from "./cpu.mjs";
import { cases } from "./cpu-cases.mjs";
import { compared, takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const startServer = async () => {
  const child = fork(fileURLToPath(new URL("loopback-server.mjs", import.meta.url)));
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  ended.catch(() => {});
  const [{ port }] = await Promise.race([once(child, "message"), ended]);
  return { address: `http://127.0.0.1:${port}`, stop: () => child.connected && child.disconnect() };
};

/** Microseconds per request, of CPU and wall-clock time, by case and way. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const server = await startServer();
  /** @type {Record<string, Foreign>} */
  const figures = { cpu: {}, wall: {} };
  try {
    for (const name of Object.keys(cases)) {
      const args = [name, "loopback", `${server.address}/${name}`];
      /** @type {Record<string, Foreign>} */
      const samples = await takeTurns({ file: "cpu-worker.mjs", args, ways: Object.keys(ways), rounds: quick ? 3 : 5 });
      for (const unit of Object.keys(figures)) {
        figures[unit][name] = Object.fromEntries(
          Object.keys(ways).map((way) => [
            way,
            compared(samples[way], (/** @type {Foreign} */ sample) => sample[unit]),
          ]),
        );
      }
    }
  } finally {
    server.stop();
  }
  return figures;
};

export const tables = (/** @type {Foreign} */ { cpu, wall }) => {
  const { rounds } = Object.values(cpu)[0].sequential.total.raw;
  const notes = [
    `The server is a process of its own. Medians of ${rounds} interleaved rounds, in brackets the middle half.`,
  ];
  return [
    { title: "CPU of a request over loopback, µs", head, rows: rowsOf(cpu, 0), notes },
    {
      title: "A request over loopback, µs by the clock (of a thousand at once, a thousandth)",
      head,
      rows: rowsOf(wall, 0),
      notes,
    },
  ];
};
