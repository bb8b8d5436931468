// One client in a process of its own, for memory.mjs: makes requests up to each mark and tells what it then holds.
// Needs `--expose-gc`.

import { setTimeout as delay } from "node:timers/promises";
import { cases } from "./cpu-cases.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** The memory of the module, which nothing else tells: it is caught when the module is instantiated. @type {Foreign} */
let memory;
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, args) {
    const instance = Reflect.construct(target, args);
    memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory) ?? memory;
    return instance;
  },
});
// Not before: the import makes the instance.
const { requests, stubOf } = await import("./outcomes.mjs");

const [clientName, list] = process.argv.slice(2);
const SIZE = 100;
const transport = { baseUrl: "https://api.agentphone.ai", fetch: stubOf(cases.create) };
const { check, atOnce } = await requests(clientName, "create", transport);

/** Collections, with a pause in which finalizers run. */
const settle = async () => {
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.();
    await delay(20);
  }
};

process.on("disconnect", () => process.exit());
const weights = [];
let made = 0;
for (const mark of JSON.parse(list)) {
  while (made < mark) {
    const count = Math.min(mark - made, 10_000);
    check(await atOnce(count / SIZE, SIZE));
    made += count;
    // A stub never leaves the microtasks: without a pause the end of the parent would not be heard.
    await delay(1);
  }
  await settle();
  const { heapUsed, rss } = process.memoryUsage();
  weights.push({ made, heap: heapUsed, module: memory?.buffer.byteLength, process: rss });
}
if (clientName === "ours" && memory === undefined) throw new Error("the module's memory was not found");
process.send?.(weights, () => process.exit());
