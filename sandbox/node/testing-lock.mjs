// A process that takes and releases one lock many times, for lock.test.mjs. Only one process may hold it at a
// time.

import { rmSync, writeFileSync } from "node:fs";
import { lock } from "./lock.mjs";

const [path, rounds] = process.argv.slice(2);
const inside = `${path}.inside`;
const sleep = (/** @type {number} */ ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const tell = (/** @type {unknown} */ message, done = () => {}) => process.send?.(message, undefined, undefined, done);
const said = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error));

process.on("message", () => {
  let taken = 0;
  const strange = [];
  for (let round = 0; round < Number(rounds); round++) {
    let release;
    try {
      release = lock(path);
    } catch (error) {
      if (!/is in use by process \d+|by others all the time/.test(said(error))) strange.push(said(error));
      sleep(Math.random() * 2);
      continue;
    }
    taken += 1;
    try {
      writeFileSync(inside, "", { flag: "wx" });
      sleep(Math.random() * 2);
      rmSync(inside);
    } catch (error) {
      strange.push(`not alone: ${said(error)}`);
    }
    release();
    // A killed process leaves its lock behind.
    try {
      if (round % 2 === 0) writeFileSync(`${path}.lock`, "4194305\n", { flag: "wx" });
    } catch {
      // Another process has it already.
    }
  }
  tell({ taken, strange }, () => process.disconnect());
});
tell("ready");
