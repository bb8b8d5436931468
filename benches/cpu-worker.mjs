// One client and one case in a process of its own (workers.mjs): the CPU time of the process, user and system,
// with the threads that compile and collect garbage, is that of the client. Without an address the
// transport is a stub.
//
// `node --cpu-prof cpu-worker.mjs ours list alone 60000` runs as many requests without a parent, for
// profilers.

import { cases } from "./cpu-cases.mjs";
import { requests, stubOf } from "./outcomes.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const [clientName, caseName, mode, last] = process.argv.slice(2);
const alone = mode === "alone";
const address = alone ? undefined : last;
const transport = address
  ? { baseUrl: address }
  : { baseUrl: "https://api.agentphone.ai", fetch: stubOf(cases[caseName]) };

const { load, one, check, sequential, atOnce } = await requests(clientName, caseName, transport);

/**
 * Microseconds a request, of CPU and by the clock. No collection is forced between rounds: it makes the young
 * generation of the heap small again, and the round would measure how that grows.
 */
const sample = async (/** @type {Foreign} */ run, /** @type {number} */ count) => {
  const began = performance.now();
  const before = process.cpuUsage();
  const outcome = await run();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - began) * 1000;
  check(outcome);
  return { cpu: (user + system) / count, wall: wall / count };
};

check(await one());
if (alone) {
  check(await sequential(Number(last)));
} else {
  const rounds = load[mode];
  const ways = {
    sequential: () => sample(() => sequential(rounds.sequential), rounds.sequential),
    atOnce: () => sample(() => atOnce(rounds.batches), rounds.batches * load.batch),
  };
  check(await sequential(rounds.warmUp));
  check(await atOnce(rounds.batches));
  process.on("message", async (/** @type {keyof typeof ways} */ way) => process.send?.(await ways[way]()));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}
