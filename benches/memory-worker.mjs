// Runs one client in its own process for memory.mjs: makes requests up to each mark and reports the memory then
// held. Needs `--expose-gc`.

import { setTimeout as delay } from "node:timers/promises";
import { cases } from "./cpu-cases.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** The module's memory. It is not exposed, so it is captured when the module is instantiated. @type {Foreign} */
let memory;
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, args) {
    const instance = Reflect.construct(target, args);
    memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory) ?? memory;
    return instance;
  },
});
// Not earlier: the import creates the instance.
const { requests, stubOf } = await import("./outcomes.mjs");

const [clientName, list] = process.argv.slice(2);
const SIZE = 100;
const transport = { baseUrl: "https://api.agentphone.ai", fetch: stubOf(cases.create) };
const { check, atOnce } = await requests(clientName, "create", transport);

/** Collections, with a pause for finalizers. */
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
    // A stub never leaves the microtask queue: without a pause this process would not notice that its parent has
    // exited.
    await delay(1);
  }
  await settle();
  const { heapUsed, rss } = process.memoryUsage();
  weights.push({ made, heap: heapUsed, module: memory?.buffer.byteLength, process: rss });
}
if (clientName === "ours" && memory === undefined) throw new Error("the module's memory was not found");
process.send?.(weights, () => process.exit());
