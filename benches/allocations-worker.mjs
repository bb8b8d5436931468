// Runs one client and one case in its own process for allocations.mjs, which explains the method: heap bytes per
// request. Needs `--expose-gc` and a young generation that holds a whole round.

import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { cases } from "./cpu-cases.mjs";
import { requests, stubOf } from "./outcomes.mjs";

const [clientName, caseName] = process.argv.slice(2);
const transport = { baseUrl: "https://api.agentphone.ai", fetch: stubOf(cases[caseName]) };
const { load, check, sequential } = await requests(clientName, caseName, transport);

let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ["gc"] });

/** Empties the heap and waits until no collection is reported late. */
const settle = async () => {
  for (let time = 0; time < 2; time++) {
    globalThis.gc?.();
    // Lets finalizers and the observer run.
    await delay(20);
  }
  collections = 0;
};

// As many as fit: a list of 20 takes up to 80 kB, a megabyte of JSON more than two, plus half as much in buffers
// outside the heap, which also trigger collections.
const count = load.batch === 1000 ? 200 : 8;

/** Bytes per request, or undefined if a collection ran meanwhile. */
const round = async () => {
  await settle();
  const before = process.memoryUsage().heapUsed;
  const outcome = await sequential(count);
  const grown = process.memoryUsage().heapUsed - before;
  check(outcome);
  await delay(20);
  return collections === 0 ? grown / count : undefined;
};

check(await sequential(load.full.warmUp));
process.on("message", async () => {
  for (let tries = 0; tries < 5; tries++) {
    const bytes = await round();
    if (bytes !== undefined) return process.send?.(bytes);
  }
  throw new Error(`${clientName}, ${caseName}: something was collected in every round`);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
