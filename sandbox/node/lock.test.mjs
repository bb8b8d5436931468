// The lock of a state file between processes that really run at the same time.

import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { lock } from "./lock.mjs";

const CONTENDER = fileURLToPath(new URL("testing-lock.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sandbox-lock-"));
const path = join(folder, "state.json");
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});

test("when several processes find a dead one's lock, no two ever hold it at the same time", async () => {
  const contenders = Array.from({ length: 6 }, () => fork(CONTENDER, [path, "150"]));
  await Promise.all(contenders.map((one) => once(one, "message")));
  writeFileSync(`${path}.lock`, "4194305\n");
  const done = contenders.map(async (one) => (await once(one, "message"))[0]);
  for (const one of contenders) one.send("go");
  const results = await Promise.all(done);
  assert.deepEqual(
    results.flatMap(({ strange }) => strange),
    [],
  );
  const taken = results.reduce((sum, one) => sum + one.taken, 0);
  assert.ok(taken > 100, `taken ${taken} times`);
  const left = readdirSync(folder).filter((name) => name !== "state.json.lock");
  assert.deepEqual(left, [], "no claim stays");
});

test("a lock held by another thread of this process is respected", async () => {
  const code = `import("${new URL("lock.mjs", import.meta.url)}").then(({ lock }) => { lock(${JSON.stringify(path)}); require("node:worker_threads").parentPort.postMessage("locked"); });`;
  const worker = new Worker(code, { eval: true });
  await once(worker, "message");
  if (process.platform === "linux") assert.throws(() => lock(path), /is in use by process/);
  await worker.terminate();
});

test("a process with the id of a dead one does not inherit its lock", {
  skip: process.platform !== "linux",
}, () => {
  // Process 1 is alive, but was not started then.
  writeFileSync(`${path}.lock`, "1 1234567890123\n");
  lock(path)();
  assert.deepEqual(readdirSync(folder), []);
});

test("the claims of the dead are removed, and nobody else's files", () => {
  writeFileSync(`${path}.lock.4194305-00112233aabb`, "4194305 1\n");
  writeFileSync(`${path}.lock.4194305-00112233aabc`, "");
  writeFileSync(`${path}.lock.backup`, "mine");
  const release = lock(path);
  assert.deepEqual(readdirSync(folder), ["state.json.lock", "state.json.lock.backup"]);
  release();
});

test("a lock that was removed and taken by another process is not released by the first", () => {
  const release = lock(path);
  writeFileSync(`${path}.lock`, "1 1\n");
  release();
  assert.equal(readFileSync(`${path}.lock`, "utf8"), "1 1\n");
});

describe("a path that is taken by something other than a lock", () => {
  for (const [what, make] of /** @type {const} */ ([
    ["a link", (/** @type {string} */ name) => symlinkSync(join(folder, "victim"), name)],
    ["a folder", (/** @type {string} */ name) => mkdirSync(name)],
    ["a pipe", (/** @type {string} */ name) => assert.equal(spawnSync("mkfifo", [name]).status, 0)],
  ])) {
    test(`${what} is rejected at once and left alone`, { timeout: 10_000 }, () => {
      writeFileSync(join(folder, "victim"), "mine");
      make(`${path}.lock`);
      assert.throws(() => lock(path), /(?:not a|nor a) lock of a sandbox.*remove it, or choose another/);
      assert.equal(readFileSync(join(folder, "victim"), "utf8"), "mine");
      assert.deepEqual(readdirSync(folder).sort(), ["state.json.lock", "victim"]);
    });
  }
});

test("a disk that is full leaves no claim", { skip: process.platform === "win32" && "there is no ulimit" }, () => {
  const code = `import(${JSON.stringify(new URL("lock.mjs", import.meta.url).href)}).then(({ lock }) => lock(${JSON.stringify(path)}))`;
  const { status } = spawnSync("sh", ["-c", 'ulimit -f 0; exec "$0" -e "$1"', process.execPath, code]);
  assert.equal(status, 1);
  assert.deepEqual(readdirSync(folder), []);
});
