// The ledger in a folder: what every ledger must do, with several processes at once, and with processes that are killed while
// they write. A lost entry would be a second call.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import fsp from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../scripts/tools.mjs";
import { cases } from "../../tests/ledger/conformance.mjs";

const folder = mkdtempSync(join(tmpdir(), "agentphone-folder-ledger-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const compiled = join(folder, "folder-ledger.mjs");
await build({
  entryPoints: [join(root, "cli", "src", "ledger", "folder-ledger.ts")],
  outfile: compiled,
  platform: "node",
  format: "esm",
});
/** @type {{ folderLedger: (folder: string) => import("agentphone-wasm").Ledger }} */
const { folderLedger } = await import(pathToFileURL(compiled).href);

let count = 0;
const fresh = () => join(folder, `store-${(count += 1)}`);

describe("the suite of all ledgers", () => {
  const store = fresh();
  for (const { name, run } of cases) test(name, () => run((namespace) => folderLedger(join(store, namespace))));
});

const entry = (/** @type {string} */ stamp, open = true) => ({ stamp, open, at: Date.now(), value: { stamp } });

/** A program that counts a shared entry up until it has done so `times` times, and prints a line for each. */
const COUNTING = `
import { folderLedger } from ${JSON.stringify(pathToFileURL(compiled).href)};
const [store, times] = process.argv.slice(2);
const ledger = folderLedger(store);
for (let done = 0; done < Number(times); ) {
  const [before] = await ledger.read(["shared"]);
  const value = (before?.value ?? 0) + 1;
  const stamp = process.pid + "-" + done + "-" + Math.random();
  const written = await ledger.write([{ key: "shared", was: before?.stamp ?? null, entry: { stamp, open: true, at: 1, value } }]);
  if (!written) continue;
  done += 1;
  process.stdout.write(value + "\\n");
}
`;
const program = join(folder, "counting.mjs");
writeFileSync(program, COUNTING);

const counting = (/** @type {string} */ store, /** @type {number} */ times) => {
  const child = spawn(process.execPath, [program, store, String(times)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  const written = async (/** @type {number} */ lines) => {
    while (text.split("\n").length <= lines) await new Promise((resolve) => child.stdout.once("data", resolve));
  };
  /** @type {Promise<number[]>} */
  const ended = new Promise((resolve) =>
    child.on("close", () => resolve(text.split("\n").filter(Boolean).map(Number))),
  );
  return { child, ended, written };
};

test("of processes that write one entry at once, each number is written by one of them", async () => {
  const store = fresh();
  const found = (await Promise.all([40, 40, 40].map((times) => counting(store, times).ended))).flat();
  assert.deepEqual(
    found.sort((a, b) => a - b),
    Array.from({ length: 120 }, (_, at) => at + 1),
  );
  const [last] = await folderLedger(store).read(["shared"]);
  assert.equal(last?.value, 120);
});

test("what a killed process had confirmed is there, and nothing that it left is in the way", async () => {
  const store = fresh();
  let most = 0;
  for (let round = 0; round < 6; round += 1) {
    const { child, ended, written } = counting(store, 10_000);
    // In the middle of a write, most likely: it does nothing else.
    await written(5 + round);
    await new Promise((resolve) => setTimeout(resolve, 3 * round));
    child.kill("SIGKILL");
    const confirmed = await ended;
    const [last] = await folderLedger(store).read(["shared"]);
    const value = Number(last?.value ?? 0);
    assert.ok(value >= Math.max(most, ...confirmed), `${value} after ${confirmed.at(-1)} was confirmed`);
    most = value;
  }
  assert.ok(most > 20, `only ${most} writes`);
  assert.equal(await folderLedger(store).write([{ key: "shared", was: "old", entry: entry("x") }]), false);
});

test("the folder does not grow with each write", async () => {
  const store = fresh();
  const ledger = folderLedger(store);
  for (let at = 0; at < 300; at += 1)
    assert.equal(await ledger.write([{ key: "k", was: at === 0 ? null : `s${at - 1}`, entry: entry(`s${at}`) }]), true);
  assert.ok(readdirSync(store).length < 80, `${readdirSync(store).length} files`);
  assert.equal((await folderLedger(store).read(["k"]))[0]?.stamp, "s299");
});

test("a slow writer whose number was used and replaced by a snapshot does not believe that it has written", async () => {
  const store = fresh();
  const [slow, fast] = [folderLedger(store), folderLedger(store)];
  await slow.write([{ key: "k", was: null, entry: entry("first") }]);
  // It stops where its file has all but its name.
  const { link } = fsp;
  let reached = () => {};
  const stopped = new Promise((resolve) => (reached = () => resolve(undefined)));
  let goOn = () => {};
  const held = new Promise((resolve) => (goOn = () => resolve(undefined)));
  let first = true;
  fsp.link = async (from, to) => {
    if (first) {
      first = false;
      reached();
      await held;
    }
    return link(from, to);
  };
  syncBuiltinESMExports();
  try {
    const writing = slow.write([{ key: "k", was: "first", entry: entry("third") }]);
    await stopped;
    await fast.write([{ key: "k", was: "first", entry: entry("second") }]);
    for (let at = 0; at < 70; at += 1) await fast.write([{ key: `other-${at}`, was: null, entry: entry("x") }]);
    assert.ok(!readdirSync(store).includes("000000000002.json"), "its number is free again");
    goOn();
    assert.equal(await writing, false);
  } finally {
    fsp.link = link;
    syncBuiltinESMExports();
  }
  for (const ledger of [slow, fast, folderLedger(store)]) assert.equal((await ledger.read(["k"]))[0]?.stamp, "second");
});

test("a damaged file is reported, and nothing is taken for absent", async () => {
  const store = fresh();
  await folderLedger(store).write([{ key: "k", was: null, entry: entry("first") }]);
  writeFileSync(join(store, "000000000002.json"), "{");
  await assert.rejects(folderLedger(store).read(["k"]), { name: "LedgerError", code: "LEDGER_UNAVAILABLE" });
});

test("a disk that is full: the write fails, and leaves no file", {
  skip: process.platform === "win32" && "there is no ulimit",
}, () => {
  const store = fresh();
  const code = `
import(${JSON.stringify(pathToFileURL(compiled).href)})
  .then(({ folderLedger }) => folderLedger(${JSON.stringify(store)}).write([{ key: "k", was: null, entry: ${JSON.stringify(entry("a"))} }]))
  .catch(({ code, message }) => console.log(code, message));`;
  const { stdout } = spawnSync("sh", ["-c", 'ulimit -f 0; exec "$0" -e "$1"', process.execPath, code], {
    encoding: "utf8",
  });
  assert.match(stdout, /^LEDGER_UNAVAILABLE the folder .* cannot be used \(EFBIG\)/);
  assert.deepEqual(readdirSync(store), []);
});
