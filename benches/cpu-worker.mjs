// Runs one client and one case in its own process (workers.mjs), so that the CPU time of the process, user and
// system, including compiler and garbage collector threads, is the client's. Without an address the transport is a
// stub.
//
// `node --cpu-prof cpu-worker.mjs ours list alone 60000` makes as many requests without a parent, for profiling.

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
 * Microseconds per request, of CPU and wall-clock time. No collection is forced between rounds: it would shrink the
 * young generation, and the round would measure its growth.
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
